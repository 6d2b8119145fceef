package twitter

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
	"go.yaml.in/yaml/v3"

	"feryat/crawler"
	"feryat/crawler/crawlertest"
	"feryat/crawler/fetch"
	"feryat/mention"
)

const token = "AAAA-very-secret-token"

// fake speaks search/tweets.json of API v1.1 over real HTTP.
type fake struct {
	*httptest.Server

	mu        sync.Mutex
	newest    int64 // tweets 1…newest exist
	remaining int   // of the rate limit; below 0: no limit is told
	asked     []string
	auth      []string
	instead   http.HandlerFunc
}

func serve(t testing.TB, newest int64) *fake {
	t.Helper()
	f := &fake{newest: newest, remaining: -1}
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	return f
}

func (f *fake) set(change func(*fake)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(f)
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked, f.auth = append(f.asked, r.URL.RequestURI()), append(f.auth, r.Header.Get("Authorization"))
	if f.instead != nil {
		f.instead(w, r)
		return
	}
	q := r.URL.Query()
	if r.URL.Path != "/1.1/search/tweets.json" || q.Get("q") != "kumpas" || q.Get("tweet_mode") != "extended" || q.Get("result_type") != "recent" || r.Header.Get("Authorization") == "" {
		http.Error(w, `{"errors":[{"code":25,"message":"Query parameters are missing."}]}`, http.StatusBadRequest)
		return
	}
	if f.remaining == 0 {
		f.limits(w)
		http.Error(w, `{"errors":[{"code":88,"message":"Rate limit exceeded"}]}`, http.StatusTooManyRequests)
		return
	}
	f.remaining = max(-1, f.remaining-1)
	f.limits(w)
	f.page(w, number(q.Get("since_id"), 0), number(q.Get("max_id"), f.newest), number(q.Get("count"), 15))
}

func (f *fake) limits(w http.ResponseWriter) {
	if f.remaining >= 0 {
		w.Header().Set("x-rate-limit-remaining", strconv.Itoa(f.remaining))
		w.Header().Set("x-rate-limit-reset", strconv.FormatInt(noon().Add(10*time.Minute).Unix(), 10))
	}
}

func (f *fake) page(w http.ResponseWriter, since, most, n int64) {
	tweets := []string{}
	id := min(most, f.newest)
	for ; id > since && int64(len(tweets)) < n; id-- {
		tweets = append(tweets, fmt.Sprintf(`{"id":%d,"id_str":"%d","created_at":"Wed Nov 18 09:00:00 +0000 2026","full_text":"kumpas %d","lang":"tr","user":{"id_str":"5","screen_name":"u5"}}`, id, id, id))
	}
	next := ""
	if id > since {
		next = fmt.Sprintf("?max_id=%d", id)
	}
	fmt.Fprintf(w, `{"statuses":[%s],"search_metadata":{"next_results":%q}}`, strings.Join(tweets, ","), next)
}

func number(s string, otherwise int64) int64 {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil && n > 0 {
		return n
	}
	return otherwise
}

func config(f *fake) Config {
	cfg := DefaultConfig()
	cfg.Query, cfg.BearerToken, cfg.BaseURL = "kumpas", token, f.URL+"/1.1/"
	return cfg
}

