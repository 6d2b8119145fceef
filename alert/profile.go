package alert

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"feryat/alert/customer"
	"feryat/mention"
)

// customers answers who writes: what authors said before, and which customers of
// the company's list they are.
type customers interface {
	Histories(ctx context.Context, brand string, writers []mention.Writer, since time.Time) ([]mention.Past, error)
	// Linked gives all links of the customers to whom writers are linked.
	Linked(ctx context.Context, writers []mention.Writer) ([]mention.CustomerLink, error)
	Customers(ctx context.Context, keys []string) (map[string]mention.Customer, error)
}

// profiles are those of the authors of one batch. They are read when first
// asked for, all authors of a brand at once, as past is.
type profiles struct {
	customers customers
	rule      customer.Config
	kin       *kin
	now       time.Time
	read      map[string]map[mention.Writer][]mention.Past // by brand
	listed    map[string]mention.Customer
	done      map[stand]customer.Profile
}

// stand is what a profile is of: how an author stands with a brand.
type stand struct {
	brand  string
	writer mention.Writer
}

func newProfiles(d Deps, rule customer.Config, k *kin) *profiles {
	return &profiles{
		customers: d.Customers, rule: rule, kin: k, now: d.now(),
		read: map[string]map[mention.Writer][]mention.Past{}, done: map[stand]customer.Profile{},
	}
}

// of is how the author of row stands; nothing is known of one who is not.
func (p *profiles) of(ctx context.Context, row mention.Scored) (customer.Profile, error) {
	w := row.Mention.Writer()
	if p.customers == nil || !w.Known() {
		return customer.Profile{}, nil
	}
	s := stand{row.Brand, w}
	if known, ok := p.done[s]; ok {
		return known, nil
	}
	history, entry, err := p.look(ctx, row.Brand, w)
	if err != nil {
		return customer.Profile{}, fmt.Errorf("ask who the customers are: %w", err)
	}
	p.done[s] = p.rule.Profile(history, entry, p.now)
	return p.done[s], nil
}

// look gives the history of the customer who w is, and his entry.
func (p *profiles) look(ctx context.Context, brand string, w mention.Writer) (history []mention.Past, entry *mention.Customer, err error) {
	if err := p.load(ctx, brand); err != nil {
		return nil, nil, err
	}
	key, err := p.kin.customer(ctx, w)
	if c, ok := p.listed[key]; ok && err == nil {
		entry = &c
	}
	if err != nil || customer.Crowd(p.read[brand][w], p.now) {
		return p.read[brand][w], entry, err
	}
	writers, err := p.kin.of(ctx, w)
	for _, x := range writers {
		if past := p.read[brand][x]; !customer.Crowd(past, p.now) {
			history = append(history, past...)
		}
	}
	return history, entry, err
}

func (p *profiles) load(ctx context.Context, brand string) error {
	if p.customers == nil || p.read[brand] != nil {
		return nil
	}
	writers, err := p.kin.wrote(ctx, brand)
	if err != nil {
		return err
	}
	past, err := p.customers.Histories(ctx, brand, writers, p.now.Add(-customer.Memory))
	if err != nil {
		return err
	}
	if p.listed == nil && len(p.kin.writers) > 0 {
		if p.listed, err = p.customers.Customers(ctx, slices.Sorted(maps.Keys(p.kin.writers))); err != nil {
			return err
		}
	}
	p.read[brand] = map[mention.Writer][]mention.Past{}
	for _, m := range past {
		p.read[brand][m.Writer()] = append(p.read[brand][m.Writer()], m)
	}
	return nil
}
