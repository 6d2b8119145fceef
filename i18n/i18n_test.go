package i18n

import (
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"feryat/mention"
	"feryat/sentiment"
)

func texts(t *testing.T) *Texts {
	t.Helper()
	x, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestEveryTextStandsInThreeLanguages(t *testing.T) {
	verb := regexp.MustCompile(`%(\[\d\])?s`)
	for key, cells := range texts(t).byKey {
		for i, cell := range cells {
			if strings.TrimSpace(cell) == "" || cell != strings.TrimSpace(cell) {
				t.Errorf("%s: column %d is %q", key, i, cell)
			}
			if got, want := len(verb.FindAllString(cell, -1)), len(verb.FindAllString(cells[2], -1)); got != want {
				t.Errorf("%s: column %d takes %d arguments, English takes %d", key, i, got, want)
			}
		}
	}
}

func TestPersianIsWrittenInPersianLetters(t *testing.T) {
	for key, cells := range texts(t).byKey {
		for _, r := range cells[1] {
			if r == 'ي' || r == 'ك' || r == 'ة' || (r >= '٠' && r <= '٩') {
				t.Errorf("%s: %q has the Arabic letter %q", key, cells[1], r)
			}
			if unicode.Is(unicode.Latin, r) && !strings.Contains(cells[1], "robots.txt") && !strings.Contains(cells[1], "%") {
				t.Errorf("%s: %q has a Latin letter", key, cells[1])
				break
			}
		}
	}
}

func TestEveryMoodAndStateHasAWord(t *testing.T) {
	x := texts(t)
	for _, m := range mention.Moods() {
		if !x.Has("mood." + string(m)) {
			t.Errorf("mood %s has no word", m)
		}
	}
	for _, s := range []mention.State{mention.StateOpen, mention.StateAcknowledged, mention.StateAnswered, mention.StateResolved, mention.StateReopened, mention.StateExpired} {
		if !x.Has("state." + string(s)) {
			t.Errorf("state %s has no word", s)
		}
	}
}

// TestPraiseIsNamedAsPraise keeps nonsense like "praise: rude staff" away.
func TestPraiseIsNamedAsPraise(t *testing.T) {
	x := texts(t)
	for _, c := range []struct{ got, want string }{
		{x.Code(English, "praised", "staff_rude"), "Kind staff"},
		{x.Code(Turkish, "praised", "delivery"), "Teslimat"},
		{x.Rule(Turkish, "praise:support_unhelpful"), "övgü: Yardımcı destek"},
		{x.Rule(English, "topic:staff_rude"), "complaint: Rude staff"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

// TestEveryCodeHasAWord goes through the codes of the scorer, the reasons of the
// crawler and what the alert rules say.
func TestEveryCodeHasAWord(t *testing.T) {
	for family, codes := range map[string][]string{
		"topic": sentiment.Topics(), "customer": sentiment.Customers(), "signal": sentiment.Signals(), "blamed": sentiment.Blamed(),
		"rule":     {"lexicon", "negated", "boosted", "rating", "title", "topic", "praise", "signal", "customer", "blamed"},
		"reason":   found(t, "../crawler", ".go", `Reason\w*\s*[:=]+\s*"([a-z_]+)"`),
		"why":      found(t, "../alert/rules", ".yaml", `say: (\w+)`),
		"severity": found(t, "../alert/rules", ".yaml", `severity: (\w+)`),
	} {
		if len(codes) == 0 {
			t.Errorf("no code of %s found", family)
		}
		for _, code := range codes {
			if !texts(t).Has(family + "." + code) {
				t.Errorf("%s.%s has no word", family, code)
			}
		}
	}
}

// found lists what a pattern catches in the files below a folder.
func found(t *testing.T, folder, extension, pattern string) (all []string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != extension || strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(string(source), -1) {
			all = append(all, m[1])
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestT(t *testing.T) {
	x := texts(t)
	for _, c := range []struct{ got, want string }{
		{x.T(Turkish, "mood.angry"), "Öfkeli"},
		{x.T(Persian, "mood.angry"), "عصبانی"},
		{x.T("de", "mood.angry"), "Angry"},
		{x.T(English, "topic.brand_new_code"), "brand_new_code"},
		{x.T(English, "topic.a.b"), "a.b"},
		{x.T(Turkish, "ui.coverage_line", "7", "5", "2 dakika önce"), "7 kaynaktan 5 tanesi sağlıklı, en yeni veri 2 dakika önce"},
		{x.T(English, "ui.coverage_line", "7", "5", "2 minutes ago"), "5 of 7 sources, newest 2 minutes ago"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestParseTellsTheLine(t *testing.T) {
	for table, want := range map[string]string{"a\tb\tc": "line 1: 3 columns", "k\ta\tb\tc\nk\ta\tb\tc": "line 2: key k stands twice"} {
		if _, err := parse(table); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v", table, err)
		}
	}
}

func TestChoose(t *testing.T) {
	for _, c := range []struct {
		asked, header string
		want          Language
	}{{"fa", "tr", Persian}, {"", "tr-TR,tr;q=0.9,en;q=0.8", Turkish}, {"", "de, fa-IR;q=0.5", Persian}, {"xx", "", English}, {"", "", English}, {"EN", "tr", English}} {
		if got := Choose(c.asked, c.header); got != c.want {
			t.Errorf("Choose(%q, %q) = %s, want %s", c.asked, c.header, got, c.want)
		}
	}
}

func TestNumbers(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{Number(Turkish, 1234567), "1.234.567"}, {Number(Persian, 1234567), "۱٬۲۳۴٬۵۶۷"}, {Number(English, -1234), "-1,234"}, {Number(English, 0), "0"}, {Number(English, 999), "999"},
		{Decimal(Turkish, -0.346, 2), "-0,35"}, {Decimal(Persian, 0.5, 2), "۰٫۵۰"}, {Decimal(Persian, -0.5, 1), "\u200e-۰٫۵"}, {Decimal(English, 0.5, 2), "0.50"},
		{Decimal(English, -0.001, 2), "0.00"}, {Decimal(Turkish, math.Copysign(0, -1), 1), "0,0"}, {Decimal(Persian, -0.004, 2), "۰٫۰۰"}, {Decimal(English, -0.006, 2), "-0.01"},
		{Signed(English, 1.5, 2), "+1.50"}, {Signed(Turkish, -1.5, 2), "-1,50"}, {Signed(Persian, 1.5, 1), "\u200e+۱٫۵"}, {Signed(English, 0.001, 2), "0.00"},
		{Percent(Turkish, 0.125), "%13"}, {Percent(Persian, 0.05), "۵٪"}, {Percent(English, 1), "100%"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestDatesAndSpans(t *testing.T) {
	x := texts(t)
	at := time.Date(2026, 11, 6, 22, 30, 0, 0, time.UTC)
	tehran := time.FixedZone("tehran", 3*3600+1800)
	for _, c := range []struct{ got, want string }{
		{x.DateTime(Turkish, at, time.UTC), "6 Kas 2026 22:30"},
		{x.DateTime(Persian, at, tehran), "۱۶ آبان ۱۴۰۵ ۰۲:۰۰"},
		{x.Date(English, at, time.UTC), "6 Nov 2026"},
		{x.Day(Turkish, at, time.UTC), "6 Kas"},
		{x.Day(Persian, at, time.UTC), "۱۵ آبان"},
		{x.Ago(English, 40*time.Second), "just now"}, {x.Ago(English, -time.Hour), "just now"},
		{x.Ago(English, 100*time.Second), "1 minute ago"}, {x.Ago(Turkish, 5*time.Hour), "5 saat önce"},
		{x.Span(English, 30*time.Second), "less than a minute"}, {x.Span(English, -time.Hour), "less than a minute"}, {x.Span(Turkish, 61*time.Second), "1 dakika"},
		{x.Span(Persian, 90*time.Minute), "۹۰ دقیقه"}, {x.Span(English, 2*time.Hour), "2 hours"}, {x.Span(Turkish, 50*time.Hour), "2 gün"},
		{x.Ago(Persian, 50*time.Hour), "۲ روز پیش"}, {x.Ago(English, 1300*24*time.Hour), "1,300 days ago"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}
