package alert

import (
	"context"
	"fmt"
	"time"

	"feryat/alert/customer"
	"feryat/mention"
)

// customers answers who writes: what authors said before, and which customers of
// the company's list they are.
type customers interface {
	Histories(ctx context.Context, brand, source string, authors []mention.Author, since time.Time) ([]mention.Past, error)
	Customers(ctx context.Context, source string, authors []mention.Author) (map[string]mention.Customer, error)
}

// profiles are those of the authors of one batch. They are read when first
// asked for, all authors of a brand and source at once, as past is.
type profiles struct {
	customers customers
	rule      customer.Config
	rows      []mention.Scored
	now       time.Time
	read      map[group]map[string]customer.Profile
}

// of is how the author of row stands; nothing is known of one who is not.
func (p *profiles) of(ctx context.Context, row mention.Scored) (customer.Profile, error) {
	if p.customers == nil || !row.Mention.Author.Known() {
		return customer.Profile{}, nil
	}
	g := groupOf(row)
	if p.read[g] == nil {
		if err := p.load(ctx, g); err != nil {
			return customer.Profile{}, fmt.Errorf("ask who the customers are: %w", err)
		}
	}
	return p.read[g][row.Mention.Author.Key()], nil
}

func (p *profiles) load(ctx context.Context, g group) error {
	authors := authorsOf(p.rows, g)
	past, err := p.customers.Histories(ctx, g.brand, g.source, authors, p.now.Add(-customer.Memory))
	if err != nil {
		return err
	}
	listed, err := p.customers.Customers(ctx, g.source, authors)
	if err != nil {
		return err
	}
	histories := map[string][]mention.Past{}
	for _, m := range past {
		histories[m.Author.Key()] = append(histories[m.Author.Key()], m)
	}
	p.read[g] = map[string]customer.Profile{}
	for _, a := range authors {
		var entry *mention.Customer
		if c, ok := listed[a.Key()]; ok {
			entry = &c
		}
		p.read[g][a.Key()] = p.rule.Profile(histories[a.Key()], entry, p.now)
	}
	return nil
}
