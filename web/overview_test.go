package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"feryat/i18n"
	"feryat/mention"
)

// shown are the figures of a page, as a person reads them off it.
type shown struct {
	Figures, Days, Topics, Brands, Unhappy []string
}

func read(p *tab) shown {
	p.t.Helper()
	eval[bool](p, `document.querySelectorAll("details").forEach(d => d.open = true) ?? true`)
	rows := func(selector string) []string {
		return eval[[]string](p, `[...document.querySelectorAll("`+selector+` tbody tr")].map(r => [...r.cells].map(c => c.innerText.trim()).join("|"))`)
	}
	return shown{Figures: p.texts(".figures b"), Days: rows("details table"), Topics: rows("table.topics"), Brands: rows("table.brands"), Unhappy: p.texts("[class*=-edge] > .text")}
}

// counted are the figures by which the page is checked: counted here, from the rows.
func counted(rows []mention.Scored, brand string, days int, waiting int) (figures []string) {
	total, unhappy := 0, 0
	from := now().Truncate(24*time.Hour).AddDate(0, 0, 1-days)
	for _, r := range rows {
		if r.Mention.Author.Own || r.Mention.Gone || brand != "" && r.Brand != brand || r.Mention.Written.Time.Before(from) {
			continue
		}
		total++
		if r.Verdict.Mood.Unhappy() {
			unhappy++
		}
	}
	share := "0%"
	if total > 0 {
		share = i18n.Percent(i18n.English, float64(unhappy)/float64(total))
	}
	return []string{strconv.Itoa(total), strconv.Itoa(unhappy), share, strconv.Itoa(waiting)}
}

// TestFigures compares the page with what went into the store, after everything
// that must not change a figure and after what must.
func TestFigures(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	rows := fill(t, store)
	site := serve(t, newServer(t, store, nil))
	p := openTab(t)
	if status := p.open(site + "/?lang=en"); status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	first := read(p)
	if want := counted(rows, "", 30, 1); !slices.Equal(first.Figures, want) {
		t.Errorf("figures %v, counted %v", first.Figures, want)
	}
	if want := topics(rows); !slices.Equal(slices.Sorted(slices.Values(first.Topics)), want) {
		t.Errorf("topics %v, counted %v", first.Topics, want)
	}
	if len(first.Days) != 5 || first.Days[0] != dayLine(rows, "2 Nov 2026") || len(first.Brands) != 2 || !strings.HasPrefix(first.Brands[0], "Paytak|7|") {
		t.Errorf("days %v, brands %v", first.Days, first.Brands)
	}
	if len(first.Unhappy) < 4 || !strings.HasPrefix(first.Unhappy[0], "Kargo 10 gündür") {
		t.Errorf("the newest unhappy customer does not come first: %q", first.Unhappy)
	}

	for range 3 {
		insert(t, store, rows) // as after a crash before the acknowledgement
	}
	p.open(site + "/?lang=en")
	if again := read(p); !equal(again, first) {
		t.Errorf("redelivery changed\n%+v\nto\n%+v", first, again)
	}

	rows[0].Mention.Gone, rows[0].Mention.Collected = true, now()
	rows[0].Mention = rows[0].Mention.Revise()
	insert(t, store, rows[:1])
	p.open(site + "/?lang=en")
	gone := read(p)
	if want := counted(rows, "", 30, 1); !slices.Equal(gone.Figures, want) {
		t.Errorf("after a mention was deleted: %v, counted %v", gone.Figures, want)
	}
	if slices.Contains(gone.Unhappy, first.Unhappy[0]) {
		t.Error("the deleted mention is still shown")
	}
	p.open(site + "/m/" + string(rows[0].Mention.ID))
	if got := p.text(".notice"); got != "No longer shown at the source" {
		t.Errorf("the deleted mention says %q", got)
	}
}

// dayLine is the line of one day in the table of moods.
func dayLine(rows []mention.Scored, day string) string {
	counts := map[mention.Mood]int{}
	for _, r := range rows {
		if r.Mention.Written.Time.Format("2 Jan 2006") == day && !r.Mention.Author.Own {
			counts[r.Verdict.Mood]++
		}
	}
	for _, mood := range mention.Moods() {
		day += fmt.Sprint("|", counts[mood])
	}
	return day
}

// topics counts, as the table shows them.
func topics(rows []mention.Scored) (lines []string) {
	texts, _ := i18n.Load()
	complaints, praise := map[string]int{}, map[string]int{}
	for _, r := range rows {
		if r.Mention.Author.Own || r.Mention.Written.Time.Before(now().AddDate(0, 0, -29)) {
			continue
		}
		for _, topic := range r.Verdict.Topics {
			complaints[topic]++
			praise[topic] += 0
		}
		for _, topic := range r.Verdict.Praise {
			praise[topic]++
		}
	}
	for topic, n := range praise {
		lines = append(lines, fmt.Sprintf("%s|%d|%d", texts.T(i18n.English, "topic."+topic), complaints[topic], n))
	}
	slices.Sort(lines)
	return lines
}

