package advice

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"feryat/mention"
)

func complaint() mention.Escalation {
	return mention.Escalation{Mention: "m", Brand: "Paytak", Language: "en", Mood: mention.Angry, Topics: list("delay")}
}

func TestWithheld(t *testing.T) {
	b := book(t)
	for _, c := range []struct {
		name   string
		change func(*mention.Escalation)
		want   string
	}{
		{"a plain complaint has a draft", func(*mention.Escalation) {}, ""},
		{"hazard", func(e *mention.Escalation) { e.Signals = list("safety_hazard") }, WithheldSafety},
		{"safety as a topic", func(e *mention.Escalation) { e.Topics = list("delay", "quality", "safety") }, WithheldSafety},
		{"legal threat", func(e *mention.Escalation) { e.Signals = list("question", "legal_threat") }, WithheldLegal},
		{"filed", func(e *mention.Escalation) { e.Signals = list("authority_filed") }, WithheldLegal},
		{"fraud claimed", func(e *mention.Escalation) { e.Signals = list("fraud_claim") }, WithheldFraud},
		{"fraud as a topic", func(e *mention.Escalation) { e.Topics = list("fraud") }, WithheldFraud},
		{"publicity", func(e *mention.Escalation) { e.Signals = list("publicity_threat") }, WithheldPublicity},
		{"people come before law", func(e *mention.Escalation) { e.Signals = list("legal_threat", "safety_hazard") }, WithheldSafety},
		{"law comes before language", func(e *mention.Escalation) { e.Signals, e.Language = list("legal_threat"), "de" }, WithheldLegal},
		{"praise with a threat", func(e *mention.Escalation) { e.Mood, e.Signals = mention.Satisfied, list("legal_threat") }, WithheldLegal},
		{"no mention", func(e *mention.Escalation) { e.Mention = "" }, WithheldNobody},
		{"the brand itself", func(e *mention.Escalation) { e.Author.Own = true }, WithheldNobody},
		{"German", func(e *mention.Escalation) { e.Language = "de" }, WithheldLanguage},
		{"no language", func(e *mention.Escalation) { e.Language = "" }, WithheldLanguage},
		{"mood unknown", func(e *mention.Escalation) { e.Mood = mention.Unknown }, WithheldUnclear},
		{"no mood", func(e *mention.Escalation) { e.Mood = "" }, WithheldUnclear},
		{"no topic", func(e *mention.Escalation) { e.Topics = nil }, WithheldUnclear},
		{"a topic of a newer lexicon", func(e *mention.Escalation) { e.Topics = list("teleport") }, WithheldUnclear},
		{"angry question without a topic", func(e *mention.Escalation) { e.Topics, e.Signals = nil, list("question") }, WithheldUnclear},
		{"question", func(e *mention.Escalation) { e.Topics, e.Signals, e.Mood = nil, list("question"), mention.Neutral }, ""},
		{"angry but says that it is solved", func(e *mention.Escalation) { e.Signals = list("resolved") }, WithheldUnclear},
		{"no brand", func(e *mention.Escalation) { e.Brand = "" }, WithheldUnclear},
	} {
		e := complaint()
		c.change(&e)
		if a := b.For(e); a.Withheld != c.want || (a.Draft == "") != (c.want != "") {
			t.Errorf("%s: withheld %q, want %q; draft %q", c.name, a.Withheld, c.want, a.Draft)
		}
	}
}

// TestLinesCome checks the order: what is said first, and how many lines there are.
func TestLinesCome(t *testing.T) {
	b := book(t)
	e := complaint()
	e.Signals = list("refund_demand", "legal_threat", "publicity_threat", "apology_demand", "unanswered")
	e.Standing, e.Incident, e.Customer = mention.StandingUnhappy, "i1", list("browser", "loyal")
	want := list("signal.legal_threat", "signal.publicity_threat", "general.incident", "standing.unhappy", "kind.loyal")
	got := b.For(e).Lines["en"]
	for i, key := range want {
		if len(got) != len(want) || got[i] != b.texts[key+".advice"]["en"] {
			t.Fatalf("got %q, want those of %v", got, want)
		}
	}
	for _, kind := range append(kinds(), "", "none_of_ours") {
		for _, signal := range append(signals(), "", "legal_threat", "safety_hazard") {
			e := complaint()
			e.Customer, e.Signals = list(kind), list(signal)
			for lang, lines := range b.For(e).Lines {
				if len(lines) < 2 || len(lines) > MaxLines {
					t.Errorf("%s %s in %s: %d lines", kind, signal, lang, len(lines))
				}
			}
		}
	}
}

