package storage

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"feryat/mention"
	"feryat/text"
)

// stars are those of a rating on any scale, as if it had five.
const stars = "toUInt8(round(rating * 4) + 1)"

// onSearch is the search as a condition on v_mentions.
func onSearch(q mention.Search) *where {
	w := onMentions(q.Filter)
	w.addText("(author = {author:String} OR author_id = {author:String})", "author", q.Author)
	for _, kind := range slices.Sorted(maps.Keys(q.Any)) {
		w.addAny(kind, q.Any[kind])
	}
	w.addWords(q.Text)
	if p := q.After; p.ID != "" {
		w.add("(written, id, brand) < ({at:DateTime('UTC')}, {after:String}, {of:String})", "at", second(p.Written))
		w.args = append(w.args, clickhouse.Named("after", string(p.ID)), clickhouse.Named("of", p.Brand))
	}
	return w
}

// addAny narrows to one of some values of a kind; none do not narrow.
func (w *where) addAny(kind string, values []string) {
	if len(values) == 0 {
		return
	}
	name := "any_" + kind
	list := "{" + name + ":Array(String)}"
	switch kind {
	case "brand", "source", "language", "mood", "product":
		w.add(kind+" IN "+list, name, values)
	case "topic", "signal":
		w.add("hasAny("+kind+"s, "+list+")", name, values)
	case "stars":
		w.add("rating IS NOT NULL AND toString("+stars+") IN "+list, name, values)
	default:
		w.terms = append(w.terms, "0")
	}
}

// addWords asks for words in the column that is folded as they are. Whole words go by the text index, which parts words
// as it has parted the column's.
func (w *where) addWords(typed string) {
	if strings.TrimSpace(typed) == "" {
		return
	}
	var plain []string
	for i, part := range strings.Split(text.Fold(typed, ""), `"`) {
		part = strings.TrimSpace(part)
		if i%2 == 1 && part != "" {
			plain = append(plain, part)
			name := fmt.Sprint("phrase", i)
			w.add("position(search, {"+name+":String}) > 0", name, part)
			continue
		}
		for j, word := range strings.Fields(part) {
			stem, open := strings.CutSuffix(word, "*")
			if !open || stem == "" {
				plain = append(plain, word)
				continue
			}
			name := fmt.Sprint("stem", i, "_", j)
			w.add("match(search, {"+name+":String})", name, `(^|[^\pL\pN])`+regexp.QuoteMeta(stem))
		}
	}
	if len(plain) > 0 {
		w.add("hasAllTokens(search, {words:String})", "words", strings.Join(plain, " "))
	}
}

// found is the key of a row.
type found struct {
	Brand string    `ch:"brand"`
	Day   time.Time `ch:"day"`
	ID    string    `ch:"id"`
}

// Search gives what it selects, newest first, brands of one mention side by side; a limit of 0 is none.
func (s *Store) Search(ctx context.Context, q mention.Search, limit int) ([]mention.Scored, error) {
	keys, err := s.find(ctx, q, limit)
	if err != nil {
		return nil, err
	}
	return s.rowsOf(ctx, keys)
}

// exportPage is how many rows Export holds at a time.
const exportPage = 1000

// Export hands out what a search selects, page by page in the order of Search and no more than limit; cut says that
// there is more. It holds the keys of all and the rows of one page. What is changed meanwhile may be seen in its old or
// new state, or be left out.
func (s *Store) Export(ctx context.Context, q mention.Search, limit int, page func([]mention.Scored) error) (cut bool, err error) {
	keys, err := s.find(ctx, q, limit+1)
	if err != nil {
		return false, err
	}
	for chunk := range slices.Chunk(keys[:min(len(keys), limit)], exportPage) {
		rows, err := s.rowsOf(ctx, chunk)
		if err != nil {
			return false, err
		}
		if err := page(rows); err != nil {
			return false, err
		}
	}
	return len(keys) > limit, nil
}

// find gives keys: reading the wide columns of everything that is sorted would take a hundred times as long.
func (s *Store) find(ctx context.Context, q mention.Search, limit int) (keys []found, err error) {
	w := onSearch(q)
	err = s.conn.Select(ctx, &keys, "SELECT brand, day, id FROM v_mentions WHERE "+w.sql()+" ORDER BY written DESC, id DESC, brand DESC"+limitBy(limit), w.args...)
	return keys, s.explain("search", err)
}

// rowsOf reads the rows of keys, in their order.
func (s *Store) rowsOf(ctx context.Context, keys []found) ([]mention.Scored, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	var ids, brands []string
	order := map[rowKey]int{}
	for i, k := range keys {
		ids, brands = append(ids, k.ID), append(brands, k.Brand)
		order[rowKey{k.ID, k.Brand}] = i
	}
	slices.Sort(brands)
	byDay := func(a, b found) int { return a.Day.Compare(b.Day) }
	first, last := slices.MinFunc(keys, byDay).Day, slices.MaxFunc(keys, byDay).Day
	rows, err := s.records(ctx, "read what was found", "brand IN "+inList(slices.Compact(brands))+" AND day >= {first:Date} AND day <= {last:Date} AND id IN "+inList(ids), []any{
		clickhouse.Named("first", first.Format(time.DateOnly)), clickhouse.Named("last", last.Format(time.DateOnly))})
	place := func(r mention.Scored) (int, bool) {
		i, ok := order[rowKey{string(r.Mention.ID), r.Brand}]
		return i, ok
	}
	rows = slices.DeleteFunc(rows, func(r mention.Scored) bool { _, asked := place(r); return !asked })
	slices.SortFunc(rows, func(a, b mention.Scored) int { i, _ := place(a); j, _ := place(b); return i - j })
	return rows, err
}

