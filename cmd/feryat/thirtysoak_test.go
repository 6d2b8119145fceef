//go:build soak

package main

import (
	"testing"
	"time"
)

// TestThirtyDaysInFull is the long form of TestFourDays: 5000 mentions in 30
// days, and twelve cases of each rule.
func TestThirtyDaysInFull(t *testing.T) {
	replayMonth(t, 30, 5000, 12, 300, 55*time.Minute)
}
