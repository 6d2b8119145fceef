package sentiment_test

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"feryat/mention"
	"feryat/sentiment"
)

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
