package alert

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"feryat/alert/notify"
)

// soon is how long after its time a message may go into the outbox.
const soon = 2 * time.Minute

// TestThirtyDays replays a month: who had to be told was told once, in the
// right channel, and nobody else was.
func TestThirtyDays(t *testing.T) {
	if testing.Short() {
		t.Skip("a month takes a while")
	}
	days, mentions, each := 30, 5000, 12
	if underRace {
		days, mentions, each = 7, 1000, 4
	}
	rules, err := Bundled()
	if err != nil {
		t.Fatal(err)
	}
	rules = slices.DeleteFunc(rules, func(r Rule) bool { return r.Trend != nil }) // those have a test of their own
	begin := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	p := newPlan(begin, days)
	for n, name := range plantedRules(t, rules) {
		p.plant(n, each, name, plantings()[name])
	}
	p.storms()
	p.background(mentions)
	p.traps(each)
	m := newMonth(t, begin, rules)
	m.play(t, p, begin.AddDate(0, 0, days+2))
	a := audit{month: m, plan: p, lines: map[string]*line{}}
	a.compare(t)
	t.Logf("%d rows over %d days, %d messages\n%s", len(p.arrivals), days, a.messages, a.table())
	for _, f := range a.faults {
		t.Error(f)
	}
}

// plantedRules lists the rules that are planted: all that are bundled and look at mentions.
func plantedRules(t *testing.T, rules []Rule) []string {
	t.Helper()
	var names []string
	for _, r := range rules {
		names = append(names, r.Name)
	}
	slices.Sort(names)
	if planted := slices.Sorted(maps.Keys(plantings())); !slices.Equal(names, planted) {
		t.Fatalf("bundled are %v, planted %v: each bundled rule needs a planting", names, planted)
	}
	return names
}

// line is what became of the customers of one rule.
type line struct{ planted, told, right, twice, missed, reminders, reminded, others int }

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
		for key, m := range r.taken {
			a.messages++
			if want := 1 + r.fails(key); r.tries[key] != want {
				a.fault("%s was sent %d times under one key, want %d: %s", channel, r.tries[key], want, told{m, channel, a.post.queued[key]})
			}
			if m.Kind == notify.KindDigest {
				a.digests = append(a.digests, told{m, channel, a.post.queued[key]})
				continue
			}
			who := m.Escalation.Brand + "/" + m.Escalation.Author.Key()
			all[who] = append(all[who], told{m, channel, a.post.queued[key]})
		}
	}
	return all
}

func (a *audit) compare(t *testing.T) {
	t.Helper()
	taken := a.taken()
	for _, c := range a.plan.planted {
		who := c.place.brand + "/" + c.author.Key()
		name := cmp.Or(c.group, c.rule)
		l := a.lines[name]
		if l == nil {
			l = &line{}
			a.lines[name] = l
		}
		l.planted++
		a.customer(l, c, taken[who])
		delete(taken, who)
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

// customer compares what was told of one.
func (a *audit) customer(l *line, c *writer, messages []told) {
	if len(c.place.channels) == 0 && a.listed(c) {
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
			a.fault("%s %s was never told: %s to %s at %s", c.place.brand, c.author.ID, w.kind, w.channel, w.at.Format(time.DateTime))
			continue
		}
		m := messages[i]
		messages = slices.Delete(messages, i, i+1)
		if m.at.Before(w.at) || m.at.After(w.at.Add(soon)) {
			l.missed++
			a.fault("%s %s was told at another time than %s: %s", c.place.brand, c.author.ID, w.at.Format(time.DateTime), m)
		}
		if !isFirst {
			l.reminded++
		}
		if e := m.Escalation; e.Rule != c.rule || e.Severity != c.severity || e.Team != c.place.team {
			a.fault("%s %s was told as another's: %s", c.place.brand, c.author.ID, m)
		}
	}
	if first > 0 {
		l.told++
	}
	if first == len(c.place.channels) && first > 0 {
		l.right++
	}
	a.surplus(l, c, messages)
}

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
		a.fault("%s %s was told too often: %s", c.place.brand, c.author.ID, m)
	}
}

// listed reports whether c has a case on the list alone, opened by his rule.
func (a *audit) listed(c *writer) bool {
	n := 0
	for _, e := range a.book.events {
		if e.Type == "opened" && e.Escalation.Author == c.author && e.Escalation.Rule == c.rule && e.Escalation.Severity == "normal" {
			n++
		}
	}
	if n != 1 {
		a.fault("%s %s was listed %d times", c.place.brand, c.author.ID, n)
	}
	return n == 1
}

func (m told) String() string {
	e := m.Escalation
	return fmt.Sprintf("%s to %s at %s, rule %s, %s, team %s, written %s, %s", m.Kind, m.channel, m.at.Format(time.DateTime), e.Rule, e.Severity, e.Team, e.Written.Format(time.DateTime), e.State)
}

func (a *audit) table() string {
	var out strings.Builder
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "rule\tplanted\ttold\tto the right channel\ttwice\tlate or never\treminders due\treminded\tothers\t")
	for _, name := range slices.Sorted(maps.Keys(a.lines)) {
		l := a.lines[name]
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t\n", name, l.planted, l.told, l.right, l.twice, l.missed, l.reminders, l.reminded, l.others)
	}
	fmt.Fprintln(w, "\nstorm\tcustomers\tmessages\tat most\tof the incident\tdigests\tsingle\tcovered\ttwice\t")
	for i, s := range a.plan.stormy {
		x := a.weather[i]
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t\n", s.name, len(s.writers), x.messages(), s.most, x.incident, x.digests, x.single, x.covered, x.twice)
	}
	w.Flush()
	return out.String()
}
