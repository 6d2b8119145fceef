package mention

import "time"

// Filter narrows a question asked of storage. Zero values do not narrow.
type Filter struct {
	Brand    string
	Language string
	Source   string
	Topic    string
	From, To time.Time // of writing, half-open [From, To)
}

// MoodPoint is the number of mentions of each mood in one bucket of time.
type MoodPoint struct {
	At     time.Time      `json:"at"` // start of the bucket, UTC
	Counts map[Mood]int64 `json:"counts"`
}

// TopicCount says how often a topic was complained about and praised.
type TopicCount struct {
	Topic      string `json:"topic"`
	Complaints int64  `json:"complaints"`
	Praise     int64  `json:"praise"`
}

// BrandCount sums up one watched brand.
type BrandCount struct {
	Brand   string  `json:"brand"`
	Total   int64   `json:"total"`
	Unhappy int64   `json:"unhappy"`
	Score   float64 `json:"score"` // mean over the mentions whose mood is known
}

// SourceHealth is the coverage of one source: when it last gave an answer and
// what went wrong since.
type SourceHealth struct {
	Source      string    `json:"source"`
	LastRun     time.Time `json:"last_run,omitzero"`
	LastOK      time.Time `json:"last_ok,omitzero"`      // last visit that ended ok or not_modified
	LastMention time.Time `json:"last_mention,omitzero"` // newest collection of one of its mentions
	Pages       int64     `json:"pages"`                 // visits in the window, all outcomes
	SoftFails   int64     `json:"soft_fails"`
	Failures    int64     `json:"failures"`
	Reason      string    `json:"reason,omitempty"`     // commonest reason of trouble in the last run
	Healthy     bool      `json:"healthy"`              // the last run had at least one good page and no source-wide trouble
	RunStarted  time.Time `json:"run_started,omitzero"` // of the last run, the newest that ended
}

// Complaint is one unhappy mention by an author, for the history of that author.
type Complaint struct {
	ID      ID
	Author  Author    // ID and Name alone
	Written time.Time // as stored: of first sight, where the source shows none
	Source  string
}

// Writer is who wrote it.
func (c Complaint) Writer() Writer { return Writer{c.Source, c.Author.Key()} }

// Before orders complaints by time of writing, those of one moment by ID, so
// that each has the same place whenever it was stored.
func (c Complaint) Before(other Complaint) bool {
	if !c.Written.Equal(other.Written) {
		return c.Written.Before(other.Written)
	}
	return c.ID < other.ID
}

// OpenEscalation is the newest state of one escalation that still waits.
type OpenEscalation struct {
	Escalation
	Since time.Time `json:"since"` // time of the newest event
}

// Counts sums up what is stored.
type Counts struct {
	Mentions    int64          `json:"mentions"` // distinct, those by the brand itself included
	Rows        int64          `json:"rows"`     // mentions times the brands that each names
	Own         int64          `json:"own"`      // rows written by a brand itself
	Moods       map[Mood]int64 `json:"moods"`    // rows by customers
	Versions    int64          `json:"versions"` // revisions of all mentions ever seen
	Gone        int64          `json:"gone"`     // mentions which their source no longer shows
	Visits      int64          `json:"visits"`
	Sources     int64          `json:"sources"` // with a visit
	Escalations int64          `json:"escalations"`
	Waiting     int64          `json:"waiting"` // escalations not ended
}
