package storage

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"feryat/mention"
)

// ErrUnknownCustomer and ErrUnknownAuthor refuse a link: its end is not there. ErrManyAuthors refuses a name that
// several authors of the source have; one of their keys tells who is meant. ErrNobody refuses one that stands for many.
var (
	ErrUnknownCustomer = errors.New("no customer of the list has this key")
	ErrUnknownAuthor   = errors.New("no stored mention of this source is by this author")
	ErrManyAuthors     = errors.New("several authors of this source have this name: give the key of one")
	ErrNobody          = errors.New("this name stands for many people, who cannot be told apart")
)

// PersonalTables are those which the program alone may read, as they hold what the company knows of people and not what
// these said in public. The embedded engine hides them from its reader; on a server grant readers the views only.
func PersonalTables() []string { return []string{"customers", "customer_links"} }

// customerRow is a row of customers, and of the questions about it.
type customerRow struct {
	Key         string    `ch:"key"`
	Name        string    `ch:"name"`
	Value       float64   `ch:"value"`
	Margin      float64   `ch:"margin"`
	Since       time.Time `ch:"since"`
	Renewal     time.Time `ch:"renewal"`
	LastSeen    time.Time `ch:"last_seen"`
	Referrals   uint32    `ch:"referrals"`
	ImportedAt  time.Time `ch:"imported_at"`
	ValueAbove  float64   `ch:"value_above"`
	MarginAbove float64   `ch:"margin_above"`
	Links       uint64    `ch:"links"`
}

func (r customerRow) record() mention.Customer {
	return mention.Customer{
		Key: r.Key, Name: r.Name, Value: r.Value, Margin: r.Margin, Since: orZero(r.Since), Renewal: orZero(r.Renewal), LastSeen: orZero(r.LastSeen),
		Referrals: int64(r.Referrals), Imported: orZero(r.ImportedAt), ValueAbove: r.ValueAbove, MarginAbove: r.MarginAbove, Links: int64(r.Links),
	}
}

// ImportCustomers stores entries of the customer list; one that is there under the same Key is replaced where Imported is
// not older. Those of one call have keys of their own.
func (s *Store) ImportCustomers(ctx context.Context, list []mention.Customer) error {
	type importRow struct {
		Key        string    `ch:"key"`
		Name       string    `ch:"name"`
		Value      float64   `ch:"value"`
		Margin     float64   `ch:"margin"`
		Since      time.Time `ch:"since"`
		Renewal    time.Time `ch:"renewal"`
		LastSeen   time.Time `ch:"last_seen"`
		Referrals  uint32    `ch:"referrals"`
		ImportedAt time.Time `ch:"imported_at"`
	}
	ctx, cancel := s.limit(ctx)
	defer cancel()
	rows := make([]*importRow, len(list))
	for i, c := range list {
		rows[i] = &importRow{
			c.Key, c.Name, c.Value, c.Margin, second(c.Since), second(c.Renewal), second(c.LastSeen), clamp32(c.Referrals), micro(c.Imported),
		}
	}
	return insertRows(ctx, s, "customers", rows)
}

// shares gives every customer the shares of the told values and margins that lie below his.
const shares = `SELECT key, name, value, margin, since, renewal, last_seen, referrals, imported_at,
	if(value = 0, 0, (rank() OVER (PARTITION BY value = 0 ORDER BY value) - 1) / count() OVER (PARTITION BY value = 0)) AS value_above,
	if(margin = 0, 0, (rank() OVER (PARTITION BY margin = 0 ORDER BY margin) - 1) / count() OVER (PARTITION BY margin = 0)) AS margin_above
	FROM customers FINAL`

// Customers gives the entries of the customer list that have some keys, by key.
func (s *Store) Customers(ctx context.Context, keys []string) (map[string]mention.Customer, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	var rows []customerRow
	err := s.conn.Select(ctx, &rows, "SELECT * FROM ("+shares+") WHERE key IN {keys:Array(String)}", clickhouse.Named("keys", keys))
	found := make(map[string]mention.Customer, len(rows))
	for _, r := range rows {
		found[r.Key] = r.record()
	}
	return found, s.explain("customers", err)
}

// Linked gives all links of the customers of the list to whom some writers are linked, those of the writers included;
// without time and name of who said so. Nobody, by whatever name, is linked.
func (s *Store) Linked(ctx context.Context, writers []mention.Writer) ([]mention.CustomerLink, error) {
	w := &where{}
	if !w.by("author", slices.DeleteFunc(slices.Clone(writers), func(x mention.Writer) bool { return !x.Known() })) {
		return nil, nil
	}
	var rows []struct {
		Source   string `ch:"source"`
		Author   string `ch:"author"`
		Customer string `ch:"customer"`
	}
	err := s.conn.Select(ctx, &rows, `SELECT source, author, customer FROM customer_links FINAL WHERE customer != '' AND customer IN (SELECT key FROM customers)
		AND customer IN (SELECT customer FROM customer_links FINAL WHERE `+w.sql()+") ORDER BY source, author", w.args...)
	var links []mention.CustomerLink
	for _, r := range rows {
		if (mention.Writer{Source: r.Source, Author: r.Author}).Known() { // linked before that was refused
			links = append(links, mention.CustomerLink{Source: r.Source, Author: r.Author, Customer: r.Customer})
		}
	}
	return links, s.explain("links of customers", err)
}

