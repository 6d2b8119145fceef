package main

import (
	"context"
	"errors"
	"fmt"
	"os/user"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"feryat/alert"
	"feryat/mention"
)

// minPrefix is how many letters of an ID tell which escalation is meant.
const minPrefix = 4

// actCommands are what a person can do about an escalation.
func (a *app) actCommands() []*cobra.Command {
	return []*cobra.Command{
		a.actCommand("ack ID", "Take an escalation: whoever comes second is told who has it", "acknowledged", ""),
		a.actCommand("assign ID", "Give an escalation to somebody", "assigned", "to"),
		a.actCommand("answer ID", "Say that the customer was answered, where the reply is not public", "answered", "at"),
		a.actCommand("resolve ID", "Say that it is solved", "resolved", ""),
		a.actCommand("not-winnable ID", "End it: calm, firm, facts, stop", "not_winnable", ""),
		a.actCommand("reopen ID", "Open an escalation again", "reopened", ""),
	}
}

// actCommand makes one; extra is a flag that this one has beside those of all.
func (a *app) actCommand(use, short, kind, extra string) *cobra.Command {
	act := alert.Act{Type: kind}
	name, _, _ := strings.Cut(use, " ")
	example := "  feryat alert " + name + " 3f2a --note \"called, parcel found\""
	c := &cobra.Command{
		Use: use, Short: short, Args: cobra.ExactArgs(1),
		Long: short + `.

ID is an escalation's, or its beginning of four letters or more, as
"feryat alert list" shows it. Exit codes: 0 done, 1 somebody else has it or it has ended.`,
	}
	c.Flags().StringVar(&act.By, "by", userName(), "who does it")
	c.Flags().StringVar(&act.Note, "note", "", "for colleagues")
	var at string
	switch extra {
	case "to":
		c.Flags().StringVar(&act.To, "to", "", "who has it from now on")
		example = "  feryat alert assign 3f2a --to ayse"
	case "at":
		c.Flags().StringVar(&at, "at", "", "when, as 2026-03-02T10:15:00+03:00; now unless said")
		example = "  feryat alert answer 3f2a --note \"by telephone\""
	}
	c.Example = example
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if at != "" {
			var err error
			if act.At, err = time.Parse(time.RFC3339, at); err != nil {
				return usageError{fmt.Errorf("--at: %w", err)}
			}
		}
		return a.act(cmd.Context(), args[0], act)
	}
	return c
}

func userName() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return ""
}

func (a *app) act(ctx context.Context, prefix string, act alert.Act) error {
	return a.withHome(ctx, "alert", func(ctx context.Context, h *home) error {
		id, err := h.escalation(ctx, prefix)
		if err != nil {
			return err
		}
		desk, err := h.deskOf(ctx)
		if err != nil {
			return err
		}
		e, err := desk.Do(ctx, id, act)
		if err != nil {
			return err
		}
		return printLines(a, []mention.Escalation{e}, func(e mention.Escalation) string {
			return strings.TrimSpace(fmt.Sprintf("%s  %s  %s", e.ID[:8], e.State, e.Holder))
		})
	})
}

// escalation finds the one whose ID begins so.
func (h *home) escalation(ctx context.Context, prefix string) (string, error) {
	if len(prefix) < minPrefix {
		return "", usageError{fmt.Errorf("%q is too short: say %d letters of the ID or more", prefix, minPrefix)}
	}
	found, err := h.store.Escalations(ctx, prefix, 2)
	switch {
	case err != nil:
		return "", err
	case len(found) == 0:
		return "", fmt.Errorf("no escalation begins with %q: see feryat alert list", prefix)
	case len(found) > 1:
		return "", fmt.Errorf("several escalations begin with %q: say more of the ID", prefix)
	}
	return found[0].ID, nil
}

