package mention

import "time"

// Mood is how a customer feels towards the watched brand.
type Mood string

// The moods. Unknown is said instead of a guess.
const (
	Angry        Mood = "angry"
	Dissatisfied Mood = "dissatisfied"
	Mixed        Mood = "mixed"
	Neutral      Mood = "neutral"
	Satisfied    Mood = "satisfied"
	Unknown      Mood = "unknown"
)

// Moods lists all moods, from the worst to the best, unknown last.
func Moods() []Mood { return []Mood{Angry, Dissatisfied, Mixed, Neutral, Satisfied, Unknown} }

// Unhappy reports whether the mood is angry or dissatisfied: the one definition
// of an unhappy customer.
func (m Mood) Unhappy() bool { return m == Angry || m == Dissatisfied }

// Verdict is what the scorer thinks of one mention. It follows from the text
// and the rating alone; what history says has names of its own elsewhere.
type Verdict struct {
	Language string   `json:"language"`           // ISO 639-1, or "und"
	Score    float64  `json:"score"`              // -1 (worst) to 1 (best), squashed
	Mood     Mood     `json:"mood"`               //
	Anger    float64  `json:"anger"`              // 0 to 1
	Topics   []string `json:"topics"`             // complained about, by code
	Praise   []string `json:"praise,omitempty"`   // praised, by the same codes
	Blamed   []string `json:"blamed,omitempty"`   // brand, seller, courier, bank, customer
	Customer []string `json:"customer"`           // kinds of customer, claimed by the text
	Signals  []string `json:"signals"`            // by code
	Switches *Switch  `json:"switches,omitempty"` //
	Priority int      `json:"priority"`           // 1 (first) to 4
	Coverage float64  `json:"coverage"`           // 0 to 1: share of the text's words understood
	Reasons  []Reason `json:"reasons"`            // their weights add up to the score before squashing
	Raw      float64  `json:"raw"`                // the score before squashing
	Lexicon  string   `json:"lexicon"`            // version of lexicons and rules
}

// Switch is a move of a customer between brands, as the text tells it.
type Switch struct {
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
}

// Reason is one piece of evidence for a verdict.
type Reason struct {
	Rule   string  `json:"rule"`   // e.g. "lexicon", "negated", "topic:delay", "signal:legal_threat"
	Text   string  `json:"text"`   // the words, as written
	Start  int     `json:"start"`  // byte offset in the mention's Text
	End    int     `json:"end"`    // byte offset after the last byte
	Weight float64 `json:"weight"` // 0 where the reason moves no score (a topic, a signal)
}

// Scored is a mention seen with one brand's eyes: the row of storage and the
// message on stream STORED. One mention that names two brands is two of these.
type Scored struct {
	Mention Mention `json:"mention"`
	Brand   string  `json:"brand"`
	Verdict Verdict `json:"verdict"`
	// Search is title and text, folded by the text package; storage indexes it.
	Search string `json:"search,omitempty"`
	// Stored is when the row was in the store, for who is told of it after that.
	Stored time.Time `json:"stored,omitzero"`
}
