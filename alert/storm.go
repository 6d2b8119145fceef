package alert

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"feryat/alert/incident"
	"feryat/alert/notify"
	"feryat/mention"
)

// stormGuard holds single pages back above a rate and gives them out together.
type stormGuard interface {
	Allow(ctx context.Context, channel string, p incident.Page) (incident.Decision, error)
	Due(ctx context.Context, channel string) ([]incident.Digest, error)
	MarkTold(ctx context.Context, channel, digest string) error
}

// mostInFull is how many escalations of a digest, the most urgent, bring the
// customers' words; the others (see incident.StormConfig.Most) only who and where,
// so that the message stays within what the queue and the receivers take.
const mostInFull = 50

// single reports whether a message goes out by itself; one that does not is in
// the next digest.
func (d *Desk) single(ctx context.Context, channel string, e mention.Escalation, t telling) (bool, error) {
	if d.guard == nil {
		return true, nil
	}
	p := incident.PageOf(e)
	p.Key = e.ID + "/" + t.Name
	p.Must = p.Must || e.Rule == incidentRule // it stands for many already
	decision, err := d.guard.Allow(ctx, channel, p)
	if err != nil {
		return false, fmt.Errorf("storm guard of channel %s: %w", channel, err)
	}
	return decision == incident.Single, nil
}

// digests sends those of a channel that are due.
func (d *Desk) digests(ctx context.Context, channel string) error {
	due, err := d.guard.Due(ctx, channel)
	if err != nil {
		return fmt.Errorf("digests of channel %s: %w", channel, err)
	}
	for _, g := range due {
		if len(g.Pages) > 0 {
			if err := d.sendDigest(ctx, channel, g); err != nil {
				return err
			}
		}
		if err := d.guard.MarkTold(ctx, channel, g.Key); err != nil {
			return fmt.Errorf("note a digest of channel %s: %w", channel, err)
		}
	}
	return nil
}

func (d *Desk) sendDigest(ctx context.Context, channel string, g incident.Digest) error {
	m := notify.Message{Key: g.Key, Kind: notify.KindDigest}
	seen := map[string]bool{}
	for _, p := range g.Pages {
		id, _, _ := strings.Cut(p.Key, "/")
		if seen[id] {
			continue
		}
		seen[id] = true
		r, _, err := d.cases.load(ctx, id)
		if err != nil {
			return err
		}
		if r != nil {
			m.More = append(m.More, inDigest(r.Escalation, len(m.More)))
		}
	}
	if len(m.More) == 0 {
		return nil // all of them were forgotten: they ended weeks ago
	}
	m.Escalation, m.Title = m.More[0], d.titles[m.More[0].Rule]
	body, err := json.Marshal(m)
	if err != nil {
		return err
	}
	if err := d.deps.Outbox.Enqueue(ctx, channel, m.Key, body); err != nil {
		return fmt.Errorf("queue a digest for channel %s: %w", channel, err)
	}
	return nil
}

// inDigest is what the i-th escalation of a digest brings, from 0.
func inDigest(e mention.Escalation, i int) mention.Escalation {
	if i >= mostInFull {
		e.Excerpt, e.Quotes, e.Why, e.Observed, e.Signals, e.Customer = "", nil, nil, nil, nil, nil
	}
	return e
}
