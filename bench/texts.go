// Package bench measures how fast feryat gives verdicts, beside another scorer
// and through its command line (make bench). It is a module of its own so that
// what it compares with is no dependency of the program.
package bench

import (
	"embed"
	"fmt"
	"math/rand/v2"
	"strings"
)

//go:embed *.txt
var files embed.FS

// Languages lists the languages that there are texts in.
func Languages() []string { return []string{"tr", "fa", "en"} }

// Texts makes n texts of about 50 to 600 bytes in a language, as customers
// write them: a few sentences, common words often and rare ones seldom. The same
// n and language give the same texts.
func Texts(language string, n int) ([]string, error) {
	raw, err := files.ReadFile(language + ".txt")
	if err != nil {
		return nil, fmt.Errorf("texts in %s: %w", language, err)
	}
	w := writer{random: rand.New(rand.NewPCG(1, uint64(n))), slots: map[string][]string{}}
	w.learn(string(raw))
	out := make([]string, n)
	for i := range out {
		out[i] = w.text()
	}
	return out, nil
}

// writer puts sentences together.
type writer struct {
	random    *rand.Rand
	sentences []string
	slots     map[string][]string // what may stand for <name>
}

func (w *writer) learn(file string) {
	for line := range strings.Lines(file) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if name, list, ok := strings.Cut(line, " = "); ok {
			w.slots["<"+name+">"] = strings.Split(list, "|")
			continue
		}
		w.sentences = append(w.sentences, line)
	}
}

// text has one to five sentences and now and then a word that nobody else wrote:
// a code, a name, a typing error.
func (w *writer) text() string {
	var out strings.Builder
	for i := range 1 + w.random.IntN(5) {
		if i > 0 {
			out.WriteString(" ")
		}
		out.WriteString(w.fill(w.sentences[w.random.IntN(len(w.sentences))]))
		if w.random.IntN(3) == 0 {
			fmt.Fprintf(&out, " %s%d", w.rare(), w.random.IntN(100))
		}
	}
	return out.String()
}

// fill puts a word in every slot of a sentence.
func (w *writer) fill(sentence string) string {
	for {
		from, to := strings.IndexByte(sentence, '<'), strings.IndexByte(sentence, '>')
		if from < 0 || to < from {
			return sentence
		}
		list := w.slots[sentence[from:to+1]]
		sentence = sentence[:from] + list[w.random.IntN(len(list))] + sentence[to+1:]
	}
}

// rare makes a word up.
func (w *writer) rare() string {
	var out strings.Builder
	for range 2 + w.random.IntN(2) {
		out.WriteByte("bdfgklmnprstvz"[w.random.IntN(14)])
		out.WriteByte("aeiou"[w.random.IntN(5)])
	}
	return out.String()
}
