//go:build !race

package trend_test

// underRace tells that the race detector runs.
const underRace = false
