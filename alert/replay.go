package alert

import (
	"context"
	"fmt"
	"slices"
	"time"

	"feryat/mention"
)

// maxExamples is how many examples of a day a replay keeps.
const maxExamples = 3

// Day is what a rule would have done on one day, by time of writing (UTC).
type Day struct {
	Rule      string    `json:"rule"`
	Day       time.Time `json:"day"`
	Fired     int       `json:"fired"`     // mentions that it holds of
	Customers int       `json:"customers"` // of whom it would have told: one case each, those of no known author counted singly
	Shown     []Fired   `json:"examples"`
}

// Fired is an example of what a rule holds of.
type Fired struct {
	Mention mention.ID `json:"mention"`
	Brand   string     `json:"brand"`
	Author  string     `json:"author,omitempty"`
	Excerpt string     `json:"excerpt"`
	Why     []string   `json:"why"`
}

// Quality is how far the people who were told agree with a rule.
type Quality struct {
	Rule   string `json:"rule"`
	Judged int    `json:"judged"` // mentions it holds of on which somebody has spoken
	True   int    `json:"true"`
}

// Replay says what rules would have done with what is stored. Its memory grows
// with the days and the customers who would have been told of, not with the mentions.
//
// It differs from what happens live in that nothing was solved or told before
// (solved() is false), no history stands beside the text (observed() and
// standing() are empty), what one customer writes as several authors is not put
// together, every source was seen at once, and escalations of the
// same customer within a day are one.
type Replay struct {
	Rules   []Rule
	Archive archive
	// Feedback is what people said of mentions, by brand: true alarm or false.
	Feedback map[mention.ID]map[string]bool

	days      map[string]*Day
	customers map[string]bool
	quality   map[string]*Quality
	asked     *stretch
	Seen      int // mentions looked at
}

// archive answers what was known at some time.
type archive interface {
	// ComplaintsOfWriters lists the unhappy mentions of f's brand,
	// written since a time and before f.To, of all who wrote in f's range.
	ComplaintsOfWriters(ctx context.Context, f mention.Filter, since time.Time) ([]mention.Complaint, error)
	// FirstReplies tells when mentions were first answered by a brand itself,
	// by replies written from the day of from on and before to.
	FirstReplies(ctx context.Context, from, to time.Time) (map[mention.ID]time.Time, error)
}

// Page takes one page of stored mentions, those of brands that are watched.
func (r *Replay) Page(ctx context.Context, rows []mention.Scored) error {
	if r.days == nil {
		r.days, r.customers, r.quality = map[string]*Day{}, map[string]bool{}, map[string]*Quality{}
	}
	s := r.stretchOf(rows)
	for _, row := range rows {
		if row.Mention.Author.Own || row.Mention.Gone {
			continue
		}
		r.Seen++
		for _, rule := range r.Rules {
			if err := r.try(ctx, rule, row, s); err != nil {
				return fmt.Errorf("rule %s, mention %s: %w", rule.Name, row.Mention.ID, err)
			}
		}
	}
	return nil
}

func (r *Replay) try(ctx context.Context, rule Rule, row mention.Scored, s *stretch) error {
	f := factsOf(row)
	f.Complaints = func() (int, error) { return s.past.rank(ctx, row, rule.RepeatWindow) }
	f.Answered = func() (bool, error) { return s.answered(ctx, row, rule.WaitFor) }
	f.Solved = func() (bool, error) { return false, nil }
	f.Observed = func() ([]string, error) { return nil, nil }
	f.Stands = func() (string, error) { return "", nil }
	why, ok, err := rule.Holds(f)
	if err != nil || !ok {
		return err
	}
	r.count(rule, row, why)
	return nil
}

func (r *Replay) count(rule Rule, row mention.Scored, why []string) {
	day := writtenAt(row.Mention).UTC().Truncate(24 * time.Hour)
	name := rule.Name + " " + day.Format(time.DateOnly)
	d := r.days[name]
	if d == nil {
		d = &Day{Rule: rule.Name, Day: day, Shown: []Fired{}}
		r.days[name] = d
	}
	d.Fired++
	author := row.Mention.Author
	who := key(name, row.Brand, row.Mention.Source, author.Key())[:16]
	if !author.Known() || !r.customers[who] {
		d.Customers++
		r.customers[who] = true
		if len(d.Shown) < maxExamples {
			d.Shown = append(d.Shown, Fired{row.Mention.ID, row.Brand, author.Name, excerpt(row.Mention.Text), why})
		}
	}
	if judged, ok := r.Feedback[row.Mention.ID][row.Brand]; ok {
		q := r.quality[rule.Name]
		if q == nil {
			q = &Quality{Rule: rule.Name}
			r.quality[rule.Name] = q
		}
		q.Judged++
		if judged {
			q.True++
		}
	}
}

// Days lists what rules would have done, by rule and day.
func (r *Replay) Days() []Day {
	var days []Day
	for _, d := range r.days {
		days = append(days, *d)
	}
	slices.SortFunc(days, func(a, b Day) int {
		if a.Rule != b.Rule {
			return slices.IndexFunc(r.Rules, func(x Rule) bool { return x.Name == a.Rule }) - slices.IndexFunc(r.Rules, func(x Rule) bool { return x.Name == b.Rule })
		}
		return a.Day.Compare(b.Day)
	})
	return days
}

// Judged lists how far people agreed, by rule; rules that nobody spoke on are left out.
func (r *Replay) Judged() []Quality {
	var all []Quality
	for _, rule := range r.Rules {
		if q := r.quality[rule.Name]; q != nil {
			all = append(all, *q)
		}
	}
	return all
}