// source returns a source whose clock stands at noon, and what it slept.
func source(t testing.TB, cfg Config) (*Source, *[]time.Duration) {
	t.Helper()
	s, err := New("x", cfg, crawlertest.Client(t), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	slept := &[]time.Duration{}
	s.now = noon
	s.sleep = func(ctx context.Context, d time.Duration) error {
		*slept = append(*slept, d)
		return ctx.Err()
	}
	return s, slept
}

func collect(t testing.TB, s *Source, c mention.Cursor) (*crawlertest.Inbox, mention.Cursor, error) {
	t.Helper()
	inbox := &crawlertest.Inbox{}
	next, err := s.Collect(t.Context(), c, inbox)
	return inbox, next, err
}

// texts are the numbers of the tweets, in the order they were pushed.
func texts(b *crawlertest.Inbox) []int {
	var out []int
	for _, m := range b.Mentions() {
		n, _ := strconv.Atoi(strings.TrimPrefix(m.Text, "kumpas "))
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}

func span(from, to int) []int {
	var out []int
	for i := from; i <= to; i++ {
		out = append(out, i)
	}
	return out
}

func TestPagesAndCursor(t *testing.T) {
	f := serve(t, 250)
	s, _ := source(t, config(f))
	first, cursor, err := collect(t, s, nil)
	if err != nil || !slices.Equal(texts(first), span(1, 250)) || len(first.Visits()) != 3 {
		t.Fatalf("%v: %d tweets, %d visits", err, len(first.Mentions()), len(first.Visits()))
	}
	again, cursor, err := collect(t, s, cursor)
	if err != nil || len(again.Mentions()) != 0 || string(cursor) != `{"since_id":250}` {
		t.Fatalf("%v: %d tweets again, cursor %s", err, len(again.Mentions()), cursor)
	}
	f.set(func(f *fake) { f.newest = 253 })
	more, _, err := collect(t, s, cursor)
	if err != nil || !slices.Equal(texts(more), []int{251, 252, 253}) {
		t.Fatalf("%v: %v", err, texts(more))
	}
	if last := f.asked[len(f.asked)-1]; !strings.Contains(last, "since_id=250") {
		t.Errorf("asked %s", last)
	}
	if broken, _, err := collect(t, s, mention.Cursor("{x")); err != nil || len(broken.Mentions()) != 253 {
		t.Errorf("%v: %d tweets from a broken cursor", err, len(broken.Mentions()))
	}
}

// TestWindowIsFinished: a run that had to end early loses nothing, and tweets
// that came meanwhile are read after the rest of the old window.
func TestWindowIsFinished(t *testing.T) {
	f := serve(t, 450)
	cfg := config(f)
	cfg.MaxTweets = 200
	s, _ := source(t, cfg)
	var all []int
	var cursor mention.Cursor
	for range 5 {
		inbox, next, err := collect(t, s, cursor)
		if err != nil || len(inbox.Mentions()) > 300 {
			t.Fatalf("%v: %d tweets in one run", err, len(inbox.Mentions()))
		}
		all, cursor = append(all, texts(inbox)...), next
		f.set(func(f *fake) { f.newest += 7 })
	}
	slices.Sort(all)
	if !slices.Equal(all, span(1, 450+7*4)) {
		t.Errorf("%d tweets of %d, each once: %v", len(all), 450+7*4, slices.Equal(all, slices.Compact(slices.Clone(all))))
	}
}

func TestRateLimit(t *testing.T) {
	f := serve(t, 450)
	f.remaining = 2
	cfg := config(f)
	s, slept := source(t, cfg)
	inbox, cursor, err := collect(t, s, nil)
	last := inbox.Visits()[len(inbox.Visits())-1]
	if err != nil || len(inbox.Mentions()) != 200 || last.Reason != fetch.ReasonRateLimited || !strings.Contains(last.Detail, "12:10:00") || len(*slept) != 0 {
		t.Fatalf("%v: %d tweets, %+v, slept %v", err, len(inbox.Mentions()), last, *slept)
	}
	if len(f.asked) != 2 {
		t.Errorf("%d requests with 2 allowed", len(f.asked))
	}
	// used up from the start: an error of the source, and the place is kept
	refused, same, err := collect(t, s, cursor)
	var trouble *crawler.Trouble
	if !errors.As(err, &trouble) || trouble.Reason != fetch.ReasonRateLimited || string(same) != string(cursor) || len(refused.Mentions()) != 0 {
		t.Fatalf("%v, cursor %s", err, same)
	}
	// patient: waits for the reset and goes on
	s.cfg.MaxWait = time.Hour
	s.sleep = func(_ context.Context, d time.Duration) error {
		*slept = append(*slept, d)
		f.set(func(f *fake) { f.remaining = -1 })
		return nil
	}
	rest, _, err := collect(t, s, cursor)
	if err != nil || !slices.Equal(texts(rest), span(1, 250)) {
		t.Fatalf("%v: %d tweets", err, len(rest.Mentions()))
	}
	if want := 10*time.Minute + time.Second; len(*slept) != 1 || (*slept)[0] != want {
		t.Errorf("slept %v, want %v", *slept, want)
	}
}

func TestTroubles(t *testing.T) {
	for name, c := range map[string]struct {
		status       int
		body         string
		outcome      mention.Outcome
		reason, says string
		requests     int
	}{
		"retired 453":  {403, `{"errors":[{"message":"You currently have access to a subset of X API V2 endpoints and limited v1.1 endpoints","code":453}]}`, mention.OutcomeRefused, "gone", "X has retired", 1},
		"gone":         {410, `{"errors":[{"message":"This endpoint has been retired","code":0}]}`, mention.OutcomeRefused, "gone", "X has retired", 1},
		"not found":    {404, `<html>nothing</html>`, mention.OutcomeRefused, "gone", "X has retired", 1},
		"bad keys":     {401, `{"errors":[{"code":89,"message":"Invalid or expired token."}]}`, mention.OutcomeFailed, "forbidden", "check bearer_token", 1},
		"forbidden":    {403, `forbidden`, mention.OutcomeFailed, "forbidden", "closed it to most", 1},
		"limit":        {429, ``, mention.OutcomeFailed, "rate_limited", "used up", 1},
		"limit as 200": {200, `{"errors":[{"code":88,"message":"Rate limit exceeded"}]}`, mention.OutcomeSoftFail, "shape_changed", "neither", 1},
		"server":       {503, `over capacity`, mention.OutcomeFailed, "server_error", "Service Unavailable", 3},
		"redirect":     {302, ``, mention.OutcomeFailed, "http_error", "302", 1},
		"html":         {200, `<html>Something went wrong</html>`, mention.OutcomeSoftFail, "parse", "no result of a search", 1},
		"empty":        {200, ``, mention.OutcomeSoftFail, "shape_changed", "neither", 1},
		"other json":   {200, `{"data": []}`, mention.OutcomeSoftFail, "shape_changed", "neither", 1},
		"wrong types":  {200, `{"statuses": [{"id": "x"}]}`, mention.OutcomeSoftFail, "parse", "no result of a search", 1},
		"deep":         {200, strings.Repeat("[", 200_000), mention.OutcomeSoftFail, "parse", "no result of a search", 1},
	} {
		t.Run(name, func(t *testing.T) {
			f := serve(t, 5)
			f.instead = func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "/1.1/again")
				w.WriteHeader(c.status)
				fmt.Fprint(w, c.body)
			}
			s, _ := source(t, config(f))
			inbox, cursor, err := collect(t, s, mention.Cursor(`{"since_id":3}`))
			var trouble *crawler.Trouble
			if !errors.As(err, &trouble) || trouble.Outcome != c.outcome || trouble.Reason != c.reason || !strings.Contains(trouble.Detail, c.says) {
				t.Errorf("error %+v", err)
			}
			if string(cursor) != `{"since_id":3}` || len(inbox.Mentions()) != 0 || len(f.asked) != c.requests {
				t.Errorf("cursor %s, %d mentions, %d requests", cursor, len(inbox.Mentions()), len(f.asked))
			}
			for _, v := range inbox.Visits() {
				if v.Reason != c.reason || v.Status != c.status || v.URL == "" || v.At.IsZero() {
					t.Errorf("%+v", v)
				}
			}
		})
	}
}

