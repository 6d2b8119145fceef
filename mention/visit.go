package mention

import "time"

// Outcome is how one request of the crawler ended.
type Outcome string

// The outcomes. SoftFail is a page that answered 200 and has none of what it
// should: it is shown and alerted, never counted as "no complaints".
const (
	OutcomeOK          Outcome = "ok"
	OutcomeNotModified Outcome = "not_modified"
	OutcomeSoftFail    Outcome = "soft_fail"
	OutcomeFailed      Outcome = "failed"
	OutcomeRefused     Outcome = "refused" // by us: robots.txt, private network, caps, scope
)

// Visit is a row of the coverage ledger: what one request gave, or why not.
type Visit struct {
	ID       string        `json:"id"`  // 32 hex digits, unique a visit, for idempotent storage
	Run      string        `json:"run"` // one run of one source
	Source   string        `json:"source"`
	URL      string        `json:"url"` // without secrets
	At       time.Time     `json:"at"`  // start, UTC
	Took     time.Duration `json:"took"`
	Status   int           `json:"status,omitempty"` // HTTP status, 0 when there was no answer
	Bytes    int64         `json:"bytes,omitempty"`  // decoded
	Outcome  Outcome       `json:"outcome"`
	Reason   string        `json:"reason,omitempty"` // short code: challenge, empty, shape_changed, robots, too_large, truncated, redirect_loop, private_network, scheme, rate_limited, server_error, timeout, parse, …
	Detail   string        `json:"detail,omitempty"` // one line for a person
	Mentions int           `json:"mentions"`         // found on the page
	Attempt  int           `json:"attempt,omitempty"`
	RunEnd   bool          `json:"run_end,omitempty"` // the last row of a run: Mentions and Took are the run's, URL is empty
}

// Cursor is a source's own note of how far it has come; opaque to others.
type Cursor []byte
