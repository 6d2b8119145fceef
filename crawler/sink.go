package crawler

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"feryat/mention"
)

// The bounds of what is handed to the queue besides mention.MaxText, in bytes.
const (
	maxTitle  = 4 << 10
	maxName   = 512
	maxAddr   = 4 << 10
	maxDetail = 512
	maxReason = 64
)

// sink is the Sink of one run: it fills in, bounds and counts what passes.
type sink struct {
	runner *Runner
	name   string
	first  bool // the source has never been collected to its end

	mu  sync.Mutex
	res *Result
}

// Mention hands m to the queue, unless it says nothing.
func (s *sink) Mention(ctx context.Context, m mention.Mention) error {
	m = s.complete(m, time.Now().UTC())
	if m.ID == "" || m.Text == "" && m.Title == "" && m.Rating == nil && !m.Gone {
		s.mu.Lock()
		s.res.Dropped++
		s.mu.Unlock()
		s.runner.metrics.dropped.WithLabelValues(s.name).Inc()
		return nil
	}
	if err := s.runner.parts.Inbox.PublishMention(ctx, m); err != nil {
		return s.failed(ctx, fmt.Errorf("source %s: publish mention: %w", s.name, err))
	}
	s.mu.Lock()
	s.res.Mentions++
	n := s.res.Mentions
	s.mu.Unlock()
	s.runner.metrics.mentions.WithLabelValues(s.name, string(m.Origin)).Inc()
	s.runner.progress(Event{Source: s.name, Run: s.res.Run, Mentions: n})
	return nil
}

// complete fills in what the source cannot know, and bounds what is foreign.
func (s *sink) complete(m mention.Mention, now time.Time) mention.Mention {
	m.Source = s.name
	if m.Collected.IsZero() {
		m.Collected = now
	}
	if m.Written.Precision == "" {
		m.Written.Precision = mention.PrecisionUnknown
	}
	m.Written = m.Written.Clamp(m.Collected)
	if m.Origin == "" {
		m.Origin = s.origin(m.Written, now)
	}
	full := strings.TrimSpace(m.Text)
	m.Text = clip(full, mention.MaxText)
	m.Truncated = m.Truncated || len(full) > mention.MaxText
	m.Title = clip(strings.TrimSpace(m.Title), maxTitle)
	m.Author.ID, m.Author.Name = clip(m.Author.ID, maxName), clip(strings.TrimSpace(m.Author.Name), maxName)
	m.URL, m.Product, m.ThreadID = clip(m.URL, maxAddr), clip(m.Product, maxTitle), clip(m.ThreadID, maxAddr)
	m.Written.Shown = clip(m.Written.Shown, maxName)
	return m.Revise()
}

// origin tells the history that a first run brings from news. What has no time
// is taken for history: it must not page anybody.
func (s *sink) origin(w mention.Written, now time.Time) mention.Origin {
	if s.first && (w.Time.IsZero() || now.Sub(w.Time) > s.runner.limits.BackfillAge) {
		return mention.OriginBackfill
	}
	return mention.OriginLive
}

// Visit hands a row of the ledger to the queue.
func (s *sink) Visit(ctx context.Context, v mention.Visit) error {
	v.ID, v.Run, v.Source, v.RunEnd = newID(), s.res.Run, s.name, false
	if v.At.IsZero() {
		v.At = time.Now().UTC()
	}
	v.URL, v.Detail, v.Reason = clip(noPassword(v.URL), maxAddr), clip(v.Detail, maxDetail), clip(v.Reason, maxReason)
	if err := s.runner.parts.Inbox.PublishVisit(ctx, v); err != nil {
		return s.failed(ctx, fmt.Errorf("source %s: publish visit: %w", s.name, err))
	}
	s.mu.Lock()
	s.res.count(v)
	s.mu.Unlock()
	s.runner.metrics.visits.WithLabelValues(s.name, string(v.Outcome), v.Reason).Inc()
	s.runner.progress(Event{Source: s.name, Run: s.res.Run, Visit: &v})
	return nil
}

// failed notes an error of the queue that is not merely the end of ctx.
func (s *sink) failed(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		s.broke(err)
	}
	return err
}

func (s *sink) broke(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.res.broken == nil {
		s.res.broken = err
	}
}

// clip makes s valid UTF-8 of at most n bytes, cut between runes.
func clip(s string, n int) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

func noPassword(raw string) string {
	if !strings.Contains(raw, "@") {
		return raw
	}
	u, err := url.Parse(raw)
	if err != nil || u.User == nil {
		return raw
	}
	u.User = nil
	return u.String()
}

// newID returns 32 random hex digits.
func newID() string {
	var b [16]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}
