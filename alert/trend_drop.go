package alert

import (
	"context"
	"slices"
	"time"

	"feryat/alert/trend"
	"feryat/calendar"
	"feryat/mention"
)

// dayIsIn is how long after midnight in UTC the ratings of a day are looked at:
// by then the last of it were collected, and in Türkiye and Iran the day is over too.
const dayIsIn = 3 * time.Hour

// dropRule looks for worse stars, once a day.
type dropRule struct {
	of      Rule
	markets map[string]calendar.Market
	counts  starCounts

	expected float64 // false alarms a month
}

// rated are the stars of a brand in a source.
type rated struct{ brand, source string }

func (k rated) String() string { return k.brand + "\n" + k.source }

func (r *dropRule) rule() Rule { return r.of }

func (r *dropRule) due(last, now time.Time) bool {
	day := func(t time.Time) time.Time { return t.Add(-dayIsIn).Truncate(24 * time.Hour) }
	return day(now).After(day(last))
}

func (r *dropRule) promised() float64 { return r.expected }

func (r *dropRule) outlook(ctx context.Context, now time.Time) (Outlook, error) {
	o, all := Outlook{Rule: r.of.Name}, []rated(nil)
	err := r.eachDrop(ctx, now, func(k rated, drops []trend.Drop) {
		all = append(all, k)
		if drops[0].Verdict == trend.Young {
			o.Young++
		} else {
			o.Series++
		}
	})
	o.Promised, o.FalseAlarms = r.of.Trend.promised(brandsOf(all)), r.expected
	return o, err
}

// eachDrop judges the stars of every brand and source.
func (r *dropRule) eachDrop(ctx context.Context, now time.Time, each func(rated, []trend.Drop)) error {
	series, order, err := r.read(ctx, now)
	if err != nil {
		return err
	}
	rule := r.of.Trend.drop(brandsOf(order))
	threshold, judged := rule.Threshold(len(order)), 0
	for _, k := range order {
		drops := rule.Look(series[k], r.today(k.brand, now), threshold)
		for _, d := range drops {
			if d.Verdict != trend.Young {
				judged++
			}
		}
		each(k, drops)
	}
	const daysOfMonth = 365.25 / 12
	r.expected = threshold * float64(judged) * daysOfMonth
	return nil
}

func brandsOf(all []rated) int {
	brands := map[string]bool{}
	for _, k := range all {
		brands[k.brand] = true
	}
	return len(brands)
}

// read gives the days of each brand and source, in order.
func (r *dropRule) read(ctx context.Context, now time.Time) (series map[rated][]mention.RatingDay, order []rated, err error) {
	days, err := r.counts.DailyRatings(ctx, now.Add(-trend.History).AddDate(0, 0, -1), now)
	series = map[rated][]mention.RatingDay{}
	for _, d := range days {
		k := rated{d.Brand, d.Source}
		if _, ours := r.markets[d.Brand]; !ours {
			continue
		}
		if len(series[k]) == 0 {
			order = append(order, k)
		}
		series[k] = append(series[k], d)
	}
	return series, order, err
}

// today is midnight UTC of the calendar day in the brand's zone.
func (r *dropRule) today(brand string, now time.Time) time.Time {
	y, m, d := now.In(r.markets[brand].Zone()).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

func (r *dropRule) look(ctx context.Context, now time.Time, s *seen) error {
	heard := map[string]bool{}
	err := r.eachDrop(ctx, now, func(k rated, drops []trend.Drop) {
		heard[k.String()] = true
		r.judge(k, drops, now, s)
	})
	if err != nil {
		return err
	}
	for name := range s.Drops {
		if !heard[name] { // no stars in eight weeks
			delete(s.Drops, name)
		}
	}
	return nil
}

func (r *dropRule) judge(k rated, drops []trend.Drop, now time.Time, s *seen) {
	begin, going := s.Drops[k.String()]
	worst, unusual := worstOf(drops)
	switch {
	case unusual && !going:
		s.Drops[k.String()] = now
		s.tell(trend.Begun, 0, "", r.escalation(k, worst, now, now))
	case going && r.over(drops):
		delete(s.Drops, k.String())
		s.tell(trend.Over, 0, noteUsual, r.escalation(k, worst, begin, now))
	}
}

// worstOf is the unusual drop that says most.
func worstOf(drops []trend.Drop) (worst trend.Drop, found bool) {
	for _, d := range drops {
		if d.Verdict == trend.Unusual && (!found || d.P < worst.P) {
			worst, found = d, true
		}
	}
	return worst, found
}

// over tells whether the stars are back to normal over all spans. Between that
// and what begins a drop it goes on, so that one on the edge is not told daily.
func (r *dropRule) over(drops []trend.Drop) bool {
	const backToNormal = 0.05
	small := r.of.Trend.MinDrop * 2 / 3 // a week may well have such a p by chance; it is no drop then
	return !slices.ContainsFunc(drops, func(d trend.Drop) bool {
		worse := d.P < backToNormal && d.Expected-d.Mean >= small
		return d.Verdict == trend.Unusual || d.Verdict == trend.Young || d.Verdict == trend.Usual && worse
	})
}

func (r *dropRule) escalation(k rated, d trend.Drop, begin, now time.Time) mention.Escalation {
	e := about(r.of, k.brand, k.source, beginOf(begin), now, mention.Figures{
		Kind: mention.FiguresRatingDrop, Observed: d.Mean, Expected: d.Expected, Hours: hoursOf(d.To.Sub(d.From)), People: d.Ratings,
	})
	e.Written = d.From
	return e
}
