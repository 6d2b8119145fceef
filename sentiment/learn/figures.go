package learn

import (
	"feryat/mention"
	"feryat/sentiment"
)

// Figures are what a scorer is worth on one set.
type Figures struct {
	Set   string `json:"set"`
	Texts int    `json:"texts"`
	// Neg is the macro-F1 of "the customer is unhappy" against the rest.
	Neg float64 `json:"neg"`
	// Pol is the macro-F1 of the score's sign on texts that are unhappy or
	// content; a score of 0 counts as wrong.
	Pol float64 `json:"pol"`
	// OneSided says that all labels are alike: Neg is then the share told right
	// and Pol is not measured.
	OneSided bool `json:"one_sided"`
}

// tallies count answers: [truth][answer].
type tallies struct{ neg, pol [2][2]int }

func (t *tallies) add(y Label, v *mention.Verdict) {
	truth := index(y == Unhappy)
	t.neg[truth][index(v.Mood.Unhappy())]++
	if y == Neutral {
		return
	}
	answer := v.Score < 0
	if v.Score == 0 {
		answer = y != Unhappy
	}
	t.pol[truth][index(answer)]++
}

func (t *tallies) merge(o *tallies) {
	for i := range 2 {
		for j := range 2 {
			t.neg[i][j] += o.neg[i][j]
			t.pol[i][j] += o.pol[i][j]
		}
	}
}

func (t *tallies) figures(set string) Figures {
	f := Figures{Set: set}
	for i := range 2 {
		for j := range 2 {
			f.Texts += t.neg[i][j]
		}
	}
	yes, no := t.neg[1][0]+t.neg[1][1], t.neg[0][0]+t.neg[0][1]
	if yes == 0 || no == 0 {
		f.OneSided = true
		f.Neg = float64(t.neg[0][0]+t.neg[1][1]) / float64(max(1, f.Texts))
		return f
	}
	f.Neg, f.Pol = macro(t.neg), macro(t.pol)
	return f
}

// macro is the mean of both classes' F1.
func macro(c [2][2]int) float64 {
	return (f1(c[1][1], c[0][1], c[1][0]) + f1(c[0][0], c[1][0], c[0][1])) / 2
}

func f1(right, extra, missed int) float64 {
	if right == 0 {
		return 0
	}
	return 2 * float64(right) / float64(2*right+extra+missed)
}

func index(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Measure returns what a scorer is worth on texts, by set.
func Measure(s *sentiment.Scorer, texts []Text, language string) []Figures {
	return figuresOf(count(s, texts, "", language))
}

// count scores texts and adds up the answers by set.
func count(s *sentiment.Scorer, texts []Text, brand, language string) map[string]*tallies {
	verdicts := make([]mention.Verdict, len(texts))
	eachText(texts, func(i int) {
		verdicts[i] = s.Score(sentiment.Input{Text: texts[i].Text, Brand: brand, Language: language})
		verdicts[i].Reasons = nil // not needed, and much
	})
	out := map[string]*tallies{}
	for i := range texts {
		t := out[texts[i].Set]
		if t == nil {
			t = &tallies{}
			out[texts[i].Set] = t
		}
		t.add(texts[i].Label, &verdicts[i])
	}
	return out
}
