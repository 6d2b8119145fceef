package mention

// RuleQuality tells how often a rule was right, by what people said of its
// escalations.
type RuleQuality struct {
	Rule        string `json:"rule"`
	Confirmed   int64  `json:"confirmed"`    // it was right to tell
	FalseAlarms int64  `json:"false_alarms"` // nobody had to be told
	// PrecisionLow and PrecisionHigh are the 95 % interval (Wilson's) of the share
	// of confirmed among both; 0 and 1 where nobody has said anything.
	PrecisionLow  float64 `json:"precision_low"`
	PrecisionHigh float64 `json:"precision_high"`
}

// Judged is how many escalations people have said something of.
func (q RuleQuality) Judged() int64 { return q.Confirmed + q.FalseAlarms }
