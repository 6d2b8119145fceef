package storage

import (
	"context"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"feryat/mention"
)

// lookupSize is how many ids one statement looks up.
const lookupSize = 5000

// lookup gives what is stored of the mentions of a batch. Mention_versions is ordered by id and gives the days; with
// these the rows of mentions are found without reading the whole table.
func (s *Store) lookup(ctx context.Context, batch []mention.Scored) (map[string]*state, error) {
	ids := map[string]bool{}
	for _, b := range batch {
		ids[string(b.Mention.ID)] = true
	}
	known := map[string]*state{}
	for part := range slices.Chunk(slices.Sorted(maps.Keys(ids)), lookupSize) {
		if err := s.lookupPart(ctx, part, known); err != nil {
			return nil, err
		}
	}
	return known, nil
}

func (s *Store) lookupPart(ctx context.Context, ids []string, known map[string]*state) error {
	var found []struct {
		first
		ID        string   `ch:"id"`
		Revisions []string `ch:"revisions"`
	}
	// Revisions of one mention agree on first sight; after a race of two writers the earliest holds.
	err := s.conn.Select(ctx, &found, `SELECT id, groupUniqArray(v.revision) AS revisions,
		argMin(v.day, k) AS day, argMin(v.written, k) AS written, argMin(v.written_precision, k) AS written_precision,
		argMin(v.written_zone, k) AS written_zone, argMin(v.written_clamped, k) AS written_clamped,
		argMin(v.written_shown, k) AS written_shown, min(v.seen_first) AS seen_first, argMin(v.origin, k) AS origin
		FROM (SELECT *, (seen_first, collected, revision) AS k FROM mention_versions WHERE id IN `+inList(ids)+`) AS v GROUP BY id`)
	if err != nil {
		return s.explain("look up known mentions", err)
	}
	days := map[time.Time]bool{}
	for _, f := range found {
		k := &state{first: &f.first, revisions: map[string]bool{}, brands: map[string]*row{}}
		for _, r := range f.Revisions {
			k.revisions[r] = true
		}
		known[f.ID], days[f.Day] = k, true
	}
	if len(found) == 0 {
		return nil
	}
	return s.lookupRows(ctx, ids, slices.Collect(maps.Keys(days)), known)
}

// lookupRows reads the columns that fold decides by.
func (s *Store) lookupRows(ctx context.Context, ids []string, days []time.Time, known map[string]*state) error {
	rows, err := s.newestRows(ctx, "brand, id, day, version, gone, gone_why, gone_seen, revision, lexicon, fingerprint, collected, scored", ids, days)
	if err != nil {
		return err
	}
	for i := range rows {
		if k := known[rows[i].ID]; k != nil {
			k.brands[rows[i].Brand] = &rows[i]
		}
	}
	return nil
}

// newestRows reads columns of the newest row of each brand of these mentions, hidden ones included.
func (s *Store) newestRows(ctx context.Context, columns string, ids []string, days []time.Time) ([]row, error) {
	var rows []row
	err := s.conn.Select(ctx, &rows, `SELECT `+columns+` FROM mentions WHERE has({days:Array(Date)}, day) AND day IN {days:Array(Date)} AND id IN `+inList(ids)+`
		ORDER BY version DESC LIMIT 1 BY id, brand`, clickhouse.Named("days", dayList(days)))
	return rows, s.explain("look up stored rows", err)
}

// fill reads, for rows that are to be written once more, the columns that the lookup left out.
func (s *Store) fill(ctx context.Context, c *changes) error {
	ids, days := map[string]bool{}, map[time.Time]bool{}
	for key := range c.hollow {
		ids[key.id], days[c.mentions[key].Day] = true, true
	}
	if len(ids) == 0 {
		return nil
	}
	rows, err := s.newestRows(ctx, "*", slices.Collect(maps.Keys(ids)), slices.Collect(maps.Keys(days)))
	if err != nil {
		return err
	}
	for i := range rows {
		key := rowKey{rows[i].ID, rows[i].Brand}
		if !c.hollow[key] {
			continue
		}
		decided := c.mentions[key]
		full := &rows[i]
		full.Version, full.Gone, full.GoneWhy, full.GoneSeen = decided.Version, decided.Gone, decided.GoneWhy, decided.GoneSeen
		full.Revision, full.Scored = decided.Revision, decided.Scored
		c.mentions[key] = full
	}
	return nil
}

// inList is a set of strings for the right side of IN. As hex digits they can be anything without being read as SQL;
// as a query parameter they would be too long for a URL.
func inList(values []string) string {
	encoded := make([]string, len(values))
	for i, v := range values {
		encoded[i] = hex.EncodeToString([]byte(v))
	}
	return "(SELECT unhex(arrayJoin(splitByChar(',', '" + strings.Join(encoded, ",") + "'))))"
}

// dayList is a value for a parameter of type Array(Date).
func dayList(days []time.Time) []string {
	list := make([]string, len(days))
	for i, d := range days {
		list[i] = d.UTC().Format(time.DateOnly)
	}
	slices.Sort(list)
	return list
}
