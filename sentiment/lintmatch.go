package sentiment

import (
	"slices"
	"strings"
)

// LintSense checks what stands in the data files of a language against each
// other: entries that no text can match, and entries of which one
// file says good and another bad. Faults of form are Lint's and ParseOverlay's.
func LintSense(l Language) []error {
	return lintSense(l, Overlay{}, func(record) bool { return true })
}

func lintSense(l Language, o Overlay, wanted func(record) bool) []error {
	x, err := compile(l, o, "")
	if err != nil {
		return []error{err}
	}
	slots := map[string]int32{}
	for i, p := range x.payloads {
		slots[p.entry] = int32(i)
	}
	var faults []error
	reader := &reader{memory: newMemory()}
	for _, t := range tables() {
		records, err := readTable(l.Data, t)
		if err != nil || t.entry < 0 || t.max == 1 {
			continue
		}
		for _, r := range o.applied(records, t, l.Code, "") {
			if !wanted(r) {
				continue
			}
			if why := x.nonsense(reader, slots[r.col(t.entry)]); why != "" && (t.name == "lexicon.tsv" || why == neverMatches) {
				faults = append(faults, r.errorf("entry %q %s", r.col(t.entry), why))
			}
		}
	}
	return faults
}

const neverMatches = "can never match"

// nonsense says what is wrong with an entry, "" if nothing is.
func (x *lexicon) nonsense(r *reader, slot int32) string {
	p := x.payloads[slot]
	good, bad := p.lex && p.weight > 0, p.lex && p.weight < 0
	for _, l := range p.labels {
		if l.kind == problemLabel && good {
			return "has a weight of praise, and is a problem among the topics"
		}
		if l.kind == praiseLabel && bad {
			return "has a weight of complaint, and is praise among the topics"
		}
	}
	if !x.matches(r, p.entry, slot) {
		return neverMatches
	}
	return ""
}

// matches reports whether a text that is the entry itself is found to hold it.
func (x *lexicon) matches(r *reader, entry string, slot int32) bool {
	var words []string
	for _, w := range strings.Fields(strings.TrimPrefix(entry, "!")) {
		switch stem, prefix := strings.CutSuffix(w, "*"); {
		case w == gapWord:
		case w == numberWord:
			words = append(words, "5")
		case prefix:
			words = append(words, stem+"qxq") // no word goes on like this
		default:
			words = append(words, w)
		}
	}
	text := strings.Join(words, " ")
	r.cut(text, 0)
	r.read(x, text)
	r.find(x, true)
	return slices.ContainsFunc(r.found, func(m match) bool {
		n := x.nodes[m.node]
		return n.plain == slot || n.negated == slot
	})
}
