package mention

import "time"

// State is where an escalation stands.
type State string

// The states of an escalation.
const (
	StateOpen         State = "open"
	StateAcknowledged State = "acknowledged"
	StateAnswered     State = "answered"
	StateResolved     State = "resolved"
	StateReopened     State = "reopened"
	StateExpired      State = "expired"
)

// Escalation is a mention that a person must see now. ID is derived from rule,
// mention and brand, so that the same news cannot escalate twice.
type Escalation struct {
	ID       string    `json:"id"`
	Rule     string    `json:"rule"`
	Severity string    `json:"severity"` // critical, high, normal
	Brand    string    `json:"brand"`
	Mention  ID        `json:"mention"`
	URL      string    `json:"url"`
	Author   Author    `json:"author"`
	Excerpt  string    `json:"excerpt"` // at most 280 characters
	Mood     Mood      `json:"mood"`
	Topics   []string  `json:"topics"`
	Signals  []string  `json:"signals"`
	Why      []string  `json:"why"` // the conditions that held, for a person
	State    State     `json:"state"`
	Opened   time.Time `json:"opened"`
	Written  time.Time `json:"written,omitzero"`
	Language string    `json:"language,omitempty"`
	Priority int       `json:"priority"`
}

// Event is one step in an escalation's life; a row of escalation_events.
type Event struct {
	ID         string     `json:"id"` // unique a step, for idempotent storage
	At         time.Time  `json:"at"`
	Type       string     `json:"type"` // opened, notified, notify_failed, acknowledged, …
	State      State      `json:"state"`
	Actor      string     `json:"actor,omitempty"` // channel name or person
	Note       string     `json:"note,omitempty"`
	Escalation Escalation `json:"escalation"`
}
