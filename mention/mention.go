// Package mention holds the records that every part of feryat exchanges: what
// was said (Mention), what we think of it (Verdict), what the crawler met on
// its way (Visit) and what was done about it (Escalation, Event).
//
// It is the leaf of the import graph: it imports the standard library only.
// All records travel as JSON, and field names are stable.
package mention

import (
	"time"
)

// Kind says what sort of public text a mention is.
type Kind string

// The kinds of mention. A rating is a review without words.
const (
	KindReview    Kind = "review"
	KindComplaint Kind = "complaint"
	KindPost      Kind = "post"
	KindComment   Kind = "comment"
	KindQuestion  Kind = "question"
	KindRating    Kind = "rating"
)

// Origin says how a mention came to us. Only live mentions may page a person.
type Origin string

// The origins. Backfill is the first visit to a source's old pages.
const (
	OriginLive     Origin = "live"
	OriginBackfill Origin = "backfill"
	OriginImport   Origin = "import"
	OriginRescore  Origin = "rescore"
)

// MaxText is the longest text kept, in bytes; longer ones are cut at a rune
// boundary and marked Truncated.
const MaxText = 64 << 10

// Mention is one public text about a brand, as its author wrote it.
type Mention struct {
	ID       ID       `json:"id"`
	WeakID   bool     `json:"weak_id,omitempty"` // the source gave no key; see NewWeakID
	Revision Revision `json:"revision"`

	Source     string `json:"source"`      // name of the configured source
	SourceKind string `json:"source_kind"` // "site", "recipe", "feed", "twitter", …
	Kind       Kind   `json:"kind"`
	URL        string `json:"url"` // page a person can open
	Product    string `json:"product,omitempty"`
	ThreadID   string `json:"thread_id,omitempty"` // the source's own key of the thread or page
	ParentID   ID     `json:"parent_id,omitempty"` // what this answers, as the source says; of a brand's reply that the source ties to a thread alone, as decision 17 has it
	// About lists brand names that the source's configuration vouches for, for
	// sites where no text needs to name the brand (its own shop, its own app page).
	About []string `json:"about,omitempty"`

	Author    Author  `json:"author"`
	Title     string  `json:"title,omitempty"`
	Text      string  `json:"text"`
	Truncated bool    `json:"truncated,omitempty"`
	Language  string  `json:"language,omitempty"` // as claimed by the source, ISO 639-1
	Rating    *Rating `json:"rating,omitempty"`

	Likes    int64 `json:"likes,omitempty"`
	Replies  int64 `json:"replies,omitempty"`
	Shares   int64 `json:"shares,omitempty"`
	Views    int64 `json:"views,omitempty"`
	Verified bool  `json:"verified,omitempty"` // the source says that the author bought the thing

	Written   Written   `json:"written"`
	Edited    time.Time `json:"edited,omitzero"` // as the source shows it, UTC
	Gone      bool      `json:"gone,omitempty"`  // the source no longer shows it
	SeenFirst time.Time `json:"seen_first,omitzero"`
	Collected time.Time `json:"collected"` // when the visit that gave this revision ended, UTC; the record's version
	Origin    Origin    `json:"origin"`
}

// Author is who wrote a mention.
type Author struct {
	ID        string `json:"id,omitempty"` // the source's own key, or the name where it has none
	Name      string `json:"name,omitempty"`
	Followers int64  `json:"followers,omitempty"`
	Own       bool   `json:"own,omitempty"` // the brand itself
}

// Key tells the authors of one source apart; it is empty where nobody is named.
func (a Author) Key() string {
	if a.ID != "" {
		return a.ID
	}
	return a.Name
}

// Rating is a number of stars on the source's own scale.
type Rating struct {
	Value float64 `json:"value"`
	Worst float64 `json:"worst"`
	Best  float64 `json:"best"`
}

// Share maps the rating onto 0 (worst) to 1 (best), clamped; ok is false when
// the scale is empty or reversed.
func (r *Rating) Share() (share float64, ok bool) {
	if r == nil || !(r.Best > r.Worst) {
		return 0, false
	}
	return min(1, max(0, (r.Value-r.Worst)/(r.Best-r.Worst))), true
}

// Precision says how exactly a source told the time of writing.
type Precision string

// The precisions, finest first. PrecisionUnknown goes with a zero time.
const (
	PrecisionSecond  Precision = "second"
	PrecisionMinute  Precision = "minute"
	PrecisionHour    Precision = "hour"
	PrecisionDay     Precision = "day"
	PrecisionUnknown Precision = "unknown"
)

// Written is when a mention was written, as exactly as the source tells.
type Written struct {
	Time      time.Time `json:"time,omitzero"` // UTC; zero when unknown
	Precision Precision `json:"precision"`
	Zone      string    `json:"zone,omitempty"`    // IANA name of the source's zone
	Clamped   bool      `json:"clamped,omitempty"` // the source showed a time after Collected
	Shown     string    `json:"shown,omitempty"`   // as the page showed it, for the evidence
}

// Clamp pulls a time of writing that lies after now back to now and marks it.
func (w Written) Clamp(now time.Time) Written {
	if w.Time.After(now) {
		w.Time, w.Clamped = now.UTC(), true
	}
	return w
}

// WrittenOrSeen is the time of writing where the source shows it to the hour or
// finer, else that of first sight: nobody is late by an hour that nobody knows,
// and days of many mentions do not all begin at midnight.
func (m Mention) WrittenOrSeen() time.Time {
	switch m.Written.Precision {
	case PrecisionSecond, PrecisionMinute, PrecisionHour:
		if !m.Written.Time.IsZero() {
			return m.Written.Time
		}
	}
	if !m.SeenFirst.IsZero() {
		return m.SeenFirst
	}
	return m.Collected
}
