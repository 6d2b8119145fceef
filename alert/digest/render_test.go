package digest

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"

	"feryat/alert/notify"
	"feryat/i18n"
	"feryat/mention"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("%s is not what is rendered now (go test ./alert/digest -update writes it):\n%s", file, got)
	}
}

func renderer(t testing.TB) *Renderer {
	t.Helper()
	r, err := NewRenderer(map[string]map[string]string{"spike": {"tr": "Şikâyetlerde ani artış", "fa": "جهش شکایت‌ها", "en": "Spike of complaints"}}, "https://feryat.example.com/?a=b&c=d")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func letter(t testing.TB, c Config, d mention.Digest, l string) notify.Letter {
	t.Helper()
	got, err := renderer(t).Letter(c, d, l)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func week() Config { return Config{Name: "week", Period: Weekly, Channel: "mail"} }

// A full week reads in each language as the golden files do.
func TestLetters(t *testing.T) {
	for _, l := range i18n.Languages() {
		got := letter(t, week(), sample(), string(l))
		golden(t, string(l)+"/week.html", got.HTML)
		golden(t, string(l)+"/week.txt", got.Subject+"\n\n"+got.Text)
		one := sample()
		one.Brands, one.Rivals, one.Gaps, one.Listed = one.Brands[1:], nil, nil, nil
		one.From = one.To.AddDate(0, 0, -1)
		one.Brands[0].Incidents = nil
		day := letter(t, Config{Name: "day", Period: Daily}, one, string(l))
		golden(t, string(l)+"/day.txt", day.Subject+"\n\n"+day.Text)
		if l == i18n.Persian && regexp.MustCompile(`[0-9]`).MatchString(strings.NewReplacer("https://", "").Replace(regexp.MustCompile(`https?://\S+|Author [0-9]`).ReplaceAllString(got.Text, ""))) {
			t.Error("a Persian text has Latin digits")
		}
	}
}

// Nothing is fetched from elsewhere, and nothing runs.
func TestAPageStandsByItself(t *testing.T) {
	for _, l := range i18n.Languages() {
		page := letter(t, week(), sample(), string(l)).HTML
		if bad := regexp.MustCompile(`(?i)<(script|img|link|svg|style|iframe|object|form)|url\(|@import| on[a-z]+=|src=|ZgotmplZ`).FindString(page); bad != "" {
			t.Errorf("%s: the page has %q", l, bad)
		}
		if !strings.Contains(page, `dir="`+l.Dir()+`"`) {
			t.Errorf("%s: wrong direction", l)
		}
	}
}

// Of few mentions no share is told.
func TestFewAreCountedOnly(t *testing.T) {
	d := sample()
	d.Brands, d.Rivals = d.Brands[1:], nil
	text := letter(t, week(), d, "en").Text
	for _, want := range []string{"Unhappy: 4 of 16 (angry: 1); too few for a percentage · before: 3 of 13\n", "Rating: 3 ratings; too few for a mean\n", "Answered within the promise: 1 of 1\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if strings.Contains(text, "%") {
		t.Errorf("a percentage of few:\n%s", text)
	}
}

func TestAChangeIsClearOnlyBeyondChance(t *testing.T) {
	w := writer{texts: renderer(t).texts, l: i18n.English}
	tally := func(unhappy, mentions int64) mention.Tally {
		return mention.Tally{Mentions: mentions, Unhappy: unhappy}
	}
	for _, c := range []struct {
		now, past mention.Tally
		want      string
	}{
		{tally(300, 1000), tally(200, 1000), "clearly up"}, {tally(200, 1000), tally(300, 1000), "clearly down"}, {tally(12, 40), tally(8, 40), "no clear change"},
		{tally(0, 100), tally(0, 100), "no clear change"}, {tally(100, 100), tally(100, 100), "no clear change"}, {tally(19, 19), tally(0, 1000), ""}, {tally(0, 0), tally(0, 0), ""},
	} {
		if got := w.change(c.now, c.past); got != c.want {
			t.Errorf("%+v after %+v: %q, want %q", c.now, c.past, got, c.want)
		}
	}
	for _, c := range []struct{ now, past, want int64 }{{190, 81, 1}, {20, 66, -1}, {6, 3, 0}, {0, 0, 0}, {7, 0, 1}, {0, 6, 0}} {
		if got := clearly(mention.TopicChange{Now: c.now, Past: c.past}); int64(got) != c.want {
			t.Errorf("%d after %d: %d, want %d", c.now, c.past, got, c.want)
		}
	}
}

// What fills a mail is left out until it fits, and that is said.
func TestALetterIsNeverCutOff(t *testing.T) {
	d := sample()
	for i := range 60 {
		b := d.Brands[0]
		b.Brand = strings.Repeat("ش", i+1)
		d.Brands, d.Rivals, d.Gaps = append(d.Brands, b), append(d.Rivals, d.Rivals[0]), append(d.Gaps, d.Gaps[0])
	}
	for _, l := range i18n.Languages() {
		got := letter(t, week(), d, string(l))
		if len(got.HTML) > MaxHTML || len(got.HTML) < MaxHTML/4 || !strings.Contains(got.Text, renderer(t).texts.T(l, "digest.cut")) {
			t.Errorf("%s: %d bytes", l, len(got.HTML))
		}
	}
	one := letter(t, week(), sample(), "en")
	if strings.Contains(one.Text, "fits into") {
		t.Error("something is left out of a short digest")
	}
}

func hostile() []string {
	return []string{
		"</td></table><script>alert(1)</script><img src=x onerror=alert(1)>", "\u202eesrever\u202c \u2067x", "\u2069\u2069 out", "a\r\nBcc: evil@example.com\r\n\r\nbody", "\x00\x1b[31m", "\xff\xfe\xc3",
		"{{.Foot}} {{template \"x\"}}", "javascript:alert(1)", "http://a.example/\">)|<x>", strings.Repeat("<&\"' ", 20<<10), strings.Repeat("🤬", 30<<10), strings.Repeat("e\u0301", 3000), "&lt;b&gt;", "%s%d%!", "",
	}
}

// poisoned has foreign in all that comes from outside.
func poisoned(foreign string) mention.Digest {
	d := sample()
	for i := range d.Brands {
		b := &d.Brands[i]
		b.Brand = foreign
		for _, rows := range [][]mention.Scored{b.Praise, b.Questions, b.Advocates, b.WonBack} {
			poison(rows, foreign)
		}
		for j := range b.Incidents {
			e := &b.Incidents[j]
			e.Rule, e.Excerpt, e.URL, e.Product, e.Topics, e.State = foreign, foreign, foreign, foreign, []string{foreign}, mention.State(foreign)
		}
		b.Topics = append(b.Topics, mention.TopicChange{Topic: foreign, Now: 1000})
	}
	d.Rivals[0].Brand, d.Rivals[0].Topics = foreign, []mention.TopicChange{{Topic: foreign, Now: 3}}
	poison(d.Rivals[0].Unhappy, foreign)
	d.Listed[0].Rule, d.Gaps[0].Source, d.Gaps[0].Reason = foreign, foreign, foreign
	return d
}

func poison(rows []mention.Scored, foreign string) {
	for i := range rows {
		m := &rows[i].Mention
		m.Text, m.URL, m.Source, m.Author.Name, rows[i].Verdict.Topics = foreign, foreign, foreign, foreign, []string{foreign}
	}
}

func checkHostile(t *testing.T, foreign, l string) {
	t.Helper()
	got := letter(t, week(), poisoned(foreign), l)
	checkMarkup(t, got.HTML)
	for _, part := range []string{got.HTML, got.Text, got.Subject} {
		if !utf8.ValidString(part) || strings.ContainsAny(part, "\x00\x1b\r\u202e\u2067") {
			t.Errorf("%.40q comes through", foreign)
		}
	}
	if len(got.HTML) > MaxHTML || strings.Contains(got.Subject, "\n") {
		t.Errorf("%.40q: %d bytes, subject %q", foreign, len(got.HTML), got.Subject)
	}
	if open, closed := strings.Count(got.HTML, "\u2068"), strings.Count(got.HTML, "\u2069"); open != closed {
		t.Errorf("%.40q: %d isolates begin, %d end", foreign, open, closed)
	}
}

// checkMarkup wants no other elements and attributes than those of the template.
func checkMarkup(t *testing.T, page string) {
	t.Helper()
	elements := strings.Fields("html head meta title body table tbody tr td th h1 h2 h3 p span b br a")
	attributes := strings.Fields("lang dir charset name content style role width cellpadding cellspacing align valign bgcolor scope aria-hidden height href")
	for z := html.NewTokenizer(strings.NewReader(page)); z.Next() != html.ErrorToken; {
		x := z.Token()
		if x.Type != html.StartTagToken && x.Type != html.SelfClosingTagToken {
			continue
		}
		if !slices.Contains(elements, x.Data) {
			t.Errorf("the page has the element %s", x.Data)
		}
		for _, a := range x.Attr {
			if !slices.Contains(attributes, a.Key) || a.Key == "href" && !strings.HasPrefix(a.Val, "http") || strings.Contains(a.Val, "ZgotmplZ") {
				t.Errorf("the page has %s=%.60q", a.Key, a.Val)
			}
		}
	}
}

func TestHostileTextStaysText(t *testing.T) {
	for _, l := range i18n.Languages() {
		for _, foreign := range hostile() {
			checkHostile(t, foreign, string(l))
		}
	}
}

func FuzzLetter(f *testing.F) {
	for i, s := range hostile() {
		f.Add(s, byte(i))
	}
	f.Fuzz(func(t *testing.T, foreign string, choice byte) {
		checkHostile(t, foreign, string(i18n.Languages()[choice%3]))
	})
}

func TestAZoneThatIsNone(t *testing.T) {
	d := sample()
	d.Zone = "Nowhere/Land"
	if _, err := renderer(t).Letter(week(), d, "en"); err == nil {
		t.Error("taken")
	}
}
