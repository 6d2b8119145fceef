package storage

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"

	"feryat/mention"
)

// hash is what table forgotten keeps instead of a name. Parts are length-prefixed.
func (s *Store) hash(source, kind, value string) string {
	h := hmac.New(sha256.New, s.cfg.Secret)
	for _, part := range []string{source, kind, value} {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(part))))
		h.Write([]byte(part))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// secretCheck stands beside the authors, so that a database which comes to another installation is noticed.
func (s *Store) secretCheck() string { return s.hash("", "secret", "") }

// withoutForgotten leaves out the rows by forgotten authors; index tells where in batch each row of allowed stands.
func (s *Store) withoutForgotten(ctx context.Context, batch []mention.Scored) (allowed []mention.Scored, index []int, err error) {
	hashes, err := s.forgotten(ctx)
	if err != nil {
		return nil, nil, err
	}
	for i, row := range batch {
		if len(hashes) > 0 && s.isForgotten(hashes, row.Mention) {
			continue
		}
		allowed, index = append(allowed, row), append(index, i)
	}
	return allowed, index, nil
}

func (s *Store) forgotten(ctx context.Context) (map[string]bool, error) {
	var found []struct {
		Hash string `ch:"hash"`
	}
	if err := s.conn.Select(ctx, &found, "SELECT DISTINCT hash FROM forgotten"); err != nil {
		return nil, s.explain("read forgotten", err)
	}
	hashes := make(map[string]bool, len(found))
	for _, f := range found {
		hashes[f.Hash] = true
	}
	if len(found) > 0 && !hashes[s.secretCheck()] {
		return nil, errors.New("storage: authors were forgotten here under another secret, which alone recognises them: bring that back before anything is stored")
	}
	return hashes, nil
}

func (s *Store) isForgotten(hashes map[string]bool, m mention.Mention) bool {
	for _, source := range []string{m.Source, ""} {
		if m.Author.ID != "" && hashes[s.hash(source, "id", m.Author.ID)] ||
			m.Author.Name != "" && hashes[s.hash(source, "name", m.Author.Name)] {
			return true
		}
	}
	return false
}

// Forgotten reports of each of some mentions whether its author was forgotten.
func (s *Store) Forgotten(ctx context.Context, ms []mention.Mention) ([]bool, error) {
	hashes, err := s.forgotten(ctx)
	if err != nil {
		return nil, err
	}
	found := make([]bool, len(ms))
	for i, m := range ms {
		found[i] = len(hashes) > 0 && s.isForgotten(hashes, m)
	}
	return found, nil
}

// eventsToKeep leaves out those of forgotten authors: a message may be on its way to a channel while its author is
// forgotten, and be noted after it.
func (s *Store) eventsToKeep(ctx context.Context, events []mention.Event) ([]mention.Event, error) {
	ms := make([]mention.Mention, len(events))
	for i, e := range events {
		ms[i] = mention.Mention{Source: e.Escalation.Source, Author: e.Escalation.Author}
	}
	gone, err := s.Forgotten(ctx, ms)
	if err != nil {
		return nil, err
	}
	kept := make([]mention.Event, 0, len(events))
	for i, e := range events {
		if !gone[i] {
			kept = append(kept, e)
		}
	}
	return kept, nil
}