// facetLists are the kinds and values that a row of v_mentions has, and that roll-ups know.
const facetLists = `[('total', ''), ('brand', toString(brand)), ('source', toString(source)), ('language', toString(language)), ('mood', toString(mood))],
	arrayMap(t -> ('topic', toString(t)), arrayDistinct(topics)), arrayMap(x -> ('signal', toString(x)), arrayDistinct(signals)),
	if(rating IS NULL, [], [('stars', toString(` + stars + `))])`

// facetsOf gives a row for each of them.
const facetsOf = "arrayJoin(arrayConcat(" + facetLists + "))"

// Facets counts what a search selects, wherever its list goes on; of each kind at most limit values.
func (s *Store) Facets(ctx context.Context, q mention.Search, limit int) (mention.Facets, error) {
	q.After = mention.Place{}
	chosen := slices.DeleteFunc(slices.Sorted(maps.Keys(q.Any)), func(kind string) bool { return len(q.Any[kind]) == 0 || !slices.Contains(facetKinds(), kind) })
	from, args, err := s.facets(ctx, q, slices.DeleteFunc(append(facetKinds(), "total"), func(kind string) bool { return slices.Contains(chosen, kind) }))
	for _, kind := range chosen {
		rest := q
		rest.Any = maps.Clone(q.Any)
		delete(rest.Any, kind)
		more, its, e := s.facets(ctx, rest, []string{kind})
		from, args, err = from+" UNION ALL "+more, append(args, its...), errors.Join(err, e)
	}
	if err != nil {
		return mention.Facets{}, err
	}
	var rows []struct {
		Kind  string `ch:"kind"`
		Value string `ch:"value"`
		N     uint64 `ch:"n"`
	}
	err = s.conn.Select(ctx, &rows, "SELECT kind, value, sum(mentions) AS n FROM ("+from+") GROUP BY kind, value ORDER BY n DESC, value"+limitBy(limit)+" BY kind", args...)
	facets := mention.Facets{By: map[string][]mention.Count{}}
	for _, r := range rows {
		if r.Kind == "total" {
			facets.Total = int64(r.N)
			continue
		}
		facets.By[r.Kind] = append(facets.By[r.Kind], mention.Count{Value: r.Value, N: int64(r.N)})
	}
	return facets, s.explain("count what was found", err)
}

func facetKinds() []string {
	return []string{"brand", "source", "language", "mood", "topic", "signal", "stars", "product"}
}

// daily tells whether roll-ups know what is asked for: no more than brands and whole days.
func daily(q mention.Search) bool {
	for kind, values := range q.Any {
		if len(values) > 0 && kind != "brand" {
			return false
		}
	}
	f := q.Filter
	return q.Text == "" && q.Author == "" && q.After == (mention.Place{}) && f == mention.Filter{Brand: f.Brand, From: f.From, To: f.To} && aligned(f)
}

// facets are the rows of some kinds that Facets sums up. What roll-ups know is taken from them, and from the mentions for
// days that changed since; of products, which they do not know, the mentions are asked where they are few enough, or a must.
func (s *Store) facets(ctx context.Context, q mention.Search, kinds []string) (string, []any, error) {
	w := onSearch(q)
	if !daily(q) {
		return facetsOfMentions(kinds, w.sql()), w.args, nil
	}
	dirty, err := s.dirty(ctx, q.From, q.To)
	if err != nil {
		return "", nil, err
	}
	known := slices.DeleteFunc(slices.Clone(kinds), func(kind string) bool { return kind == "product" })
	r := onRollups(q.Filter)
	r.addAny("brand", q.Any["brand"])
	r.terms = append(r.terms, ofKinds(known), "day >= (SELECT max(since) FROM retention WHERE what = 'mentions')") // what the list cannot show is not counted
	from := "SELECT kind, value, mentions FROM rollup_facet WHERE NOT has({dirty:Array(Date)}, day) AND " + r.sql() +
		" UNION ALL " + facetsOfMentions(known, "day IN {dirty:Array(Date)} AND "+w.sql())
	if len(known) < len(kinds) && (len(known) == 0 || !q.From.IsZero()) {
		from += " UNION ALL SELECT 'product' AS kind, product AS value, count() AS mentions FROM v_mentions WHERE product != '' AND " + w.sql() + " GROUP BY product"
	}
	return from, append(append(w.args, r.args...), clickhouse.Named("dirty", dayList(daysOnly(dirty)))), nil
}

func facetsOfMentions(kinds []string, condition string) string {
	return "SELECT f.1 AS kind, f.2 AS value, toUInt64(1) AS mentions FROM (SELECT arrayJoin(arrayConcat(" + facetLists + ", if(product = '', [], [('product', product)]))) AS f FROM v_mentions WHERE " + condition + ") WHERE " + ofKinds(kinds)
}

// ofKinds needs names of our own.
func ofKinds(kinds []string) string { return "kind IN ('" + strings.Join(kinds, "', '") + "')" }
