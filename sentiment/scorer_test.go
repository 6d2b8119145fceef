package sentiment_test

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

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

// sample draws texts that are made of words the lexicons know, and of noise.
func sample() *rapid.Generator[string] {
	word := rapid.SampledFrom([]string{
		"kargo", "gelmedi", "çok", "güzel", "rezalet", "değil", "ama", "sorun", "yok", "iade", "etmiyorlar", "HİÇ", "beğenmedim",
		"parcel", "never", "arrived", "not", "good", "but", "awful", "don't", "خیلی", "بد", "نمی\u200cخواهم", "افتضاحه", "ولی", "خوب",
		"!!!", ".", ",", "\n", "?", "😡", "😍", ":(", "10", "gündür", "#rezalet", "@shop", "https://a.b/c", "\u200f", "\x00", "\xff",
	})
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(word, 0, 40).Draw(t, "words"), rapid.SampledFrom([]string{" ", " ", ""}).Draw(t, "glue"))
	})
}

// sound checks what must hold of every verdict.
func sound(t interface{ Fatalf(string, ...any) }, in sentiment.Input, v mention.Verdict) {
	sum, valid := 0.0, utf8.ValidString(in.Text)
	for _, r := range v.Reasons {
		sum += r.Weight
		if strings.HasPrefix(r.Rule, "title:") || r.Rule == "rating" {
			continue
		}
		if r.Start < 0 || r.End > len(in.Text) || r.Start >= r.End {
			t.Fatalf("span %d-%d in %d bytes: %+v", r.Start, r.End, len(in.Text), r)
		}
		if in.Text[r.Start:r.End] != r.Text {
			t.Fatalf("span %d-%d is %q, reason says %q", r.Start, r.End, in.Text[r.Start:r.End], r.Text)
		}
		if valid && !utf8.ValidString(r.Text) {
			t.Fatalf("reason cuts a rune: %q", r.Text)
		}
	}
	if math.Abs(sum-v.Raw) > 1e-6 {
		t.Fatalf("%q: reasons add up to %v, raw is %v", in.Text, sum, v.Raw)
	}
	if !(v.Score >= -1 && v.Score <= 1) || !(v.Anger >= 0 && v.Anger <= 1) || !(v.Coverage >= 0 && v.Coverage <= 1) {
		t.Fatalf("%q: score %v, anger %v, coverage %v out of range", in.Text, v.Score, v.Anger, v.Coverage)
	}
	if !slices.Contains(mention.Moods(), v.Mood) || v.Priority < 1 || v.Priority > 4 {
		t.Fatalf("%q: mood %q, priority %d", in.Text, v.Mood, v.Priority)
	}
	if _, err := json.Marshal(v); err != nil {
		t.Fatalf("%q: %v", in.Text, err)
	}
}

func TestPropertySound(t *testing.T) {
	s := all(t)
	rapid.Check(t, func(t *rapid.T) {
		in := sentiment.Input{Text: sample().Draw(t, "text"), Title: rapid.SampledFrom([]string{"", "Rezalet kargo"}).Draw(t, "title")}
		if rapid.Bool().Draw(t, "rated") {
			share := rapid.Float64Range(0, 1).Draw(t, "rating")
			in.Rating = &share
		}
		sound(t, in, s.Score(in))
	})
}

// A sentence of praise more never makes a text worse.
func TestPropertyPraiseNeverLowers(t *testing.T) {
	s := all(t)
	praise := map[string][]string{
		"tr": {"Çok güzel.", "Harika!", "Teşekkürler."},
		"en": {"Excellent.", "I love it.", "Thank you."},
		"fa": {"خیلی خوبه.", "عالی بود.", "ممنون."},
	}
	rapid.Check(t, func(t *rapid.T) {
		text := sample().Draw(t, "text")
		base := s.Score(sentiment.Input{Text: text})
		more, ok := praise[base.Language]
		if !ok {
			return
		}
		longer := text + "\n" + rapid.SampledFrom(more).Draw(t, "praise")
		v := s.Score(sentiment.Input{Text: longer})
		if v.Language == base.Language && v.Raw < base.Raw-1e-9 {
			t.Fatalf("%q has %.3f, %q %.3f", text, base.Raw, longer, v.Raw)
		}
	})
}

// What a reader does not see does not change a mood.
func TestPropertyInvisible(t *testing.T) {
	s := all(t)
	rapid.Check(t, func(t *rapid.T) {
		text := sample().Draw(t, "text")
		want := s.Score(sentiment.Input{Text: text})
		for name, same := range map[string]string{"trailing space": text + "  \n", "leading space": "\n " + text, "decomposed": norm.NFD.String(text), "mark": "\u200e" + text, "ZWNJ twice": strings.ReplaceAll(text, "\u200c", "\u200c\u200c")} {
			if got := s.Score(sentiment.Input{Text: same}); got.Mood != want.Mood {
				t.Fatalf("%s: %q is %s, %q %s", name, text, want.Mood, same, got.Mood)
			}
		}
	})
}

// Capitals at the heads of words are spelling, not shouting.
func TestPropertyCase(t *testing.T) {
	s := all(t)
	word := rapid.SampledFrom([]string{"kargo", "gelmedi", "rezalet", "parcel", "never", "arrived", "not", "good", "but", "awful", "."})
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(word, 1, 20).Draw(t, "words")
		want := s.Score(sentiment.Input{Text: strings.Join(words, " ")})
		for i, w := range words {
			words[i] = strings.ToUpper(w[:1]) + w[1:]
		}
		if got := s.Score(sentiment.Input{Text: strings.Join(words, " ")}); got.Mood != want.Mood || got.Raw != want.Raw {
			t.Fatalf("%q is %s %.2f, %s %.2f in small letters", words, got.Mood, got.Raw, want.Mood, want.Raw)
		}
	})
}

// Wherever brands are said to be named, reasons add up and point into the text.
func TestPropertyNames(t *testing.T) {
	s := all(t)
	rapid.Check(t, func(t *rapid.T) {
		in := sentiment.Input{Text: sample().Draw(t, "text"), Title: rapid.SampledFrom([]string{"", "Rezalet"}).Draw(t, "title")}
		for range rapid.IntRange(0, 5).Draw(t, "names") {
			start := rapid.IntRange(-1, len(in.Text)).Draw(t, "start")
			in.Names = append(in.Names, sentiment.Name{
				Start: start, End: start + rapid.IntRange(0, 12).Draw(t, "length"),
				Ours: rapid.Bool().Draw(t, "ours"), Brand: rapid.SampledFrom([]string{"", "Paytak", "پایتک"}).Draw(t, "brand"),
			})
		}
		sound(t, in, s.Score(in))
	})
}

func FuzzScore(f *testing.F) {
	for _, text := range []string{"", "😡", "\xff\xfe\x00", "kargo gelmedi :(", "نمی\u200cخواهم", "don't", "<b>rezalet</b>", "a.q s*ktir", "ama ama ama", "١٠ روز", "> a\n<b>&amp;“x y z w” f*** -- \nSent from my phone", "Paytak'tan Kolayca'ya geçtim"} {
		f.Add(text, "", 0.5)
	}
	f.Fuzz(func(t *testing.T, text, title string, rating float64) {
		in := sentiment.Input{Text: text, Title: title, Rating: &rating}
		in.Names = []sentiment.Name{{Start: 0, End: len(text) / 4, Ours: true, Brand: "Paytak"}, {Start: len(text) / 2, End: len(text) * 3 / 4, Brand: "Kolayca"}}
		sound(t, in, all(t).Score(in))
	})
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
