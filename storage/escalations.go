package storage

import (
	"context"
	"time"

	"feryat/mention"
)

// escalationRow is a row of v_escalations.
type escalationRow struct {
	ID        string    `ch:"id"`
	Brand     string    `ch:"brand"`
	Rule      string    `ch:"rule"`
	Severity  string    `ch:"severity"`
	Priority  uint8     `ch:"priority"`
	State     string    `ch:"state"`
	Since     time.Time `ch:"since"`
	Opened    time.Time `ch:"opened"`
	Mention   string    `ch:"mention"`
	URL       string    `ch:"url"`
	AuthorID  string    `ch:"author_id"`
	Author    string    `ch:"author"`
	Followers int64     `ch:"followers"`
	Excerpt   string    `ch:"excerpt"`
	Mood      string    `ch:"mood"`
	Topics    []string  `ch:"topics"`
	Signals   []string  `ch:"signals"`
	Why       []string  `ch:"why"`
	Written   time.Time `ch:"written"`
	Language  string    `ch:"language"`
}

// OpenEscalations gives the escalations that wait: neither resolved nor expired. The most severe come first, among equals
// the newest; a limit of 0 is none.
func (s *Store) OpenEscalations(ctx context.Context, limit int) ([]mention.OpenEscalation, error) {
	var rows []escalationRow
	err := s.conn.Select(ctx, &rows, `SELECT id, brand, rule, severity, priority, state, since, opened, mention, url, author_id, author, followers,
		excerpt, mood, topics, signals, why, written, language
		FROM v_escalations WHERE waiting
		ORDER BY indexOf(['normal', 'high', 'critical'], severity) DESC, opened DESC, id`+limitBy(limit))
	found := make([]mention.OpenEscalation, len(rows))
	for i, r := range rows {
		found[i] = mention.OpenEscalation{Since: r.Since.UTC(), Escalation: mention.Escalation{
			ID: r.ID, Rule: r.Rule, Severity: r.Severity, Brand: r.Brand, Mention: mention.ID(r.Mention), URL: r.URL,
			Author:  mention.Author{ID: r.AuthorID, Name: r.Author, Followers: r.Followers},
			Excerpt: r.Excerpt, Mood: mention.Mood(r.Mood), Topics: r.Topics, Signals: r.Signals, Why: r.Why,
			State: mention.State(r.State), Opened: r.Opened.UTC(), Written: orZero(r.Written), Language: r.Language, Priority: int(r.Priority),
		}}
	}
	return found, s.explain("open escalations", err)
}
