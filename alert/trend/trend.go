// Package trend tells what is unusual in few counts: a spike of complaints, a
// drop of ratings, a source gone quiet. It is pure: no clock, no store, no
// channels.
//
// Spikes: whoever runs it looks on a clock. Every hour it reads the series of the
// last History and learns what is usual:
//
//	store.HourlyComplaints(ctx, now.Add(-trend.History), now, func(s mention.Series) error {
//		baselines[key(s)] = trend.Learn(s, market, now)
//		…
//	})
//	plan = trend.Calibrate(rule, all of these baselines)
//
// and every rule.Every what is new, for every baseline, also where nothing is:
//
//	recent, err := store.RecentComplaints(ctx, now, trend.Windows(), sources that are just back)
//	findings := plan.Look(baseline, now, windows of the series in recent, or none)
//	spike, news := spike.Next(findings)
//
// The Spike is kept by series between looks. On Begun there is something to tell,
// under an ID made from rule, series and Spike.Start, which stays the same while
// the spike goes on; on Grown it is told again; on Over it has ended, and a zero
// Spike takes its place. A topic never heard of has the baseline of an empty
// series that begins with that of its brand, whose total is always listed. All
// series of a plan share its promise: a brand's totals and its topics are better
// two plans with half of it each. Plan.FalseAlarms is for the rule's page.
//
// Silences are looked at in the same way with CalibrateQuiet and QuietPlan.Look,
// learnt from store.HourlySeen; the end of a series' last hour is when the source
// was heard of last. Drops are looked at once a day with DropRule.Look on
// store.DailyRatings.
//
// Nothing is said of a series that was watched for less than mention.SettledAfter,
// and little on special days of the market: see Baseline.
package trend

import "time"

// History is how much of the past a baseline is best learnt from: eight weeks
// hold eight of each hour of the week and still follow the seasons.
const History = 8 * 7 * 24 * time.Hour

// Hours of a week and of a mean month.
const (
	weekHours  = 7 * 24
	monthHours = 365.25 * 24 / 12
)

// Windows are the spans that are looked at, each up to now. Learn ignores the
// hours in the longest: what is judged must not be its own measure.
func Windows() []time.Duration {
	return []time.Duration{time.Hour, 2 * time.Hour, 6 * time.Hour}
}

// longest is the last of Windows.
const longest = 6 * time.Hour
