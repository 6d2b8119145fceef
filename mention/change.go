package mention

// Change counts the verdicts that a rescore moves from one mood to another.
type Change struct {
	From  Mood  `json:"from"`
	To    Mood  `json:"to"`
	Count int64 `json:"count"`
}
