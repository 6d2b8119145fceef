package mention

import (
	"cmp"
	"maps"
	"math"
	"slices"
)

// FewLabels is how many labels a share needs at least: of fewer it is not told.
const FewLabels = 20

// Agreement is how often the scorer says what people say, with the 95 % interval of that share (Wilson's).
type Agreement struct {
	Labelled int64   `json:"labelled"`
	Agreed   int64   `json:"agreed"`
	Share    float64 `json:"share"` // 0 of none
	Low      float64 `json:"low"`   // 0 to 1 of none
	High     float64 `json:"high"`
	Few      bool    `json:"too_few,omitempty"` // fewer than FewLabels: too few to say
}

// Scores is the accuracy on some texts.
type Scores struct {
	Source   string    `json:"source,omitempty"`
	Language string    `json:"language,omitempty"`
	Mood     Agreement `json:"mood"`    // the same of six
	Unhappy  Agreement `json:"unhappy"` // whether it is angry or dissatisfied
	Topics   Agreement `json:"topics"`  // the same set
	Ours     Agreement `json:"ours"`    // it is about the brand
}

// Accuracy is what random samples say of the scorer as it is now.
type Accuracy struct {
	Lexicons []string `json:"lexicons"` // versions that gave the verdicts, in order of the alphabet
	Labelled int64    `json:"labelled"`
	// Changed are labels that count for nothing, for the text is another now.
	Changed int64 `json:"changed"`
	// Parts are by source and language, the most labelled first.
	Parts []Scores `json:"parts"`
	// All weighs each part by how many mentions there are of it, so that it holds of all mentions of these parts, however
	// the sample was drawn. Its shares are therefore not agreed over labelled.
	All Scores `json:"all"`
	// Covered is the share of all mentions that are of a part with labels.
	Covered float64 `json:"covered"`
	// Matrix counts verdicts by what the person said and what the scorer says.
	Matrix map[Mood]map[Mood]int64 `json:"matrix"`
}

// z is the deviation that bounds 95 % of a normal distribution.
const z = 1.96

// Wilson is the 95 % interval of a share p that n trials showed; n need not be whole (see Accuracy.All).
func Wilson(p, n float64) (low, high float64) {
	if n <= 0 {
		return 0, 1
	}
	middle := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z * math.Sqrt((p*(1-p)+z*z/(4*n))/n) / (1 + z*z/n)
	return max(0, middle-half), min(1, middle+half)
}

// measures are the parts of Scores, in one order.
func (s *Scores) measures() []*Agreement {
	return []*Agreement{&s.Mood, &s.Unhappy, &s.Topics, &s.Ours}
}

// count takes a label and the verdict in.
func (s *Scores) count(j Judged) {
	add := func(a *Agreement, agrees bool) {
		a.Labelled++
		if agrees {
			a.Agreed++
		}
	}
	add(&s.Ours, !j.Said.NotOurs)
	if j.Said.Mood != "" {
		add(&s.Mood, j.Said.Mood == j.Mood)
		add(&s.Unhappy, j.Said.Mood.Unhappy() == j.Mood.Unhappy())
	}
	if j.Said.Topics != nil {
		add(&s.Topics, slices.Equal(set(j.Said.Topics), set(j.Topics)))
	}
}

func set(codes []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(codes)))
}

// finish computes shares and intervals from the counts.
func (s *Scores) finish() {
	for _, a := range s.measures() {
		if a.Labelled > 0 {
			a.Share = float64(a.Agreed) / float64(a.Labelled)
		}
		a.Low, a.High = Wilson(a.Share, float64(a.Labelled))
		a.Few = a.Labelled < FewLabels
	}
}

// NewAccuracy compares labels with verdicts. Strata are what the samples stand for.
func NewAccuracy(judged []Judged, strata []Stratum) Accuracy {
	a := Accuracy{Matrix: map[Mood]map[Mood]int64{}, Labelled: int64(len(judged))}
	parts, lexicons := map[Stratum]*Scores{}, map[string]bool{}
	for _, j := range judged {
		if j.Changed {
			a.Changed++
			continue
		}
		key := Stratum{Source: j.Source, Language: j.Language}
		if parts[key] == nil {
			parts[key] = &Scores{Source: j.Source, Language: j.Language}
		}
		parts[key].count(j)
		lexicons[j.Lexicon] = true
		if said := j.Said.Mood; said != "" {
			if a.Matrix[said] == nil {
				a.Matrix[said] = map[Mood]int64{}
			}
			a.Matrix[said][j.Mood]++
		}
	}
	for _, s := range parts {
		s.finish()
		a.Parts = append(a.Parts, *s)
	}
	slices.SortFunc(a.Parts, func(x, y Scores) int {
		return cmp.Or(cmp.Compare(y.Ours.Labelled, x.Ours.Labelled), cmp.Compare(x.Source, y.Source), cmp.Compare(x.Language, y.Language))
	})
	a.Lexicons = slices.Sorted(maps.Keys(lexicons))
	a.weigh(strata)
	return a
}

// weigh fills All and Covered: the mean of the parts, each with the weight of its mentions (post-stratification), and
// Wilson's interval of it for as many labels as it is worth (Kish: 1 over the sum of squared weights over labels).
func (a *Accuracy) weigh(strata []Stratum) {
	size, every := map[Stratum]float64{}, 0.0
	for _, s := range strata {
		size[Stratum{Source: s.Source, Language: s.Language}] += float64(s.Mentions)
		every += float64(s.Mentions)
	}
	weight := func(s Scores) float64 { return size[Stratum{Source: s.Source, Language: s.Language}] }
	for i, all := range a.All.measures() {
		var whole, sum, spread float64
		for _, part := range a.Parts {
			m := *part.measures()[i]
			if w := weight(part); m.Labelled > 0 && w > 0 {
				whole, sum, spread = whole+w, sum+w*m.Share, spread+w*w/float64(m.Labelled)
			}
			all.Labelled, all.Agreed = all.Labelled+m.Labelled, all.Agreed+m.Agreed
		}
		all.Few, all.High = all.Labelled < FewLabels, 1
		if whole > 0 {
			all.Share = sum / whole
			all.Low, all.High = Wilson(all.Share, whole*whole/spread)
		}
	}
	for _, part := range a.Parts {
		a.Covered += weight(part) / max(1, every)
	}
}
