package mention

import "time"

// Past is one mention of a brand by an author, as far as it tells how he stands
// with the brand.
type Past struct {
	ID       ID
	Author   Author    // ID and Name alone
	Written  time.Time // as stored, whole seconds: of first sight, where the source shows none
	Mood     Mood
	Signals  []string  // all that the text gives away, by code
	Answered time.Time // the brand's first public reply, or a person's mark; zero when none is known
	Source   string
}

// Writer is who wrote it.
func (p Past) Writer() Writer { return Writer{p.Source, p.Author.Key()} }

// Customer is an entry of the customer list that a company may import. Numbers
// are in the list's own currency and 0 where it tells none, as zero times are.
type Customer struct {
	Key       string    `json:"key"` // the company's own, unique
	Name      string    `json:"name,omitempty"`
	Value     float64   `json:"value,omitempty"`  // turnover with the customer
	Margin    float64   `json:"margin,omitempty"` // profit; negative for a loss
	Since     time.Time `json:"since,omitzero"`   // day of the first purchase
	Renewal   time.Time `json:"renewal,omitzero"` // day on which he may leave
	LastSeen  time.Time `json:"last_seen,omitzero"`
	Referrals int64     `json:"referrals,omitempty"` // customers that he brought
	Imported  time.Time `json:"imported,omitzero"`
	// ValueAbove and MarginAbove are the shares of the list's told values and
	// margins that lie below his, 0 to 1; 0 where his is not told.
	ValueAbove  float64 `json:"value_above,omitempty"`
	MarginAbove float64 `json:"margin_above,omitempty"`
	Links       int64   `json:"links,omitempty"` // authors that he is known to be; set by a listing alone
}

// CustomerLink says that an author on a source is a customer of the list. The
// newest of an author holds; one without Customer takes the link back.
type CustomerLink struct {
	Source   string    `json:"source"`
	Author   string    `json:"author"` // as Author.Key gives it
	Customer string    `json:"customer"`
	By       string    `json:"by"`
	At       time.Time `json:"at"`
}

// How much of Elsewhere a person is shown: the newest of each list, as far back
// as it weighs in the standing.
const (
	ElsewhereShown = 10
	ElsewhereAge   = 365 * 24 * time.Hour
)

// Elsewhere is what a customer of the list did with a brand as other authors, on
// other sources mostly, the newest first.
type Elsewhere struct {
	Cases      []OpenEscalation `json:"cases"` // ended ones too
	Complaints []Scored         `json:"complaints"`
}