// TestServerRecovers: two failures on the way cost two rows and no tweet.
func TestServerRecovers(t *testing.T) {
	f := serve(t, 5)
	f.instead = func(w http.ResponseWriter, _ *http.Request) {
		if len(f.asked) == 2 {
			f.instead = nil
		}
		http.Error(w, "broken", http.StatusBadGateway)
	}
	s, slept := source(t, config(f))
	inbox, _, err := collect(t, s, nil)
	if err != nil || len(inbox.Mentions()) != 5 || len(inbox.Visits()) != 3 || len(*slept) != 2 {
		t.Errorf("%v: %d tweets, %d visits, slept %v", err, len(inbox.Mentions()), len(inbox.Visits()), *slept)
	}
	if v := inbox.Visits()[2]; v.Attempt != 3 || v.Outcome != mention.OutcomeOK || v.Mentions != 5 {
		t.Errorf("%+v", v)
	}
}

// TestServerThatIgnoresMaxID must not be read for ever.
func TestServerThatIgnoresMaxID(t *testing.T) {
	f := serve(t, 5)
	f.instead = func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"statuses":[{"id":5,"full_text":"kumpas 5"}],"search_metadata":{"next_results":"?more"}}`)
	}
	s, _ := source(t, config(f))
	inbox, _, err := collect(t, s, nil)
	if err != nil || len(f.asked) > 2 {
		t.Errorf("%v: %d requests, %d mentions", err, len(f.asked), len(inbox.Mentions()))
	}
}

func TestQueueRefuses(t *testing.T) {
	f := serve(t, 50)
	s, _ := source(t, config(f))
	full := errors.New("full")
	inbox := &crawlertest.Inbox{Refuse: func(n int) error {
		if n == 10 {
			return full
		}
		return nil
	}}
	cursor, err := s.Collect(t.Context(), nil, inbox)
	if !errors.Is(err, full) || cursor != nil {
		t.Errorf("error %v, cursor %s", err, cursor)
	}
}

// TestCancelled ends the context while X keeps its answer back.
func TestCancelled(t *testing.T) {
	before := goleak.IgnoreCurrent()
	asked, release := make(chan struct{}), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(asked)
		select {
		case <-release:
		case <-r.Context().Done():
		}
	}))
	web := crawlertest.Client(t)
	cfg := config(&fake{Server: server})
	cfg.Timeout = time.Hour // so that only the context can end the request
	s, err := New("x", cfg, web, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-asked; cancel() }()
	if _, err := s.Collect(ctx, nil, &crawlertest.Inbox{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	close(release)
	server.Close()
	web.Close()
	if err := goleak.Find(before); err != nil {
		t.Error(err)
	}
}

func TestOAuth1(t *testing.T) {
	f := serve(t, 3)
	cfg := config(f)
	cfg.BearerToken, cfg.ConsumerKey, cfg.ConsumerSecret, cfg.AccessToken, cfg.AccessSecret = "", "app", "app-secret", "account", "account-secret\n"
	s, _ := source(t, cfg)
	inbox, _, err := collect(t, s, nil)
	if err != nil || len(inbox.Mentions()) != 3 {
		t.Fatalf("%v: %d tweets", err, len(inbox.Mentions()))
	}
	for _, want := range []string{`OAuth oauth_consumer_key="app"`, `oauth_token="account"`, `oauth_signature_method="HMAC-SHA1"`, `oauth_signature="`} {
		if !strings.Contains(f.auth[0], want) {
			t.Errorf("missing %s in %s", want, f.auth[0])
		}
	}
	if strings.Contains(f.auth[0], "secret") {
		t.Error("a secret travels")
	}
}

