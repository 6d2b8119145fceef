// Package frontier remembers, per source, the pages that are known: their
// validators, where they lead, and the mentions that they listed. It lives in
// one bbolt file and survives a kill at any moment.
package frontier

import (
	"time"

	"feryat/mention"
)

// Page is what is known of one page.
type Page struct {
	URL          string    `json:"url"` // canonical
	ETag         string    `json:"etag,omitempty"`
	LastModified string    `json:"last_modified,omitempty"`
	Fetched      time.Time `json:"fetched"`
	Depth        int       `json:"depth"`
	Links        []string  `json:"links,omitempty"`
	// Listed holds the mentions that the page showed, without their texts.
	Listed []mention.Mention `json:"listed,omitempty"`
	// Walk is the last walk that had an answer from the page.
	Walk int64 `json:"walk"`
	// Failures counts the walks in a row that had no good answer.
	Failures int    `json:"failures,omitempty"`
	Reason   string `json:"reason,omitempty"` // of the last failure
}
