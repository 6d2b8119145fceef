package sentiment_test

import (
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"feryat/mention"
	"feryat/sentiment"
	"feryat/sentiment/en"
	"feryat/sentiment/fa"
	"feryat/sentiment/tr"
)

// all is the scorer of the product.
func all(t testing.TB) *sentiment.Scorer {
	t.Helper()
	s, err := scorer()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var scorer = sync.OnceValues(func() (*sentiment.Scorer, error) {
	return sentiment.New(tr.Language(), fa.Language(), en.Language())
})

func TestExamples(t *testing.T) {
	s := all(t)
	tests := []struct {
		in     string
		lang   string
		moods  []mention.Mood
		topics []string
	}{
		{"Kargo 10 gündür gelmedi, müşteri hizmetleri telefona çıkmıyor, rezalet!", "tr",
			[]mention.Mood{mention.Angry, mention.Dissatisfied}, []string{"delivery", "delay", "support_unreachable"}},
		{"sorun yok", "tr", []mention.Mood{mention.Satisfied, mention.Neutral}, nil},
		{"sıkıntı yaşamadım", "tr", []mention.Mood{mention.Satisfied, mention.Neutral}, nil},
		{"no problem at all, the parcel came early", "en", []mention.Mood{mention.Satisfied, mention.Neutral}, nil},
		{"My order never arrived and nobody answers the phone. Disgraceful!", "en",
			[]mention.Mood{mention.Angry, mention.Dissatisfied}, []string{"delivery"}},
		{"بسته\u200cام ده روزه نرسیده و کسی جواب تلفن نمی\u200cده، افتضاحه!", "fa",
			[]mention.Mood{mention.Angry, mention.Dissatisfied}, []string{"delivery"}},
		{"مشکلی نبود، راضی بودم", "fa", []mention.Mood{mention.Satisfied, mention.Neutral}, nil},
	}
	for _, tt := range tests {
		v := s.Score(sentiment.Input{Text: tt.in})
		if v.Language != tt.lang || !slices.Contains(tt.moods, v.Mood) {
			t.Errorf("%s: %s %s (raw %.2f), want %s %v", tt.in, v.Language, v.Mood, v.Raw, tt.lang, tt.moods)
		}
		for _, topic := range tt.topics {
			if !slices.Contains(v.Topics, topic) {
				t.Errorf("%s: topics %v, want %s among them", tt.in, v.Topics, topic)
			}
		}
		if tt.topics == nil && len(v.Topics) > 0 {
			t.Errorf("%s: topics %v, want none", tt.in, v.Topics)
		}
	}
}

// Each pair differs in a way that must not change the mood; capitals raise the
// voice a little.
func TestSpellings(t *testing.T) {
	s := all(t)
	pairs := [][2]string{
		{"ürünü İADE ettim", "ürünü iade ettim"},
		{"KIRIK geldi kargo", "kırık geldi kargo"},
		{"kargo kırık geldi, iade etmek istiyorum", "kargo kirik geldi, iade etmek istiyorum"},
		{"نمی\u200cخواهم این کالا را", "نمیخواهم این کالا را"},
		{"نمی\u200cخواهم این کالا را", "نمی خواهم این کالا را"},
		{"خيلي بد بود اين كالا", "خیلی بد بود این کالا"},
		{"it doesn't work at all", "it doesn’t work at all"},
		{"it doesn't work at all", "it doesnt work at all"},
	}
	for _, p := range pairs {
		a, b := s.Score(sentiment.Input{Text: p[0]}), s.Score(sentiment.Input{Text: p[1]})
		if a.Mood != b.Mood || math.Abs(a.Raw) > math.Abs(b.Raw)*1.2+1e-9 || a.Raw*b.Raw < 0 {
			t.Errorf("%q is %s %.2f, %q is %s %.2f", p[0], a.Mood, a.Raw, p[1], b.Mood, b.Raw)
		}
	}
}

// «نمی\u200cخواهم» must not equal «می\u200cخواهم», nor "gelmedi" "geldi".
func TestNegatedForms(t *testing.T) {
	s := all(t)
	pairs := [][2]string{
		{"ürün çalışıyor", "ürün çalışmıyor"},
		{"kargom geldi", "kargom gelmedi"},
		{"çok beğendim bunu", "hiç beğenmedim bunu"},
		{"جواب می\u200cدهند خوبه", "جواب نمی\u200cدهند خوبه"},
		{"it works fine now", "it never works now"},
	}
	for _, p := range pairs {
		a, b := s.Score(sentiment.Input{Text: p[0]}), s.Score(sentiment.Input{Text: p[1]})
		if a.Raw <= b.Raw {
			t.Errorf("%q has %.2f, %q %.2f: the second must be worse", p[0], a.Raw, p[1], b.Raw)
		}
	}
}

// A text of 1 MB and long runs of what each rule looks at: a step that went over
// the text once for every word of it would not come to an end here.
func TestHugeTexts(t *testing.T) {
	s := all(t)
	for name, piece := range map[string]string{
		"words": "kargo hala gelmedi çok kötü ama ürün güzel değil. ", "one word": "a", "contrasts": "ama ", "negators": "değil ",
		"marks": "!?,.", "faces": ":(", "emoji": "😡", "joiners": "\u200d", "breaks": "\n", "invalid": "\xff", "boosters": "çok ",
		"gaps": "kargo kargo ", "persian": "می ", "stretched": "o", "apostrophes": "a'a",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			size := 1 << 18
			if name == "words" {
				size = 1 << 20
			}
			text := strings.Repeat(piece, size/len(piece))
			sound(t, sentiment.Input{Text: text}, s.Score(sentiment.Input{Text: text, Language: "tr"}))
		})
	}
}

