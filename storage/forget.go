package storage

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"feryat/mention"
)

// Forgotten tells what Forget removed, and that nothing is left.
type Forgotten struct {
	Mentions    uint64 `json:"mentions"`    // distinct, of all brands
	Versions    uint64 `json:"versions"`    // rows of mention_versions
	Verdicts    uint64 `json:"verdicts"`    // rows of verdicts
	Corrections uint64 `json:"corrections"` // rows of corrections
	Events      uint64 `json:"events"`      // rows of escalation_events
	Links       uint64 `json:"links"`       // rows of customer_links
	// Customers are the keys of customers of the list who were linked to nobody else: they are on the list still, until
	// RemoveCustomer takes them off.
	Customers []string `json:"customers,omitempty"`
	Left      uint64   `json:"left"` // rows that still name the author afterwards: 0
}

// Forget removes all that an author wrote on a source and sees to it that no crawl brings it back. Whoever has the ID or
// the Name is meant, an empty one counts for nothing; an empty source means all sources. What is removed is off the disk when it returns;
// the roll-ups follow with their next rebuild. It may be called again.
func (s *Store) Forget(ctx context.Context, a mention.Author, source string) (Forgotten, error) {
	if a.ID == "" && a.Name == "" {
		return Forgotten{}, errors.New("forget: the author has neither id nor name")
	}
	if len(s.cfg.Secret) == 0 {
		return Forgotten{}, errors.New("forget: this installation has no secret: run feryat init")
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	f := &forgetting{s: s, author: a, source: source}
	if err := f.remember(ctx); err != nil {
		return Forgotten{}, err
	}
	if err := f.remove(ctx); err != nil {
		return f.done, err
	}
	if f.done.Left > 0 {
		return f.done, fmt.Errorf("forget: %d rows are left: run it again", f.done.Left)
	}
	return f.done, nil
}

type forgetting struct {
	s      *Store
	author mention.Author
	source string
	done   Forgotten
}

// remember comes first, so that nothing slips in behind the deletes.
func (f *forgetting) remember(ctx context.Context) error {
	type forgottenRow struct {
		Hash string    `ch:"hash"`
		At   time.Time `ch:"at"`
	}
	now := second(time.Now())
	rows := []*forgottenRow{{f.s.secretCheck(), now}}
	if f.author.ID != "" {
		rows = append(rows, &forgottenRow{f.s.hash(f.source, "id", f.author.ID), now})
	}
	if f.author.Name != "" {
		rows = append(rows, &forgottenRow{f.s.hash(f.source, "name", f.author.Name), now})
	}
	return insertRows(ctx, f.s, "forgotten", rows)
}

// remove deletes the rows that hang on the author's mentions first and those that name him last: broken off in between,
// it finds them again.
func (f *forgetting) remove(ctx context.Context) error {
	s, args := f.s, f.args()
	days, err := s.daysOf(ctx, f.his(), args...)
	if err != nil {
		return err
	}
	his := "id IN (SELECT id FROM mention_versions WHERE " + f.his() + " UNION ALL SELECT id FROM mentions WHERE " + f.his() + ")"
	steps := []struct {
		table, condition string
		count            *uint64
	}{
		{"corrections", his, &f.done.Corrections},
		{"verdicts", his, &f.done.Verdicts},
		{"escalation_events", "mention IN (SELECT id FROM mention_versions WHERE " + f.his() + ")", &f.done.Events},
		{"customer_links", f.hisLinks(), &f.done.Links},
		{"mentions", his, &f.done.Mentions},
		{"mention_versions", f.his(), &f.done.Versions},
	}
	if err := s.markDirty(ctx, days); err != nil {
		return err
	}
	if f.done.Customers, err = f.customers(ctx); err != nil {
		return err
	}
	for _, step := range steps {
		if *step.count, err = f.delete(ctx, step.table, step.condition); err != nil {
			return err
		}
	}
	if err := s.markDirty(ctx, days); err != nil {
		return err
	}
	f.done.Left, err = f.left(ctx)
	return err
}

// his selects the author's rows in mentions and mention_versions.
func (f *forgetting) his() string {
	return `(author_id != '' AND author_id = {author_id:String} OR author != '' AND author = {author:String})
		AND ({source:String} = '' OR source = {source:String})`
}

// hisLinks selects the author's rows in customer_links, which know him by one key alone.
func (f *forgetting) hisLinks() string {
	return `author != '' AND (author IN ({author_id:String}, {author:String})
		OR author IN (SELECT if(author_id != '', author_id, author) FROM mention_versions WHERE ` + f.his() + `))
		AND ({source:String} = '' OR source = {source:String})`
}

// customers lists those who are linked to this author and to no other.
func (f *forgetting) customers(ctx context.Context) ([]string, error) {
	var found []struct {
		Customer string `ch:"customer"`
	}
	err := f.s.conn.Select(ctx, &found, "SELECT customer FROM customer_links FINAL WHERE customer != '' GROUP BY customer HAVING count() = countIf("+
		f.hisLinks()+") ORDER BY customer", f.args()...)
	keys := make([]string, len(found))
	for i, row := range found {
		keys[i] = row.Customer
	}
	return filled(keys), f.s.explain("look up the customers of an author", err)
}

func (f *forgetting) args() []any {
	return []any{clickhouse.Named("author_id", f.author.ID), clickhouse.Named("author", f.author.Name), clickhouse.Named("source", f.source)}
}

// delete rewrites the parts of the table, so that the bytes leave the disk, and waits for it.
func (f *forgetting) delete(ctx context.Context, table, condition string) (uint64, error) {
	var n uint64
	count := "count()"
	if table == "mentions" { // several rows of one key may still be waiting for their merge
		count = "uniqExact(id)"
	}
	err := f.s.conn.QueryRow(ctx, "SELECT "+count+" FROM "+table+" WHERE "+condition, f.args()...).Scan(&n)
	if err != nil || n == 0 {
		return 0, f.s.explain("forget in "+table, err)
	}
	alter := "ALTER TABLE " + table + names(f.s.cfg).OnCluster + " DELETE WHERE " + condition
	return n, f.s.explain("forget in "+table, f.s.conn.Exec(ctx, alter, f.args()...))
}

func (f *forgetting) left(ctx context.Context) (uint64, error) {
	var n uint64
	err := f.s.conn.QueryRow(ctx, "SELECT (SELECT count() FROM mentions WHERE "+f.his()+") + (SELECT count() FROM mention_versions WHERE "+f.his()+
		") + (SELECT count() FROM customer_links WHERE "+f.hisLinks()+")", f.args()...).Scan(&n)
	return n, f.s.explain("count what is left", err)
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
