package mention

// Per says of what a row of figures tells.
type Per string

// Figures are taken per brand, and per source and team within a brand.
const (
	PerBrand  Per = "brand"
	PerSource Per = "source"
	PerTeam   Per = "team"
)

// SLO tells how the promise of an answer was kept to the customers of a brand,
// source or team. Source and Team are empty unless the row is per such. The
// four counts InTime, Late, OpenInTime and OpenLate add up to Count.
type SLO struct {
	Per        Per     `json:"per"`
	Brand      string  `json:"brand"`
	Source     string  `json:"source,omitempty"`
	Team       string  `json:"team,omitempty"`
	Target     float64 `json:"target"` // share that is to be answered in time, above 0 and below 1
	Count      int64   `json:"count"`  // escalations to whose customer an answer was promised, false alarms left out
	InTime     int64   `json:"in_time"`
	Late       int64   `json:"late"`         // answered, after it was due
	OpenInTime int64   `json:"open_in_time"` // neither answered nor due
	OpenLate   int64   `json:"open_late"`    // due and not answered

	Answer Spread `json:"answer"` // minutes from written (or seen, where the source shows no minute) to the answer
	Solve  Spread `json:"solve"`  // minutes from there to the solution

	// Used is the share of the error budget that is gone: 1 when exactly
	// 1-Target of all promises were broken, more when it is overdrawn.
	Used   Ratio `json:"used"`
	Burn1h Ratio `json:"burn_1h"` // how fast it went in the last hour: 1 is the speed at which it just lasts
	Burn6h Ratio `json:"burn_6h"`

	// The program's own delay in seconds: written to seen, to stored, to told.
	Seen   Spread `json:"seen"`
	Stored Spread `json:"stored"`
	Told   Spread `json:"told"`
}

// Spread is what half, nine of ten and 99 of 100 do not exceed, interpolated
// between neighbours. N is how many it is taken of; of none all are 0.
type Spread struct {
	N   int64   `json:"n"`
	P50 float64 `json:"p50"`
	P90 float64 `json:"p90"`
	P99 float64 `json:"p99"`
}

// Ratio is a value and how many promises, kept or broken, it is taken of. Of
// none it is 0 and says nothing.
type Ratio struct {
	N     int64   `json:"n"`
	Value float64 `json:"value"`
}
