package pipeline

import (
	"context"
	"slices"

	"feryat/brand"
	"feryat/mention"
	"feryat/text"
)

// matcher finds the brands that a mention names, and where its text does so.
type matcher interface {
	Match(m mention.Mention) []string
	Find(text string) []brand.Hit
}

// scorer says what a mention says of a brand; names are all places where the text
// names that brand or another that the mention is about.
type scorer interface {
	Score(m mention.Mention, watched string, names []brand.Hit) mention.Verdict
}

// Judge turns a mention into rows.
type Judge struct {
	matcher matcher
	scorer  scorer
}

// NewJudge puts the parts together.
func NewJudge(m matcher, s scorer) *Judge { return &Judge{m, s} }

// Rows are what becomes of m: one a brand that it names. If it names none, or its
// source no longer shows it, that is one row without a brand.
func (j *Judge) Rows(m mention.Mention) []mention.Scored {
	if m.Gone {
		return []mention.Scored{{Mention: m}}
	}
	return j.rows(m, j.matcher.Match(m))
}

func (j *Judge) rows(m mention.Mention, brands []string) []mention.Scored {
	if len(brands) == 0 {
		return []mention.Scored{{Mention: m}}
	}
	rows := make([]mention.Scored, len(brands))
	names := j.names(m, brands)
	search := text.Fold(m.Title+"\n"+m.Text, "")
	for i, b := range brands {
		rows[i] = mention.Scored{Mention: m, Brand: b, Verdict: j.scorer.Score(m, b, names), Search: search}
	}
	return rows
}

// names are the places where the text names one of the brands. A word that only
// looks like a brand, for want of company (see brand.Brand), is none.
func (j *Judge) names(m mention.Mention, brands []string) []brand.Hit {
	return slices.DeleteFunc(j.matcher.Find(m.Text), func(h brand.Hit) bool { return !slices.Contains(brands, h.Brand) })
}

// inherit gives the brand's own replies that name no brand those of what they
// answer, which is in the same batch or stored; where nobody knows what that is,
// those that customers spoke of in the thread.
func (p *Pipeline) inherit(ctx context.Context, rows []mention.Scored, threads map[thread][]mention.Scored) ([]mention.Scored, error) {
	var out []mention.Scored
	batch := map[mention.ID][]string{}
	for _, r := range rows {
		if r.Brand != "" {
			batch[r.Mention.ID] = append(batch[r.Mention.ID], r.Brand)
		}
	}
	for _, r := range rows {
		if r.Brand != "" || !r.Mention.Author.Own || r.Mention.ParentID == "" && !loose(r.Mention) || r.Mention.Gone {
			out = append(out, r)
			continue
		}
		if loose(r.Mention) {
			out = append(out, p.judge.rows(r.Mention, spokenOf(threads[threadOf(r.Mention)], r.Mention))...)
			continue
		}
		brands, known := batch[r.Mention.ParentID]
		if !known {
			parents, err := p.archive.Mention(ctx, r.Mention.ParentID)
			if err != nil {
				return nil, err
			}
			brands = brandsOf(parents)
			batch[r.Mention.ParentID] = brands
		}
		out = append(out, p.judge.rows(r.Mention, brands)...)
	}
	return out, nil
}

func brandsOf(rows []mention.Scored) []string {
	var brands []string
	for _, r := range rows {
		brands = append(brands, r.Brand)
	}
	return brands
}
