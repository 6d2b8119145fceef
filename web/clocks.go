package web

import (
	"time"

	"feryat/i18n"
	"feryat/mention"
)

// clocks are the times of an escalation's way to people, for the page.
type clocks struct {
	mention.OpenEscalation
	Told time.Time
	Now  time.Time
}

// Late reports whether the promised answer is.
func (c clocks) Late() bool {
	return !c.Due.IsZero() && (c.Answered.After(c.Due) || (c.Answered.IsZero() && !c.State.Ended() && c.Now.After(c.Due)))
}

// Runs reports whether the customer still waits for the promised answer.
func (c clocks) Runs() bool { return !c.Due.IsZero() && c.Answered.IsZero() && !c.State.Ended() }

// due is the clock in words: how much is left, or how late it is.
func (s *Server) due(l i18n.Language, c clocks) string {
	switch {
	case c.Due.IsZero():
		return ""
	case !c.Answered.IsZero():
		return s.texts.T(l, "ui.answered_after", s.texts.Span(l, c.Answered.Sub(c.start())))
	case c.State.Ended():
		return ""
	case c.Now.After(c.Due):
		return s.texts.T(l, "ui.late_by", s.texts.Span(l, c.Now.Sub(c.Due)))
	}
	return s.texts.T(l, "ui.due_in", s.texts.Span(l, c.Due.Sub(c.Now)))
}

// start is when the clock began.
func (c clocks) start() time.Time {
	if c.Written.IsZero() {
		return c.Opened
	}
	return c.Written
}

// delay is the time between two steps of the way, or nothing where one is not known.
func (s *Server) delay(l i18n.Language, from, to time.Time) string {
	if from.IsZero() || to.IsZero() || to.Before(from) {
		return ""
	}
	return s.elapsed(l, to.Sub(from))
}

// elapsed is a time in words, that of a program in seconds.
func (s *Server) elapsed(l i18n.Language, d time.Duration) string {
	if d < 2*time.Minute {
		return s.texts.T(l, "span.seconds", i18n.Decimal(l, d.Seconds(), 1))
	}
	return s.texts.Span(l, d)
}