// CustomerList gives the list by key, with the number of linked authors; a limit of 0 is none.
func (s *Store) CustomerList(ctx context.Context, limit int) ([]mention.Customer, error) {
	var rows []customerRow
	err := s.conn.Select(ctx, &rows, "SELECT c.*, l.links AS links FROM ("+shares+`) AS c
		LEFT JOIN (SELECT customer, count() AS links FROM customer_links FINAL WHERE customer != '' GROUP BY customer) AS l ON c.key = l.customer
		ORDER BY c.key`+limitBy(limit))
	found := make([]mention.Customer, len(rows))
	for i, r := range rows {
		found[i] = r.record()
	}
	return found, s.explain("list customers", err)
}

// LinkCustomer says that the author of l, named by key or by a name that is his alone on the source, is the customer;
// an empty Customer takes that back. It gives the link with the author's key. The errors are ErrUnknownCustomer,
// ErrUnknownAuthor, ErrManyAuthors and ErrNobody where one of these is the reason.
func (s *Store) LinkCustomer(ctx context.Context, l mention.CustomerLink) (mention.CustomerLink, error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	ctx, cancel := s.limit(ctx)
	defer cancel()
	var err error
	if l.Author, err = s.authorKey(ctx, l); err != nil {
		return l, err
	}
	if l.Customer != "" && !(mention.Writer{Author: l.Author}).Known() {
		return l, ErrNobody
	}
	if l.Customer != "" {
		var n uint64
		err := s.conn.QueryRow(ctx, "SELECT count() FROM customers WHERE key = {key:String}", clickhouse.Named("key", l.Customer)).Scan(&n)
		if err == nil && n == 0 {
			err = ErrUnknownCustomer
		}
		if err != nil {
			return l, s.explain("link a customer", err)
		}
	}
	type linkRow struct {
		Source   string    `ch:"source"`
		Author   string    `ch:"author"`
		Customer string    `ch:"customer"`
		By       string    `ch:"by"`
		At       time.Time `ch:"at"`
	}
	return l, insertRows(ctx, s, "customer_links", []*linkRow{{l.Source, l.Author, l.Customer, l.By, micro(l.At)}})
}

// authorKey finds the author of a link among those who wrote, or, to take a link back, among those who are linked.
func (s *Store) authorKey(ctx context.Context, l mention.CustomerLink) (string, error) {
	question := `SELECT DISTINCT if(author_id != '', author_id, author) AS key FROM mention_versions
		WHERE source = {source:String} AND (author_id = {author:String} OR author = {author:String}) AND {author:String} != ''`
	if l.Customer == "" {
		question += ` UNION DISTINCT SELECT author AS key FROM customer_links FINAL
			WHERE source = {source:String} AND author = {author:String} AND customer != ''`
	}
	var found []struct {
		Key string `ch:"key"`
	}
	err := s.conn.Select(ctx, &found, question, clickhouse.Named("source", l.Source), clickhouse.Named("author", l.Author))
	for _, f := range found {
		if f.Key == l.Author {
			return f.Key, nil
		}
	}
	switch {
	case err != nil:
		return "", s.explain("look up an author", err)
	case len(found) == 0:
		return "", ErrUnknownAuthor
	case len(found) > 1:
		return "", ErrManyAuthors
	}
	return found[0].Key, nil
}

// RemoveCustomer takes a customer off the list and removes his links, from the disk too once Expunge has returned. The
// links go last: broken off, CustomersOf still finds him. It tells how many rows went.
func (s *Store) RemoveCustomer(ctx context.Context, key string) (removed uint64, err error) {
	if key == "" {
		return 0, nil
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	for _, step := range []struct{ table, column string }{{"customers", "key"}, {"customer_links", "customer"}} {
		n, err := s.removeKey(ctx, step.table, step.column, key)
		if removed += n; err != nil {
			return removed, s.explain("remove a customer", err)
		}
	}
	return removed, nil
}

// removeKey deletes by a hash with a salt: ClickHouse keeps the text of a mutation, and a key may be an address.
func (s *Store) removeKey(ctx context.Context, table, column, key string) (n uint64, err error) {
	salt, arg := "'"+hex.EncodeToString([]byte(rand.Text()))+"'", clickhouse.Named("key", key)
	var hash uint64
	if err := s.conn.QueryRow(ctx, "SELECT count(), any(sipHash64("+salt+", "+column+")) FROM "+table+" WHERE "+column+" = {key:String}", arg).Scan(&n, &hash); err != nil || n == 0 {
		return 0, err
	}
	return n, s.conn.Exec(ctx, "ALTER TABLE "+table+names(s.cfg).OnCluster+" DELETE WHERE sipHash64("+salt+", "+column+") = "+strconv.FormatUint(hash, 10))
}
