package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"feryat/alert"
	"feryat/alert/notify"
)

// soon is how long after its time a message may go into the outbox.
const soon = 2 * time.Minute

// before is how long the program was there before the first day: rules on a clock
// need weeks to know what is usual.
const before = 24

// after is how many days are played on, in which nothing is planted.
const after = 2

// TestFourDays is the short form of TestThirtyDaysInFull: who had to be told was
// told once, in the right channel, and nobody else was. Rules on a clock, which
// need weeks to learn what is usual, are left to that.
func TestFourDays(t *testing.T) {
	if testing.Short() || underRace {
		t.Skip("four days take a while; what runs at the same time is run by TestServe too")
	}
	replayMonth(t, 4, 60, 1, 30, 0)
}

// replayMonth plants so many cases of each rule among mentions of some days, and
// storms, the largest of so many who are angry. Rules on a clock are asked after
// each pause, and more often where there is something; without a pause never.
func replayMonth(t *testing.T, days, mentions, each, angry int, pause time.Duration) {
	t.Helper()
	begin := time.Date(2025, 9, 8, 0, 0, 0, 0, time.UTC)
	past := newPlan(begin.AddDate(0, 0, -before), before)
	if pause > 0 {
		past.background("past", mentions*(before+after)/days)
		past.ratings()
	}
	p := newPlan(begin, days)
	p.pause = pause
	p.storms(angry)
	for n, name := range plantedRules(t) {
		if how, ok := plantings()[name]; ok {
			p.plant(n, each, name, how)
		} else if pause > 0 {
			trendPlantings()[name](p, each)
		}
	}
	p.background("customer", mentions)
	if pause > 0 {
		p.ratings()
	}
	p.traps(each)
	p.runs()
	m := newMonth(t, begin)
	m.keep(t, past.seenBefore(begin))
	m.play(t, p, begin.AddDate(0, 0, days+after))
	a := audit{month: m, plan: p, lines: map[string]*line{}}
	a.compare(t)
	t.Logf("%d rows over %d days, after %d of %d days before them; %d messages\n%s", len(p.arrivals), days, len(past.arrivals), before, a.messages, a.table())
	for _, f := range a.faults {
		t.Error(f)
	}
}

// plantedRules lists the rules that are planted: all that are bundled.
func plantedRules(t *testing.T) []string {
	t.Helper()
	rules, err := alert.Bundled()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, r := range rules {
		names = append(names, r.Name)
	}
	slices.Sort(names)
	planted := slices.Concat(slices.Collect(maps.Keys(plantings())), slices.Collect(maps.Keys(trendPlantings())))
	if slices.Sort(planted); !slices.Equal(names, planted) {
		t.Fatalf("bundled are %v, planted %v: each bundled rule needs a planting", names, planted)
	}
	return names
}

// line is what became of the customers of one rule.
type line struct{ planted, told, right, twice, late, missed, reminders, reminded, others int }

// audit compares what was told with what had to be.
type audit struct {
	*month
	plan     *plan
	lines    map[string]*line
	digests  []told
	weather  []weather
	messages int
	faults   []string
}

func (a *audit) fault(format string, args ...any) {
	a.faults = append(a.faults, fmt.Sprintf(format, args...))
}

// told is a message that a channel has taken.
type told struct {
	notify.Message
	channel string
	at      time.Time // into the outbox
}

// taken lists the messages of each case by customer.
func (a *audit) taken() map[string][]told {
	all := map[string][]told{}
	for channel, r := range a.channels {
		if r.forged > 0 {
			a.fault("%s got %d messages that were not signed", channel, r.forged)
		}
		for key, m := range r.taken {
			a.messages++
			if want := 1 + r.fails(key); r.tries[key] != want {
				a.fault("%s was sent %d times under one key, want %d: %s", channel, r.tries[key], want, told{m, channel, a.post.queued[key]})
			}
			if m.Kind == notify.KindDigest {
				a.digests = append(a.digests, told{m, channel, a.post.queued[key]})
				continue
			}
			who := caseKey(m.Escalation)
			all[who] = append(all[who], told{m, channel, a.post.queued[key]})
		}
	}
	return all
}

func (a *audit) compare(t *testing.T) {
	t.Helper()
	taken := a.taken()
	for _, c := range a.plan.planted {
		who := c.key()
		name := cmp.Or(c.group, c.rule)
		l := a.lines[name]
		if l == nil {
			l = &line{}
			a.lines[name] = l
		}
		l.planted++
		mine, others := c.own(taken[who])
		a.customer(t, l, c, mine)
		if taken[who] = others; len(others) == 0 {
			delete(taken, who)
		}
	}
	for _, s := range a.plan.stormy {
		a.weather = append(a.weather, a.storm(t, s, taken))
	}
	a.lines["(nobody)"] = &line{}
	for _, who := range slices.Sorted(maps.Keys(taken)) {
		for _, m := range taken[who] {
			a.lines["(nobody)"].others++
			a.fault("nobody should have heard of %s: %s", who, m)
		}
	}
}

