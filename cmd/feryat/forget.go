package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"feryat/alert"
	"feryat/alert/incident"
	"feryat/mention"
	"feryat/queue"
	"feryat/storage"
)

func (a *app) forgetCommand() *cobra.Command {
	var source string
	var customers bool
	c := &cobra.Command{
		Use:   "forget AUTHOR",
		Short: "Remove a person everywhere and keep him out",
		Long: `Removes all mentions, versions, escalations and customer links of an author (key or
name as the source shows it), and what waits of him in the queue: collected mentions,
messages to channels, dead letters, cases, his words in incidents. It remembers a
keyed hash, so that the next collection does not bring him back, and waits until
the bytes are off the disk. It says how many rows and messages are gone, and names
customers of the list who were linked to this author alone.

It may run beside feryat serve, and be run again where it broke off. Messages that
channels have taken, exports and backups stay as they are; docs/decisions/0018 lists them.`,
		Example: `  feryat forget user1234 --source shop
  feryat forget user1234 --source shop --customers`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if source == "" {
				return usageError{errors.New("--source is needed: names are a person's only within their source")}
			}
			return a.withHome(cmd.Context(), "forget", func(ctx context.Context, h *home) error {
				who := mention.Author{ID: args[0], Name: args[0]}
				gone, err := a.forget(ctx, h, who, source, customers)
				if err != nil {
					return err
				}
				return printLines(a, []forgotten{gone}, forgotten.String)
			})
		},
	}
	c.Flags().StringVar(&source, "source", "", "source that the author writes at")
	c.Flags().BoolVar(&customers, "customers", false, "take customers who were linked to this author alone off the list too")
	return c
}

// forgotten is what forget removed.
type forgotten struct {
	storage.Forgotten
	Messages int `json:"messages"` // of the queue
	Cases    int `json:"cases"`    // values of the key-value store that were removed or lost his words
}

func (f forgotten) String() string {
	return fmt.Sprintf("removed: %d mentions, %d versions, %d verdicts, %d corrections, %d labels of samples, %d steps of escalations, %d customer links, %d messages, %d cases; %d left",
		f.Mentions, f.Versions, f.Verdicts, f.Corrections, f.Labels, f.Events, f.Links, f.Messages, f.Cases, f.Left)
}

// forget begins with the customers: once the links are gone nobody can tell them.
func (a *app) forget(ctx context.Context, h *home, who mention.Author, source string, customers bool) (done forgotten, err error) {
	if err := h.store.Remember(ctx, who, source); err != nil {
		return done, err
	}
	keys, err := h.store.CustomersOf(ctx, who, source)
	if err != nil {
		return done, err
	}
	for _, key := range keys {
		said := "customer %s of the list was linked to this author alone and is on the list still; feryat customer remove takes him off\n"
		if customers {
			said = "customer %s of the list was linked to this author alone and is taken off the list\n"
		}
		if _, err := fmt.Fprintf(a.err, said, key); err != nil {
			return done, err
		}
	}
	err = h.store.Expunge(ctx, func() error {
		for _, key := range keys {
			if !customers {
				break
			}
			if _, err := h.store.RemoveCustomer(ctx, key); err != nil {
				return err
			}
		}
		return h.forgetPerson(ctx, who, source, &done)
	})
	return done, err
}

// forgetPerson goes twice: what a part of feryat had in hand the first time has
// come to its end when the queue is scrubbed, and may have left something.
func (h *home) forgetPerson(ctx context.Context, who mention.Author, source string, done *forgotten) error {
	p, err := h.store.Person(ctx, who, source)
	if err != nil {
		return err
	}
	f := alert.NewForgetter(p)
	for range 2 {
		n, err := h.queue.Erase(ctx, judge(p, f))
		if done.Messages += n; err != nil {
			return err
		}
		if err := h.forgetCases(ctx, p, f, done); err != nil {
			return err
		}
		gone, err := h.store.Forget(ctx, who, source)
		done.Add(gone)
		if err != nil {
			return err
		}
		if err := h.queue.Scrub(ctx); err != nil {
			return err
		}
	}
	return nil
}

// judge removes from the queue what the person wrote, and what is told of it.
func judge(p mention.Person, f *alert.Forgetter) queue.Judge {
	return func(stream string, payload []byte) (keep bool, rest []byte) {
		switch stream {
		case queue.Mentions:
			var m mention.Mention
			return json.Unmarshal(payload, &m) != nil || !p.Wrote(m), nil
		case queue.Stored:
			var row mention.Scored
			return json.Unmarshal(payload, &row) != nil || !p.Wrote(row.Mention), nil
		case queue.Outbox:
			rest = f.Message(payload)
			return string(rest) == string(payload), rest
		}
		return true, nil
	}
}

// forgetCases removes what alert keeps of a person's escalations.
func (h *home) forgetCases(ctx context.Context, p mention.Person, f *alert.Forgetter, done *forgotten) error {
	states, err := h.queue.Bucket(ctx, "escalations", 0)
	if err != nil {
		return err
	}
	if err := forgetIndexes(ctx, states, f); err != nil {
		return err
	}
	incidents, err := h.queue.Bucket(ctx, "incidents", 0)
	if err != nil {
		return err
	}
	if err := incident.NewBook(incidents, h.cfg.Alert.Incidents, time.Now).Forget(ctx, p.Mentions); err != nil {
		return err
	}
	n, err := states.Erase(ctx, h.queue, f.State)
	if done.Cases += n; err != nil {
		return err
	}
	_, err = incidents.Erase(ctx, h.queue, func(_ string, value []byte) []byte { return value })
	return err
}

// forgetIndexes notes the person's cases and removes what leads to them.
func forgetIndexes(ctx context.Context, states *queue.Bucket, f *alert.Forgetter) error {
	keys, err := states.Keys(ctx)
	if err != nil {
		return err
	}
	for _, key := range keys {
		value, err := states.Get(ctx, key)
		if err != nil {
			return err
		}
		f.Note(key, value)
	}
	for _, key := range f.Indexes() {
		if err := states.Delete(ctx, key); err != nil {
			return err
		}
	}
	return nil
}
