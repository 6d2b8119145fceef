//go:build race

package alert

// underRace tells that the race detector runs: many times as slow.
const underRace = true
