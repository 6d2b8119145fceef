package storage

import (
	"context"
	"slices"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"feryat/mention"
)

// said are the mentions by customers that a digest counts, by when they were written. The day of a source that tells no hour
// begins at its own midnight: twelve hours later it is that day everywhere.
const said = `(SELECT *, if(written_precision = 'day', written + INTERVAL 12 HOUR, written) AS at FROM v_mentions
	WHERE from_customer AND brand IN {brands:Array(String)} AND day >= {first:Date} AND day <= {last:Date})`

// inPeriod is the period of a digest, as a condition on said.
const inPeriod = "at >= {from:DateTime('UTC')} AND at < {to:DateTime('UTC')}"

// week is how far back a digest shows days, where its period is shorter.
const week = 7

// Digest sums up a period and the one before it.
func (s *Store) Digest(ctx context.Context, ask mention.DigestAsk) (d mention.Digest, err error) {
	d = mention.Digest{From: ask.From.UTC(), To: ask.To.UTC(), Before: ask.Before().UTC(), Zone: ask.Zone, AsOf: time.Now().UTC().Truncate(time.Second)}
	for _, b := range ask.Brands {
		d.Brands = append(d.Brands, mention.BrandDigest{Brand: b, Days: emptyDays(ask)})
	}
	for _, b := range ask.Rivals {
		d.Rivals = append(d.Rivals, mention.RivalDigest{Brand: b})
	}
	x := &digest{Store: s, d: &d, ask: ask}
	parts := []func(context.Context) error{x.total, x.tallies, x.days, x.topics, x.cases, x.incidents, x.listed, x.gaps, x.news, x.rivals}
	if ask.Stories && ask.Most > 0 {
		parts = append(parts, x.switches, x.waits, x.heard)
	}
	for _, part := range parts {
		if err := part(ctx); err != nil {
			return d, s.explain("digest", err)
		}
	}
	return d, nil
}

// digest is one that is being made.
type digest struct {
	*Store
	d   *mention.Digest
	ask mention.DigestAsk
}

// brand is where the figures of a brand of ours go.
func (x *digest) brand(name string) *mention.BrandDigest {
	i := slices.IndexFunc(x.d.Brands, func(b mention.BrandDigest) bool { return b.Brand == name })
	return &x.d.Brands[i] // no question asks for others
}

func (x *digest) rival(name string) *mention.RivalDigest {
	i := slices.IndexFunc(x.d.Rivals, func(b mention.RivalDigest) bool { return b.Brand == name })
	return &x.d.Rivals[i]
}

// args are the parameters of all questions of a digest; those that a question does not name do no harm.
func (x *digest) args(brands []string) []any {
	first := x.shown()
	if x.d.Before.Before(first) {
		first = x.d.Before
	}
	return []any{
		clickhouse.Named("brands", append([]string{}, brands...)), clickhouse.Named("zone", x.d.Zone),
		clickhouse.Named("before", ceil(x.d.Before)), clickhouse.Named("from", ceil(x.d.From)), clickhouse.Named("to", ceil(x.d.To)), clickhouse.Named("shown", ceil(x.shown())),
		clickhouse.Named("first", within(first.AddDate(0, 0, -1)).Format(time.DateOnly)), clickhouse.Named("last", within(x.d.To.AddDate(0, 0, 1)).Format(time.DateOnly)),
	}
}

// shown is where the days begin that are shown one by one.
func (x *digest) shown() time.Time { return firstDay(x.ask).UTC() }

func firstDay(ask mention.DigestAsk) time.Time {
	if back := ask.To.AddDate(0, 0, -week); back.Before(ask.From) {
		return back
	}
	return ask.From
}

func emptyDays(ask mention.DigestAsk) (days []mention.DayMoods) {
	for at := firstDay(ask); at.Before(ask.To); at = at.AddDate(0, 0, 1) {
		days = append(days, mention.DayMoods{Day: at.UTC(), Counts: map[mention.Mood]int64{}})
	}
	return days
}

// tallyRow is what mentions of one brand and period come to.
type tallyRow struct {
	Brand    string  `ch:"brand"`
	Current  bool    `ch:"current"`
	Mentions int64   `ch:"mentions"`
	Unhappy  int64   `ch:"unhappy"`
	Angry    int64   `ch:"angry"`
	Ratings  int64   `ch:"ratings"`
	Rating   float64 `ch:"rating"`
}

