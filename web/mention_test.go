package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"feryat/i18n"
	"feryat/mention"
)

func TestMentionPage(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	rows := fill(t, store)
	site := serve(t, newServer(t, store, nil))
	p := openTab(t)
	for _, row := range rows[:7] {
		if status := p.open(site + "/m/" + string(row.Mention.ID) + "?lang=en"); status != http.StatusOK {
			t.Fatalf("status %d", status)
		}
		if got := p.texts(".judged > p.text:not(.title)"); len(got) != 1 || got[0] != row.Mention.Text {
			t.Errorf("text %q, want %q", got, row.Mention.Text)
		}
		marks := eval[[]string](p, `[...document.querySelectorAll(".judged > p.text:not(.title) mark")].map(m => m.textContent)`)
		if want := evidence(row); !slices.Equal(marks, want) {
			t.Errorf("underlined: %s", cmp.Diff(want, marks))
		}
		if got := len(p.texts(".judged .reasons tbody tr")); got != len(row.Verdict.Reasons) {
			t.Errorf("%d reasons in the table, want %d", got, len(row.Verdict.Reasons))
		}
		if got, want := p.text(".judged .reasons tfoot td"), i18n.Signed(i18n.English, row.Verdict.Raw, 2); got != want {
			t.Errorf("sum %s, want %s", got, want)
		}
	}
	if a := get(t, site+"/m/"+string(rows[0].Mention.ID)+"?lang=en"); !strings.Contains(a.body, "Legal threat") || !strings.Contains(a.body, "in the title: opinion word") {
		t.Errorf("what the text says is not named: %s", a.body)
	}
}

// evidence lists the pieces of the text that reasons rest on, in order; where
// they overlap, the text is cut.
func evidence(s mention.Scored) []string {
	found, at := []string{}, map[int]bool{}
	for _, r := range s.Verdict.Reasons {
		at[r.Start], at[r.End] = true, true
	}
	last := 0
	for i := range len(s.Mention.Text) + 1 {
		if !at[i] && i != len(s.Mention.Text) || i == last {
			continue
		}
		if slices.ContainsFunc(s.Verdict.Reasons, func(r mention.Reason) bool { return r.Start <= last && r.End >= i && r.Text != "" }) {
			found = append(found, s.Mention.Text[last:i])
		}
		last = i
	}
	return found
}

// TestAnswer: the page of a reply shows what it answers, if that is known.
func TestAnswer(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	rows := fill(t, store)
	site := serve(t, newServer(t, store, nil))
	page := parse(t, get(t, site+"/m/"+string(rows[1].Mention.ID)+"?lang=en"), http.StatusOK)
	if first := page.Find("section").First(); first.Find("h2").Text() != "In reply to" || first.Find("p.text").Text() != rows[0].Mention.Text {
		t.Errorf("the answered mention is not shown: %q", first.Text())
	}
	if link := page.Find("section").First().Find("a").AttrOr("href", ""); link != "/m/"+string(rows[0].Mention.ID) {
		t.Errorf("it leads to %q", link)
	}
	if !strings.Contains(page.Find("h1").Text(), "The brand's reply") {
		t.Errorf("the reply is not told from a customer's words: %q", page.Find("h1").Text())
	}
	orphan := score(t, []words{{brand: "Paytak", author: "o", text: "Kötü.", answers: "never collected"}})
	insert(t, store, orphan)
	if a := get(t, site+"/m/"+string(orphan[0].Mention.ID)); a.status != http.StatusOK || strings.Contains(a.body, "In reply to") {
		t.Errorf("%d: %s", a.status, a.body)
	}
}

func TestTwoBrands(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	rows := score(t, []words{{brand: "Paytak", author: "a", text: "Paytak berbat, Rakip harika."}, {brand: "Rakip", author: "a", text: "Paytak berbat, Rakip harika."}})
	insert(t, store, rows)
	page := parse(t, get(t, serve(t, newServer(t, store, nil))+"/m/"+string(idOf("a"))), http.StatusOK)
	if got := lines(page.Find(".judged > h1 bdi, .judged > h2 bdi")); !slices.Equal(got, []string{"Paytak", "Rakip"}) {
		t.Errorf("seen with the eyes of %q", got)
	}
}

func TestNoSuchMention(t *testing.T) {
	t.Parallel()
	site := serve(t, newServer(t, openStore(t), nil))
	for _, id := range []string{"nothing", strings.Repeat("0", 32), "%00", "%FF", "'%20OR%20'1'='1", strings.Repeat("a", 10000)} {
		if page := parse(t, get(t, site+"/m/"+id+"?lang=en"), http.StatusNotFound); page.Find("main p").Text() != "There is no such record." {
			t.Errorf("%.30s: %q", id, page.Find("main").Text())
		}
	}
}

