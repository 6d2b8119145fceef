//go:build race

package sentiment_test

// underRace tells whether the race detector runs, under which a pool forgets.
const underRace = true
