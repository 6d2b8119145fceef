package storage

import (
	"cmp"
	"slices"
	"time"

	"feryat/mention"
)

// Why a row hides its mention.
const (
	whyDeleted   = "deleted"   // the source no longer shows it
	whyUnmatched = "unmatched" // it no longer names the brand
)

// sighting is what one visit (or one rescore run) says of one mention: the rows of a batch that agree in id, time and
// revision. Their brands are all brands which the mention names.
type sighting struct {
	id      string
	version uint64
	rescore bool
	rev     string
	rows    []int // indices into the batch
}

// sightings groups a batch, oldest sighting first, so that a batch with several visits ends as if they had come one by one.
func sightings(batch []mention.Scored) []sighting {
	at := map[sightingKey]int{}
	var all []sighting
	for i, s := range batch {
		k := sightingKey{string(s.Mention.ID), version(s.Mention.Collected), s.Mention.Origin == mention.OriginRescore, string(s.Mention.Revision)}
		n, ok := at[k]
		if !ok {
			n = len(all)
			at[k] = n
			all = append(all, sighting{id: k.id, version: k.version, rescore: k.rescore, rev: k.rev})
		}
		all[n].rows = append(all[n].rows, i)
	}
	slices.SortStableFunc(all, func(a, b sighting) int { return cmp.Compare(a.version, b.version) })
	return all
}

type sightingKey struct {
	id      string
	version uint64
	rescore bool
	rev     string
}

// state is what storage knows of one mention.
type state struct {
	first     *first          // nil before first sight
	revisions map[string]bool // known to mention_versions
	brands    map[string]*row // newest row of each brand, hidden ones included
}

// changes is what a batch does to the tables.
type changes struct {
	mentions map[rowKey]*row // to write to mentions
	hollow   map[rowKey]bool // of these, those that still lack the columns which the lookup leaves out
	versions []*row
	verdicts []*row
	fresh    []bool // one a row of the batch
}

type rowKey struct{ id, brand string }

// fold plays a batch against what is known. It touches nothing outside its arguments. What is not known and was written
// before the first day that is kept is left out.
func fold(batch []mention.Scored, known map[string]*state, since time.Time) *changes {
	c := &changes{mentions: map[rowKey]*row{}, hollow: map[rowKey]bool{}, fresh: make([]bool, len(batch))}
	for _, s := range sightings(batch) {
		k := known[s.id]
		if k == nil && firstSight(batch[s.rows[0]].Mention).Day.Before(since) {
			continue
		}
		if k == nil {
			k = &state{revisions: map[string]bool{}, brands: map[string]*row{}}
			known[s.id] = k
		}
		switch {
		case s.rescore:
			c.rescored(batch, s, k)
		case batch[s.rows[0]].Mention.Gone:
			c.deleted(s, k)
		default:
			c.present(batch, s, k)
		}
	}
	return c
}

// present is a mention that the source shows.
func (c *changes) present(batch []mention.Scored, s sighting, k *state) {
	c.said(batch, s, k)
	if s.version < k.version() { // late: whatever it says of any brand is out of date
		return
	}
	for _, i := range s.rows {
		brand := batch[i].Brand
		if brand == "" {
			continue
		}
		r := newRow(batch[i])
		r.setFirst(*k.first)
		old := k.brands[brand]
		if old != nil && (r.Version <= old.Version || same(old, r) || old.judgedAfter(s)) {
			continue
		}
		r.GoneSeen = k.goneSeen()
		c.write(k, r)
		c.fresh[i] = true
	}
	c.retire(batch, s, k, s.version)
}

// judgedAfter tells whether a rescore has had its say on the very revision since that sighting.
func (r *row) judgedAfter(s sighting) bool {
	return r.Revision == s.rev && version(r.Scored) >= s.version
}

