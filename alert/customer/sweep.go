package customer

import (
	"cmp"
	"math"
	"slices"
	"time"

	"feryat/mention"
)

// cause is a line of the table, in its order.
type cause int

const (
	angryWords cause = iota
	leftAlone
	repeated
	cooled
	complained
	settled
	content
	neutral
	silent
)

// line gives what the table says of a cause.
func (c cause) line() (mention.Standing, string) {
	lines := [...]struct {
		standing mention.Standing
		why      string
	}{
		angryWords: {mention.StandingAngry, "angry_words"},
		leftAlone:  {mention.StandingAngry, "left_alone"},
		repeated:   {mention.StandingUnhappy, "repeated"},
		cooled:     {mention.StandingUnhappy, "cooled"},
		complained: {mention.StandingGood, "complaint"},
		settled:    {mention.StandingGood, "settled"},
		content:    {mention.StandingHappy, "content"},
		neutral:    {mention.StandingGood, "neutral"},
		silent:     {mention.StandingUnsaid, "silent"},
	}
	return lines[c].standing, lines[c].why
}

// span says that a cause holds from a second of 1970 until before another.
type span struct {
	cause    cause
	from, to int64
}

const never = math.MaxInt64

func seconds(d time.Duration) int64 { return int64(d / time.Second) }

// spans reads the table for mentions in order of writing.
func spans(past []mention.Past) []span {
	var all []span
	for _, p := range past {
		at := p.Written.Unix()
		if isPeace(p) {
			all = append(all, span{content, at, at + seconds(Memory)})
		}
		if isPeace(p) || p.Mood != mention.Unknown && p.Mood != "" {
			all = append(all, span{neutral, at, at + seconds(Memory)})
		}
	}
	for _, c := range complaints(past) {
		all = append(all, c.spans()...)
	}
	return all
}

// complaint is one with its end: closed is the time of the next peace, answered
// that of the brand's next answer.
type complaint struct {
	at, closed, answered int64
	angry, repeated      bool
}

// complaints gives those of past in order.
func complaints(past []mention.Past) []complaint {
	var all []complaint
	var answers []int64
	open := 0 // where in all the open ones begin
	for _, p := range past {
		at := p.Written.Unix()
		switch {
		case isPeace(p):
			for i := range all[open:] {
				all[open+i].closed = at
			}
			open = len(all)
		case isComplaint(p):
			again := len(all) > open && at-all[len(all)-1].at <= seconds(goesOn)
			all = append(all, complaint{at: at, closed: never, answered: never, angry: p.Mood == mention.Angry, repeated: again})
			if !p.Answered.IsZero() {
				answers = append(answers, max(at, p.Answered.Unix()))
			}
		}
	}
	for i := range all {
		for _, a := range answers {
			if a >= all[i].at {
				all[i].answered = min(all[i].answered, a)
			}
		}
	}
	return all
}

// spans are the lines of the table that a complaint calls for.
func (c complaint) spans() []span {
	after := func(d time.Duration) int64 { return c.at + seconds(d) }
	all := []span{
		{complained, c.at, min(after(Memory), c.closed)},
		{settled, c.at, after(settling)},
	}
	if c.angry {
		all = append(all, span{angryWords, c.at, min(after(angerLasts), c.closed)}, span{cooled, after(angerLasts), min(after(grievanceLasts), c.closed)})
	}
	if c.repeated {
		end := min(c.closed, c.answered)
		all = append(all, span{repeated, c.at, min(after(angerLasts), c.closed)},
			span{leftAlone, after(patience), min(after(angerLasts), end)}, span{cooled, after(angerLasts), min(after(grievanceLasts), end)})
	}
	return all
}

// edge is one end of a span.
type edge struct {
	at    int64
	cause cause
	step  int
}

// sweep goes through time up to now and notes where the first cause that holds
// is of another standing than before.
func sweep(all []span, now time.Time) (mention.Standing, []Transition) {
	var edges []edge
	for _, s := range all {
		if s.from < s.to {
			edges = append(edges, edge{s.from, s.cause, 1}, edge{s.to, s.cause, -1})
		}
	}
	slices.SortFunc(edges, func(a, b edge) int { return cmp.Compare(a.at, b.at) })
	var holding [silent]int
	var changes []Transition
	standing := mention.StandingUnsaid
	for i, e := range edges {
		holding[e.cause] += e.step
		if e.at > now.Unix() {
			break
		}
		if i+1 < len(edges) && edges[i+1].at == e.at {
			continue
		}
		to, why := first(holding).line()
		if to != standing {
			changes = append(changes, Transition{At: time.Unix(e.at, 0).UTC(), From: standing, To: to, Why: why})
			standing = to
		}
	}
	return standing, changes
}

func first(holding [silent]int) cause {
	for c, n := range holding {
		if n > 0 {
			return cause(c)
		}
	}
	return silent
}
