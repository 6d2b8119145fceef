package sentiment_test

import (
	"math"
	"strings"
	"testing"

	"feryat/brand"
	"feryat/mention"
	"feryat/sentiment"
)

// about is the input for a text seen by the first of the brands.
func about(t testing.TB, text string, brands ...string) sentiment.Input {
	t.Helper()
	in := sentiment.Input{Text: text, Brand: brands[0]}
	var watched []brand.Brand
	for _, b := range brands {
		watched = append(watched, brand.Brand{Name: b})
	}
	m, err := brand.New(watched)
	if err != nil {
		t.Fatal(err)
	}
	in.Names = sentiment.Names(m.Find(text), in.Brand)
	return in
}

// Each text is read twice: with the eyes of the first brand and of the second.
func TestMoodPerBrand(t *testing.T) {
	s := all(t)
	for _, tt := range []struct {
		text, one, other string
		sign, otherSign  float64 // of the raw score
	}{
		{"Paytak rezalet ama Kolayca harika", "Paytak", "Kolayca", -1, 1},
		{"Paytak çok hızlı, Kolayca çok yavaş", "Paytak", "Kolayca", 1, -1},
		{"Kolayca mükemmel bir firma. Paytak ise tam bir rezalet, kargo bile gelmedi.", "Paytak", "Kolayca", -1, 1},
		{"Paytak'tan aldım, bozuk çıktı. Kolayca hemen teslim etti, çok memnunum.", "Paytak", "Kolayca", -1, 1},
		{"Rezalet bir site Paytak, Kolayca mükemmel", "Paytak", "Kolayca", -1, 1},
		{"Paytak ve Kolayca rezalet", "Paytak", "Kolayca", -1, -1},
		{"Kolayca Paytak'tan daha kötü", "Paytak", "Kolayca", 1, -1},
		{"Paytak, Kolayca'dan çok daha iyi", "Paytak", "Kolayca", 1, -1},
		{"دیجی‌نما عالیه ولی بازارک افتضاحه", "دیجی‌نما", "بازارک", 1, -1},
		{"دیجی‌نما افتضاح بود، بازارک خیلی خوب و سریع بود", "دیجی‌نما", "بازارک", -1, 1},
		{"دیجی‌نما از بازارک بدتره", "دیجی‌نما", "بازارک", -1, 1},
		{"بازارک از دیجی‌نما بدتر است", "دیجی‌نما", "بازارک", 1, -1},
		{"Parcelo is great, Boxly is terrible", "Parcelo", "Boxly", 1, -1},
		{"I love Parcelo and hate Boxly", "Parcelo", "Boxly", 1, -1},
		{"Boxly is worse than Parcelo", "Parcelo", "Boxly", 1, -1},
		{"Parcelo is so much better than Boxly", "Parcelo", "Boxly", 1, -1},
		{"Terrible service from Parcelo. Boxly is excellent.", "Parcelo", "Boxly", -1, 1},
		{"Parcelo and Boxly are both awful", "Parcelo", "Boxly", -1, -1},
	} {
		for _, c := range []struct {
			brands []string
			sign   float64
		}{{[]string{tt.one, tt.other}, tt.sign}, {[]string{tt.other, tt.one}, tt.otherSign}} {
			v := s.Score(about(t, tt.text, c.brands...))
			if v.Raw*c.sign <= 0 {
				t.Errorf("%q for %s: raw %.2f, want sign %+.0f; reasons %+v", tt.text, c.brands[0], v.Raw, c.sign, v.Reasons)
			}
			if !addsUp(&v) {
				t.Errorf("%q for %s: reasons do not add up to %.3f: %+v", tt.text, c.brands[0], v.Raw, v.Reasons)
			}
		}
	}
}

func addsUp(v *mention.Verdict) bool {
	sum := 0.0
	for _, r := range v.Reasons {
		sum += r.Weight
	}
	return math.Abs(sum-v.Raw) < 1e-6
}

// What is said of a rival is shown, without weight, and labels nothing.
func TestRival(t *testing.T) {
	s := toy(t)
	v := s.Score(about(t, "Parcelo is good. Boxly is awful, avoid this shop, the courier is bad", "Parcelo", "Boxly"))
	if v.Raw != 2 || len(v.Topics)+len(v.Signals)+len(v.Blamed) != 0 {
		t.Errorf("raw %.2f topics %v signals %v blamed %v", v.Raw, v.Topics, v.Signals, v.Blamed)
	}
	var rival []string
	for _, r := range v.Reasons {
		if r.Rule == "rival" && r.Weight == 0 {
			rival = append(rival, r.Text)
		}
	}
	if got := strings.Join(rival, "|"); got != "awful|avoid this shop|bad" {
		t.Errorf("shown of the rival: %q", got)
	}
}

// Spans that no text can have are no reason to fall over.
func TestNamesOutOfPlace(t *testing.T) {
	s := toy(t)
	in := sentiment.Input{Text: "awful shop", Language: "en"}
	in.Names = []sentiment.Name{{Start: -5, End: 3}, {Start: 4, End: 900}, {Start: 9, End: 2}, {Start: 700, End: 800}, {Start: 0, End: 5, Ours: true}}
	if v := s.Score(in); !addsUp(&v) {
		t.Errorf("reasons do not add up to %.2f: %+v", v.Raw, v.Reasons)
	}
}
