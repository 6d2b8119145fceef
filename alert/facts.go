package alert

import (
	"strings"

	"feryat/mention"
)

// Facts are the names that a rule's conditions may use.
type Facts struct {
	Brand     string   `expr:"brand" yaml:"brand"`
	Source    string   `expr:"source" yaml:"source"`
	Kind      string   `expr:"kind" yaml:"kind"`
	Language  string   `expr:"language" yaml:"language"`
	Mood      string   `expr:"mood" yaml:"mood"`
	Score     float64  `expr:"score" yaml:"score"` // -1 to 1
	Anger     float64  `expr:"anger" yaml:"anger"` // 0 to 1
	Topics    []string `expr:"topics" yaml:"topics"`
	Signals   []string `expr:"signals" yaml:"signals"`
	Customer  []string `expr:"customer" yaml:"customer"`
	Priority  int      `expr:"priority" yaml:"priority"` // 1 first to 4
	Coverage  float64  `expr:"coverage" yaml:"coverage"` // 0 to 1
	Stars     float64  `expr:"stars" yaml:"stars"`       // 0 worst to 1 best, -1 without a rating
	Followers int64    `expr:"followers" yaml:"followers"`
	Views     int64    `expr:"views" yaml:"views"`
	Likes     int64    `expr:"likes" yaml:"likes"`
	Shares    int64    `expr:"shares" yaml:"shares"`
	Verified  bool     `expr:"verified" yaml:"verified"`
	// Past is how many unhappy mentions of the brand the author had written
	// within the rule's repeat window by then, this one included.
	Past int `expr:"-" yaml:"complaints"`
	// Complaints answers Past; it is a function because the answer costs a
	// query, which a rule that fails earlier never asks.
	Complaints func() (int, error) `expr:"complaints" yaml:"-"`
	// Kinds are the kinds of customer that history or the customer list shows,
	// Standing is happy, good, unhappy or angry, empty without a history; Observed
	// and Stands answer them, by a query.
	Kinds    []string                 `expr:"-" yaml:"observed"`
	Observed func() ([]string, error) `expr:"observed" yaml:"-"`
	Standing string                   `expr:"-" yaml:"standing"`
	Stands   func() (string, error)   `expr:"standing" yaml:"-"`
	// Replied is whether the brand has answered the mention in public by now;
	// Answered answers it.
	Replied  bool                 `expr:"-" yaml:"answered"`
	Answered func() (bool, error) `expr:"answered" yaml:"-"`
	// Ended is whether an escalation of this customer was solved before the
	// mention was written; Solved answers it.
	Ended  bool                 `expr:"-" yaml:"solved"`
	Solved func() (bool, error) `expr:"solved" yaml:"-"`
	// Switching is whether the text tells of a move to a rival.
	Switching bool `expr:"switching" yaml:"switching"`
	// Unhappy is whether the mood is angry or dissatisfied.
	Unhappy bool `expr:"unhappy" yaml:"-"`
}

// factsOf reads what a rule may know of a stored row.
func factsOf(row mention.Scored) Facts {
	m, v := row.Mention, row.Verdict
	f := Facts{
		Brand: row.Brand, Source: m.Source, Kind: string(m.Kind), Language: v.Language, Mood: string(v.Mood), Score: v.Score,
		Anger: v.Anger, Topics: v.Topics, Signals: v.Signals, Customer: v.Customer, Priority: v.Priority, Coverage: v.Coverage,
		Stars: -1, Followers: m.Author.Followers, Views: m.Views, Likes: m.Likes, Shares: m.Shares, Verified: m.Verified,
	}
	f.Unhappy, f.Switching = v.Mood.Unhappy(), v.Switches != nil && v.Switches.To != "" && !strings.EqualFold(v.Switches.To, row.Brand)
	if share, ok := m.Rating.Share(); ok {
		f.Stars = share
	}
	return f
}
