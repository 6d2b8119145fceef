package storage

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
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
	Quoted      uint64 `json:"quoted"`      // rows of escalation_events about incidents, which stay without his words
	Links       uint64 `json:"links"`       // rows of customer_links
	Labels      uint64 `json:"labels"`      // rows of sample_labels
	// Customers are the keys of customers of the list who were linked to nobody else: they are on the list still, until
	// RemoveCustomer takes them off.
	Customers []string `json:"customers,omitempty"`
	Left      uint64   `json:"left"` // rows that still name the author afterwards: 0
}

// Add counts what a further call removed, and takes over what is left after it.
func (f *Forgotten) Add(more Forgotten) {
	f.Mentions, f.Versions, f.Verdicts = f.Mentions+more.Mentions, f.Versions+more.Versions, f.Verdicts+more.Verdicts
	f.Corrections, f.Events, f.Quoted, f.Links = f.Corrections+more.Corrections, f.Events+more.Events, f.Quoted+more.Quoted, f.Links+more.Links
	f.Labels += more.Labels
	f.Customers, f.Left = append(f.Customers, more.Customers...), more.Left
}

// Forget removes all that an author wrote on a source and sees to it that no crawl brings it back. Whoever has the ID or
// the Name is meant, an empty one counts for nothing; an empty source means all sources. What is removed is no longer in
// any part that is read when it returns, and Expunge waits for the parts before these; the roll-ups follow with their
// next rebuild. It may be called again, also after it broke off anywhere.
func (s *Store) Forget(ctx context.Context, a mention.Author, source string) (Forgotten, error) {
	if err := s.Remember(ctx, a, source); err != nil {
		return Forgotten{}, err
	}
	s.rebuilding.Lock()
	defer s.rebuilding.Unlock()
	s.writing.Lock()
	defer s.writing.Unlock()
	f := &forgetting{s: s, author: a, source: source}
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

// Remember keeps what an author writes from being stored from now on. It comes before anything is removed, so that
// nothing slips in behind that.
func (s *Store) Remember(ctx context.Context, a mention.Author, source string) error {
	if a.ID == "" && a.Name == "" {
		return errors.New("forget: the author has neither id nor name")
	}
	if len(s.cfg.Secret) == 0 {
		return errors.New("forget: this installation has no secret: run feryat init")
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	now := second(time.Now())
	rows := []*forgottenRow{{s.secretCheck(), now}}
	if a.ID != "" {
		rows = append(rows, &forgottenRow{s.hash(source, "id", a.ID), now})
	}
	if a.Name != "" {
		rows = append(rows, &forgottenRow{s.hash(source, "name", a.Name), now})
	}
	return insertRows(ctx, s, "forgotten", rows)
}

// Person gives what is stored of an author, by which he is found elsewhere.
func (s *Store) Person(ctx context.Context, a mention.Author, source string) (mention.Person, error) {
	f := &forgetting{s: s, author: a, source: source}
	p := mention.Person{Author: a, Source: source}
	ids, err := f.mentions(ctx)
	for _, id := range ids {
		p.Mentions = append(p.Mentions, mention.ID(id))
	}
	slices.Sort(p.Mentions)
	if err == nil {
		p.URLs, err = f.list(ctx, "SELECT DISTINCT url AS key FROM mentions WHERE url != '' AND "+f.his())
	}
	if err == nil {
		p.Texts, err = f.list(ctx, "SELECT DISTINCT text AS key FROM mention_versions WHERE text != '' AND "+f.his())
	}
	return p, err
}

// remove deletes the rows that hang on the author's mentions first and those that name him last: broken off in between,
// it finds them again. Of what is left of a mutation on the disk, its text, nothing names him: rows are told by keys.
func (f *forgetting) remove(ctx context.Context) error {
	days, err := f.days(ctx)
	if err != nil {
		return err
	}
	ids, err := f.mentions(ctx)
	if err != nil {
		return err
	}
	return firstError(
		func() error { return f.s.markDirty(ctx, days) },
		func() error { return f.removeFigures(ctx, ids) },
		func() error { return f.delete(ctx, "corrections", "id", ids, &f.done.Corrections) },
		func() error { return f.delete(ctx, "sample_labels", "id", ids, &f.done.Labels) },
		func() error { return f.delete(ctx, "verdicts", "id", ids, &f.done.Verdicts) },
		func() error { return f.unquote(ctx) },
		func() error { return f.removeEvents(ctx) },
		func() error { return f.delete(ctx, "mentions", "id", ids, &f.done.Mentions) },
		func() error { return f.removeLinks(ctx) },
		func() error { return f.delete(ctx, "mention_versions", "id", ids, &f.done.Versions) },
		func() error { return f.s.markDirty(ctx, days) },
		func() (err error) { f.done.Left, err = f.left(ctx); return err },
	)
}

// his selects the author's rows in mentions, mention_versions and escalation_events.
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

// mentions are the ids of what the author wrote.
func (f *forgetting) mentions(ctx context.Context) ([]string, error) {
	return f.list(ctx, "SELECT id AS key FROM mention_versions WHERE "+f.his()+" UNION DISTINCT SELECT id AS key FROM mentions WHERE "+f.his())
}

// list gives the column key of a question about the author.
func (f *forgetting) list(ctx context.Context, sql string) ([]string, error) {
	var found []struct {
		Key string `ch:"key"`
	}
	err := f.s.conn.Select(ctx, &found, sql, f.args()...)
	keys := make([]string, len(found))
	for i, row := range found {
		keys[i] = row.Key
	}
	return keys, f.s.explain("look up an author", err)
}

// CustomersOf lists the customers who are linked to this author and to no other. Once he is forgotten nobody can tell.
func (s *Store) CustomersOf(ctx context.Context, a mention.Author, source string) ([]string, error) {
	f := &forgetting{s: s, author: a, source: source}
	keys, err := f.list(ctx, "SELECT customer AS key FROM customer_links FINAL WHERE customer != '' GROUP BY customer HAVING count() = countIf("+
		f.hisLinks()+") ORDER BY customer")
	return filled(keys), err
}

func (f *forgetting) args() []any {
	return []any{clickhouse.Named("author_id", f.author.ID), clickhouse.Named("author", f.author.Name), clickhouse.Named("source", f.source)}
}

// removeEvents deletes the life of the author's escalations.
func (f *forgetting) removeEvents(ctx context.Context) error {
	cases, err := f.list(ctx, "SELECT DISTINCT escalation AS key FROM escalation_events WHERE "+f.his()+
		" OR mention != '' AND mention IN (SELECT id FROM mention_versions WHERE "+f.his()+")")
	if err != nil {
		return err
	}
	return f.delete(ctx, "escalation_events", "escalation", cases, &f.done.Events)
}

// unquote takes his words out of incidents, which are of many people and stay. An excerpt is the beginning of a text.
func (f *forgetting) unquote(ctx context.Context) error {
	cases, err := f.list(ctx, `SELECT DISTINCT escalation AS key FROM escalation_events WHERE mention = '' AND author_id = '' AND author = '' AND (
		excerpt != '' AND excerpt IN (SELECT arrayJoin([text, concat(substringUTF8(text, 1, 279), '…')]) FROM mention_versions WHERE `+f.his()+`)
		OR url != '' AND url IN (SELECT url FROM mentions WHERE `+f.his()+`))`)
	if err != nil {
		return err
	}
	return f.mutate(ctx, "escalation_events", "escalation", "UPDATE excerpt = '', url = ''", cases, &f.done.Quoted)
}

// inFigures selects rows of rollup_mention and rollup_author that may be the author's. They are looked for there, too: a rebuild that was
// under way when he was forgotten for the first time may have brought them back when nothing else tells of him. Too much is
// no harm, for it is made anew.
func (f *forgetting) inFigures() string {
	return `(author != '' AND author IN ({author_id:String}, {author:String}) OR name != '' AND name = {author:String}) AND ({source:String} = '' OR source = {source:String})`
}

// days are those of which figures change.
func (f *forgetting) days(ctx context.Context) ([]time.Time, error) {
	var found []struct {
		Day time.Time `ch:"day"`
	}
	err := f.s.conn.Select(ctx, &found, "SELECT day FROM mention_versions WHERE "+f.his()+" UNION DISTINCT SELECT day FROM rollup_mention WHERE "+f.inFigures(), f.args()...)
	days := make([]time.Time, len(found))
	for i, row := range found {
		days[i] = row.Day
	}
	return days, f.s.explain("look up the days of an author", err)
}

// removeFigures deletes what the roll-ups hold of single people. An author who goes by several names, of which one is forgotten,
// is reckoned anew from the rest.
func (f *forgetting) removeFigures(ctx context.Context, ids []string) error {
	const key = "toString(cityHash64(toString(source), if(author_id != '', author_id, author))) AS key"
	authors, err := f.list(ctx, "SELECT "+key+" FROM mention_versions WHERE "+f.his()+" UNION DISTINCT SELECT "+key+" FROM mentions WHERE "+f.his()+
		" UNION DISTINCT SELECT toString(who) AS key FROM rollup_author WHERE "+f.inFigures())
	if err != nil {
		return err
	}
	more, err := f.list(ctx, "SELECT DISTINCT id AS key FROM rollup_mention WHERE "+f.inFigures())
	if err != nil {
		return err
	}
	ids = slices.Concat(ids, more)
	for part := range slices.Chunk(authors, lookupSize) {
		if err := f.s.conn.Exec(ctx, "INSERT INTO rollup_author (who) SELECT arrayJoin(["+strings.Join(part, ",")+"]::Array(UInt64))"); err != nil {
			return f.s.explain("have an author reckoned anew", err)
		}
	}
	var n uint64
	return firstError(
		func() error { return f.delete(ctx, "rollup_mention", "id", ids, &n) },
		func() error { return f.delete(ctx, "rollup_author", "if(author = '', '', toString(who))", authors, &n) },
		func() error { // rows that reckoning has replaced are hidden there, and not yet off the disk
			return f.s.explain("forget in rollup_author", f.s.long(ctx, "ALTER TABLE rollup_author"+names(f.s.cfg).OnCluster+" APPLY DELETED MASK"))
		},
	)
}

// removeLinks tells the rows by a hash with a salt, for there the author is the key.
func (f *forgetting) removeLinks(ctx context.Context) (err error) {
	if f.done.Customers, err = f.s.CustomersOf(ctx, f.author, f.source); err != nil {
		return err
	}
	hash := "toString(sipHash64('" + hex.EncodeToString([]byte(rand.Text())) + "', source, author))"
	links, err := f.list(ctx, "SELECT DISTINCT "+hash+" AS key FROM customer_links WHERE "+f.hisLinks())
	if err != nil {
		return err
	}
	return f.delete(ctx, "customer_links", hash, links, &f.done.Links)
}

func (f *forgetting) delete(ctx context.Context, table, column string, keys []string, count *uint64) error {
	return f.mutate(ctx, table, column, "DELETE", keys, count)
}

// mutate rewrites the parts of the table that have rows with these keys, and waits for it.
func (f *forgetting) mutate(ctx context.Context, table, column, change string, keys []string, count *uint64) error {
	counted := "count()"
	if table == "mentions" { // several rows of one key may still be waiting for their merge
		counted = "uniqExact(id)"
	}
	for part := range slices.Chunk(keys, lookupSize) {
		where := " WHERE " + column + " IN " + inList(part)
		var n uint64
		err := f.s.conn.QueryRow(ctx, "SELECT "+counted+" FROM "+table+where).Scan(&n)
		if err == nil && n > 0 {
			err = f.s.long(ctx, "ALTER TABLE "+table+names(f.s.cfg).OnCluster+" "+change+where)
		}
		if err != nil {
			return f.s.explain("forget in "+table, err)
		}
		*count += n
	}
	return nil
}

func (f *forgetting) left(ctx context.Context) (uint64, error) {
	var n uint64
	err := f.s.conn.QueryRow(ctx, "SELECT (SELECT count() FROM mentions WHERE "+f.his()+") + (SELECT count() FROM mention_versions WHERE "+f.his()+
		") + (SELECT count() FROM escalation_events WHERE "+f.his()+") + (SELECT count() FROM customer_links WHERE "+f.hisLinks()+")", f.args()...).Scan(&n)
	return n, f.s.explain("count what is left", err)
}