func equal(a, b shown) bool {
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	return string(x) == string(y)
}

func TestFilters(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	rows := fill(t, store)
	site := serve(t, newServer(t, store, nil))
	for _, c := range []struct {
		query, brand string
		days         int
		waiting      int
	}{
		{"", "", 30, 1}, {"&days=7", "", 7, 1}, {"&days=90", "", 90, 1}, {"&days=1", "", 1, 1}, {"&days=45", "", 45, 1},
		{"&brand=Rakip", "Rakip", 30, 0}, {"&brand=Paytak&days=365", "Paytak", 365, 1},
		{"&days=0", "", 30, 1}, {"&days=-3", "", 30, 1}, {"&days=366", "", 30, 1}, {"&days=99999999999999999999", "", 30, 1}, {"&days=%00", "", 30, 1}, {"&days=7;days=8", "", 30, 1},
		{"&brand=nobody", "nobody", 30, 0}, {"&brand=%27%20OR%201%3D1%20--", "' OR 1=1 --", 30, 0}, {"&brand=%FFx%FE", "\uFFFDx\uFFFD", 30, 0}, {"&brand=%3Cscript%3Ealert(1)%3C/script%3E", "<script>alert(1)</script>", 30, 0},
		{"&brand=" + strings.Repeat("x", 20000), strings.Repeat("x", 20000), 30, 0},
	} {
		page := parse(t, get(t, site+"/?lang=en"+c.query), http.StatusOK)
		if got, want := lines(page.Find(".figures b")), counted(rows, c.brand, c.days, c.waiting); !slices.Equal(got, want) {
			t.Errorf("%.60s: %v, counted %v", c.query, got, want)
		}
		if days := page.Find("select[name=days] option[selected]").AttrOr("value", ""); days != strconv.Itoa(c.days) {
			t.Errorf("%.60s: the form says %s days", c.query, days)
		}
		if chosen := page.Find("select[name=brand] option[selected]").AttrOr("value", ""); chosen != c.brand {
			t.Errorf("%.60s: the form says brand %q", c.query, chosen)
		}
	}
	p := openTab(t)
	p.open(site + "/?lang=en")
	p.set("select[name=brand]", "Rakip")
	p.click("main form button")
	if got, want := p.texts(".figures b"), counted(rows, "Rakip", 30, 0); !slices.Equal(got, want) {
		t.Errorf("the form gives %v, counted %v", got, want)
	}
}

func TestOverviewJSON(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	site := serve(t, newServer(t, store, nil))
	empty := get(t, site+"/api/overview")
	for _, list := range []string{"moods", "topics", "brands", "unhappy", "escalations", "sources"} {
		if !strings.Contains(empty.body, `"`+list+`":[]`) {
			t.Errorf("of an empty store, %s is no empty list: %s", list, empty.body)
		}
	}
	rows := fill(t, store)
	a := get(t, site+"/api/overview?brand=Paytak&days=30")
	var o Overview
	if err := json.Unmarshal([]byte(a.body), &o); err != nil || a.status != http.StatusOK || a.header.Get("Content-Type") != "application/json" {
		t.Fatalf("%d %v %v", a.status, a.header, err)
	}
	want := counted(rows, "Paytak", 30, 1)
	if got := []string{strconv.FormatInt(o.Total(), 10), strconv.FormatInt(o.UnhappyCount(), 10), want[2], strconv.Itoa(o.Waiting)}; !slices.Equal(got, want) {
		t.Errorf("%v, counted %v", got, want)
	}
	if len(o.Escalations) != 1 || len(o.Sources) != 7 || o.Healthy() != 5 || !o.Newest().Equal(now().Add(-2*time.Minute)) || len(o.Unhappy) == 0 || o.Unhappy[0].Mention.ID != idOf("deniz_k") {
		t.Errorf("%+v", o)
	}
}

// TestManyEscalations: the list ends somewhere, the figure does not.
func TestManyEscalations(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	row := score(t, sample()[:1])[0]
	var events []mention.Event
	for i := range escalatedShown + 5 {
		events = append(events, escalation(row, "e"+strconv.Itoa(i)))
	}
	other := row
	other.Brand = "Rakip"
	if err := store.InsertEvents(t.Context(), append(events, escalation(other, "other"))); err != nil {
		t.Fatal(err)
	}
	o, err := newServer(t, store, nil).ask(newRequest(t, "/?brand=Paytak"))
	if err != nil || o.Waiting != escalatedShown+5 || len(o.Escalations) != escalatedShown {
		t.Errorf("%d wait, %d shown, %v", o.Waiting, len(o.Escalations), err)
	}
}
