package storage_test

import (
	"testing"

	"feryat/storage/engine/enginetest"
)

func TestMain(m *testing.M) { enginetest.Main(m) }
