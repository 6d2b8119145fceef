package digest

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"

	"feryat/i18n"
	"feryat/mention"
	"feryat/storage"
	"feryat/storage/engine/enginetest"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

// remark is what somebody wrote, so many hours before monday, about a brand.
func remark(n int, brand string, hours int, mood mention.Mood, edit func(*mention.Scored)) mention.Scored {
	texts := map[mention.Mood][]string{
		mention.Angry:        {"Kargo on gündür gelmedi, telefona bakan yok, rezalet!", "ده روز است سفارشم نرسیده و هیچ‌کس پاسخگو نیست!", "Ten days and no parcel, nobody answers. Disgraceful."},
		mention.Dissatisfied: {"İade talebim hâlâ sonuçlanmadı.", "مرجوعی من هنوز تأیید نشده است.", "Still waiting for my refund."},
		mention.Satisfied:    {"Hızlı kargo ve özenli paketleme, teşekkürler.", "ارسال سریع و بسته‌بندی عالی، ممنون.", "Quick delivery, lovely packaging. Thank you!"},
		mention.Neutral:      {"Sipariş verdim, bekliyorum.", "سفارش دادم و منتظرم.", "Ordered, waiting."},
	}
	source := []string{"dukkan", "bazaar", "forum"}[n%3]
	m := mention.Mention{
		ID: mention.NewID("site", source, brand+fmt.Sprint(n)), Source: source, SourceKind: "site", Kind: mention.KindReview, URL: fmt.Sprintf("https://%s.example.com/%d", source, n),
		Author: mention.Author{ID: fmt.Sprint("a", n), Name: fmt.Sprint("Author ", n%40)}, Text: texts[mood][n%3], Language: []string{"tr", "fa", "en"}[n%3],
		Written: mention.Written{Time: monday().Add(-time.Duration(hours) * time.Hour).UTC(), Precision: mention.PrecisionMinute}, Collected: monday().Add(-time.Hour).UTC(), Origin: mention.OriginLive,
	}
	row := mention.Scored{Mention: m, Brand: brand, Verdict: mention.Verdict{Language: m.Language, Mood: mood, Lexicon: "1", Priority: 3}}
	if mood.Unhappy() {
		row.Verdict.Topics = []string{"delay", "refund_return", "support_unreachable"}[n%3 : n%3+1]
	}
	if edit != nil {
		edit(&row)
	}
	row.Mention = row.Mention.Revise()
	return row
}

// fortnight is a bad week after a better one, of a brand, a small one and a rival.
func fortnight() (rows []mention.Scored) {
	moods := []mention.Mood{mention.Satisfied, mention.Neutral, mention.Dissatisfied, mention.Angry}
	for n := range 220 {
		week := n % 2 // 0 is the older
		mood := moods[min(3, (n*7+week*n%3)%(5+week)%4)]
		rows = append(rows, remark(n, "Paytak", 12+(n*5)%150+168*(1-week), mood, nil))
	}
	for n := range 9 {
		rows = append(rows, remark(500+n, "اکمی", 20+15*n, moods[n%4], nil), remark(600+n, "Getirgötür", 20+15*n, mention.Dissatisfied, nil))
	}
	to := func(from, to string) func(*mention.Scored) {
		return func(r *mention.Scored) { r.Verdict.Switches = &mention.Switch{From: from, To: to} }
	}
	for n := range 3 {
		rows = append(rows, remark(700+n, "Paytak", 30+n, mention.Dissatisfied, to("Paytak", "Getirgötür")), remark(710+n, "Paytak", 40+n, mention.Satisfied, to("Getirgötür", "Paytak")))
	}
	return append(rows, remark(720, "Paytak", 50, mention.Angry, to("Paytak", "")),
		remark(730, "Paytak", 55, mention.Satisfied, func(r *mention.Scored) { r.Verdict.Signals = []string{"win_back"} }),
		remark(731, "Paytak", 56, mention.Neutral, func(r *mention.Scored) { r.Verdict.Signals = []string{"question"} }))
}

// told are escalations of the week: one answered late, one not at all, one solved at once, and an incident.
func told() (events []mention.Event) {
	for i, after := range []int{20, 0, 400} { // minutes to the answer, 0 is none
		row := remark(800+i, "Paytak", 60+i, mention.Angry, nil)
		at := row.Mention.Written.Time
		e := mention.Escalation{ID: fmt.Sprint("e", i), Rule: "angry", Severity: "high", Brand: "Paytak", Mention: row.Mention.ID, Source: row.Mention.Source, URL: row.Mention.URL, Author: row.Mention.Author,
			Excerpt: row.Mention.Text, Mood: mention.Angry, Topics: row.Verdict.Topics, Opened: at.Add(time.Minute), Written: at, Seen: at, Stored: at, Due: at.Add(time.Hour), State: mention.StateOpen}
		events = append(events, mention.Event{ID: e.ID + "o", At: e.Opened, Step: 1, Type: "opened", State: e.State, Escalation: e})
		if after > 0 {
			e.Answered, e.State, e.Reply = at.Add(time.Duration(after)*time.Minute), mention.StateAnswered, mention.ReplySolution
			events = append(events, mention.Event{ID: e.ID + "a", At: e.Answered, Step: 2, Type: "answered", State: e.State, Escalation: e})
		}
	}
	f := mention.Figures{Kind: mention.FiguresSpike, Observed: 41, Expected: 6.2, Hours: 2, People: 38}
	at := monday().Add(-90 * time.Hour).UTC()
	spike := mention.Escalation{ID: "i1", Rule: "spike", Severity: "high", Brand: "Paytak", Topics: []string{"delay"}, State: mention.StateOpen, Opened: at, Figures: &f, Excerpt: f.String()}
	return append(events, mention.Event{ID: "i1o", At: at, Step: 1, Type: "opened", State: spike.State, Escalation: spike})
}

