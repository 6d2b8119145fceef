package walk

import (
	"context"
	"fmt"
	"slices"

	"feryat/crawler/fetch"
	"feryat/mention"
)

// refuse writes the ledger row of a page that was not asked for.
func (t *tour) refuse(ctx context.Context, url, reason, detail string) error {
	if t.refused++; t.refused > maxRefused {
		return nil
	}
	return t.out.Visit(ctx, refusedRow(url, reason, detail))
}

// relevant narrows a page's links to those that are followed, in canonical
// form, and those whose refusal is worth a row.
func (t *tour) relevant(links []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, raw := range links {
		to, keep := t.judge(raw)
		if keep && !seen[to] && len(out) < maxLinks {
			seen[to] = true
			out = append(out, to)
		}
	}
	return out
}

func (t *tour) judge(raw string) (to string, keep bool) {
	switch t.w.web.Refuses(raw) {
	case "":
		c, err := fetch.Canonical(raw)
		return c, err == nil && t.scope.has(c)
	case fetch.ReasonInvalidURL:
		return raw, false
	}
	return raw, !silent(raw)
}

// follow queues the links of a page.
func (t *tour) follow(ctx context.Context, it item, links []string, ids []mention.ID) error {
	barren := 0
	if t.chains.barren(it.chain, ids, t.leadsOn(it.chain, links)) {
		barren = it.barren + 1
	}
	for _, to := range links {
		if err := t.offer(ctx, it, to, barren); err != nil {
			return err
		}
	}
	return nil
}

// leadsOn reports whether a link leads out of the chain to a page not known yet.
func (t *tour) leadsOn(chain string, links []string) bool {
	return chain != "" && slices.ContainsFunc(links, func(to string) bool {
		return chainOf(to) != chain && !t.queued[fetch.Key(to)] && t.scope.has(to)
	})
}

// offer queues a link, or refuses it.
func (t *tour) offer(ctx context.Context, it item, to string, barren int) error {
	key := fetch.Key(to)
	if t.queued[key] {
		return nil
	}
	if reason := t.w.web.Refuses(to); reason != "" {
		t.queued[key] = true
		return t.refuse(ctx, to, reason, "linked from "+it.url)
	}
	if !t.scope.has(to) {
		return nil // the scope changed since the link was recorded
	}
	if why := t.w.cfg.trapped(to); why != "" {
		t.queued[key] = true
		return t.refuse(ctx, to, ReasonTrap, why)
	}
	if it.depth+1 > t.w.cfg.MaxDepth {
		t.queued[key] = true
		t.missed(ReasonDepth)
		return t.refuse(ctx, to, ReasonDepth, fmt.Sprintf("more than %d links from a start page", t.w.cfg.MaxDepth))
	}
	if it.chain == "" || chainOf(to) != it.chain {
		barren = 0
	}
	if barren >= barrenPages {
		t.queued[key] = true
		return t.refuse(ctx, to, ReasonTrap, fmt.Sprintf("%d pages like it in a row brought nothing new", barren))
	}
	t.push(to, it.depth+1, barren)
	return nil
}
