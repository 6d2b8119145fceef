// Package customer says how a customer stands with a brand, which kinds of
// customer his history and the company's own list show him to be, and how soon
// that wants an answer. It is pure: records in, words out. It also reads the
// list itself (see List).
//
// # Standing
//
// Every mention of the brand by the author holds for some time, and what holds
// at a moment decides, the first line that applies:
//
//	standing  why          holds
//	angry     angry_words  90 days from an angry complaint, while open
//	angry     left_alone   from day 3 to day 90 of a repeated complaint, while open and not answered
//	unhappy   repeated     90 days from a repeated complaint, while open
//	unhappy   cooled       from day 90 to day 180 of what made him angry, on the same terms
//	good      complaint    365 days from a complaint, while open
//	good      settled      30 days from a complaint, though peace was made
//	happy     content      365 days from a peace
//	good      neutral      365 days from any mention whose mood is known
//	(unsaid)  silent       else
//
// A complaint is a mention whose mood is angry or dissatisfied. A peace is a
// satisfied one, or one not unhappy which says that the matter was resolved or
// that he was won back. A complaint is open until the next peace, and repeated
// where another open one came at most 30 days before it. Answered means that
// the brand replied in public, or a person marked it so, to any of his
// complaints at or after the one in question; of several replies to one only
// the first is known.
//
// So a good customer may complain without an answer; if complaints go on he is
// unhappy; left alone, he turns angry. Three days of patience cover a weekend.
// A month, a quarter, half a year and a year are our choice, not measured:
// anger that is not fed passes within a quarter, the grievance within another,
// and after a year nothing is known any more. An answer stops a customer from
// being left alone, but only his own word makes peace.
//
// No standing has who cannot be told from others: an author without key, a name
// that sites give to visitors (see mention.Nobody), and a mere name (without ID, or with
// one that repeats it) under which more than 50 mentions of the year stand.
// View v_authors_state of storage reckons by the same table in SQL, and a test
// there holds the two together: change both.
package customer

import (
	"cmp"
	"slices"
	"time"

	"feryat/mention"
)

const day = 24 * time.Hour

// Memory is how far back a mention still counts. A history that reaches back
// further gives the same standing, and more transitions.
const Memory = 365 * day

// The other times of the table, and the bounds of a history.
const (
	angerLasts     = 90 * day
	grievanceLasts = 180 * day
	patience       = 3 * day
	goesOn         = 30 * day // between complaints that are one matter
	settling       = 30 * day
	crowd          = 50   // mentions a year, of a mere name
	maxHistory     = 1000 // mentions, the newest
)

// Transition is a change of standing. Time alone may cause one.
type Transition struct {
	At   time.Time        `json:"at"` // UTC
	From mention.Standing `json:"from"`
	To   mention.Standing `json:"to"`
	Why  string           `json:"why"` // code of the table's line that holds from At on
}

// Better reports a change for the better; one from or to unsaid is none.
func (t Transition) Better() bool {
	return rank(t.From) > rank(t.To) && t.To != mention.StandingUnsaid
}

// Worse reports a change for the worse; one from or to unsaid is none.
func (t Transition) Worse() bool {
	return rank(t.From) < rank(t.To) && t.From != mention.StandingUnsaid
}

// rank orders the standings, the worst highest.
func rank(s mention.Standing) int {
	return slices.Index([]mention.Standing{mention.StandingUnsaid, mention.StandingHappy, mention.StandingGood, mention.StandingUnhappy, mention.StandingAngry}, s)
}

// Stand gives the standing of one author with one brand at now, and how it came
// to be, oldest first. The order of history does not matter; what was written
// after now does not count.
func Stand(history []mention.Past, now time.Time) (mention.Standing, []Transition) {
	past := ordered(history, now)
	if isCrowd(past, now) {
		return mention.StandingUnsaid, nil
	}
	return sweep(spans(past), now)
}

// ordered is the newest of history up to now, oldest first.
func ordered(history []mention.Past, now time.Time) []mention.Past {
	past := slices.DeleteFunc(slices.Clone(history), func(p mention.Past) bool { return p.Written.Unix() > now.Unix() })
	slices.SortFunc(past, func(a, b mention.Past) int {
		return cmp.Or(cmp.Compare(a.Written.Unix(), b.Written.Unix()), cmp.Compare(a.ID, b.ID))
	})
	return past[max(0, len(past)-maxHistory):]
}

func isComplaint(p mention.Past) bool { return p.Mood.Unhappy() }

func isPeace(p mention.Past) bool {
	return p.Mood == mention.Satisfied || !isComplaint(p) && (slices.Contains(p.Signals, "resolved") || slices.Contains(p.Signals, "win_back"))
}

// Crowd reports whether an author may be many people, by all that he wrote.
func Crowd(history []mention.Past, now time.Time) bool { return isCrowd(ordered(history, now), now) }

// isCrowd tells whether an author may be many people. Several authors who are
// linked are one customer: each is looked at by himself.
func isCrowd(past []mention.Past, now time.Time) bool {
	bare, lately := map[mention.Writer]bool{}, map[mention.Writer]int{}
	for _, p := range past {
		w := p.Writer()
		bare[w] = bare[w] || p.Author.ID == "" || p.Author.ID == p.Author.Name
		if p.Written.Unix() > now.Add(-Memory).Unix() {
			lately[w]++
		}
	}
	for w, is := range bare {
		if w.Author == "" || is && (mention.Nobody(w.Author) || lately[w] > crowd) {
			return true
		}
	}
	return false
}
