package alert

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"feryat/alert/notify"
	"feryat/mention"
)

const (
	// failingAfter is after how many failures in a row a channel counts as down.
	failingAfter = 5
	// mendAfter is how long a message waits whose channel does not accept us: a
	// person has to mend it.
	mendAfter = 5 * time.Minute
)

// health keeps which channels take messages, since this process started.
type health struct {
	deps    Deps
	metrics *Metrics

	mu     sync.Mutex
	states map[string]*channelState
}

type channelState struct {
	mention.ChannelHealth
	failures int // in a row
}

func newHealth(channels []string, d Deps, m *Metrics) *health {
	h := &health{deps: d, metrics: m, states: map[string]*channelState{}}
	for _, name := range channels {
		h.states[name] = &channelState{ChannelHealth: mention.ChannelHealth{Name: name, Up: true}}
		m.up.WithLabelValues(name).Set(1)
	}
	return h
}

// heard takes what a try came to. What is said about it is said once.
func (h *health) heard(channel string, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.states[channel]
	if s == nil {
		return // it is no longer in the configuration
	}
	var later *notify.RetryAfterError
	switch {
	case errors.Is(err, notify.ErrUnauthorized):
		h.down(s, "unauthorized", err)
	case err == nil || errors.Is(err, notify.ErrRefused): // which is about the message
		h.recovered(s)
	case errors.As(err, &later): // it is busy, and says so
	default:
		if s.failures++; s.failures == 1 && s.Up {
			s.Since = h.deps.now()
		}
		if s.failures >= failingAfter {
			h.down(s, "failing", err)
		}
	}
}

func (h *health) down(s *channelState, reason string, err error) {
	if !s.Up && (s.Reason == reason || s.Reason == "unauthorized") {
		return
	}
	if s.Up && s.failures == 0 {
		s.Since = h.deps.now()
	}
	s.Up, s.Reason = false, reason
	h.metrics.up.WithLabelValues(s.Name).Set(0)
	if reason == "unauthorized" {
		h.deps.Log.Error("channel does not accept us; its messages are kept: correct its token, password or address in the configuration and start feryat again", "channel", s.Name, "error", err)
		return
	}
	h.deps.Log.Error("channel takes no messages; they are kept and tried again: see whether it can be reached", "channel", s.Name, "failures", s.failures, "error", err)
}

func (h *health) recovered(s *channelState) {
	if !s.Up {
		h.deps.Log.Info("channel takes messages again", "channel", s.Name, "since", s.Since)
		h.metrics.up.WithLabelValues(s.Name).Set(1)
	}
	s.failures, s.ChannelHealth = 0, mention.ChannelHealth{Name: s.Name, Up: true}
}

func (h *health) list() (all []mention.ChannelHealth) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, s := range h.states {
		all = append(all, s.ChannelHealth)
	}
	slices.SortFunc(all, func(a, b mention.ChannelHealth) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// mendError is a failure that lasts until a person mends something.
type mendError struct{ error }

// Unwrap gives the failure itself.
func (e mendError) Unwrap() error { return e.error }

// RetryAfter is how long to wait before the next try.
func (e mendError) RetryAfter() time.Duration { return mendAfter }

// mendable makes what a person has to mend be tried again slowly.
func mendable(err error) error {
	if errors.Is(err, notify.ErrUnauthorized) {
		return mendError{err}
	}
	return err
}
