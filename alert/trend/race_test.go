//go:build race

package trend_test

// underRace tells that the race detector runs: ten times as slow, and this
// package starts nothing that it could find.
const underRace = true