func TestConcurrentUse(t *testing.T) {
	s := all(t)
	texts := []string{"Kargo gelmedi, rezalet!", "Great service, thank you", "خیلی بد بود", "çok güzel"}
	want := make([]mention.Verdict, len(texts))
	for i, text := range texts {
		want[i] = s.Score(sentiment.Input{Text: text})
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for n := range 200 {
				i := n % len(texts)
				if got := s.Score(sentiment.Input{Text: texts[i]}); got.Raw != want[i].Raw || got.Mood != want[i].Mood {
					t.Errorf("%q: %s %.2f, alone %s %.2f", texts[i], got.Mood, got.Raw, want[i].Mood, want[i].Raw)
				}
			}
		})
	}
	wg.Wait()
}

func BenchmarkScore(b *testing.B) {
	for name, text := range map[string]string{
		"tr": "Kargo 10 gündür gelmedi, müşteri hizmetleri telefona çıkmıyor, rezalet! Ürün güzel ama iade etmek istiyorum.",
		"en": "My parcel never arrived, nobody answers the phone and I want my money back. The product is great, though.",
		"fa": "بسته\u200cام ده روزه نرسیده و کسی جواب تلفن نمی\u200cده، افتضاحه! کیفیت خود کالا ولی خیلی خوب بود.",
	} {
		b.Run(name, func(b *testing.B) {
			s := all(b)
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				s.Score(sentiment.Input{Text: text})
			}
		})
	}
}

func BenchmarkNew(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := sentiment.New(tr.Language(), fa.Language(), en.Language()); err != nil {
			b.Fatal(err)
		}
	}
}

// What is asked for is no praise, and what lacks something denies nothing else.
func TestTurkishForms(t *testing.T) {
	s := all(t)
	rule := func(text, rule string) bool {
		v := s.Score(sentiment.Input{Text: text, Language: "tr"})
		return slices.ContainsFunc(v.Reasons, func(r mention.Reason) bool { return r.Rule == rule })
	}
	for _, c := range []struct {
		text, rule string
		want       bool
	}{
		{"Bilgilendirme yapılmasını rica ederim", "wish", true},
		{"Bilgilendirme yapıldı", "wish", false},
		{"Herkesin izlemesi gereken güzel bir film", "wish", false},
		{"Kötü kargo paketsiz", "negated", false},
	} {
		if got := rule(c.text, c.rule); got != c.want {
			t.Errorf("%q: rule %s %v, want %v", c.text, c.rule, got, c.want)
		}
	}
}
