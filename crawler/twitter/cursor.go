package twitter

import (
	"encoding/json"

	"feryat/mention"
)

// place is how far the search has been read. Results come newest first, so a
// collection that had to end early leaves a window unread between Since and Max.
type place struct {
	Since int64 `json:"since_id"`         // all up to here was read
	Max   int64 `json:"max_id,omitempty"` // an unfinished window goes on from here downwards
	Top   int64 `json:"top_id,omitempty"` // the newest tweet of that window
}

// readCursor never fails: a cursor that does not parse is a beginning.
func readCursor(c mention.Cursor) place {
	var p place
	if json.Unmarshal(c, &p) != nil || p.Since < 0 || p.Max < 0 || p.Top < 0 {
		return place{}
	}
	return p
}

func (p place) write() mention.Cursor {
	b, err := json.Marshal(p)
	if err != nil { // three integers always marshal
		return nil
	}
	return b
}

// close ends a window: all up to its newest tweet was read.
func (p *place) close() {
	p.Since, p.Max, p.Top = max(p.Since, p.Top), 0, 0
}
