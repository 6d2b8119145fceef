package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"

	"feryat/i18n"
	"feryat/mention"
)

const (
	// aroundShown bounds what is shown of a thread.
	aroundShown = 20
	// alikeShown bounds the copies that are shown.
	alikeShown = 10
)

// archive answers what is known of one mention besides itself.
type archive interface {
	// Disowned gives the mention as brands see it of which a person said that it is not theirs.
	Disowned(ctx context.Context, id mention.ID) ([]mention.Scored, error)
	// Corrections gives the newest word of people on each field, also those that take one back.
	Corrections(ctx context.Context, id mention.ID) ([]mention.Correction, error)
	// Versions gives what it said from visit to visit, oldest first.
	Versions(ctx context.Context, id mention.ID) ([]mention.Version, error)
	// Around gives what stands with it in a thread, newest first.
	Around(ctx context.Context, m mention.Mention, limit int) ([]mention.Scored, error)
	// Alike gives edited copies of it, newest first.
	Alike(ctx context.Context, m mention.Mention, limit int) ([]mention.Scored, error)
	// VisitOf gives the request that ended in what was collected; nil where none is known.
	VisitOf(ctx context.Context, source, url string, collected time.Time) (*mention.Visit, error)
	// EscalationsOn gives the cases that it caused, newest first.
	EscalationsOn(ctx context.Context, id mention.ID) ([]mention.OpenEscalation, error)
}

// judged is a mention as one brand sees it, with what people put right of that.
type judged struct {
	mention.Scored
	Disowned bool
	Said     []mention.Correction // by field; one without Value is taken back
	Visit    *mention.Visit       // which gave it; nil where that is not known
}

// Holds are the corrections that are not taken back.
func (j judged) Holds() []mention.Correction {
	return slices.DeleteFunc(slices.Clone(j.Said), func(c mention.Correction) bool { return c.Value == "" })
}

// Corrected reports whether a correction of a field holds.
func (j judged) Corrected(f mention.Field) bool {
	return slices.ContainsFunc(j.Said, func(c mention.Correction) bool { return c.Field == f && c.Value != "" })
}

func (s *Server) mention(w http.ResponseWriter, r *http.Request) {
	s.showMention(w, r, http.StatusOK, "")
}

// showMention draws the page; said is a message above it.
func (s *Server) showMention(w http.ResponseWriter, r *http.Request, status int, said string) {
	ctx, cancel := context.WithTimeout(r.Context(), s.patience)
	defer cancel()
	rows, err := s.judgedRows(ctx, mention.ID(r.PathValue("id")))
	var data map[string]any
	if err == nil && len(rows) > 0 {
		data, err = s.beside(ctx, rows[0].Mention)
	}
	switch {
	case err != nil:
		s.waiting(w, r, err)
	case len(rows) == 0:
		s.render(w, r, http.StatusNotFound, "message.html", map[string]any{"Key": "ui.not_found"})
	default:
		for i := range rows {
			rows[i].Visit, _ = data["Visit"].(*mention.Visit)
		}
		data["Rows"], data["Said"], data["Name"] = rows, said, nameOf(r)
		data["May"] = userOf(r).Role.may(Support)
		s.render(w, r, status, "mention.html", data)
	}
}

// judgedRows gives the rows of a mention by brand, also those that are not ours.
func (s *Server) judgedRows(ctx context.Context, id mention.ID) ([]judged, error) {
	var rows, disowned []mention.Scored
	var said []mention.Correction
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { rows, err = s.store.Mention(ctx, id); return err })
	g.Go(func() (err error) { disowned, err = s.store.Disowned(ctx, id); return err })
	g.Go(func() (err error) { said, err = s.store.Corrections(ctx, id); return err })
	err := g.Wait()
	var all []judged
	for i, row := range append(rows, disowned...) {
		j := judged{Scored: row, Disowned: i >= len(rows)}
		for _, c := range said {
			if c.Brand == row.Brand {
				j.Said = append(j.Said, c)
			}
		}
		all = append(all, j)
	}
	slices.SortFunc(all, func(a, b judged) int { return cmp.Compare(a.Brand, b.Brand) })
	return all, err
}