// said notes a revision that was not heard before, also one that comes late.
func (c *changes) said(batch []mention.Scored, s sighting, k *state) {
	ours := slices.ContainsFunc(s.rows, func(i int) bool { return batch[i].Brand != "" })
	if k.revisions[s.rev] || !ours && (k.first == nil || s.version < k.version()) {
		return
	}
	r := newRow(batch[s.rows[0]])
	if k.first == nil {
		f := firstSight(batch[s.rows[0]].Mention)
		k.first = &f
	}
	r.setFirst(*k.first)
	k.revisions[s.rev] = true
	c.versions = append(c.versions, r)
}

// same tells whether a row would say again what is stored.
func same(old, r *row) bool {
	return old.Gone == 0 && old.Revision == r.Revision && old.Lexicon == r.Lexicon && old.Fingerprint == r.Fingerprint
}

// retire hides the mention from the brands that it no longer names.
func (c *changes) retire(batch []mention.Scored, s sighting, k *state, at uint64) {
	named := map[string]bool{}
	for _, i := range s.rows {
		named[batch[i].Brand] = true
	}
	for brand, old := range k.brands {
		if named[brand] || old.Gone != 0 || old.Version >= at || old.judgedAfter(s) {
			continue
		}
		r := c.hide(k, old, at, whyUnmatched)
		if s.rescore {
			r.Scored = moment(s.version)
		}
	}
}

// deleted is a mention that the source no longer shows. The stored text stays: its record need not carry any.
func (c *changes) deleted(s sighting, k *state) {
	if s.version <= k.version() {
		return
	}
	hidden := false
	for _, old := range k.brands {
		if old.Gone == 0 {
			r := c.hide(k, old, s.version, whyDeleted)
			r.Revision, r.GoneSeen = s.rev, moment(s.version)
			hidden = true
		}
	}
	for _, i := range s.rows {
		c.fresh[i] = hidden
	}
}

// rescored is a new verdict on a revision that is stored. Its version follows that of the stored row by one, so that
// an edit collected meanwhile wins, whichever comes first: what was said comes before what is thought of it.
func (c *changes) rescored(batch []mention.Scored, s sighting, k *state) {
	base := k.newest()
	if base == nil || base.Revision != s.rev || version(base.Scored) >= s.version || k.version() >= s.version {
		return
	}
	next := k.version() + 1
	for _, i := range s.rows {
		brand := batch[i].Brand
		r := newRow(batch[i])
		r.setFirst(*k.first)
		r.Collected, r.GoneSeen, r.Scored, r.Version = base.Collected, k.goneSeen(), moment(s.version), next
		old := k.brands[brand]
		if brand == "" || old != nil && (same(old, r) || version(old.Scored) >= s.version) {
			continue
		}
		c.write(k, r)
		c.fresh[i] = true
	}
	c.retire(batch, s, k, next)
}

// newest is the row of the mention that was said last, nil if none is shown.
func (k *state) newest() *row {
	var best *row
	for _, r := range k.brands {
		if r.Gone == 0 && (best == nil || r.Version > best.Version || r.Version == best.Version && r.Brand < best.Brand) {
			best = r
		}
	}
	return best
}

// version is the highest of the mention's rows, 0 without any.
func (k *state) version() uint64 {
	var highest uint64
	for _, r := range k.brands {
		highest = max(highest, r.Version)
	}
	return highest
}

// goneSeen is the last visit that found the mention deleted.
func (k *state) goneSeen() time.Time {
	last := epoch()
	for _, r := range k.brands {
		if r.GoneSeen.After(last) {
			last = r.GoneSeen
		}
	}
	return last
}

func (c *changes) write(k *state, r *row) {
	k.brands[r.Brand] = r
	key := rowKey{r.ID, r.Brand}
	c.mentions[key] = r
	delete(c.hollow, key)
	c.verdicts = append(c.verdicts, r)
}

// hide writes a stored row once more, hidden.
func (c *changes) hide(k *state, old *row, at uint64, why string) *row {
	key := rowKey{old.ID, old.Brand}
	if c.mentions[key] == nil {
		c.hollow[key] = true
	}
	r := *old
	r.Version, r.Gone, r.GoneWhy = at, 1, why
	k.brands[r.Brand] = &r
	c.mentions[key] = &r
	return &r
}
