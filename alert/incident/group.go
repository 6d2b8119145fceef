package incident

import (
	"math"
	"slices"
	"strconv"
	"time"
)

// maxTexts is how many members of a group keep the fingerprint of their text:
// enough to see what share are copies, and few enough to compare each with each.
const maxTexts = 64

// News says what a member changed.
type News string

// The news of a member.
const (
	Known    News = ""         // nothing: it was there already, or was edited
	Joined   News = "joined"   // one more
	Repeated News = "repeated" // one more of a person who wrote the same before
	Opened   News = "opened"   // with it there are people enough for an incident
	Grew     News = "grew"     // with it the incident reaches its next step
)

// Change is what a member changed. Step is the number of people to be told of,
// where News is Opened or Grew.
type Change struct {
	News News
	Step int
}

// Group is the mentions of one cause without a quiet time between them. It
// becomes an incident, with an ID, once people enough wrote within the window.
//
// What it holds follows from the set of its members alone, not from their order
// or from how often each came, but for two things: its ID is derived from the cause
// and from when the first member known by then was written, and stays; and a member
// that closes a gap of Quiet between two incidents makes one of them only if not
// both had been opened.
type Group struct {
	ID      string
	Cause   Cause
	First   int64 // Unix seconds
	Last    int64
	Members []kept // rising by hash
	// Below is the hash from which on members were left out to save room. Hashes
	// are even, so those below it are an even sample.
	Below   uint64
	People  *sketch // of authors; kept once members were left out
	Loudest int64
	Step    int   // the highest that was reached
	Due     []int // steps that nobody has noted as told
}

// NewGroup is a group of no members yet.
func NewGroup(c Cause) *Group {
	return &Group{Cause: c, First: math.MaxInt64, Last: math.MinInt64, Below: math.MaxUint64}
}

// Add takes m in, whose cause must be the group's.
func (g *Group) Add(m Member, cfg Config) Change { return g.add(keep(m), cfg) }

func (g *Group) add(k kept, cfg Config) Change {
	if i, found := g.find(k.Hash); found {
		if g.Members[i].Version < k.Version {
			g.Members[i] = k
			g.stretch(k.At, k.At, k.Reach)
		}
		return Change{}
	}
	g.insert(k, cfg)
	if change := g.step(cfg); change.News != Known {
		return change
	}
	for i := range g.Members {
		if k.repeats(&g.Members[i]) {
			return Change{News: Repeated}
		}
	}
	return Change{News: Joined}
}

func (g *Group) find(hash uint64) (int, bool) {
	return slices.BinarySearchFunc(g.Members, kept{Hash: hash}, byHash)
}

func (g *Group) insert(k kept, cfg Config) {
	if i, found := g.find(k.Hash); !found && k.Hash < g.Below {
		g.Members = slices.Insert(g.Members, i, k)
	}
	if g.People != nil {
		g.People.add(k.Author, cfg.Keep)
	}
	g.stretch(k.At, k.At, k.Reach)
	g.shrink(cfg.Keep, cfg)
	for i := maxTexts; i < len(g.Members); i++ {
		g.Members[i].Text.Words, g.Members[i].Text.Least = 0, nil
	}
}

func (g *Group) stretch(first, last, reach int64) {
	g.First, g.Last, g.Loudest = min(g.First, first), max(g.Last, last), max(g.Loudest, reach)
}

// shrink leaves out all but n members.
func (g *Group) shrink(n int, cfg Config) {
	if len(g.Members) > n {
		g.sample(g.Members[n].Hash, cfg)
	}
}

// sample leaves out the members from a hash on.
func (g *Group) sample(below uint64, cfg Config) {
	if g.People == nil {
		g.People = &sketch{Below: math.MaxUint64}
		for _, m := range g.Members {
			g.People.add(m.Author, cfg.Keep)
		}
	}
	i, _ := g.find(below)
	g.Below, g.Members = below, slices.Clip(g.Members[:i])
}

// step opens the group, or lets it grow, where there are people enough.
func (g *Group) step(cfg Config) Change {
	var news News
	authors := g.authors()
	switch {
	case g.ID == "" && g.crowd(cfg.Window) >= cfg.Authors:
		news, g.Step = Opened, cfg.Authors
		start := time.Unix(g.First, 0).Truncate(cfg.Window).Unix()
		g.ID = key("incident", g.Cause.Brand, g.Cause.Topic, g.Cause.Product, g.Cause.Source, strconv.FormatInt(start, 10))
	case g.ID != "" && authors >= 2*g.Step:
		news = Grew
	default:
		return Change{}
	}
	for authors >= 2*g.Step {
		g.Step *= 2
	}
	g.Due = append(g.Due, g.Step)
	return Change{News: news, Step: g.Step}
}

// remove takes out a member that has moved elsewhere.
func (g *Group) remove(i int) {
	g.Members = slices.Delete(g.Members, i, i+1)
	if g.People != nil || len(g.Members) == 0 {
		return
	}
	g.First, g.Last, g.Loudest = math.MaxInt64, math.MinInt64, 0
	for _, m := range g.Members {
		g.stretch(m.At, m.At, m.Reach)
	}
}

// reaches reports whether a mention written then belongs to the group.
func (g *Group) reaches(at int64, cfg Config) bool {
	quiet := seconds(cfg.Quiet)
	return at >= g.First-quiet && at <= g.Last+quiet && max(g.Last, at)-min(g.First, at) <= seconds(cfg.Longest)
}

// merge takes in another group of the same cause, when there is no quiet time
// between them any more. Two that people were told of stay two.
func (g *Group) merge(other *Group, cfg Config) bool {
	if g.ID != "" && other.ID != "" || max(g.Last, other.Last)-min(g.First, other.First) > seconds(cfg.Longest) {
		return false
	}
	if other.ID != "" {
		*g, *other = *other, *g
	}
	if below := min(g.Below, other.Below); below != math.MaxUint64 {
		g.sample(below, cfg)
		other.sample(below, cfg)
		for _, author := range other.People.Least {
			g.People.add(author, cfg.Keep)
		}
	}
	for _, m := range other.Members {
		g.insert(m, cfg)
	}
	g.stretch(other.First, other.Last, other.Loudest)
	return true
}

func seconds(d time.Duration) int64 { return int64(d / time.Second) }
