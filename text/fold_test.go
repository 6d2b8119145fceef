package text_test

import (
	"testing"
	"unicode/utf8"

	"feryat/text"
)

func TestFold(t *testing.T) {
	tests := []struct{ name, in, lang, want string }{
		{"dotted capital", "İade", "tr", "iade"},
		{"all capitals", "İADE", "tr", "iade"},
		{"dotless capital", "KIRIK", "tr", "kırık"},
		{"decomposed dot", "I\u0307ade", "tr", "iade"},
		{"decomposed letters", "c\u0327o\u0308p", "tr", "çöp"},
		{"circumflex", "hâlâ kâr", "tr", "hala kar"},
		{"apostrophe", "Turkcell’in", "tr", "turkcell'in"},
		{"English I", "I LIKE İT", "en", "i like it"},
		{"accents", "Café naïve", "en", "cafe naive"},
		{"loosest form", "KIRIK kırık kirik Çöp", "", "kirik kirik kirik cop"},
		{"Arabic yeh and kaf", "كيك", "fa", "کیک"},
		{"alef with madda", "آب", "fa", "اب"},
		{"hamza", "مسئله سوء", "fa", "مسیله سو"},
		{"joiner goes", "می\u200cخواهم", "fa", "میخواهم"},
		{"tatweel and vowel signs", "خـــوبُ", "fa", "خوب"},
		{"Persian digits", "۱۲۳ ٤٥٦", "fa", "123 456"},
		{"presentation forms", "\uFEE3\uFEDC", "fa", "مک"},
		{"white space", " a\u00a0 b\t\nc ", "en", "a b c"},
		{"invisible", "a\u200e\ufeffb\u00adc", "en", "abc"},
		{"skin tone and selector", "👍🏽 ❤️", "", "👍 ❤"},
		{"full width", "ＡＢＣ", "en", "abc"},
		{"empty", "", "tr", ""},
		{"invalid bytes", "a\xffb", "en", "a\ufffdb"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := text.Fold(tt.in, tt.lang); got != tt.want {
				t.Errorf("Fold(%q, %q) = %q, want %q", tt.in, tt.lang, got, tt.want)
			}
		})
	}
}

func TestSkeleton(t *testing.T) {
	for in, want := range map[string]string{"kırık": "kirik", "çöpşüğ": "copsug", "kargo": "kargo", "": ""} {
		if got := string(text.AppendSkeleton(nil, []byte(in))); got != want {
			t.Errorf("AppendSkeleton(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSqueeze(t *testing.T) {
	tests := []struct {
		in        string
		keep      int
		want      string
		stretched bool
	}{
		{"çoooook", 1, "çok", true},
		{"çoooook", 2, "çook", true},
		{"güzelllll", 1, "güzel", true},
		{"saat", 1, "saat", false},
		{"خوووووب", 1, "خوب", true},
		{"1000", 1, "1000", false},
		{"", 1, "", false},
	}
	for _, tt := range tests {
		got, stretched := text.AppendSqueezed(nil, []byte(tt.in), tt.keep)
		if string(got) != tt.want || stretched != tt.stretched {
			t.Errorf("AppendSqueezed(%q, %d) = %q, %v, want %q, %v", tt.in, tt.keep, got, stretched, tt.want, tt.stretched)
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"İADE I\u0307", "می\u200cخواهم", "👩\u200d💻", "\xff\xfe", "ﷲ ﻻ", "a\u0301\u200d\u0301", "ᄀ\u200cᅡＡ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, lang := range []string{"tr", "fa", "en", ""} {
			once := text.Fold(s, lang)
			if !utf8.ValidString(once) {
				t.Fatalf("Fold(%q, %q) is not valid UTF-8: %q", s, lang, once)
			}
			if twice := text.Fold(once, lang); twice != once {
				t.Fatalf("Fold(%q, %q) = %q, folded again %q", s, lang, once, twice)
			}
		}
	})
}

func BenchmarkFold(b *testing.B) {
	const s = "Kargo 10 gündür gelmedi, MÜŞTERİ hizmetleri telefona çıkmıyor, rezalet!"
	b.SetBytes(int64(len(s)))
	var buf []byte
	for b.Loop() {
		buf = text.AppendFold(buf[:0], s, "tr")
	}
}
