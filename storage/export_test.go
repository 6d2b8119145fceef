package storage

import "context"

// Drop removes the database of a test.
func (s *Store) Drop() error {
	return s.conn.Exec(context.Background(), "DROP DATABASE "+s.cfg.Database+" SYNC")
}
