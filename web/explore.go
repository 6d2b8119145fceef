package web

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"

	"feryat/i18n"
	"feryat/mention"
)

const (
	// foundShown is how many mentions a page lists.
	foundShown = 25
	// facetShown bounds the values of a facet.
	facetShown = 12
	// maxQuery is the longest value of a search that is taken, in bytes.
	maxQuery = 500
	// maxWords bounds the words of a search.
	maxWords = 20
)

// library answers searches.
type library interface {
	// Search gives what it selects, newest first.
	Search(ctx context.Context, q mention.Search, limit int) ([]mention.Scored, error)
	// Facets counts it; of each kind at most limit values.
	Facets(ctx context.Context, q mention.Search, limit int) (mention.Facets, error)
	// Export hands it out page by page, limit rows at most; cut says that there is more.
	Export(ctx context.Context, q mention.Search, limit int, page func([]mention.Scored) error) (cut bool, err error)
}

// searched reads a search; fault is the key of what is wrong with it. From and To
// are days, both included.
func (s *Server) searched(query url.Values) (q mention.Search, fault string) {
	for _, values := range query {
		for _, v := range values {
			if len(v) > maxQuery || !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
				return q, "ui.bad_search"
			}
		}
	}
	q = mention.Search{
		Filter: mention.Filter{Brand: query.Get("brand"), Source: query.Get("source"), Language: query.Get("language"), Topic: query.Get("topic")},
		Text:   query.Get("q"), Author: strings.TrimSpace(query.Get("author")), Signal: query.Get("signal"), Mood: mention.Mood(query.Get("mood")),
	}
	if len(strings.Fields(q.Text)) > maxWords {
		return q, "ui.bad_search"
	}
	if q.Mood != "" && !slices.Contains(mention.Moods(), q.Mood) {
		return q, "ui.bad_search"
	}
	var ok [4]bool
	q.Stars, ok[0] = starsOf(query.Get("stars"))
	q.From, ok[1] = s.dayOf(query.Get("from"), 0)
	q.To, ok[2] = s.dayOf(query.Get("to"), 1)
	q.After, ok[3] = placeOf(query.Get("after"))
	if slices.Contains(ok[:], false) {
		return q, "ui.bad_search"
	}
	return q, ""
}

func starsOf(v string) (int, bool) {
	if v == "" {
		return 0, true
	}
	n, err := strconv.Atoi(v)
	return n, err == nil && n >= 1 && n <= 5
}

// dayOf is the beginning of a day, so many days later.
func (s *Server) dayOf(v string, later int) (time.Time, bool) {
	if strings.TrimSpace(v) == "" {
		return time.Time{}, true
	}
	t, ok := i18n.ParseDate(v, s.zone)
	return t.AddDate(0, 0, later), ok
}

// placeOf reads what after writes.
func placeOf(v string) (mention.Place, bool) {
	if v == "" {
		return mention.Place{}, true
	}
	parts := strings.SplitN(v, ".", 3)
	if len(parts) != 3 || parts[1] == "" {
		return mention.Place{}, false
	}
	at, err := strconv.ParseInt(parts[0], 10, 64)
	return mention.Place{Written: time.Unix(at, 0).UTC(), ID: mention.ID(parts[1]), Brand: parts[2]}, err == nil && at >= 0 && at < 1<<32
}

// after is where the list goes on, for an address.
func after(p mention.Place) string {
	return strconv.FormatInt(p.Written.Unix(), 10) + "." + string(p.ID) + "." + p.Brand
}

