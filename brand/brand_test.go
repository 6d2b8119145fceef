package brand

import (
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"feryat/mention"
)

func brands() []Brand {
	return []Brand{
		{Name: "Paytak", Aliases: []string{"Paytağ", "پایتک", "Paytak Alışveriş"}, Exclude: []string{"paytak yürüyüş", "paytak paytak"}},
		{Name: "Paytak Express"},
		{Name: "Mavi", Exclude: []string{"mavi renk", "mavi rengi", "açık mavi"}, With: []string{"kot", "mağaza", "pantolon"}, Rival: true},
		{Name: "Getir", Ambiguous: true, Rival: true},
		{Name: "Dijiçarşı", Aliases: []string{"دیجی\u200cچارشی"}, Rival: true},
		{Name: "Domino's", Languages: []string{"tr", "en"}},
		{Name: "H&M"},
		{Name: "دیوار", Ambiguous: true},
		{Name: "Vatan", Ambiguous: true, Exclude: []string{"vatan sağ olsun"}},
	}
}

func matcher(t testing.TB) *Matcher {
	t.Helper()
	m, err := New(brands())
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// The cases stand in testdata/cases.tsv.
func TestMatch(t *testing.T) {
	body, err := os.ReadFile("testdata/cases.tsv")
	if err != nil {
		t.Fatal(err)
	}
	m := matcher(t)
	for line := range strings.Lines(string(body)) {
		text, names, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if strings.HasPrefix(line, "# ") {
			continue
		}
		if got := strings.Join(m.Match(mention.Mention{Text: text}), "|"); got != names || !ok {
			t.Errorf("%q names %q, want %q", text, got, names)
		}
	}
	if got := m.Match(mention.Mention{}); got != nil {
		t.Errorf("an empty mention names %q", got)
	}
}

func TestMatchLooksEverywhere(t *testing.T) {
	m := matcher(t)
	for name, c := range map[string]struct {
		in   mention.Mention
		want []string
	}{
		"title":               {mention.Mention{Title: "Paytak şikayeti", Text: "gelmedi"}, []string{"Paytak"}},
		"product":             {mention.Mention{Product: "Paytak kulaklık", Text: "bozuk"}, []string{"Paytak"}},
		"about":               {mention.Mention{About: []string{"PAYTAK"}, Text: "bozuk çıktı"}, []string{"Paytak"}},
		"about and text":      {mention.Mention{About: []string{"Paytak"}, Text: "Getir daha iyi"}, []string{"Paytak", "Getir"}},
		"about of a stranger": {mention.Mention{About: []string{"Bilinmeyen"}, Text: "x"}, nil},
		"company in product":  {mention.Mention{Text: "Mavi iade almadı", Product: "Kot pantolon"}, []string{"Mavi"}},
	} {
		if got := m.Match(c.in); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestFind(t *testing.T) {
	s := "Dün Paytak'tan aldım; پایتک\u200cها هم"
	var got []string
	for _, h := range matcher(t).Find(s) {
		got = append(got, s[h.Start:h.End])
	}
	if want := []string{"Paytak'tan", "پایتک\u200cها"}; !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
}

func TestWatched(t *testing.T) {
	m := matcher(t)
	for name, want := range map[string]bool{"Paytak": true, "Mavi": false, "Bilinmeyen": false} {
		if m.Watched(name) != want {
			t.Errorf("Watched(%q) is %v", name, !want)
		}
	}
	if got := m.Names(); len(got) != 9 || got[0] != "Paytak" {
		t.Errorf("names %q", got)
	}
}

func TestValidateNamesEveryFault(t *testing.T) {
	_, err := New([]Brand{
		{Name: " "},
		{Name: "Paytak", Aliases: []string{"!"}},
		{Name: "PAYTAK"},
		{Name: "Rakip", Aliases: []string{"paytak"}, Languages: []string{"de"}},
	})
	if err == nil {
		t.Fatal("accepted")
	}
	for _, want := range []string{"brand 1 has no name", `"!" has fewer than two letters`, `"PAYTAK" is there twice`, `are both called "paytak"`, `language "de"`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in:\n%v", want, err)
		}
	}
}

// Whatever stands around a name, with a space between, the name is found.
func TestSurroundingsDoNotHideAName(t *testing.T) {
	m := matcher(t)
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOf(rapid.SampledFrom([]string{"kargo", "çok", "kötü", "😡", "!!", "خرید", "the", "3", "\n"}))
		s := strings.Join(words.Draw(t, "before"), " ") + " dijiçarşıdan " + strings.Join(words.Draw(t, "after"), " ")
		if got := m.Match(mention.Mention{Text: s}); !slices.Equal(got, []string{"Dijiçarşı"}) {
			t.Fatalf("%q names %q", s, got)
		}
	})
}

// Spans are in order, within the text and at rune boundaries; every hit is a
// brand that Match names, unless it lacks company.
func FuzzFind(f *testing.F) {
	for _, s := range []string{"Paytak'tan", "پایتک\u200cها", "#Paytak_x @getir https://paytak.com:80/a", "H&M \xff\xfe Domino’s'tan", "''''", "\u200c\u200c", "mavi renk Mavi kot"} {
		f.Add(s)
	}
	m := matcher(f)
	f.Fuzz(func(t *testing.T, s string) {
		last := 0
		named := m.Match(mention.Mention{Text: s, About: []string{"Mavi"}})
		for _, h := range m.Find(s) {
			if h.Start < last || h.Start >= h.End || h.End > len(s) {
				t.Fatalf("span %d to %d after %d of %d bytes", h.Start, h.End, last, len(s))
			}
			if !utf8.RuneStart(s[h.Start]) || h.End < len(s) && !utf8.RuneStart(s[h.End]) && utf8.ValidString(s) {
				t.Fatalf("span %d to %d cuts a rune of %q", h.Start, h.End, s)
			}
			if !slices.Contains(named, h.Brand) {
				t.Fatalf("%s is found and not matched", h.Brand)
			}
			last = h.Start
		}
	})
}

// A text of nothing but names takes time in proportion to its length: the work
// a name does not grow.
func TestManyNames(t *testing.T) {
	m := matcher(t)
	s := strings.Repeat("h&m paytak express mavi ", mention.MaxText/24)
	if got := m.Match(mention.Mention{Text: s}); !slices.Equal(got, []string{"Paytak Express", "H&M"}) {
		t.Errorf("names %q", got)
	}
	if got, want := len(m.Find(s)), 3*(mention.MaxText/24); got != want {
		t.Errorf("%d places, want %d", got, want)
	}
}

func BenchmarkMatch(b *testing.B) {
	m := matcher(b)
	x := mention.Mention{Title: "Kargo gelmedi", Text: strings.Repeat("Siparişim on gündür gelmedi, müşteri hizmetleri telefona çıkmıyor. ", 8) + "paytakın kargosu rezalet"}
	b.SetBytes(int64(len(x.Text)))
	for b.Loop() {
		m.Match(x)
	}
}
