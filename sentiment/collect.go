package sentiment

import (
	"math/bits"

	"feryat/mention"
)

// labels are the codes that a text has earned, as bits of the code lists.
type labels struct {
	topics, praise, customers, signals, blamed uint64
}

// fill writes the codes into the verdict in the order of the code lists.
func (l labels) fill(v *mention.Verdict, c *codes) {
	n := 0
	for _, set := range []uint64{l.topics, l.praise, l.customers, l.signals, l.blamed} {
		n += bits.OnesCount64(set)
	}
	if n == 0 {
		return
	}
	room := make([]string, 0, n) // one for all lists
	v.Topics, room = listed(v.Topics, room, l.topics, c.topics)
	v.Praise, room = listed(v.Praise, room, l.praise, c.topics)
	v.Customer, room = listed(v.Customer, room, l.customers, c.customers)
	v.Signals, room = listed(v.Signals, room, l.signals, c.signals)
	v.Blamed, _ = listed(v.Blamed, room, l.blamed, c.blamed)
}

// listed returns the codes of a set, written into room, and the room behind
// them; those given where the set is empty.
func listed(given, room []string, set uint64, codes []string) (list, rest []string) {
	if set == 0 {
		return given, room
	}
	for ; set != 0; set &= set - 1 {
		room = append(room, codes[bits.TrailingZeros64(set)])
	}
	n := len(room)
	return room[:n:n], room[n:]
}

// collect reads topics, kinds of customer, signals and blame off the matches.
func (t *tally) collect(mood mention.Mood) labels {
	var out labels
	if t.effects&signs != 0 {
		t.markSignals()
	}
	if t.effects&says != 0 {
		t.applyLabels(&out, mood)
	}
	t.labelMove(&out)
	t.labelQuestion(&out, mood)
	return out
}

// applyLabels gives the text the labels of its matches.
func (t *tally) applyLabels(out *labels, mood mention.Mood) {
	for i := range t.found {
		m := &t.found[i]
		if m.effects&says == 0 || m.payload < 0 || t.contradictedByLonger(m) {
			continue
		}
		labels := t.x.payloads[m.payload].labels
		for j := range labels {
			t.apply(out, &labels[j], m, mood)
		}
	}
}

// contradictedByLonger reports whether m is a part of a chosen longer entry that
// is no complaint: "sorun" in "sorun yok".
func (t *tally) contradictedByLonger(m *match) bool {
	return t.words[m.from].praised > m.length
}

// markSignals notes how long the matches with a signal are.
func (t *tally) markSignals() {
	for i := range t.found {
		m := &t.found[i]
		if m.effects&signs == 0 || m.payload < 0 || m.negated || !t.x.payloads[m.payload].signals {
			continue
		}
		if t.x.payloads[m.payload].filed {
			t.clauses[t.words[m.from].clause].filed = true
		}
		for j := m.from; j <= m.to; j++ {
			t.words[j].signals = max(t.words[j].signals, m.length)
		}
	}
}

// apply gives the text a label that a match carries, if its conditions hold.
func (t *tally) apply(out *labels, l *label, m *match, mood mention.Mood) {
	if t.owner(m) != ours {
		return
	}
	if len(t.names) > 0 && t.moved.belied(l.rule) { // no move without a name
		return
	}
	if m.negated && l.kind != aspectLabel && l.kind != blamedLabel {
		return
	}
	if l.when == ifUnhappy && !mood.Unhappy() || l.when == ifHappy && mood != mention.Satisfied {
		return
	}
	set, rule := &out.topics, l.rule
	switch l.kind {
	case praiseLabel:
		if m.wished || t.words[m.from].scorned > m.length || t.sentences[t.words[m.from].sentence].asks >= 0 {
			return // «خوشمزه» in «خوشمزه نبود»; "is it fast?"
		}
		set = &out.praise
	case aspectLabel:
		switch t.aspectMood(m, mood) {
		case 0:
			return
		case 1:
			if t.sentences[t.words[m.from].sentence].asks >= 0 {
				return
			}
			set, rule = &out.praise, l.praise
		}
	case signalLabel:
		if t.words[m.from].signals > m.length {
			return // "hakem heyeti" in "hakem heyetine başvurdum"
		}
		if l.rule == "signal:legal_threat" && t.clauses[t.words[m.from].clause].filed {
			return // who has applied does not threaten to
		}
		set = &out.signals
	case customerLabel:
		set = &out.customers
	case blamedLabel:
		if t.aspectMood(m, mood) >= 0 {
			return
		}
		set = &out.blamed
	}
	if bit := uint64(1) << uint(l.index); *set&bit == 0 {
		*set |= bit
		t.reason(rule, m, 0)
	}
}

// aspectMood is the mood of the clause around a match: -1, 0 or 1. Where the
// clause says nothing its sentence speaks, and last an unhappy text that is short.
func (t *tally) aspectMood(m *match, mood mention.Mood) int {
	c := &t.clauses[t.words[m.from].clause]
	for _, score := range []float64{c.score, t.sentences[c.sentence].score} {
		if score <= -aspectFrom {
			return -1
		}
		if score >= aspectFrom {
			return 1
		}
	}
	if mood.Unhappy() && len(t.sentences) <= aspectSentences {
		return -1
	}
	return 0
}
