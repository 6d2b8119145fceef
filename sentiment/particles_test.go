package sentiment_test

import (
	"slices"
	"testing"

	"feryat/mention"
	"feryat/sentiment"
)

// Particles part the words of a phrase without a change of what it says.
func TestParticles(t *testing.T) {
	s := all(t)
	for _, tt := range []struct{ text, topic, evidence string }{
		{"Ürünü iade de etmiyorlar", "refund_return", "iade de etmiyorlar"},
		{"Telefona cevap bile vermiyorlar", "support_unreachable", "cevap bile vermiyorlar"},
		{"جواب هم نمی‌دهند", "support_unreachable", "جواب هم نمی‌دهند"},
		{"They never even replied to my email", "support_unreachable", "never even replied"},
	} {
		v := s.Score(sentiment.Input{Text: tt.text})
		shown := slices.ContainsFunc(v.Reasons, func(r mention.Reason) bool { return r.Text == tt.evidence && r.Weight < 0 })
		if !v.Mood.Unhappy() || !slices.Contains(v.Topics, tt.topic) || !shown {
			t.Errorf("%q: mood %s, topics %q, reasons %+v; want %s shown by %q", tt.text, v.Mood, v.Topics, v.Reasons, tt.topic, tt.evidence)
		}
	}
}

// Of two phrases that share a word the one with the negator is meant.
func TestNegatorInLaterPhrase(t *testing.T) {
	v := all(t).Score(sentiment.Input{Text: "کیفیت خوب نیست"})
	if !v.Mood.Unhappy() || len(v.Praise) != 0 {
		t.Errorf("mood %s, praise %q, reasons %+v", v.Mood, v.Praise, v.Reasons)
	}
}

// Who asks whether something is good does not praise it.
func TestQuestions(t *testing.T) {
	s := all(t)
	for _, tt := range []struct {
		text string
		asks bool
	}{
		{"Bu telefon iyi mi, alınır mı?", true},
		{"Kargo hızlı mı?", true},
		{"Is it any good?", true},
		{"Is this phone reliable?", true},
		{"خوبه؟", true},
		{"این گوشی خوبه؟", true},
		{"Kargo hızlı, çok memnunum", false},
		{"This phone is reliable", false},
		{"این گوشی خوبه", false},
	} {
		v := s.Score(sentiment.Input{Text: tt.text})
		if slices.Contains(v.Signals, "question") != tt.asks || (v.Mood == mention.Neutral) != tt.asks || tt.asks && len(v.Praise) != 0 {
			t.Errorf("%q: mood %s, signals %q, praise %q; want a question: %v", tt.text, v.Mood, v.Signals, v.Praise, tt.asks)
		}
	}
}

// The contradiction of stars and words is shown by the strongest of these.
func TestContradictionIsShown(t *testing.T) {
	worst, best := 0.0, 1.0
	for _, tt := range []struct {
		title, text    string
		stars          *float64
		rule, evidence string
	}{
		{"", "it was great, a good courier, slightly bad", &worst, "signal:contradiction", "great"},
		{"", "good parcel, awful screen, terribly bad", &best, "signal:contradiction", "awful"},
		{"Awful and terribly bad", "the screen", &best, "title:signal:contradiction", "Awful"},
	} {
		v := toy(t).Score(sentiment.Input{Title: tt.title, Text: tt.text, Rating: tt.stars, Language: "en"})
		i := slices.IndexFunc(v.Reasons, func(r mention.Reason) bool { return r.Rule == tt.rule })
		if i < 0 || v.Reasons[i].Text != tt.evidence || v.Reasons[i].Weight != 0 || !addsUp(&v) {
			t.Errorf("%q %q: signals %q, reasons %+v; want %s at %q", tt.title, tt.text, v.Signals, v.Reasons, tt.rule, tt.evidence)
		}
	}
}
