// Package web is the built-in viewer: mood over time, topics, the newest unhappy
// customers with the evidence underlined, open escalations, and how much of
// the sources is covered, in Turkish, Persian and English.
//
// Pages are rendered on the server and work without scripts; a small script of
// our own refreshes them. Everything foreign is escaped by html/template, and
// the content security policy forbids whatever does not come from here.
package web

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/klauspost/compress/gzhttp"

	"feryat/dashboards/view"
	"feryat/i18n"
	"feryat/mention"
)

//go:embed templates/*.html static/*
var assets embed.FS

// figures answers what the overview sums up.
type figures interface {
	MoodOverTime(ctx context.Context, f mention.Filter, bucket time.Duration) ([]mention.MoodPoint, error)
	Topics(ctx context.Context, f mention.Filter, limit int) ([]mention.TopicCount, error)
	Brands(ctx context.Context, f mention.Filter) ([]mention.BrandCount, error)
}

// mentions answers single mentions, each with its verdict.
type mentions interface {
	Unhappy(ctx context.Context, f mention.Filter, limit int) ([]mention.Scored, error)
	// Mention answers one row a brand, newest revision; none where it is not known.
	Mention(ctx context.Context, id mention.ID) ([]mention.Scored, error)
}

// desk answers what waits for people.
type desk interface {
	OpenEscalations(ctx context.Context, limit int) ([]mention.OpenEscalation, error)
	// Escalations gives those whose ID begins with prefix.
	Escalations(ctx context.Context, prefix string, limit int) ([]mention.OpenEscalation, error)
	// EscalationsOf gives all those of an author on a source.
	EscalationsOf(ctx context.Context, a mention.Author, source string) ([]mention.OpenEscalation, error)
	// Events gives the steps of one escalation, in order of time.
	Events(ctx context.Context, escalation string) ([]mention.Event, error)
}

// ledger answers how the sources are doing.
type ledger interface {
	Coverage(ctx context.Context, since time.Time) ([]mention.SourceHealth, error)
}

// Store is what the pages read.
type Store interface {
	figures
	mentions
	desk
	ledger
	promises
	others
	archive
	corrector
	library
	laboratory
	asker
}

// outlets answers which channels take messages.
type outlets interface {
	Channels() []mention.ChannelHealth
}

// Server serves the pages.
type Server struct {
	cfg    Config
	store  Store
	office Office
	texts  *i18n.Texts
	pages  map[i18n.Language]*template.Template
	log    *slog.Logger
	zone   *time.Location
	gate   *gate
	extra  map[string]http.Handler
	now    func() time.Time
	// patience is how long a page waits for the store before it says so.
	patience time.Duration
	// outlets may be nil: then the pages say nothing of channels.
	outlets outlets
	// hooks may be nil: then help desks are not heard.
	hooks http.Handler
	// pause slows down guessing of passwords.
	pause time.Duration
	// exportRows bounds a file; exporting, how many are written at once.
	exportRows int
	exporting  chan struct{}
	// changes may be nil: then no page follows them.
	changes   changes
	news      *caseNews
	cases     *waitingCases
	listeners chan struct{}
	beat      time.Duration
	rush      time.Duration
	// target is the share of customers who are to be answered in time.
	target float64
	boards *view.Viewer
	// refused are the dashboards of the configured folder that cannot be shown.
	refused []error
}

// New prepares the server. Without an office the pages show and change nothing.
// Extra are further handlers by path, such as /metrics; they ask for no login.
func New(cfg Config, store Store, office Office, extra map[string]http.Handler, log *slog.Logger) (*Server, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	texts, err := i18n.Load()
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(cfg.Zone)
	if err != nil {
		return nil, err
	}
	s := &Server{cfg: cfg, store: store, office: office, texts: texts, log: log, zone: zone, extra: extra, now: time.Now, patience: answerWithin, pause: wrongPause, target: answerTarget,
		exportRows: maxExport, exporting: make(chan struct{}, exportsAtOnce),
		news: newCaseNews(), cases: newWaitingCases(), listeners: make(chan struct{}, maxListeners), beat: heartbeat, rush: rush}
	s.gate = newGate(cfg, func() time.Time { return s.now() })
	s.pages = map[i18n.Language]*template.Template{}
	for _, l := range i18n.Languages() {
		if s.pages[l], err = template.New("").Funcs(s.functions(l)).ParseFS(assets, "templates/*.html"); err != nil {
			return nil, err
		}
	}
	return s, s.openBoards()
}

