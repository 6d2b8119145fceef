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
	// Whole is when the page was last read whole; since then its site said that it is unchanged.
	Whole    time.Time `json:"whole,omitzero"`
	Depth    int       `json:"depth"`
	Links    []string  `json:"links,omitempty"`
	Sitemaps []string  `json:"sitemaps,omitempty"` // of a sitemap index
	// Listed holds the mentions that the page showed, without their texts.
	Listed []mention.Mention `json:"listed,omitempty"`
	// Epoch is the walk.Config.Epoch under which Links and Listed were read.
	Epoch string `json:"epoch,omitempty"`
	// Walk is the last walk that had a good answer from the page, or learnt that it is unchanged.
	Walk int64 `json:"walk"`
	// Tried is the last walk that asked for the page in vain.
	Tried int64 `json:"tried,omitempty"`
	// Failures counts the walks in a row that asked in vain.
	Failures int    `json:"failures,omitempty"`
	Reason   string `json:"reason,omitempty"` // of the last failure
	// Suspect marks a page that answered without any of the mentions it had:
	// Listed still holds them until the walk's end tells whether to believe it.
	Suspect bool `json:"suspect,omitempty"`
}
