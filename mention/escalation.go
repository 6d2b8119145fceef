package mention

import "time"

// State is where an escalation stands.
type State string

// The states of an escalation. Open and reopened wait for somebody to take
// them; not winnable, resolved and expired are ends.
const (
	StateOpen         State = "open"
	StateAcknowledged State = "acknowledged"
	StateAnswered     State = "answered"
	StateResolved     State = "resolved"
	StateReopened     State = "reopened"
	StateNotWinnable  State = "not_winnable"
	StateExpired      State = "expired"
)

// Ended reports whether nobody has to do anything any more.
func (s State) Ended() bool {
	return s == StateResolved || s == StateNotWinnable || s == StateExpired
}

// Standing is how a customer stands with a brand, by all that is stored of him.
type Standing string

// The standings, from the best. A good customer has complained and is not yet
// lost for it; unhappy is one whose complaints go on. Unsaid is no history.
const (
	StandingUnsaid  Standing = ""
	StandingHappy   Standing = "happy"
	StandingGood    Standing = "good"
	StandingUnhappy Standing = "unhappy"
	StandingAngry   Standing = "angry"
)

// Reply says what a brand's public reply is.
type Reply string

// What a reply may be. A canned one says nothing of the case, a hand-off sends
// the customer elsewhere, a solution says what was or will be done.
const (
	ReplyCanned   Reply = "canned"
	ReplyHandOff  Reply = "hand_off"
	ReplySolution Reply = "solution"
	ReplyOther    Reply = "other"
)

// Escalation is something that a person must see now: mostly a mention, else
// what many mentions or the coverage ledger show (Mention is then empty). ID is
// derived from its cause, so that the same news cannot escalate twice.
type Escalation struct {
	ID       string    `json:"id"`
	Rule     string    `json:"rule"`
	Severity string    `json:"severity"` // critical, high, normal
	Brand    string    `json:"brand"`
	Source   string    `json:"source,omitempty"`
	Mention  ID        `json:"mention"`
	Thread   string    `json:"thread,omitempty"` // the source's own key of the thread or page
	Product  string    `json:"product,omitempty"`
	URL      string    `json:"url"`
	Author   Author    `json:"author"`
	Excerpt  string    `json:"excerpt"`          // at most 280 characters
	Quotes   []string  `json:"quotes,omitempty"` // the words that say so, as written
	Mood     Mood      `json:"mood"`
	Topics   []string  `json:"topics"`
	Signals  []string  `json:"signals"`
	Customer []string  `json:"customer,omitempty"` // kinds of customer that the text claims
	Observed []string  `json:"observed,omitempty"` // kinds that history or the customer list shows
	Standing Standing  `json:"standing,omitempty"` // of the author with the brand when it was opened
	Blamed   []string  `json:"blamed,omitempty"`
	Why      []string  `json:"why"`   // the conditions that held, for a person
	Reach    int64     `json:"reach"` // followers or views, whichever is more
	State    State     `json:"state"`
	Holder   string    `json:"holder,omitempty"`   // who has it
	Team     string    `json:"team,omitempty"`     // whose it is by the routes
	Incident string    `json:"incident,omitempty"` // ID of the incident that it is part of
	Opened   time.Time `json:"opened"`
	Written  time.Time `json:"written,omitzero"`
	Seen     time.Time `json:"seen,omitzero"`   // when the crawler had it
	Stored   time.Time `json:"stored,omitzero"` // when it was in the store
	Due      time.Time `json:"due,omitzero"`    // when the promised answer is due
	Answered time.Time `json:"answered,omitzero"`
	Resolved time.Time `json:"resolved,omitzero"`
	Reply    Reply     `json:"reply,omitempty"`    // what the answer was
	Language string    `json:"language,omitempty"` // of the author's words
	Priority int       `json:"priority"`
	// Mentions counts what the same customer wrote of it, the first included.
	Mentions int `json:"mentions,omitempty"`
	// Authors counts the people of an incident.
	Authors int `json:"authors,omitempty"`
	// Figures are what it rests on where no mention caused it; Excerpt then says
	// them in English.
	Figures *Figures `json:"figures,omitempty"`
}

// Event is one step in an escalation's life; a row of escalation_events.
type Event struct {
	ID string    `json:"id"` // unique a step, for idempotent storage
	At time.Time `json:"at"`
	// Step numbers the transitions of one escalation from 1, whoever made them
	// and whatever their clocks say; 0 for other events.
	Step       int        `json:"step,omitempty"`
	Type       string     `json:"type"` // see Transitions, and notified, notify_failed, may_be_told_twice, wrote_again, possible_reply, warned, breached, handed_on, grown, feedback, ticket, desk_note
	State      State      `json:"state"`
	Actor      string     `json:"actor,omitempty"` // channel name or person
	Note       string     `json:"note,omitempty"`
	Escalation Escalation `json:"escalation"`
}

// Transitions lists the types of events that set an escalation's state,
// severity, holder or clocks. All others only tell of it, and may be stored late.
func Transitions() []string {
	return []string{"opened", "raised", "acknowledged", "assigned", "answered", "resolved", "reopened", "not_winnable", "expired"}
}
