//go:build !race

package main

// underRace tells that memory and time are several times what they are without
// the race detector.
const underRace = false