// TestNoSecretEscapes looks for the keys in all that leaves the source: logs,
// errors, ledger, dumps of the configuration, and requests to other hosts.
func TestNoSecretEscapes(t *testing.T) {
	elsewhere := serve(t, 5)
	f := serve(t, 5)
	var said bytes.Buffer
	cfg := config(f)
	s, err := New("x", cfg, crawlertest.Client(t), slog.New(slog.NewTextHandler(&said, &slog.HandlerOptions{Level: slog.LevelDebug})))
	if err != nil {
		t.Fatal(err)
	}
	s.sleep = func(context.Context, time.Duration) error { return nil }
	for _, instead := range []http.HandlerFunc{
		func(w http.ResponseWriter, r *http.Request) { // repeats what it was given
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprintf(w, `{"errors":[{"code":89,"message":%q}]}`, "bad "+r.Header.Get("Authorization"))
		},
		func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL+"/1.1/x", http.StatusFound)
		},
		func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "x", http.StatusInternalServerError) },
		func(w http.ResponseWriter, _ *http.Request) { w.(http.Flusher).Flush(); panic(http.ErrAbortHandler) },
	} {
		f.set(func(f *fake) { f.instead = instead })
		inbox, _, err := collect(t, s, nil)
		fmt.Fprintln(&said, err, inbox.Visits())
	}
	fmt.Fprintf(&said, "%v %+v %#v %v %+v", cfg, cfg, cfg, s.keys, s.keys)
	j, err := json.Marshal(cfg)
	if err != nil {
		t.Fatal(err)
	}
	y, err := yaml.Marshal(cfg)
	if err != nil {
		t.Fatal(err)
	}
	said.Write(j)
	said.Write(y)
	if bytes.Contains(said.Bytes(), []byte(token)) {
		t.Errorf("the token stands in:\n%s", said.String())
	}
	if !strings.Contains(said.String(), hidden) {
		t.Error("nothing was hidden, so nothing was looked at")
	}
	if len(elsewhere.auth) != 0 {
		t.Errorf("the keys travelled elsewhere: %d requests", len(elsewhere.auth))
	}
}

func TestConfig(t *testing.T) {
	good := DefaultConfig()
	good.Query, good.BearerToken = "kumpas", "x"
	if err := good.Validate(); err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(*Config){
		"query: needed":            func(c *Config) { c.Query = " " },
		"query: must be at most":   func(c *Config) { c.Query = strings.Repeat("x", 501) },
		"consumer_key":             func(c *Config) { c.BearerToken = "" },
		"must be https":            func(c *Config) { c.BaseURL = "http://api.example/1.1/" },
		"not the address of an":    func(c *Config) { c.BaseURL = "api" },
		"language: must be":        func(c *Config) { c.Language = "turkish" },
		"max_tweets: must be":      func(c *Config) { c.MaxTweets = 0 },
		"timeout: must be above 0": func(c *Config) { c.Timeout = 0 },
	} {
		c := good
		change(&c)
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("missing %q in %v", want, err)
		}
	}
}

// TestPrivateNetwork: the guard of fetch stands below the library too.
func TestPrivateNetwork(t *testing.T) {
	f := serve(t, 5)
	web, err := fetch.New(fetch.DefaultConfig(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	s, err := New("x", config(f), web, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = collect(t, s, nil)
	var trouble *crawler.Trouble
	if !errors.As(err, &trouble) || trouble.Reason != fetch.ReasonPrivateNetwork || trouble.Outcome != mention.OutcomeRefused || len(f.asked) != 0 {
		t.Errorf("%v, %d requests", err, len(f.asked))
	}
}

var _ crawler.Source = (*Source)(nil)
