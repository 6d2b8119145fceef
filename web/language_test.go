package web

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"feryat/i18n"
	"feryat/mention"
)

// ours collects every text of a page that is the program's own: what the
// visitor reads, tooltips and names for screen readers, but no names, texts and
// codes of others.
const ours = `(() => {
  const foreign = (e) => !e.closest("time") && e.closest("bdi, [dir=auto], .text, code, kbd, nav, script");
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), out = [document.title];
  while (walker.nextNode()) if (!foreign(walker.currentNode.parentElement)) out.push(walker.currentNode.data.trim());
  for (const e of document.querySelectorAll("[title], [aria-label]"))
    out.push(e.getAttribute("title") ?? "", e.getAttribute("aria-label") ?? "");
  return out.filter((t) => t !== "");
})()`

// TestLanguages reads both pages in each language, and looks for words of another.
func TestLanguages(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	rows := fill(t, store)
	crowd(t, store, rows[:6], 60) // the author of e1 has other cases
	s := newServer(t, store, nil)
	s.office = &advisers{}
	s.FollowCases(bucketOf(t, newQueue(t), "cases"))
	site := serve(t, s)
	p := openTab(t)
	for _, l := range i18n.Languages() {
		for _, path := range []string{"/?lang=" + string(l), "/m/" + string(rows[0].Mention.ID), "/m/nothing", "/inbox", "/inbox?severity=critical&late=yes&team=-&holder=-&page=2", "/e/e1", drafted} {
			p.open(site + path) // the language of the first page lasts
			if got := eval[string](p, "document.documentElement.lang + ' ' + getComputedStyle(document.body).direction"); got != string(l)+" "+l.Dir() {
				t.Errorf("%s in %s: page is %q", path, l, got)
			}
			for _, text := range eval[[]string](p, ours) {
				if fault := misplaced(l, text); fault != "" {
					t.Errorf("%s in %s: %q has %s", path, l, text, fault)
				}
			}
			if path == drafted && (len(p.texts("#draft")) != 1 || len(p.texts(".text mark")) == 0 || len(p.texts(".customer")) != 1) {
				t.Errorf("%s in %s: no draft, no evidence or no customer: %s", path, l, p.text("main"))
			}
		}
	}
}

// misplaced tells what in a text is of another language, or no word at all.
func misplaced(l i18n.Language, text string) string {
	if code := aCode.FindString(text); code != "" {
		return "the code " + code
	}
	if l == i18n.Turkish {
		for _, word := range letters.FindAllString(text, -1) {
			if englishOnly()[strings.ToLower(word)] {
				return "the English word " + word
			}
		}
	}
	return strange[l].FindString(strings.ReplaceAll(text, "robots.txt", ""))
}

// englishOnly are the words that the table has in English and not in Turkish.
var englishOnly = sync.OnceValue(func() map[string]bool {
	words := vocabulary(i18n.English)
	for word := range vocabulary(i18n.Turkish) {
		delete(words, word)
	}
	return words
})

func vocabulary(l i18n.Language) map[string]bool {
	all := map[string]bool{}
	texts, err := i18n.Load()
	if err != nil {
		return all
	}
	for _, family := range []string{"ui", "mood", "topic", "praised", "signal", "customer", "rule", "why", "severity", "state", "reason", "month", "ago"} {
		_, found := texts.Family(family, l)
		for _, phrase := range found {
			for _, word := range letters.FindAllString(strings.ToLower(phrase), -1) {
				all[word] = true
			}
		}
	}
	return all
}

var (
	letters = regexp.MustCompile(`\pL+`)
	aCode   = regexp.MustCompile(`[a-z]+_[a-z]|\b(ui|mood|topic|praised|signal|rule|why|state|reason|month|jalali)\.[a-z0-9]|%!|\bund\b`)
	// strange are the characters that the program's own words never have.
	strange = map[i18n.Language]*regexp.Regexp{
		i18n.Persian: regexp.MustCompile(`[A-Za-z0-9يك]`),
		i18n.English: regexp.MustCompile(`[^\x00-\x7F·–…“”’✓✗★→●\x{2068}\x{2069}]`),
		i18n.Turkish: regexp.MustCompile(`[\x{0600}-\x{06FF}]`),
	}
)

func TestMisplacedIsSeen(t *testing.T) {
	t.Parallel()
	for text, l := range map[string]i18n.Language{
		"ui.brand": i18n.Turkish, "brand_new": i18n.Persian, "برند 7": i18n.Persian, "Mentions": i18n.Turkish, "Brand": i18n.Persian,
		"Öfkeli": i18n.English, "عصبانی": i18n.Turkish, "%!s(MISSING)": i18n.English,
	} {
		if misplaced(l, text) == "" {
			t.Errorf("%q passes as %s", text, l)
		}
	}
}

