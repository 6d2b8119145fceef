package notify

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"feryat/i18n"
	"feryat/mention"
)

var update = flag.Bool("update", false, "write the golden files anew")

// noon is the time of all messages in the golden files.
var noon = time.Date(2026, 11, 6, 12, 0, 0, 0, time.UTC)

func rendererOf(t testing.TB, l i18n.Language) renderer {
	t.Helper()
	r, err := newRenderer(string(l), func() time.Time { return noon })
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// full is a message with every part, as a team gets it.
func full(k Kind) Message {
	m := Message{
		Key: "0123456789abcdef0123456789abcdef", Kind: k,
		Title: map[string]string{"tr": "Öfkeli müşteri, bekletilmemeli", "fa": "مشتری عصبانی؛ نباید منتظر بماند", "en": "Angry customer who must not wait"},
		Escalation: mention.Escalation{
			ID: "e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1", Rule: "angry_now", Severity: "critical", Brand: "Paytak", Source: "shop", Mention: "m1", Product: "Kargo",
			URL: "https://shop.example.com/yorum/1?sayfa=2#yorum", Author: mention.Author{ID: "a1", Name: "ayse", Followers: 25000}, Reach: 61000,
			Excerpt: "Siparişim üç haftadır gelmedi, kimse telefona bakmıyor. Yarın hakem heyetine başvuracağım!",
			Quotes:  []string{"üç haftadır gelmedi", "Yarın hakem heyetine başvuracağım!"},
			Mood:    mention.Angry, Topics: []string{"delay", "support_unreachable"}, Signals: []string{"legal_threat"}, Blamed: []string{"courier"},
			Customer: []string{"churned", "loyal"}, Observed: []string{"loyal"}, Standing: mention.StandingUnhappy, Why: []string{"angry", "legal"},
			State: mention.StateOpen, Opened: noon.Add(-10 * time.Minute), Written: noon.Add(-12 * time.Minute), Due: noon.Add(48 * time.Minute), Language: "tr", Priority: 1,
		},
		Advice: map[string][]string{
			"tr": {"Önce özür dileyin, sonra kargonun nerede olduğunu söyleyin.", "Tutamayacağınız bir söz vermeyin."},
			"fa": {"نخست عذرخواهی کنید، سپس بگویید مرسوله کجاست.", "قولی ندهید که نتوانید به آن عمل کنید."},
			"en": {"Apologise first, then say where the parcel is.", "Promise nothing that you cannot keep."},
		},
		Draft: "Merhaba, siparişinizin gecikmesi için üzgünüz.\n\nSipariş numaranızı bize iletebilir misiniz?",
		Links: Links{Page: "https://feryat.example.com/e/e1", Acknowledge: "https://feryat.example.com/ack?t=abc&s=1", FalseAlarm: "https://feryat.example.com/false?t=abc"},
	}
	return m.as(k)
}

// as makes what else a kind of message tells.
func (m Message) as(k Kind) Message {
	e := &m.Escalation
	switch k {
	case KindHandedOn:
		e.Due = noon.Add(30 * time.Second)
	case KindWarned:
		e.State, e.Holder, e.Due = mention.StateAcknowledged, "mehmet", noon.Add(14*time.Minute)
	case KindBreached:
		e.Written, e.Due = noon.Add(-3*time.Hour), noon.Add(-2*time.Hour)
		m.Draft, m.Withheld = "", "safety"
	case KindGrown:
		*e = mention.Escalation{ID: e.ID, Rule: e.Rule, Severity: "high", Brand: e.Brand, Product: e.Product, Topics: e.Topics, Why: []string{"reach"}, State: mention.StateOpen, Reach: 120000,
			Opened: e.Opened, Incident: "i1"}
	case KindReopened:
		e.State, e.Answered, e.Author = mention.StateReopened, noon.Add(-26*time.Hour), mention.Author{}
		e.Quotes, e.Excerpt, e.Language = nil, "هنوز جوابی نگرفته‌ام، خجالت بکشید! 🤬", "fa"
		m.Draft = "سلام، بابت تأخیر در ارسال سفارش شما پوزش می‌خواهیم."
	case KindDigest:
		other := *e
		other.ID, other.Severity, other.Mood, other.Topics, other.Quotes, other.URL = "e2", "normal", mention.Dissatisfied, []string{"price"}, []string{"خیلی گران است"}, ""
		m.More = []mention.Escalation{*e, other}
	}
	return m
}

func kindsOfMessage() []Kind {
	return []Kind{KindOpened, KindHandedOn, KindWarned, KindBreached, KindGrown, KindReopened, KindDigest}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got+"\n" {
		t.Errorf("%s is not what is rendered now (go test -update writes it):\n%s", file, got)
	}
}

// Every kind of message reads in every language as the golden files do.
func TestTextOfEveryKindAndLanguage(t *testing.T) {
	for _, l := range i18n.Languages() {
		headings := map[string]Kind{}
		for _, k := range kindsOfMessage() {
			text, err := Text(full(k), string(l), noon)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, filepath.Join(string(l), string(k)+".txt"), text)
			heading, _, _ := strings.Cut(text, "\n")
			if other, ok := headings[heading]; ok {
				t.Errorf("%s: %s and %s have the same heading", l, k, other)
			}
			headings[heading] = k
		}
	}
}
