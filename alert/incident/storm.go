package incident

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strconv"
	"time"
)

// Digest is many pages in one message.
type Digest struct {
	Key    string // idempotency key of the message, 32 hex digits
	Number int    // counts the channel's digests
	Since  time.Time
	At     time.Time // when it was due
	Over   bool      // the storm is over: pages come one by one again
	Pages  []Page    // the most urgent first, of equals the oldest
}

// Storm is the state of one channel. The zero value is calm.
type Storm struct {
	Since   time.Time   // when the storm began; zero while it is calm
	Due     time.Time   // when the next digest is
	Number  int         // how many digests there were
	Singles []time.Time // when the last single pages were asked for, as many as may be
	Asked   []time.Time // when the last of all pages were, as far as needed to see that it is over
	Held    []Page      // those of the digest that is filled now
	Cut     []Digest    // complete, and not noted as told
	Told    []byte      // hashes of pages that were told with what was decided, the oldest first
}

// Allow decides about a page at a time. The same page gets the same answer.
func (s *Storm) Allow(now time.Time, p Page, cfg StormConfig) Decision {
	if d, known := s.decided(p.Key); known {
		return d
	}
	s.Asked = last(append(s.Asked, now), cfg.Pages/2+1)
	if p.Must || s.Since.IsZero() && !full(s.Singles, cfg.Pages, now.Add(-cfg.Window)) {
		s.Singles = last(append(s.Singles, now), cfg.Pages)
		s.tell(Single, cfg, p)
		return Single
	}
	if s.Since.IsZero() {
		s.Since, s.Due = now, now.Add(cfg.Every)
	}
	if s.Held = append(s.Held, p); len(s.Held) >= cfg.Most {
		s.cut(now, false)
	}
	return Hold
}

// Digests cuts the digest that is filled if it is due, and lists those that are
// not noted as told.
func (s *Storm) Digests(now time.Time, channel string, cfg StormConfig) []Digest {
	if !s.Since.IsZero() && !now.Before(s.Due) {
		over := !full(s.Asked, cfg.Pages/2+1, now.Add(-cfg.Window/2))
		if over || len(s.Held) > 0 {
			s.cut(now, over)
		}
		s.Due = now.Add(cfg.Every)
		if over {
			s.Since, s.Due = time.Time{}, time.Time{}
		}
	}
	due := slices.Clone(s.Cut)
	for i := range due {
		due[i].Key = due[i].key(channel)
	}
	return due
}

// MarkTold notes that a digest is safely on its way; false where it was already.
func (s *Storm) MarkTold(digest, channel string, cfg StormConfig) bool {
	i := slices.IndexFunc(s.Cut, func(d Digest) bool { return d.key(channel) == digest })
	if i < 0 {
		return false
	}
	s.tell(Hold, cfg, s.Cut[i].Pages...)
	s.Cut = slices.Delete(s.Cut, i, i+1)
	return true
}

// cut completes the digest that is filled.
func (s *Storm) cut(now time.Time, over bool) {
	slices.SortFunc(s.Held, func(a, b Page) int {
		return cmp.Or(cmp.Compare(a.Rank, b.Rank), cmp.Compare(a.Opened, b.Opened), cmp.Compare(a.Key, b.Key))
	})
	s.Number++
	s.Cut = append(s.Cut, Digest{Number: s.Number, Since: s.Since, At: now, Over: over, Pages: s.Held})
	s.Held = nil
}

// key names the digest by its number and, should the number ever begin anew, by
// the storm.
func (d Digest) key(channel string) string {
	return key("digest", channel, strconv.FormatInt(d.Since.UnixNano(), 10), strconv.Itoa(d.Number))
}

// decided answers what was decided about a page that is known.
func (s *Storm) decided(key string) (d Decision, known bool) {
	single, hold := mark(Single, key), mark(Hold, key)
	is := func(p Page) bool { return p.Key == key }
	if slices.ContainsFunc(s.Held, is) || slices.ContainsFunc(s.Cut, func(d Digest) bool { return slices.ContainsFunc(d.Pages, is) }) {
		return Hold, true
	}
	for told := s.Told; len(told) >= 8; told = told[8:] {
		switch binary.BigEndian.Uint64(told) {
		case single:
			return Single, true
		case hold:
			return Hold, true
		}
	}
	return "", false
}

// tell remembers pages that were told, and forgets the oldest.
func (s *Storm) tell(d Decision, cfg StormConfig, pages ...Page) {
	for _, p := range pages {
		s.Told = binary.BigEndian.AppendUint64(s.Told, mark(d, p.Key))
	}
	s.Told = last(s.Told, 8*cfg.Remember)
}

func mark(d Decision, key string) uint64 { return sum(sha256.New(), string(d), key) }

// last is the end of a list, of at most n.
func last[T any](list []T, n int) []T { return list[max(0, len(list)-n):] }

// full reports whether the last n times are all after one.
func full(times []time.Time, n int, after time.Time) bool {
	return len(times) >= n && times[len(times)-n].After(after)
}
