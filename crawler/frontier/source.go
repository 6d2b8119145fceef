package frontier

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/klauspost/compress/s2"
	"go.etcd.io/bbolt"

	"feryat/mention"
)

// resumable is how long an interrupted walk may be taken up again. Later the
// pages it saw are too old to be joined with new ones.
const resumable = 24 * time.Hour

// What the bucket of a source holds.
const (
	keyPages   = "pages"   // bucket: page key -> Page
	keyMissing = "missing" // bucket: mention ID -> mention.Mention without text
	keyWalk    = "walk"    // Walk
)

// Source is what is known of one source. One walk at a time may write to it.
type Source struct {
	bolt *bbolt.DB
	name []byte
}

// Walk is one walk over a source's pages.
type Walk struct {
	ID      int64     `json:"id"` // counts up
	Started time.Time `json:"started"`
	Done    bool      `json:"done"`
}

// Begin starts the next walk, or takes up the last one where it broke off;
// then the pages it had an answer from bear its ID.
func (s *Source) Begin(now time.Time) (w Walk, err error) {
	err = s.update(func(b *bbolt.Bucket) error {
		if raw := b.Get([]byte(keyWalk)); raw != nil && json.Unmarshal(raw, &w) != nil {
			w = Walk{ID: now.UnixMilli(), Done: true} // above all IDs that pages may bear
		}
		if age := now.Sub(w.Started); w.ID > 0 && !w.Done && age >= 0 && age < resumable {
			return nil
		}
		w = Walk{ID: w.ID + 1, Started: now}
		return put(b, []byte(keyWalk), w)
	})
	return w, err
}

// Page returns what is known of the page under key. A record that cannot be
// read, as another version of the program may have written it, counts as unknown.
func (s *Source) Page(key string) (p Page, ok bool, err error) {
	err = s.view(func(b *bbolt.Bucket) error {
		if raw := b.Bucket([]byte(keyPages)).Get([]byte(key)); raw != nil {
			p, ok = decode(raw)
		}
		return nil
	})
	return p, ok, err
}

// Record stores a page under key. Mentions that it listed before and does not
// list now are missing until another page lists them, or Vanished says so.
func (s *Source) Record(key string, p Page) error {
	for i := range p.Listed {
		p.Listed[i] = fact(p.Listed[i])
	}
	return s.update(func(b *bbolt.Bucket) error {
		if err := miss(b, key, p.Listed); err != nil {
			return err
		}
		raw, err := encode(p)
		if err != nil {
			return err
		}
		return b.Bucket([]byte(keyPages)).Put([]byte(key), raw)
	})
}

// Remove forgets a page that is gone. What it listed is missing.
func (s *Source) Remove(key string) error {
	return s.update(func(b *bbolt.Bucket) error {
		if err := miss(b, key, nil); err != nil {
			return err
		}
		return b.Bucket([]byte(keyPages)).Delete([]byte(key))
	})
}

// miss notes the mentions of the page under key that now does not list.
func miss(b *bbolt.Bucket, key string, now []mention.Mention) error {
	raw := b.Bucket([]byte(keyPages)).Get([]byte(key))
	if raw == nil {
		return nil
	}
	old, _ := decode(raw) // what cannot be read listed nothing
	still := make(map[mention.ID]bool, len(now))
	for _, m := range now {
		still[m.ID] = true
	}
	for _, m := range old.Listed {
		if still[m.ID] {
			continue
		}
		if err := put(b.Bucket([]byte(keyMissing)), []byte(m.ID), m); err != nil {
			return err
		}
	}
	return nil
}

// fact keeps of a mention what is needed to say later that it is gone.
func fact(m mention.Mention) mention.Mention {
	m.Title, m.Text, m.Rating = "", "", nil
	m.Likes, m.Replies, m.Shares, m.Views = 0, 0, 0, 0
	return m
}

// Each calls do with every readable page until it returns false. It holds one
// page in memory at a time; do must not write to the source.
func (s *Source) Each(do func(key string, p Page) bool) error {
	return s.each(func(key string, p Page, ok bool) bool { return !ok || do(key, p) })
}

func (s *Source) each(do func(key string, p Page, ok bool) bool) error {
	return s.view(func(b *bbolt.Bucket) error {
		c := b.Bucket([]byte(keyPages)).Cursor()
		for k, v := c.First(); k != nil; k, v = c.Next() {
			if p, ok := decode(v); !do(string(k), p, ok) {
				return nil
			}
		}
		return nil
	})
}

// Vanished returns the missing mentions that no page lists. It means something
// only after a walk that saw every page.
func (s *Source) Vanished() (gone []mention.Mention, err error) {
	listed := map[mention.ID]bool{}
	if err := s.Each(func(_ string, p Page) bool {
		for _, m := range p.Listed {
			listed[m.ID] = true
		}
		return true
	}); err != nil {
		return nil, err
	}
	err = s.update(func(b *bbolt.Bucket) error {
		var back [][]byte
		if err := b.Bucket([]byte(keyMissing)).ForEach(func(k, v []byte) error {
			var m mention.Mention
			if listed[mention.ID(k)] || json.Unmarshal(v, &m) != nil {
				back = append(back, slices.Clone(k))
				return nil
			}
			gone = append(gone, m)
			return nil
		}); err != nil {
			return err
		}
		return remove(b.Bucket([]byte(keyMissing)), back)
	})
	return gone, err
}

// Told forgets mentions that were reported gone.
func (s *Source) Told(gone []mention.Mention) error {
	keys := make([][]byte, len(gone))
	for i, m := range gone {
		keys[i] = []byte(m.ID)
	}
	return s.update(func(b *bbolt.Bucket) error { return remove(b.Bucket([]byte(keyMissing)), keys) })
}

func remove(b *bbolt.Bucket, keys [][]byte) error {
	for _, k := range keys {
		if err := b.Delete(k); err != nil {
			return err
		}
	}
	return nil
}

// encode packs a page: its links look much alike.
func encode(p Page) ([]byte, error) {
	raw, err := json.Marshal(p)
	return s2.Encode(nil, raw), err
}

// decode answers false for a record that cannot be read.
func decode(packed []byte) (p Page, ok bool) {
	raw, err := s2.Decode(nil, packed)
	if err != nil || json.Unmarshal(raw, &p) != nil {
		return Page{}, false
	}
	return p, true
}

func put(b *bbolt.Bucket, key []byte, v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return b.Put(key, raw)
}

// view reads; a source that is not there yet reads as empty.
func (s *Source) view(do func(*bbolt.Bucket) error) error {
	err := s.bolt.View(func(tx *bbolt.Tx) error {
		if b := tx.Bucket(s.name); b != nil {
			return do(b)
		}
		return nil
	})
	return s.wrap(err)
}

func (s *Source) update(do func(*bbolt.Bucket) error) error {
	err := s.bolt.Update(func(tx *bbolt.Tx) error {
		b, err := tx.CreateBucketIfNotExists(s.name)
		if err != nil {
			return err
		}
		for _, key := range []string{keyPages, keyMissing} {
			if _, err := b.CreateBucketIfNotExists([]byte(key)); err != nil {
				return err
			}
		}
		return do(b)
	})
	return s.wrap(err)
}

func (s *Source) wrap(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("frontier of %s: %w", s.name, err)
}