// own are the messages about c, where others have the same key at other times.
func (c *writer) own(messages []told) (mine, others []told) {
	for _, m := range messages {
		if c.life == (span{}) || c.life.has(m.at) {
			mine = append(mine, m)
		} else {
			others = append(others, m)
		}
	}
	return mine, others
}

// customer compares what was told of one.
func (a *audit) customer(t *testing.T, l *line, c *writer, messages []told) {
	t.Helper()
	if len(c.place.channels) == 0 && a.listed(t, c) {
		l.told++
		l.right++
	}
	first := 0
	for n, w := range c.wants {
		isFirst := n < len(c.place.channels)
		i := nearest(messages, w)
		switch {
		case isFirst && i >= 0:
			first++
		case !isFirst:
			l.reminders++
		}
		if i < 0 {
			l.missed++
			a.fault("%s was never told: %s to %s at %s", c, w.kind, w.channel, w.at.Format(time.DateTime))
			continue
		}
		m := messages[i]
		messages = slices.Delete(messages, i, i+1)
		if m.at.Before(w.at) || m.at.After(w.latest()) {
			l.late++
			a.fault("%s was told at another time than %s: %s", c, w.at.Format(time.DateTime), m)
		}
		if !isFirst {
			l.reminded++
		}
		if e := m.Escalation; e.Rule != c.rule || e.Severity != c.severity || e.Team != c.place.team {
			a.fault("%s was told as another's: %s", c, m)
		}
	}
	if first > 0 {
		l.told++
	}
	if first == len(c.place.channels) && first > 0 {
		l.right++
	}
	a.surplus(l, c, messages)
	if c.over != (span{}) && first > 0 && c.over.to.Before(a.clock()) {
		a.ended(t, c)
	}
}

func (c *writer) String() string { return c.key() + " " + c.author.ID }

// nearest is the message of that kind and channel next to the time, or -1.
func nearest(messages []told, w want) int {
	best := -1
	for i, m := range messages {
		if m.Kind == w.kind && m.channel == w.channel && (best < 0 || m.at.Sub(w.at).Abs() < messages[best].at.Sub(w.at).Abs()) {
			best = i
		}
	}
	return best
}

// surplus is what nobody wanted.
func (a *audit) surplus(l *line, c *writer, messages []told) {
	for _, m := range messages {
		if slices.ContainsFunc(c.wants, func(w want) bool { return w.kind == m.Kind && w.channel == m.channel }) {
			l.twice++
		} else {
			l.others++
		}
		a.fault("%s was told too often: %s", c, m)
	}
}

// listed reports whether c has a case on the list alone, opened by his rule.
func (a *audit) listed(t *testing.T, c *writer) bool {
	t.Helper()
	found, err := a.store.EscalationsOf(t.Context(), c.author, c.place.source)
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != 1 || found[0].Rule != c.rule || found[0].Severity != "normal" {
		a.fault("%s was listed %d times: %+v", c, len(found), found)
		return false
	}
	return true
}

func (m told) String() string {
	e := m.Escalation
	return fmt.Sprintf("%s to %s at %s, rule %s, %s, team %s, written %s, %s", m.Kind, m.channel, m.at.Format(time.DateTime), e.Rule, e.Severity, e.Team, e.Written.Format(time.DateTime), e.State)
}

func (a *audit) table() string {
	var out strings.Builder
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "rule\tplanted\ttold\tto the right channel\ttwice\tlate\tmissed\tmore due\tmore told\tother pages\t")
	for _, name := range slices.Sorted(maps.Keys(a.lines)) {
		l := a.lines[name]
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t\n", name, l.planted, l.told, l.right, l.twice, l.late, l.missed, l.reminders, l.reminded, l.others)
	}
	fmt.Fprintln(w, "\nstorm\tcustomers\tmessages\tat most\tof the incident\tdigests\tsingle\tof its spikes\tcovered\ttwice\t")
	for i, s := range a.plan.stormy {
		x := a.weather[i]
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t\n", s.name, len(s.writers), x.messages(), s.most, x.incident, x.digests, x.single, x.spikes, x.covered, x.twice)
	}
	w.Flush()
	return out.String()
}