func (r tallyRow) tally() mention.Tally {
	return mention.Tally{Mentions: r.Mentions, Unhappy: r.Unhappy, Angry: r.Angry, Ratings: r.Ratings, Rating: mean(r.Rating, uint64(r.Ratings))}
}

const tallyColumns = `toBool(at >= {from:DateTime('UTC')}) AS current, toInt64(count()) AS mentions, toInt64(countIf(sad)) AS unhappy,
	toInt64(countIf(mad)) AS angry, toInt64(count(stars)) AS ratings, ifNull(sum(stars), 0) AS rating`

func (x *digest) total(ctx context.Context) error {
	var rows []tallyRow
	err := x.conn.Select(ctx, &rows, "SELECT '' AS brand, "+tallyColumns+` FROM
		(SELECT id, min(at) AS at, max(unhappy) AS sad, max(mood = 'angry') AS mad, any(rating) AS stars FROM `+said+` GROUP BY id)
		WHERE at >= {before:DateTime('UTC')} AND at < {to:DateTime('UTC')} GROUP BY current`, x.args(x.ask.Brands)...)
	for _, r := range rows {
		*map[bool]*mention.Tally{true: &x.d.Now, false: &x.d.Past}[r.Current] = r.tally()
	}
	return err
}

func (x *digest) tallies(ctx context.Context) error {
	var rows []tallyRow
	err := x.conn.Select(ctx, &rows, "SELECT brand, "+tallyColumns+` FROM
		(SELECT brand, at, unhappy AS sad, mood = 'angry' AS mad, rating AS stars FROM `+said+`)
		WHERE at >= {before:DateTime('UTC')} AND at < {to:DateTime('UTC')} GROUP BY brand, current`, x.args(slices.Concat(x.ask.Brands, x.ask.Rivals))...)
	for _, r := range rows {
		switch {
		case slices.Contains(x.ask.Rivals, r.Brand) && r.Current:
			x.rival(r.Brand).Now = r.tally()
		case slices.Contains(x.ask.Rivals, r.Brand):
		case r.Current:
			x.brand(r.Brand).Now = r.tally()
		default:
			x.brand(r.Brand).Past = r.tally()
		}
	}
	return err
}

func (x *digest) days(ctx context.Context) error {
	var rows []struct {
		Brand string    `ch:"brand"`
		Day   time.Time `ch:"d"`
		Mood  string    `ch:"mood"`
		N     int64     `ch:"n"`
	}
	err := x.conn.Select(ctx, &rows, `SELECT brand, toDate(at, {zone:String}) AS d, mood, toInt64(count()) AS n FROM `+said+`
		WHERE at >= {shown:DateTime('UTC')} AND at < {to:DateTime('UTC')} GROUP BY brand, d, mood`, x.args(x.ask.Brands)...)
	zone := x.ask.From.Location()
	for _, r := range rows {
		for _, d := range x.brand(r.Brand).Days {
			if d.Day.In(zone).Format(time.DateOnly) == r.Day.Format(time.DateOnly) {
				d.Counts[mention.Mood(r.Mood)] = r.N
			}
		}
	}
	return err
}

// mostTopics is how many topics of a brand a digest has.
const mostTopics = 12

func (x *digest) topics(ctx context.Context) error {
	var rows []struct {
		Brand string `ch:"brand"`
		Topic string `ch:"topic"`
		Now   int64  `ch:"current"`
		Past  int64  `ch:"past"`
	}
	err := x.conn.Select(ctx, &rows, `SELECT brand, topic, toInt64(countIf(at >= {from:DateTime('UTC')})) AS current, toInt64(countIf(at < {from:DateTime('UTC')})) AS past
		FROM (SELECT brand, at, arrayJoin(arrayDistinct(topics)) AS topic FROM `+said+`) WHERE at >= {before:DateTime('UTC')} AND at < {to:DateTime('UTC')}
		GROUP BY brand, topic ORDER BY brand, greatest(current, past) DESC, current DESC, topic LIMIT `+itoa(mostTopics)+` BY brand`, x.args(slices.Concat(x.ask.Brands, x.ask.Rivals))...)
	for _, r := range rows {
		change := mention.TopicChange{Topic: r.Topic, Now: r.Now, Past: r.Past}
		if slices.Contains(x.ask.Rivals, r.Brand) {
			x.rival(r.Brand).Topics = append(x.rival(r.Brand).Topics, change)
		} else {
			x.brand(r.Brand).Topics = append(x.brand(r.Brand).Topics, change)
		}
	}
	return err
}
