package storage

import (
	"context"

	"feryat/mention"
)

func firstOf(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// Who has no answer yet: no public reply, and no case that says so.
const unanswered = `id NOT IN (SELECT parent_id FROM v_mentions WHERE own AND parent_id != '' AND day >= {first:Date})
	AND id NOT IN (SELECT mention FROM v_escalations WHERE answered > toDateTime(0) OR NOT waiting)`

// What is good news, as conditions on said, and in which order it is told.
const (
	isPraise    = "mood = 'satisfied' AND empty(topics) AND text != '' AND " + unanswered
	isQuestion  = "(has(signals, 'question') OR kind = 'question') AND NOT unhappy AND text != '' AND " + unanswered
	isAdvocate  = "(has(signals, 'advocacy') OR has(customer, 'advocate')) AND NOT unhappy"
	isWonBack   = "has(signals, 'win_back') AND NOT unhappy"
	newestFirst = "written DESC, collected DESC, id"
	heardFirst  = "greatest(followers, views) DESC, " + newestFirst
	goingFirst  = "(has(signals, 'churn') OR switch_from = brand) DESC, " + newestFirst
)

func (x *digest) news(ctx context.Context) error {
	if err := x.counts(ctx); err != nil {
		return err
	}
	for _, kind := range []struct {
		is, order string
		to        func(*mention.BrandDigest) *[]mention.Scored
	}{
		{isPraise, newestFirst, func(b *mention.BrandDigest) *[]mention.Scored { return &b.Praise }},
		{isQuestion, newestFirst, func(b *mention.BrandDigest) *[]mention.Scored { return &b.Questions }},
		{isAdvocate, heardFirst, func(b *mention.BrandDigest) *[]mention.Scored { return &b.Advocates }},
		{isWonBack, newestFirst, func(b *mention.BrandDigest) *[]mention.Scored { return &b.WonBack }},
	} {
		found, err := x.examples(ctx, x.ask.Brands, kind.is, kind.order)
		if err != nil {
			return err
		}
		for brand, rows := range found {
			*kind.to(x.brand(brand)) = rows
		}
	}
	return nil
}

func (x *digest) counts(ctx context.Context) error {
	var rows []struct {
		Brand    string `ch:"brand"`
		Praise   int64  `ch:"p"`
		Question int64  `ch:"q"`
		Advocate int64  `ch:"a"`
		WonBack  int64  `ch:"w"`
	}
	err := x.conn.Select(ctx, &rows, "SELECT brand, toInt64(countIf("+isPraise+")) AS p, toInt64(countIf("+isQuestion+")) AS q, toInt64(uniqExactIf((source, if(author_id != '', author_id, author)), "+
		isAdvocate+")) AS a, toInt64(countIf("+isWonBack+")) AS w FROM "+said+" WHERE "+inPeriod+" GROUP BY brand", x.args(x.ask.Brands)...)
	for _, r := range rows {
		b := x.brand(r.Brand)
		b.Praised, b.Asked, b.Advocated, b.Returned = r.Praise, r.Question, r.Advocate, r.WonBack
	}
	return err
}

func (x *digest) rivals(ctx context.Context) error {
	found, err := x.examples(ctx, x.ask.Rivals, "unhappy AND text != ''", goingFirst)
	for brand, rows := range found {
		x.rival(brand).Unhappy = rows
	}
	return err
}

// spare is how many times more rows are read than examples are wanted: of one author there is one example.
const spare = 4

// examples are some mentions by brand, in order. Keys come first: the wide columns of all that is sorted would take long.
func (x *digest) examples(ctx context.Context, brands []string, is, order string) (map[string][]mention.Scored, error) {
	if len(brands) == 0 || x.ask.Most <= 0 {
		return nil, nil
	}
	keys := "SELECT brand, day, id FROM " + said + " WHERE " + inPeriod + " AND " + is + " ORDER BY brand, " + order + " LIMIT " + itoa(spare*x.ask.Most) + " BY brand"
	rows, err := x.records(ctx, "examples of a digest", "(brand, day, id) IN ("+keys+") ORDER BY brand, "+order, x.args(brands))
	found, heard := map[string][]mention.Scored{}, map[[3]string]bool{}
	for _, r := range rows {
		who := [3]string{r.Brand, r.Mention.Source, r.Mention.Author.Key()}
		if who[2] != "" && heard[who] || len(found[r.Brand]) == x.ask.Most {
			continue
		}
		heard[who] = true
		r.Search, r.Verdict.Reasons = "", nil // nobody reads them here
		found[r.Brand] = append(found[r.Brand], r)
	}
	return found, err
}
