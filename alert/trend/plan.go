package trend

import (
	"math"
	"time"

	"feryat/mention"
)

// Rule says when many complaints are a spike.
type Rule struct {
	// FalseAlarms is how many a month all series of the rule together may give.
	FalseAlarms float64
	MinCount    int     // fewer mentions are never a spike
	MinAuthors  int     // nor those of fewer people
	MinTimes    float64 // nor what is less than as many times the usual, however sure
	// Every is how often the rule looks.
	Every time.Duration
}

// DefaultRule promises one false alarm a month.
func DefaultRule() Rule {
	return Rule{FalseAlarms: 1, MinCount: 5, MinAuthors: 3, MinTimes: 1.5, Every: 5 * time.Minute}
}

// Plan is a rule with the threshold that its promise allows.
type Plan struct {
	Rule Rule
	// Threshold is the probability under which a count is unusual, the same for
	// every series and window.
	Threshold float64
	// FalseAlarms are expected a month: the promise, or less where counts are so
	// small that no threshold uses it up. It is an upper bound: looks that see the
	// same mentions are counted as if they did not, and special days as ordinary.
	FalseAlarms float64
	Series      int // that are judged
	Young       int // that are not yet, for want of history
}

// leastSure is the highest threshold there is: a rule over few series would
// otherwise call a busy hour a spike only because it may.
const leastSure = 1e-3

// Calibrate finds the highest threshold that keeps the rule's promise for these
// series together. Counts are whole, so the false alarms of a threshold are
// added up from what each series can really count, not taken from the threshold.
func Calibrate(r Rule, series []Baseline) Plan {
	p := Plan{Rule: r}
	var c costs
	for _, b := range series {
		if !b.Ready() {
			p.Young++
			continue
		}
		p.Series++
		c.add(r, b)
	}
	p.Threshold, p.FalseAlarms = c.spend(r.FalseAlarms)
	return p
}

// costs are false alarms a month by the threshold that first lets them through:
// cell i is for probabilities down to 10^(-i/perDecade).
type costs [15 * perDecade]float64

const perDecade = 100

// add counts every hour of the week and every window of a series.
func (c *costs) add(r Rule, b Baseline) {
	for i, w := range Windows() {
		span := int(w / time.Hour)
		for end := range weekHours {
			mean, variance := 0.0, 0.0
			for back := range span {
				at := (end - back + weekHours) % weekHours
				mean += b.rate[at]
				variance += b.rate[at] * b.rate[at] * b.doubt[at]
			}
			c.addWindow(r, w, mean, 1/(variance/(mean*mean)+b.level+b.spread[i]))
		}
	}
}

// addWindow counts what one window gives a month, looked at in one hour of the week.
func (c *costs) addWindow(r Rule, w time.Duration, mean, size float64) {
	n := max(r.MinCount, int(math.Ceil(r.MinTimes*mean)), int(mean)+1)
	above := 0.0 // what the next higher count costs
	tails := tailsFrom(n, mean, size)
	for k := len(tails) - 1; k >= 0; k-- {
		cost := monthHours / weekHours * looks(r, w, n+k) * tails[k]
		if i := int(-perDecade * math.Log10(tails[k])); i < len(c) {
			c[i] += max(0, cost-above)
			above = cost
		}
	}
}

// looks is how many looks an hour count as looks of their own. Windows that
// slide see almost the same at each look. A window can only begin to hold n when
// a mention comes in, and is then the last of n, each as likely as the next: in
// the mean there are n of these moments in a window's length.
func looks(r Rule, w time.Duration, n int) float64 {
	return math.Min(time.Hour.Hours()/r.Every.Hours(), float64(n+1)/w.Hours())
}

// spend gives the highest threshold whose false alarms stay within a budget.
func (c *costs) spend(budget float64) (threshold, spent float64) {
	const first = 3 * perDecade // of leastSure
	for i := len(c) - 1; i >= first; i-- {
		if spent+c[i] > budget {
			return math.Pow(10, -float64(i+1)/perDecade), spent
		}
		spent += c[i]
	}
	return leastSure, spent
}

// Verdict says what a count is.
type Verdict string

// The verdicts. Young and few are not judged: there is too little history, or
// there are too few mentions or people. Blind says that so little is watched that
// a usual count is no sign that all is well.
const (
	Usual   Verdict = "usual"
	Unusual Verdict = "unusual"
	Young   Verdict = "young"
	Few     Verdict = "few"
	Blind   Verdict = "blind"
)

// Finding is what one look at one window of a series gave.
type Finding struct {
	Verdict  Verdict   `json:"verdict"`
	From     time.Time `json:"from"`
	To       time.Time `json:"to"`
	Observed int       `json:"observed"`
	Authors  int       `json:"authors"`
	// Expected and P, the probability of as many or more on a usual day, stay 0
	// where nothing was judged.
	Expected float64 `json:"expected"`
	P        float64 `json:"p"`
	Special  string  `json:"special,omitempty"` // the code of a special day that was allowed for
	Watched  float64 `json:"watched,omitempty"` // the share of the usual that was watched for
}

// Look judges what each of Windows holds; one that is not listed holds nothing.
// Nothing that was said in the gaps is counted.
func (p Plan) Look(b Baseline, now time.Time, counts []mention.WindowCount, gaps ...mention.Gap) []Finding {
	var findings []Finding
	for _, w := range Windows() {
		f := Finding{From: now.Add(-w), To: now}
		for _, c := range counts {
			if c.Window == w {
				f.Observed, f.Authors = int(c.N), int(c.Authors)
			}
		}
		findings = append(findings, p.judge(b, f, gaps))
	}
	return findings
}

// Below leastWatched nothing is judged; below mostlyWatched nothing ends.
const leastWatched, mostlyWatched = 0.05, 0.5

func (p Plan) judge(b Baseline, f Finding, gaps []mention.Gap) Finding {
	if !b.Ready() {
		f.Verdict = Young
		return f
	}
	e := b.Expect(f.From, f.To, gaps...)
	f.Watched = e.Watched
	switch {
	case e.Watched < leastWatched:
		f.Verdict = Blind
		return f
	case f.Observed < p.Rule.MinCount || f.Authors < p.Rule.MinAuthors:
		f.Verdict = Few
	default:
		f.Expected, f.Special, f.P = e.Mean, e.Special, AtLeast(f.Observed, e.Mean, e.Size)
		f.Verdict = p.verdict(f)
	}
	if f.Verdict != Unusual && e.Watched < mostlyWatched {
		f.Verdict = Blind
	}
	return f
}

func (p Plan) verdict(f Finding) Verdict {
	if f.P <= p.Threshold && float64(f.Observed) >= p.Rule.MinTimes*f.Expected {
		return Unusual
	}
	return Usual
}
