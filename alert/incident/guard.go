package incident

import (
	"context"
	"errors"
	"time"
)

// Guard keeps the storms of all channels. It is safe for concurrent use, and any
// number of Guards may share one store.
type Guard struct {
	states states
	cfg    StormConfig
	now    func() time.Time
}

// NewGuard keeps storms in s, by a valid cfg; now tells the time. Values hold some
// 70 bytes for each page that waits to be told in a digest, and must not vanish.
func NewGuard(s states, cfg StormConfig, now func() time.Time) *Guard {
	return &Guard{states: s, cfg: cfg, now: now}
}

func stormKey(channel string) string { return "storm." + channel }

// Allow decides whether a page goes to a channel by itself. Once it answers Hold
// the page is in a digest, whatever happens. The same page gets the same answer,
// as long as it is remembered.
func (g *Guard) Allow(ctx context.Context, channel string, p Page) (d Decision, err error) {
	if p.Key == "" {
		return "", errors.New("storm guard: a page needs a key")
	}
	err = update(ctx, g.states, stormKey(channel), func(s *Storm) bool {
		known := false
		if d, known = s.decided(p.Key); !known {
			d = s.Allow(g.now(), p, g.cfg)
		}
		return !known
	})
	return d, err
}

// Due lists the digests that a channel is to be told, the oldest first: each until
// MarkTold notes it. The last of a storm says that it is over, and may be empty.
func (g *Guard) Due(ctx context.Context, channel string) (due []Digest, err error) {
	err = update(ctx, g.states, stormKey(channel), func(s *Storm) bool {
		before := s.Due
		due = s.Digests(g.now(), channel, g.cfg)
		return s.Due != before
	})
	return due, err
}

// MarkTold notes that the message with a digest's key is safely on its way.
func (g *Guard) MarkTold(ctx context.Context, channel, digest string) error {
	return update(ctx, g.states, stormKey(channel), func(s *Storm) bool { return s.MarkTold(digest, channel, g.cfg) })
}
