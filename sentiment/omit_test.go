package sentiment_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"feryat/sentiment"
)

// What the author has not written for the reader says nothing of his mood.
func TestOmitted(t *testing.T) {
	s := toy(t)
	for _, tt := range []struct {
		name, in string
		raw      float64
	}{
		{"quoted line", "> awful, avoid this shop\ngood for me", 2},
		{"nothing but quoted lines", "> awful", -3},
		{"comparison", "price 5 > 3 is awful", -3},
		{"face", ">:( awful", -1.6 - 3},
		{"signature", "good\n-- \nAwful Goods Ltd", 2},
		{"device", "good parcel\nSent from my awful telephone", 2},
		{"Turkish device", "this is a good parcel and it was great of the courier\ngood iPhone'umdan gönderildi", 2 + 3},
		{"device in the text", "It was sent from my awful aunt", -3},
		{"letter", "The parcel was awful. Kind regards, Good Joy", -3},
		{"Persian letter", "awful parcel, با احترام Good", -3},
		{"no letter", "awful with regards to the parcel", -3},
		{"tag", `<p class="awful">good</p>`, 2},
		{"tag within a phrase", "waste <b>of</b> money", -4},
		{"line break", "not<br>good", 2},
		{"entity", "bad &amp; bad", -2 - 1},
		{"no tag", "good <awful", 2 - 3},
		{"long quotation", "They say “this is an awful shop” but good", -3*0.5*0.3 + 2*1.5},
		{"short quotation", "an “awful” shop", -3},
		{"guillemets", "good parcel, good courier «it is awful this thing»", 2 + 1 - 3*0.3},
		{"nothing but a quotation", "“this is an awful awful shop”", -3 - 1.5},
	} {
		v := s.Score(sentiment.Input{Text: tt.in, Language: "en"})
		if math.Abs(v.Raw-tt.raw) > 1e-9 || !addsUp(&v) {
			t.Errorf("%s: %q: raw %.3f, want %.3f; reasons %+v", tt.name, tt.in, v.Raw, tt.raw, v.Reasons)
		}
	}
}

func TestMaskedCurses(t *testing.T) {
	s := all(t)
	for in, want := range map[string]string{
		"what the f***, my parcel is late": "f***", "this is sh!t service": "sh!t", "the f*cking courier is late again": "f*cking",
		"f#ck this shop": "f#ck", "s*ktir böyle kargo mu olur": "s*ktir", "a.q kargosu hâlâ gelmedi": "a.q",
		"hay s!ktir, kargom yine gelmedi": "s!ktir",
		"ک*ص\u200cکش\u200cهای دزد":        "ک*ص\u200cکش\u200cهای",
		"This cake is f***ing awful":      "f***ing awful",
		"F*** this company":               "F***", "F*** K*** reviewed this shop": "",
		"A*** B*** reviewed this shop": "", "the courier was here!it was fine": "", "Ahmet K. bey aradı, sorun yok": "",
		"very good* (see below)": "", "mail me at shop@good.example please": "",
	} {
		v := s.Score(sentiment.Input{Text: in})
		i := slices.Index(v.Signals, "harsh_language")
		if (i >= 0) != (want != "") {
			t.Errorf("%q: signals %v, want harsh_language: %v", in, v.Signals, want != "")
		}
		for _, r := range v.Reasons {
			if r.Rule == "signal:harsh_language" && r.Text != want {
				t.Errorf("%q: %q is harsh, want %q", in, r.Text, want)
			}
		}
	}
	long := "f" + strings.Repeat("*", 1<<16) + strings.Repeat("a*", 1<<16)
	s.Score(sentiment.Input{Text: long})
}
