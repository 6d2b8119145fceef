//go:build !race

package alert

// underRace tells that the race detector runs.
const underRace = false
