package storage

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"feryat/mention"
	"feryat/text"
)

// Versions gives what a mention said from visit to visit, oldest first. A text that came back as it once was counts once.
func (s *Store) Versions(ctx context.Context, id mention.ID) ([]mention.Version, error) {
	var rows []struct {
		Revision  string    `ch:"revision"`
		Collected time.Time `ch:"collected"`
		Edited    time.Time `ch:"edited"`
		Title     string    `ch:"title"`
		Text      string    `ch:"text"`
		Value     float64   `ch:"rating_value"`
		Worst     float64   `ch:"rating_worst"`
		Best      float64   `ch:"rating_best"`
	}
	err := s.conn.Select(ctx, &rows, `SELECT revision, collected, edited, title, text, rating_value, rating_worst, rating_best
		FROM mention_versions FINAL WHERE id = {id:String} ORDER BY collected, revision LIMIT 100`, clickhouse.Named("id", string(id)))
	versions := make([]mention.Version, len(rows))
	for i, r := range rows {
		versions[i] = mention.Version{Revision: mention.Revision(r.Revision), Collected: r.Collected.UTC(), Edited: orZero(r.Edited), Title: r.Title, Text: r.Text}
		if r.Best != 0 {
			versions[i].Rating = &mention.Rating{Value: r.Value, Worst: r.Worst, Best: r.Best}
		}
	}
	return versions, s.explain("versions of a mention", err)
}

// Corrections gives the newest word of people on each field of a mention, those that take one back included; by brand and
// field.
func (s *Store) Corrections(ctx context.Context, id mention.ID) ([]mention.Correction, error) {
	var rows []correctionRow
	err := s.conn.Select(ctx, &rows, "SELECT id, brand, field, value, by, note, at FROM corrections FINAL WHERE id = {id:String} ORDER BY brand, field", clickhouse.Named("id", string(id)))
	all := make([]mention.Correction, len(rows))
	for i, r := range rows {
		all[i] = mention.Correction{Mention: mention.ID(r.ID), Brand: r.Brand, Field: mention.Field(r.Field), Value: r.Value, By: r.By, Note: r.Note, At: r.At.UTC()}
	}
	return all, s.explain("corrections of a mention", err)
}

// Disowned gives a mention as the brands see it of which a person said that it is not theirs, as it was scored.
func (s *Store) Disowned(ctx context.Context, id mention.ID) ([]mention.Scored, error) {
	days, err := s.daysOf(ctx, "id = {id:String}", clickhouse.Named("id", string(id)))
	if err != nil || len(days) == 0 {
		return nil, err
	}
	rows, err := s.newestRows(ctx, "*", []string{string(id)}, days)
	if err != nil {
		return nil, err
	}
	said, err := s.Corrections(ctx, id)
	var out []mention.Scored
	for _, r := range rows {
		if r.Gone == 0 && slices.ContainsFunc(said, func(c mention.Correction) bool {
			return c.Brand == r.Brand && c.Value != "" && (c.Field == mention.FieldNotOurs || c.Field == mention.FieldBrand)
		}) {
			out = append(out, r.record())
		}
	}
	slices.SortFunc(out, func(a, b mention.Scored) int { return cmp.Compare(a.Brand, b.Brand) })
	return out, err
}

// Around gives the newest mentions that stand with m: in the same thread, what it answers, what answers it, and what
// answers the same; each once, newest first.
func (s *Store) Around(ctx context.Context, m mention.Mention, limit int) ([]mention.Scored, error) {
	var keys []found
	err := s.conn.Select(ctx, &keys, `SELECT brand, day, id FROM v_mentions WHERE source = {source:String} AND id != {id:String}
		AND (parent_id = {id:String} OR thread_id != '' AND thread_id = {thread:String} OR {parent:String} != '' AND (id = {parent:String} OR parent_id = {parent:String}))
		ORDER BY written DESC, id DESC, brand LIMIT 1 BY id`+limitBy(limit),
		clickhouse.Named("source", m.Source), clickhouse.Named("id", string(m.ID)), clickhouse.Named("thread", m.ThreadID), clickhouse.Named("parent", string(m.ParentID)))
	if err != nil {
		return nil, s.explain("what stands around a mention", err)
	}
	return s.rowsOf(ctx, keys)
}

// EscalationsOn gives the cases that a mention caused, newest first.
func (s *Store) EscalationsOn(ctx context.Context, id mention.ID) ([]mention.OpenEscalation, error) {
	if id == "" {
		return nil, nil
	}
	return s.escalations(ctx, "escalations on a mention", "mention = {mention:String} ORDER BY opened DESC, id LIMIT 20", clickhouse.Named("mention", string(id)))
}

const (
	// rareWords are as many as a copy of a text has to share; candidates are what is looked at of those that do.
	rareWords  = 4
	candidates = 100
)

// Alike gives mentions whose text looks like an edited copy of m's, newest first; see text.Near. It looks among the newest
// that share the longest words, for which there is an index, so that a copy in which one of these is changed is missed. A
// text of few words has none.
func (s *Store) Alike(ctx context.Context, m mention.Mention, limit int) ([]mention.Scored, error) {
	print := text.NewFingerprint(m.Text)
	if print.Short() {
		return nil, nil
	}
	var keys []found
	err := s.conn.Select(ctx, &keys, `SELECT brand, day, id FROM v_mentions WHERE hasAllTokens(search, {words:String}) AND id != {id:String}
		ORDER BY written DESC, id DESC, brand LIMIT 1 BY id`+limitBy(candidates), clickhouse.Named("words", strings.Join(longest(m.Text), " ")), clickhouse.Named("id", string(m.ID)))
	if err != nil {
		return nil, s.explain("what is like a mention", err)
	}
	rows, err := s.rowsOf(ctx, keys)
	rows = slices.DeleteFunc(rows, func(r mention.Scored) bool { return !text.Near(print, text.NewFingerprint(r.Mention.Text)) })
	return rows[:min(len(rows), limit)], err
}

// longest gives the longest words of a text, folded.
func longest(s string) []string {
	folded := text.Fold(s, "")
	var words []string
	for _, t := range text.Tokens(nil, folded) {
		if t.Kind == text.Word {
			words = append(words, folded[t.Start:t.End])
		}
	}
	slices.SortFunc(words, func(a, b string) int { return cmp.Or(len(b)-len(a), cmp.Compare(a, b)) })
	words = slices.Compact(words)
	return words[:min(len(words), rareWords)]
}
