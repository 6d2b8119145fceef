// Package incident makes one thing of many: complaints of several people about
// the same matter become one growing incident, and a storm of pages becomes a
// digest.
//
// The watcher calls it so:
//
//   - For each row that may page somebody and is unhappy: NewMember, then
//     Book.Add. Change says what is new. Opened and Grew are told, with
//     Telling.Key as the idempotency key of the message, and then noted by
//     Book.MarkTold. All messages of an incident go to the thread of its ID.
//   - An escalation whose mention belongs to an incident that is open is not paged
//     singly, unless NeverDemoted says so. It stays in the list, with the
//     incident's ID.
//   - At the start and every minute or so: Book.Pending, and tell and note what it
//     lists. Such was left by a crash; a message that was queued before it has the
//     same key.
//   - Before a page goes to a channel: Guard.Allow. What is held needs no more
//     care: it is in the next digest.
//   - Every few seconds and for each channel: Guard.Due; each digest is told with
//     its Key, then noted by Guard.MarkTold.
//
// Both keep their state by compare-and-set, so that any number of processes may
// do all this at the same time; a redelivery changes nothing.
package incident

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"feryat/mention"
)

// Config says when complaints are an incident.
type Config struct {
	// Authors is how many people make an incident if they write within Window. It
	// is told of again when they have become twice as many, and so on.
	Authors int           `mapstructure:"authors" yaml:"authors"`
	Window  time.Duration `mapstructure:"window" yaml:"window"`
	// Quiet is how long after its last mention an incident ends.
	Quiet time.Duration `mapstructure:"quiet" yaml:"quiet"`
	// Longest is how long an incident may be. What never ends is the usual state of
	// things, and would hide the next incident.
	Longest time.Duration `mapstructure:"longest" yaml:"longest"`
	// Remember is how long an incident that has ended still knows its mentions
	// when they are delivered again.
	Remember time.Duration `mapstructure:"remember" yaml:"remember"`
	// CampaignShare of the texts must be copies of each other, and at most
	// CampaignAuthors people write them, to mark an incident as a campaign. If more
	// people than that share a text, it is an outcry all the same.
	CampaignShare   float64 `mapstructure:"campaign_share" yaml:"campaign_share"`
	CampaignAuthors int     `mapstructure:"campaign_authors" yaml:"campaign_authors"`
	// Keep is how many mentions of an incident are kept, Room how many of a brand.
	// Of larger ones an even sample is kept and the rest reckoned from it, with an
	// error of about 1/√Keep.
	Keep int `mapstructure:"keep" yaml:"keep"`
	Room int `mapstructure:"room" yaml:"room"`
}

// DefaultConfig is three people in two hours, six quiet hours, three days at most.
func DefaultConfig() Config {
	return Config{
		Authors: 3, Window: 2 * time.Hour, Quiet: 6 * time.Hour, Longest: 72 * time.Hour, Remember: 24 * time.Hour,
		CampaignShare: 0.5, CampaignAuthors: 50, Keep: 256, Room: 2000,
	}
}

// Validate tells all faults of the configuration.
func (c Config) Validate() error {
	var faults []error
	if c.Authors < 0 || c.Authors == 1 {
		faults = append(faults, fmt.Errorf("incidents: authors is %d; one person is no incident", c.Authors))
	}
	if c.Window <= 0 || c.Quiet < c.Window || c.Longest < c.Quiet || c.Remember < 0 {
		faults = append(faults, errors.New("incidents: must be 0 < window <= quiet <= longest, and remember not negative"))
	}
	if !(c.CampaignShare > 0 && c.CampaignShare <= 1) || c.CampaignAuthors < 1 {
		faults = append(faults, errors.New("incidents: campaign_share must be above 0 and at most 1, campaign_authors at least 1"))
	}
	if c.Keep < 2*c.Authors || c.Room < c.Keep {
		faults = append(faults, errors.New("incidents: keep must be at least twice authors, and room at least keep"))
	}
	return errors.Join(faults...)
}

// Cause is what makes mentions one matter.
type Cause struct {
	Brand   string `json:"brand"`
	Topic   string `json:"topic"`
	Product string `json:"product,omitempty"`
	// Source is set only where a whole source is the matter.
	Source string `json:"source,omitempty"`
}

// CauseOf is what row complains about: its first topic, which is the most
// telling by the order of the codes (a late parcel is a matter of delivery first,
// then of delay). The product counts only where the topic is a fault of the goods: a
// courier's strike is one matter whatever was in the parcels.
func CauseOf(row mention.Scored) (Cause, bool) {
	if row.Brand == "" || len(row.Verdict.Topics) == 0 {
		return Cause{}, false
	}
	c := Cause{Brand: row.Brand, Topic: row.Verdict.Topics[0]}
	if ofGoods(c.Topic) {
		c.Product = row.Mention.Product
	}
	return c, true
}

// ofGoods reports whether a topic is the fault of one product.
func ofGoods(topic string) bool {
	switch topic {
	case "wrong_item", "missing_item", "damaged", "defective", "used_item", "expired", "size_fit", "expectation", "quality",
		"packaging", "counterfeit", "installation", "safety", "warranty_repair", "misleading_ad":
		return true
	}
	return false
}

// NeverDemoted reports whether a person must see e by itself, whatever incident
// or storm it is part of: law, authorities, the press, fraud, people hurt.
func NeverDemoted(e mention.Escalation) bool {
	return slices.Contains(e.Topics, "safety") || slices.ContainsFunc(e.Signals, func(s string) bool {
		switch s {
		case "legal_threat", "authority_filed", "publicity_threat", "fraud_claim", "safety_hazard", "safety":
			return true
		}
		return false
	})
}
