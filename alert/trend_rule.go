package alert

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"feryat/alert/trend"
	"feryat/calendar"
	"feryat/mention"
)

// The kinds of Trend.
const (
	trendSpike    = "spike"
	trendDrop     = "rating_drop"
	trendCoverage = "coverage_lost"
)

// Trend is what a rule sees in many mentions on a clock, instead of conditions
// on one: see package trend for how it judges.
type Trend struct {
	// Kind is spike (many complaints about a brand or one of its topics),
	// rating_drop (worse stars of a brand in a source) or coverage_lost (a source
	// that cannot be read, or gives nothing).
	Kind string `yaml:"kind"`
	// FalseAlarms is how many a month the rule may give for each brand, of a
	// coverage_lost in all; it is the one thing that the thresholds follow from. A
	// brand is not to be watched worse because the company has others.
	FalseAlarms float64 `yaml:"false_alarms"`
	// MinCount is the number of complaints, or of ratings, below which nothing is
	// said: 5 and 8 unless set.
	MinCount int `yaml:"min_count"`
	// MinAuthors is how many people a spike must come from, MinTimes how many
	// times the usual it must be.
	MinAuthors int     `yaml:"min_authors"`
	MinTimes   float64 `yaml:"min_times"`
	// MinDrop is the smallest drop, as a share of the scale: 0.1 is 0.4 of five stars.
	MinDrop float64 `yaml:"min_drop"`
	// Runs without a good page in a row are a source that cannot be read.
	Runs int `yaml:"runs"`
	// MinSilence is the shortest silence that is told; that of a source lasts at
	// least twice the pause between two visits, too.
	MinSilence time.Duration `yaml:"min_silence"`
}

func defaultTrend() Trend {
	spike, drop := trend.DefaultRule(), trend.DefaultDropRule()
	return Trend{FalseAlarms: 1, MinAuthors: spike.MinAuthors, MinTimes: spike.MinTimes, MinDrop: drop.MinDrop, Runs: 3, MinSilence: 6 * time.Hour}
}

// trendKeys are the keys that each kind takes beside kind and false_alarms.
func trendKeys() map[string][]string {
	return map[string][]string{
		trendSpike:    {"min_count", "min_authors", "min_times"},
		trendDrop:     {"min_count", "min_drop"},
		trendCoverage: {"runs", "min_silence"},
	}
}

func (t *Trend) check(doc *yaml.Node) (faults []fault) {
	if t == nil {
		return nil
	}
	takes, ok := trendKeys()[t.Kind]
	if !ok {
		kinds := strings.Join(slices.Sorted(maps.Keys(trendKeys())), ", ")
		return []fault{{fmt.Errorf("trend: kind %q is not one of %s", t.Kind, kinds), []any{"trend", "kind"}}}
	}
	blame := func(key, what string) {
		faults = append(faults, fault{fmt.Errorf("trend: %s %s", key, what), []any{"trend", key}})
	}
	for _, keys := range trendKeys() {
		for _, key := range keys {
			if !slices.Contains(takes, key) && find(doc, "trend", key) != nil {
				blame(key, "means nothing for "+t.Kind)
			}
		}
	}
	for _, c := range []struct {
		key string
		bad bool
	}{
		{"false_alarms", !(t.FalseAlarms > 0 && t.FalseAlarms <= 100)}, {"min_count", t.MinCount < 0}, {"min_authors", t.MinAuthors < 1},
		{"min_times", !(t.MinTimes >= 1)}, {"min_drop", !(t.MinDrop > 0 && t.MinDrop < 1)}, {"runs", t.Runs < 1}, {"min_silence", t.MinSilence < time.Hour},
	} {
		if c.bad {
			blame(c.key, "is out of range")
		}
	}
	return faults
}

// spike is the rule of one of the two plans, which share the promise: topics
// would use up that of the totals.
func (t Trend) spike(brands int) trend.Rule {
	r := trend.DefaultRule()
	r.FalseAlarms, r.MinAuthors, r.MinTimes = t.promised(brands)/2, t.MinAuthors, t.MinTimes
	if t.MinCount > 0 {
		r.MinCount = t.MinCount
	}
	return r
}