func TestOnlyAPersonIsGreetedByName(t *testing.T) {
	for _, c := range []struct{ lang, name, want string }{
		{"tr", "Ayşe Örnek", "Ayşe Örnek"}, {"tr", "Işıl İnce-Çelik", "Işıl İnce-Çelik"}, {"en", "Anne O'Sample", "Anne O'Sample"},
		{"fa", "آیدا نمونه", "آیدا نمونه"}, {"fa", "امیر‌علی نمونه", "امیر‌علی نمونه"}, {"en", "  Anne \t Sample ", "Anne Sample"},
		{"tr", "Ayşe", ""}, {"tr", "ayse34", ""}, {"tr", "Ayşe Ö***", ""}, {"tr", "AYŞE ÖRNEK", ""}, {"tr", "ayşe örnek", ""}, {"tr", "Mutsuz Müşteri", ""},
		{"tr", "Paytak Mağaza", ""}, {"tr", "Paytak Paytak", ""}, {"en", "Angry Customer", ""}, {"en", "A. Sample", ""}, {"en", "Google User", ""},
		{"en", "Anne Sample 2", ""}, {"en", "Visit www.example.com", ""}, {"en", "{brand} Sample", ""}, {"en", "Anne Sample Of The House", ""},
		{"fa", "Anne Sample", ""}, {"en", "آیدا نمونه", ""}, {"fa", "کاربر ناراضی", ""}, {"fa", "کاربر دیجی", ""}, {"tr", "😡 😡", ""}, {"tr", "", ""},
		{"en", "Anne\nSample", "Anne Sample"}, {"en", "Anne \u202eelpmaS", ""}, {"en", strings.Repeat("Ab", 12) + " " + strings.Repeat("Cd", 12), ""},
	} {
		if got := person(c.name, c.lang, "Paytak"); got != c.want {
			t.Errorf("%s %q: %q, want %q", c.lang, c.name, got, c.want)
		}
	}
}

func TestHostileProductsStayOut(t *testing.T) {
	for in, want := range map[string]string{
		"Aria 3 (mavi)": "Aria 3 (mavi)", "گوشی آریا ۳": "گوشی آریا ۳", "a\r\nb\x00\x1b[31mc": "a b[31mc", "x\u202egnp.exe": "xgnp.exe", "\u200cمی‌روم\u200c": "می‌روم",
		"buy at https://example.com": "", "www.example.com": "", "write to @shop": "", "{brand}": "", "<script>": "", "12345": "", "": "", strings.Repeat("x", 61): "", "\xff\xfe": "",
	} {
		if got := plain(in, maxProduct); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	e := complaint()
	e.Product = "Aria"
	with := book(t).For(e).Draft
	e.Product = "see https://example.com"
	if without := book(t).For(e).Draft; !strings.Contains(with, "Aria") || strings.Contains(without, "example") || without == "" {
		t.Errorf("with:\n%s\nwithout:\n%s", with, without)
	}
}

func TestTurkishBeginsWithADottedCapital(t *testing.T) {
	if got := capital("iade", "tr") + capital("iade", "en") + capital("", "tr"); got != "İadeIade" {
		t.Error(got)
	}
}

// FuzzFor: whatever others wrote, a draft is three lines of plain text, not too
// long, and is there or withheld with a reason.
func FuzzFor(f *testing.F) {
	b := book(f)
	f.Add("Ayşe Örnek", "Aria 3", "Paytak", "tr", "delay", "question", "angry")
	f.Add("\u202e{brand}", "{name}\n\n", "P\x00\xff", "fa", "safety", "legal_threat", "satisfied")
	f.Fuzz(func(t *testing.T, name, product, brand, lang, topic, signal, mood string) {
		a := b.For(mention.Escalation{Mention: "m", Author: mention.Author{Name: name}, Product: product, Brand: brand, Language: lang,
			Topics: []string{topic, "lost"}, Signals: []string{signal}, Customer: []string{topic}, Mood: mention.Mood(mood)})
		if (a.Draft == "") == (a.Withheld == "") {
			t.Fatalf("draft %q, withheld %q", a.Draft, a.Withheld)
		}
		if a.Draft == "" {
			return
		}
		odd := func(r rune) bool { return r != '\n' && r != '\u200c' && !unicode.IsPrint(r) }
		if strings.Count(a.Draft, "\n") != 2 || utf8.RuneCountInString(a.Draft) > MaxDraft || strings.ContainsFunc(a.Draft, odd) || !utf8.ValidString(a.Draft) ||
			strings.Contains(a.Draft, "  ") || strings.ContainsAny(a.Draft, "{}<>") {
			t.Fatalf("%q", a.Draft)
		}
	})
}
