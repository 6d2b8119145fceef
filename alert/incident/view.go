package incident

import (
	"maps"
	"slices"
	"strconv"
	"time"
)

// Incident is what people are shown of a group. Where the group has more members
// than it may keep, the numbers are reckoned from a sample.
type Incident struct {
	ID        string    `json:"id"` // 32 hex digits; empty as long as too few people wrote
	Cause     Cause     `json:"cause"`
	Opened    time.Time `json:"opened"` // when the first mention was written
	Last      time.Time `json:"last"`   // when the last one was
	Ended     bool      `json:"ended"`
	Authors   int       `json:"authors"`
	Mentions  int       `json:"mentions"`
	Reach     int64     `json:"reach"` // sum over the mentions
	Languages []string  `json:"languages,omitempty"`
	Sources   []string  `json:"sources,omitempty"`
	Step      int       `json:"step"` // highest number of people that was or is to be told of
	// Copies is the share of the texts that are near-duplicates of another; asked
	// only of what has an ID.
	Copies   float64 `json:"copies"`
	Campaign bool    `json:"campaign"` // few people, mostly one text
}

// Open reports whether it is an incident that goes on: its escalations are not
// paged singly, see NeverDemoted.
func (i Incident) Open() bool { return i.ID != "" && !i.Ended }

// Telling is a step that people are to be told of.
type Telling struct {
	Incident Incident
	Step     int
}

// Key is the idempotency key of telling a channel, 32 hex digits: the same after
// a crash, and for all processes.
func (t Telling) Key(channel string) string {
	return key("grown", t.Incident.ID, strconv.Itoa(t.Step), channel)
}

// Incident is what g amounts to at a time.
func (g *Group) Incident(now time.Time, cfg Config) Incident {
	i := Incident{
		ID: g.ID, Cause: g.Cause, Opened: time.Unix(g.First, 0).UTC(), Last: time.Unix(g.Last, 0).UTC(),
		Authors: g.authors(), Mentions: reckon(float64(len(g.Members)), g.Below), Step: g.Step,
	}
	i.Ended = now.Sub(i.Last) > cfg.Quiet
	if g.ID != "" {
		i.Copies = g.copies()
	}
	i.Campaign = i.Copies >= cfg.CampaignShare && i.Authors <= cfg.CampaignAuthors
	languages, sources, reach := map[string]bool{}, map[string]bool{}, int64(0)
	for _, m := range g.Members {
		languages[m.Language], sources[m.Source] = true, true
		reach += m.Reach
	}
	delete(languages, "")
	delete(sources, "")
	i.Languages, i.Sources = slices.Sorted(maps.Keys(languages)), slices.Sorted(maps.Keys(sources))
	i.Reach = max(g.Loudest, int64(reckon(float64(reach), g.Below)))
	return i
}

// authors is how many people wrote.
func (g *Group) authors() int {
	if g.People != nil {
		return g.People.count()
	}
	different := map[uint64]bool{}
	for _, author := range g.hands() {
		different[author] = true
	}
	return len(different)
}

// hands names the author of each member: one who writes the same under the same
// name in several places is one.
func (g *Group) hands() []uint64 {
	hands := make([]uint64, len(g.Members))
	for i := range g.Members {
		hands[i] = g.Members[i].Author
		for j := range min(i, maxTexts) {
			if g.Members[i].sameHand(&g.Members[j]) {
				hands[i] = hands[j]
				break
			}
		}
	}
	return hands
}

// crowd is the most people who wrote within a window.
func (g *Group) crowd(window time.Duration) int {
	order, hands := make([]int, len(g.Members)), g.hands()
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return int(g.Members[a].At - g.Members[b].At) })
	most, from, in := 0, 0, map[uint64]int{}
	for _, i := range order {
		in[hands[i]]++
		for ; g.Members[i].At-g.Members[order[from]].At > seconds(window); from++ {
			if hand := hands[order[from]]; in[hand] > 1 {
				in[hand]--
			} else {
				delete(in, hand)
			}
		}
		most = max(most, len(in))
	}
	return most
}

// copies is the share of the texts that are like another.
func (g *Group) copies() float64 {
	texts, like := 0, 0
	known := g.Members[:min(len(g.Members), maxTexts)]
	copied := make([]bool, len(known))
	for i := range known {
		for j := range i {
			if (!copied[i] || !copied[j]) && known[i].copies(&known[j]) {
				copied[i], copied[j] = true, true
			}
		}
	}
	for i := range known {
		if known[i].Text.Words > 0 {
			texts++
		}
		if copied[i] {
			like++
		}
	}
	return float64(like) / float64(max(texts, 1))
}
