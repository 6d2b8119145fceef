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
	// maxChosen bounds the values of one facet that a search has.
	maxChosen = 100
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
	q = mention.Search{Text: query.Get("q"), Author: strings.TrimSpace(query.Get("author")), Any: map[string][]string{}}
	if len(strings.Fields(q.Text)) > maxWords {
		return q, "ui.bad_search"
	}
	var ok [4]bool
	ok[0] = true
	for _, k := range kinds() {
		values := chosen(query, k.Param)
		ok[0] = ok[0] && len(values) <= maxChosen && !slices.ContainsFunc(values, func(v string) bool { return !k.takes(v) })
		if len(values) > 0 {
			q.Any[k.Param] = values
		}
	}
	q.From, ok[1] = s.dayOf(query.Get("from"), 0)
	q.To, ok[2] = s.dayOf(query.Get("to"), 1)
	q.After, ok[3] = placeOf(query.Get("after"))
	if slices.Contains(ok[:], false) {
		return q, "ui.bad_search"
	}
	return q, ""
}

// chosen are the values of a facet in an address, each once.
func chosen(query url.Values, param string) (values []string) {
	for _, v := range query[param] {
		if v != "" && !slices.Contains(values, v) {
			values = append(values, v)
		}
	}
	return values
}

// takes tells whether a value of the facet makes sense; names may be any.
func (k kind) takes(value string) bool {
	switch k.Param {
	case "mood":
		return slices.Contains(mention.Moods(), mention.Mood(value))
	case "stars":
		return len(value) == 1 && value >= "1" && value <= "5"
	}
	return true
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
	return []kind{{"brand", "ui.brand", ""}, {"mood", "ui.mood", "mood"}, {"topic", "ui.topics", "topic"}, {"product", "msg.product", ""}, {"signal", "ui.signals", "signal"}, {"stars", "ui.rating", ""},
		{"source", "ui.source", ""}, {"language", "ui.language", "tongue"}}
}

// kept is a chosen value that the form keeps.
type kept struct{ Name, Value string }

func hidden(query url.Values) (all []kept) {
	for _, k := range kinds() {
		values := chosen(query, k.Param)
		for _, v := range values[:min(len(values), maxChosen)] {
			if len(v) <= maxQuery && utf8.ValidString(v) {
				all = append(all, kept{k.Param, v})
			}
		}
	}
	return all
}

// facet is a choice of the page.
type facet struct {
	kind
	Choices []choice
}

// choice is a value of a facet, and the address with it besides what is chosen, or without it where On.
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
		f, on := facet{kind: k}, chosen(query, k.Param)
		counts := found.By[k.Param]
		for _, v := range on {
			if !slices.ContainsFunc(counts, func(c mention.Count) bool { return c.Value == v }) {
				counts = append(counts, mention.Count{Value: v})
			}
		}
		for _, c := range counts {
			if c.Value == "" {
				continue
			}
			one := choice{Value: c.Value, Word: c.Value, N: c.N, On: slices.Contains(on, c.Value)}
			switch {
			case k.Param == "stars":
				one.Word = "★ " + i18n.Digits(l, c.Value)
			case k.Family != "":
				one.Word = s.texts.Code(l, k.Family, c.Value)
			}
			rest := slices.DeleteFunc(slices.Clone(on), func(v string) bool { return v == c.Value })
			if !one.On {
				rest = append(rest, c.Value)
			}
			base[k.Param] = rest
			one.Link = link(base, "", "")
			f.Choices = append(f.Choices, one)
		}
		if base[k.Param] = on; len(on) == 0 {
			delete(base, k.Param)
		}
		if len(f.Choices) > 0 {
			all = append(all, f)
		}
	}
	return all
}
