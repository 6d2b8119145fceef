package text_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"feryat/text"
)

// show prints tokens as kind:bytes.
func show(s string) string {
	names := map[text.Kind]string{text.Word: "w", text.Number: "n", text.Emoji: "e", text.Emoticon: "f", text.Punct: "p",
		text.URL: "u", text.Handle: "@", text.Hashtag: "#", text.Break: "b"}
	var out []string
	for _, t := range text.Tokens(nil, s) {
		out = append(out, names[t.Kind]+":"+s[t.Start:t.End])
	}
	return strings.Join(out, " ")
}

func TestTokens(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"words and marks", "Kargo gelmedi, rezalet!!!", "w:Kargo w:gelmedi p:, w:rezalet p:!!!"},
		{"apostrophes", "don't Turkcell’in 'quoted'", "w:don't w:Turkcell’in p:' w:quoted p:'"},
		{"numbers", "10 gün 1.250,00TL 16:30", "n:10 w:gün n:1.250,00 w:TL n:16:30"},
		{"Persian numbers and joiner", "۱۰ روز نمی\u200cخواهم", "n:۱۰ w:روز w:نمی\u200cخواهم"},
		{"white space of all kinds", "a\u00a0b\tc", "w:a w:b w:c"},
		{"line ends", "a\r\n\nb", "w:a b:\r\n\n w:b"},
		{"address", "bak https://a.b/c?d=e. www.x.com", "w:bak u:https://a.b/c?d=e p:. u:www.x.com"},
		{"address without a space", "aidhttps://t.co/a#b son", "w:aidhttps u:://t.co/a#b w:son"},
		{"a letter of Kurdish and of careless Persian", "بچە خوبە۔", "w:بچە w:خوبە p:۔"},
		{"handles and tags", "@shop #rezalet #şikayetVar @", "@:@shop #:#rezalet #:#şikayetVar p:@"},
		{"emoji sequence", "👩\u200d💻👍🏽❤️🇹🇷", "e:👩\u200d💻 e:👍🏽 e:❤️ e:🇹🇷"},
		{"faces", "güzel :) :-( :D =) <3 :'(", "w:güzel f::) f::-( f::D f:=) f:<3 f::'("},
		{"no faces", "not:Dikkat 10:30 http://x", "w:not p:: w:Dikkat n:10:30 u:http://x"},
		{"fig leaves", "s*ktir a.q", "w:s*ktir w:a.q"},
		{"abbreviation ends", "iyi. güzel a. b", "w:iyi p:. w:güzel w:a p:. w:b"},
		{"invalid bytes", "a\xff\xfeb", "w:a w:b"},
		{"word with digits", "a101 3g", "w:a101 n:3 w:g"},
		{"empty", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, show(tt.in)); diff != "" {
				t.Errorf("Tokens(%q) (-want +got)\n%s", tt.in, diff)
			}
		})
	}
}

// Words of every length, ended by every byte, wherever the text ends behind them.
func TestWordsOfAnyLength(t *testing.T) {
	for n := 1; n <= 20; n++ {
		for c := range byte(0x80) {
			for _, rest := range []string{"", " w", " wwwwwwwwww"} {
				want := n
				if c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' {
					want++
				}
				s := strings.Repeat("Qz", 10)[:n] + string(rune(c)) + rest
				if got := text.Tokens(nil, s)[0]; got.Kind != text.Word || got.Start != 0 || got.End != want {
					t.Errorf("%q: first token %+v, want a word of %d bytes", s, got, want)
				}
			}
		}
	}
}

func TestJoinerTypedTwice(t *testing.T) {
	for _, s := range []string{"نمی\u200c\u200cخواهم", "gel\u00ad\u00addi"} {
		if got := text.Tokens(nil, s); len(got) != 1 || got[0].End != len(s) {
			t.Errorf("%q: tokens %+v, want one word", s, got)
		}
	}
}

func TestEmoticonKey(t *testing.T) {
	for in, want := range map[string]string{":-)": ":)", ":))))": ":)", "=)": ":)", ":D": ":d", ":'(": ":'(", "<3": "<3", ";-)": ";)"} {
		if got := string(text.EmoticonKey(nil, in)); got != want {
			t.Errorf("EmoticonKey(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzTokens(f *testing.F) {
	for _, s := range []string{"a\u200d\xffb", "👩\u200d", ":-", "<3", "http://", "#\u0301", "'’", "1.2.", "\r\n\u2028"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		last := 0
		for _, tok := range text.Tokens(nil, s) {
			if tok.Start < last || tok.End <= tok.Start || tok.End > len(s) {
				t.Fatalf("span %d-%d after %d in %q", tok.Start, tok.End, last, s)
			}
			if !utf8.RuneStart(s[tok.Start]) && utf8.ValidString(s) {
				t.Fatalf("span %d-%d cuts a rune of %q", tok.Start, tok.End, s)
			}
			if piece := s[tok.Start:tok.End]; !utf8.ValidString(piece) {
				t.Fatalf("token %q of %q is not valid UTF-8", piece, s)
			}
			last = tok.End
		}
	})
}
