package alert

import (
	"context"
	"fmt"
	"slices"

	"feryat/mention"
)

// kin are the authors whom the customer list says to be one customer with an
// author of a batch. All links are read at once, when first asked for; mostly
// there are none. Nobody is ever taken for another by what he calls himself.
type kin struct {
	customers customers // nil: nobody is linked
	rows      []mention.Scored
	read      bool
	key       map[mention.Writer]string   // of the customer who he is
	writers   map[string][]mention.Writer // by that key
}

// of lists all authors whom the customer is that w is, w the first.
func (k *kin) of(ctx context.Context, w mention.Writer) ([]mention.Writer, error) {
	key, err := k.customer(ctx, w)
	all := []mention.Writer{w}
	for _, other := range k.writers[key] {
		if other != w {
			all = append(all, other)
		}
	}
	return all, err
}

// customer is the key of the customer of the list who w is, empty for none.
func (k *kin) customer(ctx context.Context, w mention.Writer) (string, error) {
	err := k.load(ctx)
	return k.key[w], err
}

func (k *kin) load(ctx context.Context) error {
	if k.customers == nil || k.read {
		return nil
	}
	links, err := k.customers.Linked(ctx, writersOf(k.rows, ""))
	if err != nil {
		return fmt.Errorf("ask which authors are one customer: %w", err)
	}
	k.read, k.key, k.writers = true, map[mention.Writer]string{}, map[string][]mention.Writer{}
	for _, l := range links {
		other := mention.Writer{Source: l.Source, Author: l.Author}
		k.key[other] = l.Customer
		k.writers[l.Customer] = append(k.writers[l.Customer], other)
	}
	return nil
}

// wrote lists who wrote of a brand in the batch, with all that they are.
func (k *kin) wrote(ctx context.Context, brand string) ([]mention.Writer, error) {
	var all []mention.Writer
	for _, w := range writersOf(k.rows, brand) {
		those, err := k.of(ctx, w)
		if err != nil {
			return nil, err
		}
		all = append(all, those...)
	}
	return distinct(all), nil
}

// writersOf lists those who can be told apart, each once; an empty brand means all.
func writersOf(rows []mention.Scored, brand string) (writers []mention.Writer) {
	for _, row := range rows {
		if w := row.Mention.Writer(); w.Known() && (brand == "" || row.Brand == brand) {
			writers = append(writers, w)
		}
	}
	return distinct(writers)
}

func distinct(writers []mention.Writer) []mention.Writer {
	seen := map[mention.Writer]bool{}
	return slices.DeleteFunc(writers, func(w mention.Writer) bool {
		again := seen[w]
		seen[w] = true
		return again
	})
}
