package feed

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"feryat/mention"
)

// cursor is what a source remembers between two collections.
type cursor struct {
	// Epoch is a digest of the configuration that shapes mentions. When it
	// changes, feeds are read afresh although they did not change.
	Epoch string            `json:"epoch"`
	Feeds map[string]*known `json:"feeds"`
}

// known is what is remembered of one feed.
type known struct {
	ETag         string    `json:"etag,omitempty"`
	LastModified string    `json:"last_modified,omitempty"`
	Newest       time.Time `json:"newest,omitzero"` // newest time of writing seen
	Items        int       `json:"items"`           // in the last good answer
	// Seen holds what the feed showed last: at most MaxItems of some 70 bytes.
	Seen map[mention.ID]mention.Revision `json:"seen,omitempty"`
}

// readCursor never fails: a cursor that does not parse is a beginning.
func (s *Source) readCursor(c mention.Cursor) *cursor {
	var old cursor
	if json.Unmarshal(c, &old) != nil || old.Epoch != s.epoch() {
		old = cursor{}
	}
	fresh := &cursor{Epoch: s.epoch(), Feeds: map[string]*known{}}
	for _, url := range s.cfg.URLs {
		if k := old.Feeds[url]; k != nil {
			fresh.Feeds[url] = k
		}
	}
	return fresh
}

func (c *cursor) feed(url string) *known {
	if c.Feeds[url] == nil {
		c.Feeds[url] = &known{}
	}
	return c.Feeds[url]
}

func (c *cursor) write() mention.Cursor {
	b, err := json.Marshal(c)
	if err != nil { // a time out of JSON's range, which Clamp rules out
		return nil
	}
	return b
}

func (s *Source) epoch() string {
	cfg := s.cfg
	cfg.URLs = nil
	b, err := json.Marshal(cfg)
	if err != nil { // strings and a number always marshal
		return ""
	}
	sum := sha256.Sum256(b)
	return "1-" + hex.EncodeToString(sum[:6])
}