// PerBrand tells whether FalseAlarms is a promise to each brand.
func (t Trend) PerBrand() bool { return t.Kind != trendCoverage }

// promised are the false alarms a month of all brands together.
func (t Trend) promised(brands int) float64 {
	if t.PerBrand() {
		return t.FalseAlarms * float64(max(brands, 1))
	}
	return t.FalseAlarms
}

func (t Trend) drop(brands int) trend.DropRule {
	r := trend.DefaultDropRule()
	r.FalseAlarms, r.MinDrop = t.promised(brands), t.MinDrop
	if t.MinCount > 0 {
		r.MinRatings = t.MinCount
	}
	return r
}

func (t Trend) quiet() trend.QuietRule {
	return trend.QuietRule{FalseAlarms: t.FalseAlarms, MinSilence: t.MinSilence}
}

// Sample is a made-up past of one series and what comes after it, to try a
// trend's parameters on. The past is eight even weeks in a market without
// special days.
type Sample struct {
	// Usual are complaints or mentions an hour, or the mean of stars (0 worst to 1
	// best).
	Usual float64 `yaml:"usual"`
	// Now are complaints within Within, or the mean of stars of the last day.
	Now     float64       `yaml:"now"`
	People  int64         `yaml:"people"`  // whom the complaints come from
	Within  time.Duration `yaml:"within"`  // 1h, 2h or 6h; or for how long nothing came
	Ratings int64         `yaml:"ratings"` // of each day
	Runs    int           `yaml:"runs"`    // without a good page
}

// tryTrend tells whether an example fires as it should.
func (r Rule) tryTrend(e Example, want bool) error {
	if e.Series == nil {
		return fmt.Errorf("rule %s, example %q: a trend is tried on a series", r.Name, e.Name)
	}
	if got := r.Trend.fires(*e.Series); got != want {
		return fmt.Errorf("rule %s, example %q: fires %t, should be %t", r.Name, e.Name, got, want)
	}
	return nil
}

func (t Trend) fires(s Sample) bool {
	now := time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC)
	switch t.Kind {
	case trendSpike:
		b := trend.Learn(s.series(now), calendar.Market{}, now)
		found := trend.Calibrate(t.spike(1), []trend.Baseline{b}).Look(b, now, []mention.WindowCount{{Window: s.Within, N: int64(s.Now), Authors: s.People}})
		return slices.ContainsFunc(found, func(f trend.Finding) bool { return f.Verdict == trend.Unusual })
	case trendDrop:
		today := now.Truncate(24 * time.Hour)
		found := t.drop(1).Look(s.days(today), today, t.drop(1).Threshold(1))
		return slices.ContainsFunc(found, func(d trend.Drop) bool { return d.Verdict == trend.Unusual })
	}
	if s.Runs >= t.Runs {
		return true
	}
	b := trend.Learn(s.series(now.Add(-s.Within)), calendar.Market{}, now.Add(-s.Within))
	return trend.CalibrateQuiet(t.quiet(), []trend.Baseline{b}).Look(b, now.Add(-s.Within), now).Verdict == trend.Unusual
}

// series is as even as whole numbers can be.
func (s Sample) series(end time.Time) mention.Series {
	past := mention.Series{Since: end.Add(-trend.History)}
	before := int64(0)
	for h := range int(trend.History / time.Hour) {
		if n := int64(float64(h+1) * s.Usual); n > before {
			past.Hours = append(past.Hours, mention.HourCount{At: past.Since.Add(time.Duration(h) * time.Hour), N: n - before})
			before = n
		}
	}
	return past
}

// days are of one and five stars only, which is what ratings mostly are.
func (s Sample) days(today time.Time) (days []mention.RatingDay) {
	for back := int(trend.History / (24 * time.Hour)); back > 0; back-- {
		mean := s.Usual
		if back == 1 {
			mean = s.Now
		}
		best := int64(float64(s.Ratings)*mean + 0.5)
		days = append(days, mention.RatingDay{Day: today.AddDate(0, 0, -back), Stars: []mention.StarCount{{Share: 0, N: s.Ratings - best}, {Share: 1, N: best}}})
	}
	return days
}