// seeded is the digest of a store that holds all of this.
func seeded(t *testing.T) mention.Digest {
	t.Helper()
	access := enginetest.Start(t)
	cfg := storage.DefaultConfig()
	cfg.URL, cfg.User, cfg.Password, cfg.Database, cfg.Secret = access.URL, access.WriterUser, access.WriterPassword, access.Database, []byte("test")
	s, err := storage.Open(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if _, err := s.Insert(t.Context(), fortnight()); err != nil {
		t.Fatal(err)
	}
	if err := s.InsertEvents(t.Context(), told()); err != nil {
		t.Fatal(err)
	}
	var visits []mention.Visit
	for i := range 16 * 24 {
		visits = append(visits, mention.Visit{ID: fmt.Sprintf("%032x", i), Run: fmt.Sprint(i), Source: "dukkan", At: monday().Add(-time.Duration(i) * time.Hour).UTC(), Status: 200, Outcome: mention.OutcomeOK, Mentions: 1})
	}
	if err := s.InsertVisits(t.Context(), visits); err != nil {
		t.Fatal(err)
	}
	ask := Config{Period: Weekly}.Ask(monday())
	ask.Brands, ask.Rivals, ask.Stories = []string{"Paytak", "اکمی"}, []string{"Getirgötür"}, true
	ask.Sources = map[string]time.Duration{"dukkan": time.Hour, "bazaar": time.Hour}
	d, err := s.Digest(t.Context(), ask)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestReports writes the report of a seeded store in three languages as the golden files have it.
func TestReports(t *testing.T) {
	d := seeded(t)
	slow := &d.Brands[0].Slow[0] // waits until now, which is another at each run
	if d.AsOf.Before(d.To) || !slow.Answered.IsZero() {
		t.Fatalf("the digest is of %s, and the slowest is %+v", d.AsOf, slow)
	}
	d.AsOf, slow.Waited, d.Brands[0].Cases.Oldest = monday().UTC(), 62*time.Hour, monday().Add(-62*time.Hour).UTC()
	for _, l := range i18n.Languages() {
		c := Config{Name: "report", Period: Reported}
		page, err := renderer(t).Report(c, d, string(l))
		if err != nil {
			t.Fatal(err)
		}
		golden(t, string(l)+"/report.html", string(page))
		mail := letter(t, c, d, string(l))
		golden(t, string(l)+"/report.txt", mail.Subject+"\n\n"+mail.Text)
		checkAlone(t, string(page))
		if bare := regexp.MustCompile(`<style>[\s\S]*?</style>|<[^>]*>|Author \d+`).ReplaceAllString(string(page), ""); l == i18n.Persian && regexp.MustCompile(`\d`).MatchString(bare) {
			t.Errorf("a Persian report has Latin digits: %q", regexp.MustCompile(`.*\d.*`).FindString(bare))
		}
		if strings.Contains(mail.HTML, "<svg") || len(mail.HTML) > MaxHTML {
			t.Error("the mail has what mail programs do not draw, or is too long")
		}
	}
}

// checkAlone: nothing is fetched or run, and the charts are well-formed.
func checkAlone(t *testing.T, page string) {
	t.Helper()
	if bad := regexp.MustCompile(`(?i)<(script|img|link|iframe|object|form)|url\(|@import| on[a-z]+=|src=|ZgotmplZ|"NaN|>NaN`).FindString(page); bad != "" {
		t.Errorf("the report has %q", bad)
	}
	charts := regexp.MustCompile(`<svg[\s\S]*?</svg>`).FindAllString(page, -1)
	if len(charts) < 8 {
		t.Errorf("%d charts", len(charts))
	}
	for _, chart := range charts {
		for d := xml.NewDecoder(strings.NewReader(chart)); ; {
			_, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Errorf("%v in %s", err, chart)
				break
			}
		}
	}
}

// TestHostileReport: foreign words are words.
func TestHostileReport(t *testing.T) {
	d := sample()
	d.Brands[0].Brand = `<script>alert(1)</script>`
	d.Brands[0].Switches = []mention.SwitchCount{{From: `"><svg onload=x>`, To: d.Brands[0].Brand, N: 3}}
	d.Heard = []mention.SourceCount{{Source: "\u202Eevil<b>", Now: 1}}
	d.Brands[0].Slow = []mention.CaseTime{{Escalation: mention.Escalation{Excerpt: "</style><script>", URL: "javascript:alert(1)"}, Waited: time.Hour}}
	page, err := renderer(t).Report(Config{Period: Reported}, d, "en")
	if err != nil {
		t.Fatal(err)
	}
	if s := string(page); strings.Contains(s, "<script") || strings.Contains(s, "<svg on") || strings.Contains(s, "javascript:") || strings.Contains(s, "<b>") || strings.Count(s, "</style>") != 1 {
		t.Error("foreign words are taken for markup")
	}
}