func TestSpans(t *testing.T) {
	t.Parallel()
	s := newServer(t, nil, nil)
	const text = "çok kötü 😡 iş"
	reason := func(start, end int, weight float64) mention.Reason {
		return mention.Reason{Rule: "lexicon", Start: start, End: end, Weight: weight}
	}
	for name, c := range map[string]struct {
		reasons []mention.Reason
		want    string
	}{
		"none":           {nil, "çok kötü 😡 iş"},
		"one":            {[]mention.Reason{reason(5, 11, -2)}, "çok [neg kötü] 😡 iş"},
		"overlapping":    {[]mention.Reason{reason(0, 11, 1), reason(5, 16, -2)}, "[pos çok ][neg kötü][neg  😡] iş"},
		"nested":         {[]mention.Reason{reason(0, 20, 0), reason(5, 11, -2)}, "[note çok ][neg kötü][note  😡 iş]"},
		"the same twice": {[]mention.Reason{reason(5, 11, -2), reason(5, 11, 2)}, "çok [note kötü] 😡 iş"},
		"side by side":   {[]mention.Reason{reason(5, 11, -2), reason(11, 16, -1)}, "çok [neg kötü][neg  😡] iş"},
		"zero width":     {[]mention.Reason{reason(5, 5, -2), reason(0, 0, 1), reason(20, 20, 1)}, text},
		"outside":        {[]mention.Reason{reason(-1, 4, 1), reason(5, 99, 1), reason(99, 100, 1), reason(11, 5, 1)}, text},
		"inside letters": {[]mention.Reason{reason(1, 4, 1), reason(5, 7, 1), reason(13, 16, 1), reason(12, 14, 1)}, text},
		"whole":          {[]mention.Reason{reason(0, 20, 3)}, "[pos çok kötü 😡 iş]"},
	} {
		var b strings.Builder
		for _, sp := range s.spans(i18n.English, text, c.reasons) {
			if sp.Class == "" {
				b.WriteString(sp.Text)
			} else {
				fmt.Fprintf(&b, "[%s %s]", sp.Class, sp.Text)
			}
		}
		if b.String() != c.want {
			t.Errorf("%s: %q, want %q", name, b.String(), c.want)
		}
	}
}

// TestRuleNames: every rule of the scorer has words in every language.
func TestRuleNames(t *testing.T) {
	t.Parallel()
	s := newServer(t, nil, nil)
	for rule, want := range map[string]string{
		"lexicon": "duygu sözcüğü", "rating": "verilen puan", "topic:delay": "şikâyet: Gecikme", "praise:delivery": "övgü: Teslimat", "signal:legal_threat": "belirti: Hukuki yola başvuracak",
		"customer:loyal": "müşteri türü: sadık", "blamed:courier": "sorumlu tutulan: kargo", "title:negated": "başlıkta: olumsuzlanmış sözcük", "title:topic:lost": "başlıkta: şikâyet: Kayıp",
		"of_tomorrow": "of_tomorrow", "new:thing": "new:thing", "": "",
	} {
		if got := s.texts.Rule(i18n.Turkish, rule); got != want {
			t.Errorf("%s: %q, want %q", rule, got, want)
		}
	}
	for _, row := range score(t, sample()) {
		for _, r := range row.Verdict.Reasons {
			for _, l := range i18n.Languages() {
				if fault := misplaced(l, s.reasonNote(l, r)); fault != "" {
					t.Errorf("%s in %s: %q has %s", r.Rule, l, s.reasonNote(l, r), fault)
				}
			}
		}
	}
}

func TestBrief(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("uzun bir söz ", 200)
	for _, c := range []struct {
		text  string
		whole bool
		least int
	}{{"", true, 0}, {"kısa", true, 5}, {strings.Repeat("a", briefText), true, briefText}, {long, false, briefText - 20}, {strings.Repeat("ş", 2000), false, briefText - 4}, {strings.Repeat("\x80", 2000), false, briefText - 4}} {
		got, whole := brief(c.text)
		if whole != c.whole || !strings.HasPrefix(c.text, got) || len(got) > briefText || len(got) < c.least || utf8.ValidString(c.text) && !utf8.ValidString(got) {
			t.Errorf("%.20q: %d bytes, whole %v", c.text, len(got), whole)
		}
	}
	store := openStore(t)
	insert(t, store, score(t, []words{{brand: "Paytak", author: "l", text: "Berbat! " + long}}))
	page := parse(t, get(t, serve(t, newServer(t, store, nil))+"/?lang=en"), http.StatusOK)
	if said := page.Find("article p.text").Text(); !strings.HasSuffix(said, "…") || len(said) > briefText+3 || !strings.Contains(page.Find("article a.more").Text(), "read on") {
		t.Errorf("a long text is not cut: %d bytes, %q", len(said), page.Find("article a.more").Text())
	}
}

// FuzzSpans: whatever the reasons, the pieces are the text, and a piece is
// underlined exactly where a reason that fits covers it.
func FuzzSpans(f *testing.F) {
	f.Add("çok kötü", []byte{0, 4, 1, 5, 11, 2})
	f.Add("a\xffb", []byte{0, 1, 3, 1, 2, 200})
	f.Add("", []byte{0, 0, 0})
	s := newServer(f, nil, nil)
	f.Fuzz(func(t *testing.T, text string, raw []byte) {
		var reasons []mention.Reason
		for ; len(raw) >= 3; raw = raw[3:] {
			reasons = append(reasons, mention.Reason{Rule: "lexicon", Start: int(int8(raw[0])), End: int(int8(raw[1])), Weight: float64(int8(raw[2]))})
		}
		checkSpans(t, text, reasons, s.spans(i18n.Persian, text, reasons))
	})
}

func checkSpans(t *testing.T, text string, reasons []mention.Reason, spans []Span) {
	t.Helper()
	at := 0
	for _, sp := range spans {
		end := at + len(sp.Text)
		if sp.Text == "" || end > len(text) || text[at:end] != sp.Text {
			t.Fatalf("piece %q does not stand at %d of %q", sp.Text, at, text)
		}
		covered := slices.ContainsFunc(reasons, func(r mention.Reason) bool {
			return r.Start <= at && r.End >= end && r.Start >= 0 && r.End <= len(text) && boundary(text, r.Start) && boundary(text, r.End)
		})
		if covered != (sp.Class != "") || covered != (sp.Title != "") {
			t.Fatalf("piece %q at %d: covered %v, class %q, title %q", sp.Text, at, covered, sp.Class, sp.Title)
		}
		at = end
	}
	if at != len(text) {
		t.Fatalf("%d bytes of %q are left out", len(text)-at, text)
	}
}
