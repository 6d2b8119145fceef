//go:build soak

package storage_test

import (
	"fmt"
	"testing"
)

// TestSoakMigrations upgrades every state that an older program or a kill may have left.
func TestSoakMigrations(t *testing.T) {
	texts := statements(t)
	for n := range texts {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			upgrade(t, n, len(texts))
		})
	}
}