// explore searches the mentions.
func (s *Server) explore(w http.ResponseWriter, r *http.Request) {
	l, query := s.language(r), r.URL.Query()
	q, fault := s.searched(query)
	if fault != "" {
		s.render(w, r, http.StatusBadRequest, "explore.html", map[string]any{"Said": s.texts.T(l, fault), "Still": true, "Form": typed(query), "Hidden": hidden(query)})
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), s.patience)
	defer cancel()
	var rows []mention.Scored
	var facets mention.Facets
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { rows, err = s.store.Search(ctx, q, foundShown+1); return err })
	g.Go(func() (err error) { facets, err = s.store.Facets(ctx, q, facetShown); return err })
	if err := g.Wait(); err != nil {
		s.waiting(w, r, err)
		return
	}
	data := map[string]any{"Total": facets.Total, "Facets": s.facets(l, query, facets), "Still": true, "Form": s.field(l, q), "Hidden": hidden(query), "First": link(query, "after", "")}
	if len(rows) > foundShown {
		rows = rows[:foundShown]
		data["Next"] = link(query, "after", after(mention.PlaceOf(rows[foundShown-1])))
	}
	rest := fromStart(query)
	data["Rows"], data["More"], data["CSV"], data["JSON"] = rows, query.Get("after") != "", "/explore/export"+link(rest, "format", "csv"), "/explore/export"+link(rest, "format", "jsonl")
	s.render(w, r, http.StatusOK, "explore.html", data)
}

// fromStart is a search whose list begins with the newest.
func fromStart(query url.Values) url.Values {
	base := maps.Clone(query)
	base.Del("after")
	return base
}

// field is what the form shows.
type field struct {
	Text, Author, From, To string
}

// typed is what was typed, as far as it can be shown.
func typed(query url.Values) field {
	short := func(name string) string {
		v := []rune(strings.ToValidUTF8(query.Get(name), "\uFFFD"))
		return string(v[:min(len(v), maxQuery)])
	}
	return field{short("q"), short("author"), short("from"), short("to")}
}

func (s *Server) field(l i18n.Language, q mention.Search) field {
	f := field{Text: q.Text, Author: q.Author}
	if !q.From.IsZero() {
		f.From = i18n.PlainDate(l, q.From, s.zone)
	}
	if !q.To.IsZero() {
		f.To = i18n.PlainDate(l, q.To.AddDate(0, 0, -1), s.zone)
	}
	return f
}

// kind is one of the facets: the parameter, its label, and the family of its codes,
// empty for names of others.
type kind struct{ Param, Label, Family string }

func kinds() []kind {
	return []kind{{"brand", "ui.brand", ""}, {"mood", "ui.mood", "mood"}, {"topic", "ui.topics", "topic"}, {"signal", "ui.signals", "signal"}, {"stars", "ui.rating", ""}, {"source", "ui.source", ""}, {"language", "ui.language", "tongue"}}
}

// hidden are the chosen facets, which the form keeps.
func hidden(query url.Values) map[string]string {
	kept := map[string]string{}
	for _, k := range kinds() {
		if v := query.Get(k.Param); v != "" && len(v) <= maxQuery && utf8.ValidString(v) {
			kept[k.Param] = v
		}
	}
	return kept
}

// facet is a choice of the page.
type facet struct {
	kind
	Choices []choice
}

// choice is a value of a facet, and the address with it, or without it where On.
type choice struct {
	Value, Word, Link string
	N                 int64
	On                bool
}

// facets turns counts into links. What is chosen stands there even if nothing was found.
func (s *Server) facets(l i18n.Language, query url.Values, found mention.Facets) []facet {
	base := fromStart(query)
	var all []facet
	for _, k := range kinds() {
		f, chosen := facet{kind: k}, query.Get(k.Param)
		counts := found.By[k.Param]
		if chosen != "" && !slices.ContainsFunc(counts, func(c mention.Count) bool { return c.Value == chosen }) {
			counts = append(counts, mention.Count{Value: chosen})
		}
		for _, c := range counts {
			if c.Value == "" {
				continue
			}
			one := choice{Value: c.Value, Word: c.Value, N: c.N, On: c.Value == chosen, Link: link(base, k.Param, c.Value)}
			switch {
			case k.Param == "stars":
				one.Word = "★ " + i18n.Digits(l, c.Value)
			case k.Family != "":
				one.Word = s.texts.Code(l, k.Family, c.Value)
			}
			if one.On {
				one.Link = link(base, k.Param, "")
			}
			f.Choices = append(f.Choices, one)
		}
		if len(f.Choices) > 0 {
			all = append(all, f)
		}
	}
	return all
}
