package frontier

import (
	"cmp"
	"slices"
	"time"

	"go.etcd.io/bbolt"
)

// Finish ends a walk. After one that saw every page, those it had no word of
// are forgotten, as are those that cannot be read; in any case no more than keep pages and keep missing mentions
// stay, pages without mentions going first, then those seen longest ago.
func (s *Source) Finish(w Walk, complete bool, keep int) error {
	drop, err := s.surplus(w, complete, keep)
	if err != nil {
		return err
	}
	w.Done = true
	return s.update(func(b *bbolt.Bucket) error {
		if err := remove(b.Bucket([]byte(keyPages)), drop); err != nil {
			return err
		}
		if err := remove(b.Bucket([]byte(keyMissing)), over(b.Bucket([]byte(keyMissing)), keep)); err != nil {
			return err
		}
		return put(b, []byte(keyWalk), w)
	})
}

func (s *Source) surplus(w Walk, complete bool, keep int) (drop [][]byte, err error) {
	type old struct {
		key    string
		listed bool
		at     time.Time
	}
	var left []old
	err = s.each(func(key string, p Page, ok bool) bool {
		if !ok || complete && p.Walk != w.ID && p.Tried != w.ID {
			drop = append(drop, []byte(key))
		} else {
			left = append(left, old{key, len(p.Listed) > 0, p.Fetched})
		}
		return true
	})
	if err != nil || len(left) <= keep {
		return drop, err
	}
	slices.SortFunc(left, func(a, b old) int {
		if a.listed != b.listed {
			if b.listed {
				return -1
			}
			return 1
		}
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.key, b.key))
	})
	for _, o := range left[:len(left)-keep] {
		drop = append(drop, []byte(o.key))
	}
	return drop, nil
}

// over returns the keys of b beyond the first keep.
func over(b *bbolt.Bucket, keep int) (keys [][]byte) {
	n := 0
	c := b.Cursor()
	for k, _ := c.First(); k != nil; k, _ = c.Next() {
		if n++; n > keep {
			keys = append(keys, slices.Clone(k))
		}
	}
	return keys
}
