package mention

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

func judgedAs(source string, said, verdict Mood) Judged {
	return Judged{Source: source, Language: "tr", Said: Label{Mood: said}, Mood: verdict, Lexicon: "1"}
}

// TestAccuracyWeighsParts: a small source that was drawn as often as a large one does not count as much.
func TestAccuracyWeighsParts(t *testing.T) {
	var judged []Judged
	for n := range 40 {
		judged = append(judged, judgedAs("large", Angry, Angry), judgedAs("small", Angry, []Mood{Angry, Neutral}[n%2]))
	}
	judged = append(judged, Judged{Changed: true, Source: "large"})
	a := NewAccuracy(judged, []Stratum{{"large", "tr", 900}, {"small", "tr", 100}, {"unseen", "tr", 1000}})
	if got := a.All.Mood; math.Abs(got.Share-0.95) > 1e-9 || got.Labelled != 80 || got.Agreed != 60 || got.Few {
		t.Errorf("all: %+v", got)
	}
	if a.Covered != 0.5 || a.Changed != 1 || a.Labelled != 81 || a.Matrix[Angry][Neutral] != 20 {
		t.Errorf("%+v", a)
	}
	// Labels of parts of unlike weight are worth fewer than they are.
	plainLow, plainHigh := Wilson(0.95, 80)
	if got := a.All.Mood; got.High-got.Low <= plainHigh-plainLow {
		t.Errorf("interval %f-%f is not wider than %f-%f", got.Low, got.High, plainLow, plainHigh)
	}
	if len(a.Parts) != 2 || a.Parts[1].Mood.Share != 0.5 || a.Parts[1].Mood.Low > 0.36 || a.Parts[1].Mood.High < 0.64 {
		t.Errorf("parts: %+v", a.Parts)
	}
}

func TestAccuracyOfNothing(t *testing.T) {
	a := NewAccuracy(nil, nil)
	if got := a.All.Mood; !got.Few || got.Low != 0 || got.High != 1 || got.Share != 0 || a.Covered != 0 {
		t.Errorf("%+v", a)
	}
}

// TestTopicsAndOurs: topics count where somebody looked, in any order; what is not ours has no mood.
func TestTopicsAndOurs(t *testing.T) {
	judged := []Judged{
		{Said: Label{Mood: Neutral, Topics: []string{"price", "delay"}}, Mood: Neutral, Topics: []string{"delay", "price", "delay"}},
		{Said: Label{Mood: Neutral, Topics: []string{}}, Mood: Neutral, Topics: []string{"delay"}},
		{Said: Label{Mood: Neutral}, Mood: Neutral, Topics: []string{"delay"}},
		{Said: Label{NotOurs: true}, Mood: Angry},
	}
	p := NewAccuracy(judged, nil).Parts[0]
	got := fmt.Sprint(p.Mood.Agreed, p.Mood.Labelled, p.Topics.Agreed, p.Topics.Labelled, p.Ours.Agreed, p.Ours.Labelled)
	if got != "3 3 1 2 3 4" {
		t.Error(got)
	}
}

// TestIntervalCovers draws many even samples of a population whose accuracy is known: the interval has it about 95 times
// of 100.
func TestIntervalCovers(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	strata := []Stratum{{"a", "tr", 8000}, {"b", "tr", 1500}, {"c", "tr", 500}}
	right := []float64{0.9, 0.7, 0.5}
	const truth, rounds = 0.8*0.9 + 0.15*0.7 + 0.05*0.5, 400
	held := 0
	for range rounds {
		var judged []Judged
		for i, s := range strata {
			for range 60 {
				verdict := Neutral
				if r.Float64() < right[i] {
					verdict = Angry
				}
				judged = append(judged, judgedAs(s.Source, Angry, verdict))
			}
		}
		if a := NewAccuracy(judged, strata).All.Mood; a.Low <= truth && truth <= a.High {
			held++
		}
	}
	if share := float64(held) / rounds; share < 0.92 || share > 0.995 {
		t.Errorf("the interval has the accuracy in %.1f %% of the samples", 100*share)
	}
}
