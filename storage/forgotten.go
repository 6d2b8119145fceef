package storage

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"time"

	"feryat/mention"
)

// forgottenRow is a row of forgotten.
type forgottenRow struct {
	Hash string    `ch:"hash"`
	At   time.Time `ch:"at"`
}

// forgottenRows are those that a restored backup may lack.
func (s *Store) forgottenRows(ctx context.Context) ([]*forgottenRow, error) {
	var found []forgottenRow
	if err := s.conn.Select(ctx, &found, "SELECT hash, at FROM forgotten"); err != nil {
		return nil, s.explain("read forgotten", err)
	}
	rows := make([]*forgottenRow, len(found))
	for i := range found {
		rows[i] = &found[i]
	}
	return rows, nil
}

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

// forgetAgain removes what a restored backup holds of authors who are forgotten, each by what was forgotten of him: his
// name may be another's who is not. A row that names no author by then is found by nobody.
func (s *Store) forgetAgain(ctx context.Context) error {
	hashes, err := s.forgotten(ctx)
	if err != nil || len(hashes) == 0 {
		return err
	}
	var found []struct {
		Source   string `ch:"source"`
		AuthorID string `ch:"author_id"`
		Author   string `ch:"author"`
	}
	if err := s.conn.Select(ctx, &found, `SELECT DISTINCT source, author_id, author FROM mention_versions
		UNION DISTINCT SELECT source, author_id, author FROM mentions UNION DISTINCT SELECT source, author_id, author FROM escalation_events
		UNION DISTINCT SELECT source, author AS author_id, author FROM customer_links`); err != nil {
		return s.explain("look for forgotten authors", err)
	}
	for _, f := range found {
		for _, a := range []mention.Author{{ID: f.AuthorID}, {Name: f.Author}} {
			if !s.isForgotten(hashes, mention.Mention{Source: f.Source, Author: a}) {
				continue
			}
			if err := (&forgetting{s: s, author: a, source: f.Source}).remove(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}
