package mention

import "time"

// Field names what a Correction puts right.
type Field string

// The fields of a correction and what their Value is. An empty Value takes the correction back.
const (
	FieldMood        Field = "mood"         // a mood
	FieldTopics      Field = "topics"       // codes parted by commas, or NoTopics
	FieldBrand       Field = "brand"        // the brand that is meant instead: the mention leaves this one
	FieldNotOurs     Field = "not_ours"     // "yes": the mention is not about the brand
	FieldNotCustomer Field = "not_customer" // "yes": no customer speaks
)

// NoTopics is the Value of a correction which says that nothing is complained about.
const NoTopics = "none"

// Correction is a person's word on one field of a verdict. It wins over every
// verdict, those to come included; the newest of a field holds.
type Correction struct {
	Mention ID        `json:"mention"`
	Brand   string    `json:"brand"`
	Field   Field     `json:"field"`
	Value   string    `json:"value"`
	By      string    `json:"by"`
	Note    string    `json:"note,omitempty"`
	At      time.Time `json:"at"`
}
