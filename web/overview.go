package web

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
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
	// escalatedAsked bounds how many that wait are counted.
	escalatedAsked = 10_000
	// answerWithin is how long the store may take over one page.
	answerWithin = 20 * time.Second
	// retryAfter is when a page that cannot be answered now asks again, in seconds.
	retryAfter = "5"
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
	Waiting     int                      `json:"waiting"`     // escalations that are open
	Escalations []mention.OpenEscalation `json:"escalations"` // the first of them
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
	o := s.asked(r.URL.Query())
	f := mention.Filter{Brand: o.Brand, From: o.From, To: o.To}
	ctx, cancel := context.WithTimeout(r.Context(), s.patience)
	defer cancel()
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { o.Moods, err = s.store.MoodOverTime(ctx, f, 24*time.Hour); return err })
	g.Go(func() (err error) { o.Topics, err = s.store.Topics(ctx, f, topicsShown); return err })
	g.Go(func() (err error) {
		o.Brands, err = s.store.Brands(ctx, mention.Filter{From: o.From, To: o.To})
		return err
	})
	g.Go(func() (err error) { o.Unhappy, err = s.store.Unhappy(ctx, f, newestShown); return err })
	g.Go(func() (err error) { o.Sources, err = s.store.Coverage(ctx, s.now().Add(-coverageWindow)); return err })
	g.Go(func() (err error) { o.Waiting, o.Escalations, err = s.escalations(ctx, o.Brand); return err })
	err := g.Wait()
	if o.Moods == nil {
		o.Moods = []mention.MoodPoint{} // a list in JSON too
	}
	return o, err
}

// asked reads the filters. Values that make no sense are as if not given.
func (s *Server) asked(query url.Values) Overview {
	o := Overview{Brand: strings.ToValidUTF8(query.Get("brand"), "\uFFFD"), Days: s.cfg.Days}
	if n, err := strconv.Atoi(query.Get("days")); err == nil && n >= 1 && n <= maxDays {
		o.Days = n
	}
	today := s.now().UTC().Truncate(24 * time.Hour) // the days of the store are UTC's
	o.From, o.To = today.AddDate(0, 0, 1-o.Days), today.AddDate(0, 0, 1)
	return o
}

// escalations counts those that wait and gives the first.
func (s *Server) escalations(ctx context.Context, brand string) (int, []mention.OpenEscalation, error) {
	open, err := s.store.OpenEscalations(ctx, escalatedAsked)
	open = slices.DeleteFunc(open, func(e mention.OpenEscalation) bool { return brand != "" && e.Brand != brand })
	return len(open), open[:min(len(open), escalatedShown)], err
}

func (s *Server) overview(w http.ResponseWriter, r *http.Request) {
	o, err := s.ask(r)
	if err != nil {
		s.waiting(w, r, err)
		return
	}
	graph := s.graph(s.language(r), o.Moods, o.From, o.To.AddDate(0, 0, -1))
	s.render(w, r, http.StatusOK, "overview.html", map[string]any{"O": o, "Graph": graph, "Brands": brandNames(o), "Periods": periods(o.Days), "Channels": s.silent()})
}

// brandNames lists what can be chosen, the chosen one included even if nothing
// is known of it.
func brandNames(o Overview) []string {
	var names []string
	for _, b := range o.Brands {
		names = append(names, b.Brand)
	}
	if o.Brand != "" && !slices.Contains(names, o.Brand) {
		names = append(names, o.Brand)
	}
	return names
}

// periods lists what can be chosen, in days, the chosen one included.
func periods(chosen int) []int {
	days := []int{7, 30, 90, maxDays, chosen}
	slices.Sort(days)
	return slices.Compact(days)
}

func (s *Server) overviewJSON(w http.ResponseWriter, r *http.Request) {
	o, err := s.ask(r)
	w.Header().Set("Content-Type", "application/json")
	status, answer := http.StatusOK, any(o)
	if err != nil {
		s.log.WarnContext(r.Context(), "overview cannot be answered", "error", err)
		w.Header().Set("Retry-After", retryAfter)
		status, answer = http.StatusServiceUnavailable, map[string]string{"error": "the store does not answer now"}
	}
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(answer); err != nil {
		s.log.DebugContext(r.Context(), "answer cut short", "error", err)
	}
}

// waiting says that the store is away; the page asks again by itself.
func (s *Server) waiting(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil {
		return // nobody waits for the answer
	}
	s.log.WarnContext(r.Context(), "page cannot be answered", "path", r.URL.Path, "error", err)
	w.Header().Set("Retry-After", retryAfter)
	w.Header().Set("Refresh", retryAfter) // for browsers, which know no Retry-After
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
	var b bytes.Buffer // whole or not at all
	if !s.fill(w, r, &b, page, data) {
		return
	}
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // the reader may have gone
}

// begin writes the part of a page that comes first, and says whether the rest may follow.
func (s *Server) begin(w http.ResponseWriter, r *http.Request, part string, data map[string]any) bool {
	var b bytes.Buffer
	if !s.fill(w, r, &b, part, data) {
		return false
	}
	_, err := w.Write(b.Bytes())
	return err == nil
}

// fill draws a template with what every page needs; if it cannot be drawn, that is answered.
func (s *Server) fill(w http.ResponseWriter, r *http.Request, b *bytes.Buffer, page string, data map[string]any) bool {
	l := s.language(r)
	if asked := r.URL.Query().Get("lang"); asked == string(l) {
		http.SetCookie(w, &http.Cookie{Name: "feryat_lang", Value: asked, Path: "/", MaxAge: 365 * 86400, SameSite: http.SameSiteLaxMode, HttpOnly: true})
	}
	_, in := s.gate.who(r)
	data["L"], data["Languages"], data["Query"], data["SignedIn"], data["User"] = l, i18n.Languages(), r.URL.Query(), in && !s.gate.open(), userOf(r).Name
	if in {
		data["Pages"], data["Here"] = sections(r.URL.Path), hereIs(r.URL.Path)
	}
	if err := s.pages[l].ExecuteTemplate(b, page, data); err != nil {
		s.log.ErrorContext(r.Context(), "page cannot be drawn", "page", page, "error", err)
		http.Error(w, "the page cannot be drawn", http.StatusInternalServerError)
		return false
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	return true
}
