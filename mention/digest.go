package mention

import "time"

// DigestAsk says what a digest shall tell of.
type DigestAsk struct {
	From, To time.Time // half-open; both are midnights in Zone
	Zone     string    // whose days are counted (IANA)
	Brands   []string  // ours, in the order in which they are told of
	Rivals   []string
	// Sources are those configured, and how often each is to be collected.
	Sources map[string]time.Duration
	// Most is how many examples of a kind are given, a brand each.
	Most int
	// Stories asks for what a report tells and a digest does not: Switches, Slow, Quick and Heard.
	Stories bool
}

// Before is where the period of the same length that is compared with begins.
func (a DigestAsk) Before() time.Time {
	days := int(a.To.Sub(a.From).Round(24*time.Hour) / (24 * time.Hour))
	return a.From.AddDate(0, 0, -days)
}

// Digest sums up a period, and the one before it, for people who were not there.
type Digest struct {
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	Before time.Time `json:"before"` // where the period begins that is compared with; it ends with From
	Zone   string    `json:"zone"`
	AsOf   time.Time `json:"as_of"` // what is still open is so at this time
	// Now and Past are of all brands that are ours; a mention that names several
	// of them counts once, and as unhappy if it is towards any.
	Now    Tally         `json:"now"`
	Past   Tally         `json:"past"`
	Brands []BrandDigest `json:"brands"`
	Rivals []RivalDigest `json:"rivals"`
	// Listed are the escalations of rules that are demoted: nobody was told of them.
	Listed []RuleCount `json:"listed"`
	Gaps   []SourceGap `json:"gaps"`
	// Watched is how many sources were looked at.
	Watched int `json:"watched"`
	// Heard is how many mentions each source gave, in both periods; of a report.
	Heard []SourceCount `json:"heard,omitempty"`
}

// SourceCount is how many mentions of brands of ours a source gave in a period and in the one before. A mention of
// several counts once.
type SourceCount struct {
	Source string `json:"source"`
	Now    int64  `json:"now"`
	Past   int64  `json:"past"`
}

// Tally counts what customers said.
type Tally struct {
	Mentions int64   `json:"mentions"`
	Unhappy  int64   `json:"unhappy"` // angry among them
	Angry    int64   `json:"angry"`
	Ratings  int64   `json:"ratings"`
	Rating   float64 `json:"rating"` // mean of the stars as a share, 0 worst to 1 best; 0 of none
}

// BrandDigest is the part of one brand of ours.
type BrandDigest struct {
	Brand string `json:"brand"`
	Now   Tally  `json:"now"`
	Past  Tally  `json:"past"`
	// Days are the seven days that end with the period, or all of a longer one.
	// Days without a mention are among them.
	Days   []DayMoods    `json:"days"`
	Topics []TopicChange `json:"topics"` // complained about in either period, the most first
	Cases  CaseTally     `json:"cases"`
	// Incidents are what many customers, or the figures, showed in the period.
	Incidents []Escalation `json:"incidents"`
	Praise    []Scored     `json:"praise"` // the newest that say what is good
	Praised   int64        `json:"praised"`
	Questions []Scored     `json:"questions"` // without a public reply, the newest first
	Asked     int64        `json:"asked"`
	Advocates []Scored     `json:"advocates"` // who advise others to buy, the most heard first; one each
	Advocated int64        `json:"advocated"`
	WonBack   []Scored     `json:"won_back"`
	Returned  int64        `json:"returned"` // how many were won back
	// The rest is of a report. Switches are moves from and to the brand, the most frequent first.
	Switches []SwitchCount `json:"switches,omitempty"`
	// Slow are cases of the period whose promise was broken, those without an answer first, then the longest wait first.
	Slow []CaseTime `json:"slow,omitempty"`
	// Quick were answered in time, those with a solution first, then the shortest wait first.
	Quick []CaseTime `json:"quick,omitempty"`
}

// SwitchCount is how many mentions tell of a move between two brands; one of them is empty where they do not say.
type SwitchCount struct {
	From string `json:"from"`
	To   string `json:"to"`
	N    int64  `json:"n"`
}

// CaseTime is an escalation and how long its customer waited: for the answer, or until the digest was made.
type CaseTime struct {
	Escalation
	Waited time.Duration `json:"waited"`
}

// DayMoods are the moods of one day.
type DayMoods struct {
	Day    time.Time      `json:"day"` // its midnight in the zone of the digest
	Counts map[Mood]int64 `json:"counts"`
}

// TopicChange is how often a topic was complained about in a period and in the
// one before.
type TopicChange struct {
	Topic string `json:"topic"`
	Now   int64  `json:"now"`
	Past  int64  `json:"past"`
}

// CaseTally counts escalations that a mention caused. The first six are of those
// that were opened in the period, Waiting is of all.
type CaseTally struct {
	Opened      int64 `json:"opened"`
	Past        int64 `json:"past"`         // opened in the period before
	Promised    int64 `json:"promised"`     // with the promise of an answer, false alarms left out
	InTime      int64 `json:"in_time"`      // answered within the promise
	Late        int64 `json:"late"`         // the promise was broken
	FalseAlarms int64 `json:"false_alarms"` // as people said
	// Waiting are not at an end; the oldest of them was opened at Oldest.
	Waiting int64     `json:"waiting"`
	Oldest  time.Time `json:"oldest,omitzero"`
}

// RivalDigest is what a rival's customers complain of.
type RivalDigest struct {
	Brand  string        `json:"brand"`
	Now    Tally         `json:"now"`
	Topics []TopicChange `json:"topics"`
	// Unhappy are examples; who says that he leaves comes first.
	Unhappy []Scored `json:"unhappy"`
}

// RuleCount is how many escalations a rule opened.
type RuleCount struct {
	Rule  string `json:"rule"`
	Count int64  `json:"count"`
}

// SourceGap is a source of which a part of the period is not known.
type SourceGap struct {
	Source string        `json:"source"`
	Blind  time.Duration `json:"blind"`            // of the period, without a good page for longer than usual
	Reason string        `json:"reason,omitempty"` // commonest trouble; empty where it was not visited
	New    bool          `json:"new,omitempty"`    // it was first visited after that part
}