// beside gathers what the page shows around a mention.
func (s *Server) beside(ctx context.Context, m mention.Mention) (map[string]any, error) {
	var versions []mention.Version
	var around, alike, parent []mention.Scored
	var cases []mention.OpenEscalation
	var brands []mention.BrandCount
	var visit *mention.Visit
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { versions, err = s.store.Versions(ctx, m.ID); return err })
	g.Go(func() (err error) { around, err = s.store.Around(ctx, m, aroundShown); return err })
	g.Go(func() (err error) { alike, err = s.store.Alike(ctx, m, alikeShown); return err })
	g.Go(func() (err error) { cases, err = s.store.EscalationsOn(ctx, m.ID); return err })
	g.Go(func() (err error) {
		brands, err = s.store.Brands(ctx, mention.Filter{From: s.now().AddDate(0, 0, -maxDays)})
		return err
	})
	g.Go(func() (err error) {
		page, _, _ := strings.Cut(m.URL, "#")
		visit, err = s.store.VisitOf(ctx, m.Source, page, m.Collected)
		return err
	})
	g.Go(func() (err error) {
		if m.ParentID != "" {
			parent, err = s.store.Mention(ctx, m.ParentID)
		}
		return err
	})
	err := g.Wait()
	data := map[string]any{"Versions": news(versions), "Around": around, "Alike": alike, "Cases": cases, "Brands": brands, "Visit": visit}
	if len(parent) > 0 {
		data["Parent"] = parent[0]
	}
	return data, err
}

// edition is a version and what of it is new.
type edition struct {
	mention.Version
	First       bool
	Was         *mention.Rating // where the stars changed
	Stars       bool
	Title, Text []piece // nil where nothing changed
}

// news tells versions by what changed, the newest first.
func news(versions []mention.Version) []edition {
	var all []edition
	for i, v := range versions {
		e := edition{Version: v, First: i == 0}
		if i > 0 {
			old := versions[i-1]
			e.Was, e.Stars = old.Rating, !sameRating(old.Rating, v.Rating)
			e.Title, e.Text = changed(old.Title, v.Title), changed(old.Text, v.Text)
		}
		all = append(all, e)
	}
	slices.Reverse(all)
	return all
}

func sameRating(a, b *mention.Rating) bool {
	return a == b || a != nil && b != nil && *a == *b
}

// piece is a part of a text that stayed, is gone (del) or new (ins).
type piece struct{ Class, Text string }

// changed gives what differs between two texts: the words between their common
// beginning and end, with a little of these. It is nil for equal ones.
func changed(old, now string) []piece {
	if old == now {
		return nil
	}
	start, end := 0, 0
	for start < min(len(old), len(now)) && old[start] == now[start] {
		start++
	}
	start = strings.LastIndexAny(old[:start], " \n") + 1 // whole words, and so whole letters
	for end < min(len(old), len(now))-start && old[len(old)-1-end] == now[len(now)-1-end] {
		end++
	}
	for end > 0 && !strings.ContainsRune(" \n", rune(old[len(old)-end])) {
		end--
	}
	head, tail := old[:start], old[len(old)-end:]
	var pieces []piece
	for _, p := range []piece{{"", ending(head)}, {"del", old[start : len(old)-end]}, {"ins", now[start : len(now)-end]}, {"", beginning(tail)}} {
		if p.Text != "" {
			pieces = append(pieces, p)
		}
	}
	return pieces
}

// around is how much is shown around a change, in bytes.
const around = 60

func ending(s string) string {
	if len(s) <= around {
		return s
	}
	return "…" + s[cutAt(s, len(s)-around):]
}

func beginning(s string) string {
	if len(s) <= around {
		return s
	}
	return s[:cutAt(s, around)] + "…"
}

// cutAt is the first beginning of a letter from i on.
func cutAt(s string, i int) int {
	for i < len(s) && !utf8.RuneStart(s[i]) {
		i++
	}
	return i
}

// value is what a correction says, in words.
func (s *Server) value(l i18n.Language, c mention.Correction) string {
	switch {
	case c.Value == "":
		return s.texts.T(l, "ui.taken_back")
	case c.Field == mention.FieldMood:
		return s.texts.Code(l, "mood", c.Value)
	case c.Field == mention.FieldTopics && c.Value == mention.NoTopics:
		return s.texts.T(l, "ui.no_topics")
	case c.Field == mention.FieldTopics:
		codes := strings.Split(c.Value, ",")
		for i, code := range codes {
			codes[i] = s.texts.Code(l, "topic", code)
		}
		return strings.Join(codes, " · ")
	case c.Field == mention.FieldBrand:
		return c.Value
	}
	return "✓"
}
