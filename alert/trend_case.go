package alert

import (
	"time"

	"feryat/alert/trend"
	"feryat/mention"
)

// The notes of what ends by itself; codes of i18n.
const (
	noteUsual = "usual_again"
	noteBack  = "source_back"
	noteGone  = "source_gone"
)

// trendPriority is that of what many customers suffer from: after those who are
// about to leave, before what can wait.
const trendPriority = 2

// about makes the escalation of a series that began to be unusual at a time.
func about(r Rule, brand, source, begin string, now time.Time, f mention.Figures) mention.Escalation {
	return mention.Escalation{
		ID: key("trend", r.Name, brand, source, begin), Rule: r.Name, Severity: r.Severity, Brand: brand, Source: source,
		Excerpt: f.String(), Figures: &f, Topics: []string{}, Signals: []string{}, Why: []string{f.Kind}, Seen: now, Stored: now,
		Priority: trendPriority,
	}
}

// hoursOf is at least one.
func hoursOf(d time.Duration) int64 { return max(1, int64(d.Round(time.Hour)/time.Hour)) }

func beginOf(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// tell puts a finding into the record of the rule.
func (s *seen) tell(news trend.News, size float64, note string, e mention.Escalation) {
	s.Pending = append(s.Pending, finding{News: news, Size: size, Note: note, Escalation: e})
}
