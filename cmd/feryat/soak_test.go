//go:build soak

package main

import (
	"testing"
	"time"
)

// TestSoak is the long form of TestKilledCollectionsLoseAndDoubleNothing.
func TestSoak(t *testing.T) {
	compareKilled(t, newShop(t, 30, 10, 10), 10, 20, 6*time.Second)
}
