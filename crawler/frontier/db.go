package frontier

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"
)

// DB is the file of all sources. It is safe for use by many goroutines, and
// for one process at a time.
type DB struct {
	bolt *bbolt.DB
}

// Open opens the file at path, or makes it. Another process that has it open
// is waited for, five seconds at most.
func Open(path string) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("frontier: %w", err)
	}
	b, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: 5 * time.Second, FreelistType: bbolt.FreelistMapType})
	if err != nil {
		return nil, fmt.Errorf("frontier: open %s: %w", path, err)
	}
	return &DB{b}, nil
}

// Close closes the file.
func (db *DB) Close() error { return db.bolt.Close() }

// Source returns the part of the named source, which begins empty.
func (db *DB) Source(name string) *Source { return &Source{bolt: db.bolt, name: []byte(name)} }

// Forget removes all that is known of the named source.
func (db *DB) Forget(name string) error {
	return db.bolt.Update(func(tx *bbolt.Tx) error {
		if tx.Bucket([]byte(name)) == nil {
			return nil
		}
		return tx.DeleteBucket([]byte(name))
	})
}
