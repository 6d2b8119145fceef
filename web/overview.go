package web

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"feryat/i18n"
	"feryat/mention"
)

const (
	// maxDays is the longest period that the overview shows.
	maxDays = 365
	// coverageWindow is how far back the ledger is asked.
	coverageWindow = 7 * 24 * time.Hour
	newestShown    = 25
	topicsShown    = 12
	escalatedShown = 25
)

// Overview is all that the front page shows, and what /api/overview answers.
type Overview struct {
	Brand       string                   `json:"brand"` // "" for all
	Days        int                      `json:"days"`
	From        time.Time                `json:"from"`
	To          time.Time                `json:"to"`
	Moods       []mention.MoodPoint      `json:"moods"`
	Topics      []mention.TopicCount     `json:"topics"`
	Brands      []mention.BrandCount     `json:"brands"`
	Unhappy     []mention.Scored         `json:"unhappy"`
	Escalations []mention.OpenEscalation `json:"escalations"`
	Sources     []mention.SourceHealth   `json:"sources"`
}

// Total is the number of mentions in the period.
func (o Overview) Total() (n int64) {
	for _, p := range o.Moods {
		n += total(p.Counts)
	}
	return n
}

// UnhappyCount is the number of angry and dissatisfied mentions in the period.
func (o Overview) UnhappyCount() (n int64) {
	for _, p := range o.Moods {
		for mood, c := range p.Counts {
			if mood.Unhappy() {
				n += c
			}
		}
	}
	return n
}

// Healthy is the number of sources whose last run gave something.
func (o Overview) Healthy() (n int) {
	for _, s := range o.Sources {
		if s.Healthy {
			n++
		}
	}
	return n
}

// Newest is when the newest data of any source came in; zero for never.
func (o Overview) Newest() (t time.Time) {
	for _, s := range o.Sources {
		if s.LastOK.After(t) {
			t = s.LastOK
		}
	}
	return t
}

func (s *Server) ask(r *http.Request) (Overview, error) {
	o := Overview{Brand: r.URL.Query().Get("brand"), Days: s.cfg.Days}
	if n, err := strconv.Atoi(r.URL.Query().Get("days")); err == nil && n >= 1 && n <= maxDays {
		o.Days = n
	}
	today := s.now().UTC().Truncate(24 * time.Hour)
	o.From, o.To = today.AddDate(0, 0, 1-o.Days), today.AddDate(0, 0, 1)
	f := mention.Filter{Brand: o.Brand, From: o.From, To: o.To}
	g, ctx := errgroup.WithContext(r.Context())
	g.Go(func() (err error) { o.Moods, err = s.store.MoodOverTime(ctx, f, 24*time.Hour); return err })
	g.Go(func() (err error) { o.Topics, err = s.store.Topics(ctx, f, topicsShown); return err })
	g.Go(func() (err error) {
		o.Brands, err = s.store.Brands(ctx, mention.Filter{From: o.From, To: o.To})
		return err
	})
	g.Go(func() (err error) { o.Unhappy, err = s.store.Unhappy(ctx, f, newestShown); return err })
	g.Go(func() (err error) { o.Sources, err = s.store.Coverage(ctx, s.now().Add(-coverageWindow)); return err })
	g.Go(func() (err error) { o.Escalations, err = s.escalations(ctx, o.Brand); return err })
	return o, g.Wait()
}

func (s *Server) escalations(ctx context.Context, brand string) ([]mention.OpenEscalation, error) {
	open, err := s.store.OpenEscalations(ctx, escalatedShown)
	return slices.DeleteFunc(open, func(e mention.OpenEscalation) bool { return brand != "" && e.Brand != brand }), err
}

func (s *Server) overview(w http.ResponseWriter, r *http.Request) {
	o, err := s.ask(r)
	if err != nil {
		s.waiting(w, r, err)
		return
	}
	l := s.language(r)
	// Days are the store's, which are UTC's.
	s.render(w, r, http.StatusOK, "overview.html", map[string]any{"O": o, "Chart": s.chart(l, o.Moods, o.From, o.To.AddDate(0, 0, -1)), "Periods": []int{7, 30, 90, 365}})
}

func (s *Server) overviewJSON(w http.ResponseWriter, r *http.Request) {
	o, err := s.ask(r)
	if err != nil {
		s.log.WarnContext(r.Context(), "overview cannot be answered", "error", err)
		http.Error(w, `{"error":"the store does not answer now"}`, http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(o); err != nil {
		s.log.DebugContext(r.Context(), "answer cut short", "error", err)
	}
}

func (s *Server) mention(w http.ResponseWriter, r *http.Request) {
	rows, err := s.store.Mention(r.Context(), mention.ID(r.PathValue("id")))
	switch {
	case err != nil:
		s.waiting(w, r, err)
	case len(rows) == 0:
		s.render(w, r, http.StatusNotFound, "message.html", map[string]any{"Key": "ui.not_found"})
	default:
		s.render(w, r, http.StatusOK, "mention.html", map[string]any{"Rows": rows})
	}
}

// waiting says that the store is away; the page asks again by itself.
func (s *Server) waiting(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil {
		return // nobody waits for the answer
	}
	s.log.WarnContext(r.Context(), "page cannot be answered", "path", r.URL.Path, "error", err)
	w.Header().Set("Retry-After", "5")
	s.render(w, r, http.StatusServiceUnavailable, "message.html", map[string]any{"Key": "ui.storage_waiting"})
}

// language is the asked one, kept in a cookie, or the browser's.
func (s *Server) language(r *http.Request) i18n.Language {
	asked := r.URL.Query().Get("lang")
	if c, err := r.Cookie("feryat_lang"); asked == "" && err == nil {
		asked = c.Value
	}
	return i18n.Choose(asked, r.Header.Get("Accept-Language"))
}

func (s *Server) render(w http.ResponseWriter, r *http.Request, status int, page string, data map[string]any) {
	l := s.language(r)
	if asked := r.URL.Query().Get("lang"); asked == string(l) {
		http.SetCookie(w, &http.Cookie{Name: "feryat_lang", Value: asked, Path: "/", MaxAge: 365 * 86400, SameSite: http.SameSiteLaxMode, HttpOnly: true})
	}
	data["L"], data["Languages"], data["Query"], data["Login"] = l, i18n.Languages(), r.URL.Query(), !s.keys.open
	var b bytes.Buffer // whole or not at all
	if err := s.pages[l].ExecuteTemplate(&b, page, data); err != nil {
		s.log.ErrorContext(r.Context(), "page cannot be drawn", "page", page, "error", err)
		http.Error(w, "the page cannot be drawn", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // the reader may have gone
}
