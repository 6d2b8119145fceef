package sentiment

import (
	"slices"

	"feryat/mention"
)

// frame is how a clause is meant where it does not say what is so: what it says
// of good and bad counts less, or the other way round.
type frame uint8

const (
	plainly     frame = iota
	wish              // "I wish it were better", "keşke", «کاش»
	conditional       // "if it breaks", "eğer", «اگر»
	question          // "is it any good"
	reported          // "supposedly", "güya", «می‌گن»
	asked             // "which", "mi", «چطوره», in a sentence that ends with a question mark
)

// frameKinds lists the kinds of frames.tsv in the order of the constants.
func frameKinds() []string { return []string{"wish", "condition", "question", "reported", "asked"} }

// rule is what the reason of a word in the frame names.
func (f frame) rule() string { return frameKinds()[f-1] }

func (x *lexicon) loadFrame(r record) error {
	factor, err := r.number(2, -1, 1, 0)
	if err == nil {
		err = oneOf(r, 1, frameKinds()...)
	}
	if err != nil {
		return err
	}
	p := x.at(r.col(0))
	p.frame, p.frameFactor = frame(slices.Index(frameKinds(), r.col(1))+1), factor
	return nil
}

// enframe gives every clause in which a frame stands its factor; of several
// the one that takes most away holds: "it would have been nice if you had called".
func (r *reader) enframe(x *lexicon) {
	if r.effects&enframes == 0 {
		return
	}
	for i := range r.found {
		m := &r.found[i]
		if m.effects&enframes == 0 || !r.free(m) && x.payloads[x.nodes[m.node].plain].frame != asked {
			continue
		}
		p := x.nodes[m.node].plain
		c := &r.clauses[r.words[m.from].clause]
		if x.payloads[p].frame == asked {
			r.sentences[c.sentence].ask(int32(i), x.payloads[p].frameFactor)
			continue
		}
		if f := x.payloads[p].frameFactor; c.frame == plainly || f < c.framed {
			c.frame, c.framed = x.payloads[p].frame, f
		}
	}
}

// ask notes the match of a word that asks: the whole sentence does, if it ends
// with a question mark.
func (s *sentence) ask(m int32, factor float64) {
	if s.question && (s.asks < 0 || factor < s.asked) {
		s.asks, s.asked = m, factor
	}
}

// labelQuestion gives a text that is no complaint the signal of its first sentence
// that asks.
func (t *tally) labelQuestion(out *labels, mood mention.Mood) {
	first := slices.IndexFunc(t.sentences, func(s sentence) bool { return s.asks >= 0 })
	if first < 0 || mood.Unhappy() {
		return
	}
	if bit := uint64(1) << uint(slices.Index(t.x.codes.signals, "question")); out.signals&bit == 0 {
		out.signals |= bit
		t.reason("signal:question", &t.found[t.sentences[first].asks], 0)
	}
}

// framed returns what a weight is multiplied by in its clause, and the frame that
// says so. A factor below 0 turns praise round: what is wished for is not there.
// A complaint it leaves as it is.
func (t *tally) framed(c *clause, weight float64) (float64, frame) {
	s := &t.sentences[c.sentence]
	switch {
	case s.asks >= 0 && weight > 0 && (c.frame == plainly || s.asked < c.framed):
		return s.asked, question
	case c.frame == plainly && s.question && weight > 0:
		return askedPraise, question
	case c.frame == plainly:
		return 1, plainly
	case c.framed < 0 && weight < 0:
		return 1, plainly
	}
	return c.framed, c.frame
}
