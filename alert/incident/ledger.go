package incident

import (
	"slices"
	"time"
)

// ledger is what is kept of one brand: one record, so that an edit which moves a
// mention from one topic to another is one step.
type ledger struct {
	Groups []*Group
}

// add puts k where it belongs; where it was before it is taken out.
func (l *ledger) add(c Cause, k kept, cfg Config) (*Group, Change) {
	for _, g := range l.Groups {
		i, found := g.find(k.Hash)
		if !found {
			continue
		}
		if g.Members[i].Version >= k.Version || g.Cause == c && g.reaches(k.At, cfg) {
			return g, g.add(k, cfg)
		}
		g.remove(i)
		l.drop(func(g *Group) bool { return g.ID == "" && len(g.Members) == 0 })
		break
	}
	g := l.place(c, k.At, cfg)
	change := g.add(k, cfg)
	l.shrink(cfg)
	return g, change
}

// holds reports whether k, or a newer revision of it, is there already.
func (l *ledger) holds(k kept) bool {
	return slices.ContainsFunc(l.Groups, func(g *Group) bool {
		i, found := g.find(k.Hash)
		return found && g.Members[i].Version >= k.Version
	})
}

// place finds the group that a mention written then belongs to, or makes one.
// Groups that it joins to each other become one.
func (l *ledger) place(c Cause, at int64, cfg Config) *Group {
	var home *Group
	l.drop(func(g *Group) bool {
		if g.Cause != c || !g.reaches(at, cfg) {
			return false
		}
		if home == nil {
			home = g
			return false
		}
		return home.merge(g, cfg)
	})
	if home == nil {
		home = NewGroup(c)
		l.Groups = append(l.Groups, home)
	}
	return home
}

// drop removes the groups that which names, and answers how many.
func (l *ledger) drop(which func(*Group) bool) int {
	before := len(l.Groups)
	l.Groups = slices.DeleteFunc(l.Groups, which)
	return before - len(l.Groups)
}

// prune drops what has ended and is told, and need not be remembered any more.
func (l *ledger) prune(now time.Time, cfg Config) int {
	since := now.Add(-cfg.Quiet - cfg.Remember).Unix()
	return l.drop(func(g *Group) bool { return g.Last < since && len(g.Due) == 0 })
}

// shrink makes room: first go the groups that are no incident and had no news for
// the longest time, then every other member of the largest.
func (l *ledger) shrink(cfg Config) {
	total := 0
	for _, g := range l.Groups {
		total += len(g.Members)
	}
	for total > cfg.Room {
		if g := l.idlest(); g != nil {
			total -= len(g.Members)
			l.drop(func(other *Group) bool { return other == g })
			continue
		}
		g := slices.MaxFunc(l.Groups, func(a, b *Group) int { return len(a.Members) - len(b.Members) })
		half := len(g.Members) / 2
		total -= len(g.Members) - half
		g.shrink(half, cfg)
	}
}

// idlest is the group that is no incident and had no news for the longest time,
// nil where all are incidents.
func (l *ledger) idlest() (idle *Group) {
	for _, g := range l.Groups {
		if g.ID == "" && (idle == nil || g.Last < idle.Last) {
			idle = g
		}
	}
	return idle
}

// forget takes the mention with that hash out.
func (l *ledger) forget(hash uint64) (found bool) {
	for _, g := range l.Groups {
		if i, there := g.find(hash); there {
			g.remove(i)
			found = true
		}
	}
	l.drop(func(g *Group) bool { return g.ID == "" && len(g.Members) == 0 })
	return found
}