// WatchChannels lets the overview and the inbox say which channels take no
// messages. It is called before Run.
func (s *Server) WatchChannels(o outlets) { s.outlets = o }

// HearDesks lets help desks tell what became of their tickets, at
// /api/hooks/{channel}. The handler asks for no login: it sees to it itself that
// nobody else speaks. It is called before Run.
func (s *Server) HearDesks(h http.Handler) { s.hooks = h }

// Listen takes the configured address. A port that is taken makes the next free
// one of twenty be used.
func (s *Server) Listen(ctx context.Context) (net.Listener, error) {
	host, port, err := splitAddress(s.cfg.Listen)
	if err != nil {
		return nil, err
	}
	var lc net.ListenConfig
	for try := range 20 {
		at := net.JoinHostPort(host, fmt.Sprint(port+try))
		var l net.Listener
		if l, err = lc.Listen(ctx, "tcp", at); err == nil || port == 0 {
			return l, err
		}
	}
	return nil, fmt.Errorf("listen for the page: %w; set web.listen to a free address", err)
}

// Run serves on l until ctx ends, then lets requests under way finish.
func (s *Server) Run(ctx context.Context, l net.Listener) error {
	server := &http.Server{
		Handler: s.Handler(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second, WriteTimeout: 60 * time.Second,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10, ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	server.RegisterOnShutdown(s.news.end)
	var following sync.WaitGroup
	following.Go(func() { s.follow(ctx) })
	defer following.Wait()
	done := make(chan error, 1)
	go func() {
		<-ctx.Done()
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		done <- server.Shutdown(grace)
	}()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve the page: %w", err)
	}
	return <-done
}

// Handler routes the pages behind the guards.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", s.signedIn(s.overview))
	mux.Handle("GET /api/overview", s.signedIn(s.overviewJSON))
	mux.Handle("GET /m/{id}", s.signedIn(s.mention))
	mux.Handle("POST /m/{id}", s.signedIn(s.correct))
	mux.Handle("GET /explore", s.signedIn(s.explore))
	mux.Handle("GET /explore/export", s.signedIn(s.export))
	mux.Handle("GET /inbox", s.signedIn(s.inbox))
	mux.Handle("GET "+livePath, s.signedIn(s.live))
	mux.Handle("GET /sample", s.signedIn(s.samples))
	mux.Handle("POST /sample", s.signedIn(s.drawSample))
	mux.Handle("GET /sample/label", s.signedIn(s.labelling))
	mux.Handle("POST /sample/label", s.signedIn(s.label))
	mux.Handle("GET /promise", s.signedIn(s.promise))
	mux.Handle("GET /d", s.signedIn(s.boardList))
	mux.Handle("GET /d/{uid}", s.signedIn(s.board))
	mux.HandleFunc("GET /e/{id}", s.escalation)
	mux.HandleFunc("POST /e/{id}", s.act)
	files, _ := fs.Glob(assets, "static/*") // the pattern is right
	for _, name := range files {
		mux.Handle("GET /"+name, cached(http.FileServerFS(assets)))
	}
	mux.HandleFunc("GET /login", s.loginPage)
	mux.HandleFunc("POST /login", s.login)
	mux.HandleFunc("POST /logout", s.logout)
	if s.hooks != nil {
		mux.Handle("POST /api/hooks/{channel}", s.hooks)
	}
	for path, h := range s.extra {
		mux.Handle("GET "+path, h)
	}
	return s.guarded(compressed(mux))
}

// compressed packs what is long enough, for those who can unpack it; not the line
// on which a page waits for changes, whose every word is to go at once.
func compressed(next http.Handler) http.Handler {
	packed := gzhttp.GzipHandler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == livePath {
			next.ServeHTTP(w, r)
			return
		}
		packed(w, r)
	})
}

func cached(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "max-age=300")
		next.ServeHTTP(w, r)
	})
}
