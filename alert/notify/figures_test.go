package notify

import (
	"strings"
	"testing"
	"time"

	"feryat/mention"
)

// What no mention caused is told by its figures, in the words of the language.
func TestFiguresAreToldInWords(t *testing.T) {
	f := mention.Figures{Kind: mention.FiguresSpike, Observed: 14, Expected: 3.14, Hours: 2, People: 11}
	e := mention.Escalation{
		ID: "e", Rule: "spike", Severity: "high", Brand: "Paytak", Topics: []string{"delivery"}, Why: []string{"spike"},
		State: mention.StateOpen, Excerpt: f.String(), Figures: &f, Language: "en",
	}
	m := Message{Kind: KindGrown, Title: map[string]string{"tr": "Ani artış", "fa": "افزایش", "en": "Spike"}, Escalation: e}
	for language, want := range map[string]string{
		"tr": "Sayılarla: Son 2 saat içinde 11 kişiden 14 şikâyet geldi; olağan sayı 3,1",
		"fa": "به زبان اعداد: در ۲ ساعت گذشته ۱۱ نفر ۱۴ شکایت نوشتند؛ شمار معمول ۳٫۱ است",
		"en": "In figures: In the last 2 hours, 11 people wrote 14 complaints; 3.1 are usual",
	} {
		r, err := newRenderer(language, func() time.Time { return time.Date(2026, 6, 17, 12, 0, 0, 0, time.UTC) })
		if err != nil {
			t.Fatal(err)
		}
		text := r.document(m).text()
		if !strings.Contains(text, want) || strings.Contains(text, e.Excerpt) {
			t.Errorf("%s says:\n%s", language, text)
		}
		digest := r.document(Message{Kind: KindDigest, More: []mention.Escalation{e}}).text()
		if _, sentence, _ := strings.Cut(want, ": "); !strings.Contains(digest, sentence) {
			t.Errorf("a digest in %s says:\n%s", language, digest)
		}
		t.Logf("\n%s", text)
	}
}
