package storage_test

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"os"
	"testing"

	"feryat/storage"
	"feryat/storage/engine"
	"feryat/storage/engine/enginetest"
	"feryat/storage/storagetest"
)

func TestEmbedded(t *testing.T) {
	t.Parallel()
	storagetest.Run(t, openEmbedded)
}

// TestServer runs the suite on the server that FERYAT_TEST_CLICKHOUSE names, http(s)://user:password@host:port.
func TestServer(t *testing.T) {
	server := os.Getenv("FERYAT_TEST_CLICKHOUSE")
	switch {
	case server != "":
		storagetest.Run(t, func(t *testing.T) *storage.Store { return openServer(t, server) })
	case os.Getenv("FERYAT_CI_SERVER") == "1":
		t.Fatal("FERYAT_CI_SERVER is 1, but FERYAT_TEST_CLICKHOUSE names no server")
	default:
		t.Skip("FERYAT_TEST_CLICKHOUSE names no server")
	}
}

func openEmbedded(t *testing.T) *storage.Store {
	return openStore(t, embeddedConfig(enginetest.Again(t, "schema_migrations")))
}

// openFresh is for tests that leave more behind than rows.
func openFresh(t *testing.T) *storage.Store {
	return openStore(t, embeddedConfig(enginetest.Start(t)))
}

func embeddedConfig(access engine.Access) storage.Config {
	cfg := storage.DefaultConfig()
	cfg.URL, cfg.Database, cfg.User, cfg.Password, cfg.ReaderUser = access.URL, access.Database, access.WriterUser, access.WriterPassword, access.ReaderUser
	cfg.Secret = []byte("a secret of this installation")
	return cfg
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func openServer(t *testing.T, server string) *storage.Store {
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal("FERYAT_TEST_CLICKHOUSE is no address")
	}
	cfg := storage.DefaultConfig()
	cfg.User = u.User.Username()
	cfg.Password, _ = u.User.Password()
	u.User = nil
	cfg.Secret = []byte("a secret of this installation")
	cfg.URL, cfg.Database = u.String(), fmt.Sprintf("feryat_test_%x", rand.Uint64())
	s := openStore(t, cfg)
	t.Cleanup(func() {
		if err := s.Drop(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func openStore(t *testing.T, cfg storage.Config) *storage.Store {
	s, err := storage.Open(t.Context(), cfg, quiet())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}
