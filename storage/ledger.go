package storage

import (
	"context"
	"math"
	"time"

	"feryat/mention"
)

// visitRow is a row of crawl_ledger.
type visitRow struct {
	Source   string    `ch:"source"`
	At       time.Time `ch:"at"`
	ID       string    `ch:"id"`
	Run      string    `ch:"run"`
	URL      string    `ch:"url"`
	TookMS   uint32    `ch:"took_ms"`
	Status   uint16    `ch:"status"`
	Bytes    int64     `ch:"bytes"`
	Outcome  string    `ch:"outcome"`
	Reason   string    `ch:"reason"`
	Detail   string    `ch:"detail"`
	Mentions uint32    `ch:"mentions"`
	Attempt  uint16    `ch:"attempt"`
	RunEnd   bool      `ch:"run_end"`
}

// InsertVisits stores visits. Twice the same visit (by Source, At and ID) counts once.
func (s *Store) InsertVisits(ctx context.Context, visits []mention.Visit) error {
	ctx, cancel := s.limit(ctx)
	defer cancel()
	rows := make([]*visitRow, len(visits))
	for i, v := range visits {
		rows[i] = &visitRow{
			Source: v.Source, At: micro(v.At), ID: v.ID, Run: v.Run, URL: v.URL,
			TookMS: clamp32(v.Took.Milliseconds()), Status: clamp16(v.Status), Bytes: v.Bytes,
			Outcome: string(v.Outcome), Reason: v.Reason, Detail: v.Detail,
			Mentions: clamp32(int64(v.Mentions)), Attempt: clamp16(v.Attempt), RunEnd: v.RunEnd,
		}
	}
	return insertRows(ctx, s, "crawl_ledger", rows)
}

// eventRow is a row of escalation_events.
type eventRow struct {
	Escalation string    `ch:"escalation"`
	ID         string    `ch:"id"`
	At         time.Time `ch:"at"`
	Type       string    `ch:"type"`
	State      string    `ch:"state"`
	Actor      string    `ch:"actor"`
	Note       string    `ch:"note"`
	Rule       string    `ch:"rule"`
	Severity   string    `ch:"severity"`
	Brand      string    `ch:"brand"`
	Mention    string    `ch:"mention"`
	URL        string    `ch:"url"`
	AuthorID   string    `ch:"author_id"`
	Author     string    `ch:"author"`
	Followers  int64     `ch:"followers"`
	Excerpt    string    `ch:"excerpt"`
	Mood       string    `ch:"mood"`
	Topics     []string  `ch:"topics"`
	Signals    []string  `ch:"signals"`
	Why        []string  `ch:"why"`
	Opened     time.Time `ch:"opened"`
	Written    time.Time `ch:"written"`
	Language   string    `ch:"language"`
	Priority   uint8     `ch:"priority"`
}

// InsertEvents stores steps of escalations. Twice the same event (by its Escalation.ID and ID) counts once.
func (s *Store) InsertEvents(ctx context.Context, events []mention.Event) error {
	ctx, cancel := s.limit(ctx)
	defer cancel()
	rows := make([]*eventRow, len(events))
	for i, e := range events {
		x := e.Escalation
		rows[i] = &eventRow{
			Escalation: x.ID, ID: e.ID, At: within(e.At), Type: e.Type, State: string(e.State), Actor: e.Actor, Note: e.Note,
			Rule: x.Rule, Severity: x.Severity, Brand: x.Brand, Mention: string(x.Mention), URL: x.URL,
			AuthorID: x.Author.ID, Author: x.Author.Name, Followers: x.Author.Followers, Excerpt: x.Excerpt,
			Mood: string(x.Mood), Topics: x.Topics, Signals: x.Signals, Why: x.Why,
			Opened: micro(x.Opened), Written: micro(x.Written), Language: x.Language, Priority: uint8(min(max(x.Priority, 0), math.MaxUint8)),
		}
	}
	return insertRows(ctx, s, "escalation_events", rows)
}

func clamp32(n int64) uint32 { return uint32(min(max(n, 0), math.MaxUint32)) }

func clamp16(n int) uint16 { return uint16(min(max(n, 0), math.MaxUint16)) }