func (a *app) alertShowCommand() *cobra.Command {
	return &cobra.Command{
		Use: "show ID", Short: "Show one escalation and all its steps", Args: cobra.ExactArgs(1),
		Long: `Shows one escalation, all its steps, and what the same customer did elsewhere: the
ten newest escalations and complaints of other authors, of this brand and the last
year, whom the customer list links to the same customer.`,
		Example: "  feryat alert show 3f2a\n  feryat alert show 3f2a --format json",
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withHome(cmd.Context(), "alert", func(ctx context.Context, h *home) error {
				id, err := h.escalation(ctx, args[0])
				if err != nil {
					return err
				}
				return a.showEscalation(ctx, h, id)
			})
		},
	}
}

// escalationSteps is an escalation with its steps, for --format json.
type escalationSteps struct {
	mention.OpenEscalation
	Events []mention.Event `json:"events"`
	// Elsewhere is what the same customer did as other authors, by the customer list.
	Elsewhere mention.Elsewhere `json:"elsewhere,omitzero"`
}

func (a *app) showEscalation(ctx context.Context, h *home, id string) error {
	found, err := h.store.Escalations(ctx, id, 1)
	if err == nil && len(found) == 0 {
		err = alert.ErrUnknown
	}
	if err != nil {
		return err
	}
	e := found[0]
	events, err := h.store.Events(ctx, id)
	elsewhere, bad := h.store.Elsewhere(ctx, e.Brand, mention.Writer{Source: e.Source, Author: e.Author.Key()}, time.Now().Add(-mention.ElsewhereAge), mention.ElsewhereShown)
	if err = errors.Join(err, bad); err != nil {
		return err
	}
	return printLines(a, []escalationSteps{{e, events, elsewhere}}, func(s escalationSteps) string {
		var b strings.Builder
		fmt.Fprintf(&b, "%s  %s  %s  %s  %s\n%s\n%s\n", s.ID, s.Severity, s.State, s.Brand, s.Holder, oneLine(s.Excerpt), s.URL)
		for _, e := range s.Events {
			fmt.Fprintf(&b, "  %s  %-14s %s %s\n", e.At.Local().Format(time.DateTime), e.Type, e.Actor, oneLine(e.Note))
		}
		printElsewhere(&b, s.Elsewhere)
		return strings.TrimSuffix(b.String(), "\n")
	})
}

func printElsewhere(b *strings.Builder, e mention.Elsewhere) {
	if len(e.Cases)+len(e.Complaints) > 0 {
		fmt.Fprintln(b, "the same customer elsewhere, by the customer list:")
	}
	for _, c := range e.Cases {
		fmt.Fprintf(b, "  %s  %s  %s  %s  %s  %s  %s\n", c.Opened.Local().Format(time.DateTime), c.ID[:8], c.Severity, c.State, c.Source, oneLine(c.Author.Name), c.URL)
	}
	for _, row := range e.Complaints {
		m, text := row.Mention, []rune(oneLine(row.Mention.Text))
		fmt.Fprintf(b, "  %s  %s  %s  %s  %s\n    %s\n", m.Written.Time.Local().Format(time.DateTime), row.Verdict.Mood, m.Source, oneLine(m.Author.Name), m.URL, string(text[:min(len(text), 200)]))
	}
}

func (a *app) alertFeedbackCommand() *cobra.Command {
	by := ""
	c := &cobra.Command{
		Use: "feedback ID true|false", Short: "Say whether somebody had to be told of an escalation", Args: cobra.ExactArgs(2),
		Long: `Says of an escalation that it was a true alarm, or a false one. The words are
counted by rule: v_alert_quality shows the precision of each.`,
		Example: "  feryat alert feedback 3f2a false",
		RunE: func(cmd *cobra.Command, args []string) error {
			if args[1] != "true" && args[1] != "false" {
				return usageError{fmt.Errorf("%q is not true or false", args[1])}
			}
			return a.withHome(cmd.Context(), "alert", func(ctx context.Context, h *home) error {
				id, err := h.escalation(ctx, args[0])
				if err != nil {
					return err
				}
				desk, err := h.deskOf(ctx)
				if err != nil {
					return err
				}
				return desk.Feedback(ctx, id, by, args[1] == "false")
			})
		},
	}
	c.Flags().StringVar(&by, "by", userName(), "who says so")
	return c
}
