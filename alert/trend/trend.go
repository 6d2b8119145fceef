// Package trend tells what is unusual in few counts: a spike of complaints, a
// drop of ratings, a source gone quiet. It is pure: no clock, no store, no
// channels.
//
// Whoever runs it keeps one Rule a kind of alert, and on a clock
//
//	every hour        reads the series of the last History (storage.HourlyComplaints),
//	                b[i] = Learn(series, market, now) for each, plan = Calibrate(rule, b)
//	every rule.Every  reads what is new (storage.RecentComplaints), and of each series
//	                findings = plan.Look(b[i], now, recent.Windows)
//	                spike, news = spike.Next(findings)
//
// where a Spike is kept by series from look to look. On Begun there is something
// to tell, under an ID made from rule, series and Spike.Start, which stays the
// same while the spike goes on; on Grown it is told again; on Over it has ended.
// Plan.FalseAlarms is what the rule's page shows: the false alarms a month that
// are expected of it. Learn before Calibrate for all series of a rule at once:
// they share its budget.
//
// Quiet and Drop are looked at in the same way, with QuietPlan and DropLevel.
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
