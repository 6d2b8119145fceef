package mention

import "time"

// SettledAfter is how long a source has to be watched before its mentions count
// in a Series: what a new source brings would look like a spike.
const SettledAfter = 14 * 24 * time.Hour

// Series is how often something was said, hour by hour.
type Series struct {
	Brand  string `json:"brand,omitempty"`
	Source string `json:"source,omitempty"`
	Topic  string `json:"topic,omitempty"` // complained about; empty: whatever it was
	// Since begins the time that was watched; hours from then on that are not
	// listed had none, or were not watched.
	Since time.Time   `json:"since"`
	Hours []HourCount `json:"hours"` // in order, each once
	// Parts are what it is made of. None of what Hours count lies in a gap of its part.
	Parts []Part `json:"parts,omitempty"`
	Gaps  []Gap  `json:"gaps,omitempty"` // those of one part do not overlap
}

// Part is what a series has of one source.
type Part struct {
	Source  string `json:"source"`
	Sighted bool   `json:"sighted,omitempty"` // counts for when it was seen: the source tells no hour
	N       int64  `json:"n"`
}

// Gap is a time in which nobody watched a part.
type Gap struct {
	Source  string    `json:"source"`
	Sighted bool      `json:"sighted,omitempty"`
	From    time.Time `json:"from"`
	To      time.Time `json:"to"`
}

// HourCount is how often it was said in the hour that begins At.
type HourCount struct {
	At time.Time `json:"at"`
	N  int64     `json:"n"`
	// Of is the number of all mentions by customers in that hour, N among them,
	// where N are complaints about whatever it was.
	Of int64 `json:"of,omitempty"`
}

// Recent is how often a brand was complained of in the windows that end now.
type Recent struct {
	Brand   string        `json:"brand"`
	Topic   string        `json:"topic,omitempty"` // empty: whatever it was
	Windows []WindowCount `json:"windows"`
}

// WindowCount are the complaints of a window and how many people they come from.
type WindowCount struct {
	Window  time.Duration `json:"window"`
	N       int64         `json:"n"`
	Authors int64         `json:"authors"` // one without a name counts for himself
}

// RatingDay are the stars that a brand got on one day in one source.
type RatingDay struct {
	Brand  string      `json:"brand"`
	Source string      `json:"source"`
	Day    time.Time   `json:"day"`   // midnight UTC of the calendar day
	Stars  []StarCount `json:"stars"` // from the worst, each share once
}

// StarCount is how many ratings gave a share of the stars.
type StarCount struct {
	Share float64 `json:"share"` // 0 worst to 1 best, in steps of a twentieth
	N     int64   `json:"n"`
}