// TestTextsAreThere: every text that a page or its code asks for is in the table.
func TestTextsAreThere(t *testing.T) {
	t.Parallel()
	s := newServer(t, nil, nil)
	asked := 0
	for _, pattern := range []string{"templates/*.html", "*.go"} {
		files, _ := filepath.Glob(pattern)
		for _, file := range files {
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, key := range regexp.MustCompile(`"((?:ui|ago|rule)\.[a-z_]+)"`).FindAllStringSubmatch(string(source), -1) {
				if asked++; !s.texts.Has(key[1]) && !strings.HasSuffix(file, "_test.go") {
					t.Errorf("%s asks for %s", file, key[1])
				}
			}
		}
	}
	if asked < 40 {
		t.Errorf("only %d texts found", asked)
	}
}

func TestCoverageLine(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	s := newServer(t, store, nil)
	site := serve(t, s)
	line := func(l string) string {
		return strings.TrimSpace(parse(t, get(t, site+"/?lang="+l), http.StatusOK).Find(".coverage").Text())
	}
	for l, want := range map[string]string{"en": "No source has run yet.", "tr": "Hiçbir kaynak henüz çalışmadı.", "fa": "هنوز هیچ منبعی اجرا نشده است."} {
		if got := line(l); got != want {
			t.Errorf("without sources: %q, want %q", got, want)
		}
	}
	if err := store.InsertVisits(t.Context(), visits()[5:]); err != nil {
		t.Fatal(err)
	}
	if got := line("en"); got != "0 of 2 sources, no data yet" {
		t.Errorf("without data: %q", got)
	}
	if err := store.InsertVisits(t.Context(), visits()); err != nil {
		t.Fatal(err)
	}
	for l, want := range map[string]string{
		"en": "5 of 7 sources, newest 2 minutes ago",
		"tr": "7 kaynaktan 5 tanesi sağlıklı, en yeni veri 2 dakika önce",
		"fa": "۵ منبع از ۷ منبع سالم است، تازه‌ترین داده ۲ دقیقه پیش",
	} {
		if got := line(l); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	page := parse(t, get(t, site+"/?lang=en"), http.StatusOK)
	if !page.Find(".coverage").HasClass("warn") {
		t.Error("the line does not warn of the sources in trouble")
	}
	got := page.Find("#coverage tr.warn").Map(rowText)
	want := []string{"kapali|✗ In trouble|7 minutes ago|1|pages without content: 1 · asks for a human check", "kayip|✗ In trouble|8 minutes ago|1|pages not fetched: 1 · host name not found"}
	if !slices.Equal(got, want) {
		t.Errorf("in trouble: %q", got)
	}
}

func TestEmptyStore(t *testing.T) {
	t.Parallel()
	site := serve(t, newServer(t, openStore(t), nil))
	p := openTab(t)
	for l, want := range map[string]string{"en": "No data yet", "tr": "Henüz veri yok", "fa": "هنوز داده‌ای نیست"} {
		if status := p.open(site + "/?lang=" + l); status != http.StatusOK || !strings.Contains(p.text("main"), want) {
			t.Errorf("%s: status %d, %q", l, status, p.text("main"))
		}
	}
}

func TestTimesAreNoMoreExactThanTheSource(t *testing.T) {
	t.Parallel()
	s := newServer(t, nil, nil)
	at := now().AddDate(0, 0, -1).Add(-13 * time.Hour) // 4 November, 23:00 UTC
	for _, c := range []struct {
		w    mention.Written
		list string
		page string
	}{
		{mention.Written{}, "time unknown", "time unknown"},
		{mention.Written{Time: at, Precision: mention.PrecisionUnknown}, "time unknown", "time unknown"},
		{mention.Written{Time: at, Precision: mention.PrecisionDay}, "4 Nov 2026", "4 Nov 2026"},
		{mention.Written{Time: at, Precision: mention.PrecisionDay, Zone: "Asia/Tehran"}, "5 Nov 2026", "5 Nov 2026"},
		{mention.Written{Time: at, Precision: mention.PrecisionDay, Zone: "No/Where"}, "4 Nov 2026", "4 Nov 2026"},
		{mention.Written{Time: at, Precision: mention.PrecisionMinute}, "1 day ago", "4 Nov 2026 23:00"},
	} {
		if got := s.written(i18n.English, c.w); got != c.list {
			t.Errorf("%+v in a list: %q, want %q", c.w, got, c.list)
		}
		if got := s.when(i18n.English, c.w); got != c.page {
			t.Errorf("%+v: %q, want %q", c.w, got, c.page)
		}
	}
}

func TestStars(t *testing.T) {
	t.Parallel()
	s := newServer(t, nil, nil)
	for _, c := range []struct {
		l    i18n.Language
		r    *mention.Rating
		want string
	}{
		{i18n.English, nil, ""}, {i18n.English, &mention.Rating{Value: 4.5, Best: 5}, "4.5/5"}, {i18n.Turkish, &mention.Rating{Value: 4.5, Best: 5}, "4,5/5"},
		{i18n.Persian, &mention.Rating{Value: 3.5, Best: 10}, "۳٫۵ از ۱۰"}, {i18n.English, &mention.Rating{Value: 900, Best: 1000}, "900/1000"},
	} {
		if got := s.stars(c.l, c.r); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}
