package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"feryat/alert/digest"
	"feryat/alert/notify"
	"feryat/i18n"
)

// wantedDigest is what the command line asks for.
type wantedDigest struct {
	name, period, date, language, out string
	brands                            []string
	send                              bool
}

func (a *app) alertDigestCommand() *cobra.Command {
	var w wantedDigest
	c := &cobra.Command{
		Use:   "digest [NAME]",
		Short: "Write the digest of a day or a week, or send it",
		Long: `Writes what the digest NAME of alert.digests would say if it were sent now, or
what one of --period and --brand would. Days are those of alert.promise.zone, and
the period ends with yesterday unless --date says with which day. What is still
open is so now, whatever the date.

--send mails it now through the channel of NAME, whether or not it was sent
before; the digests of alert.digests are sent by themselves while "feryat serve"
runs. --format json gives the figures.`,
		Example: `  feryat alert digest                                     the last seven days of all brands, as text
  feryat alert digest --period day --brand Acme --language fa --out digest.html
  feryat alert digest week --date 2026-11-22 --format json
  feryat alert digest week --send`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				w.name = args[0]
			}
			return a.alertDigest(cmd.Context(), w)
		},
	}
	c.Flags().StringVar(&w.period, "period", "", "day or week; without NAME a week unless said")
	c.Flags().StringArrayVar(&w.brands, "brand", nil, "this brand alone; may be given several times")
	c.Flags().StringVar(&w.date, "date", "", "the last day that it tells of, as 2026-11-20; yesterday unless said")
	c.Flags().StringVar(&w.language, "language", "", "tr, fa or en; else that of the digest or its channel")
	c.Flags().StringVar(&w.out, "out", "", "write to this file, as a page where its name ends in .html, else as text")
	c.Flags().BoolVar(&w.send, "send", false, "mail it now")
	return c
}

func (a *app) alertDigest(ctx context.Context, w wantedDigest) error {
	cfg, err := a.config()
	if err != nil {
		return err
	}
	c, at, err := w.resolve(cfg, time.Now())
	if err != nil {
		return usageError{err}
	}
	asJSON, err := a.asJSON()
	if err != nil {
		return err
	}
	return a.withHome(ctx, "alert", func(ctx context.Context, h *home) error {
		s, err := h.newSender(ctx)
		if err != nil {
			return err
		}
		d, letter, err := s.Write(ctx, c, at)
		switch {
		case err != nil:
			return err
		case w.send:
			return a.sendDigest(ctx, h, c, letter)
		case asJSON:
			return json.NewEncoder(a.out).Encode(d)
		case w.out != "":
			return writeLetter(w.out, letter)
		}
		_, err = fmt.Fprintf(a.out, "%s\n\n%s", letter.Subject, letter.Text)
		return err
	})
}

// resolve says which digest is meant, and when it would be sent.
func (w wantedDigest) resolve(cfg config, now time.Time) (c digest.Config, at time.Time, err error) {
	c = digest.Config{Name: "digest", Period: digest.Weekly}
	if w.name != "" {
		i := slices.IndexFunc(cfg.Alert.Digests, func(c digest.Config) bool { return c.Name == w.name })
		if i < 0 {
			return c, at, fmt.Errorf("there is no digest %q under alert.digests%s", w.name, known(cfg.Alert.Digests))
		}
		c = cfg.Alert.Digests[i]
	} else if w.send {
		return c, at, fmt.Errorf("--send needs the name of a digest, which says where to%s", known(cfg.Alert.Digests))
	}
	if err := w.narrow(&c, cfg); err != nil {
		return c, at, err
	}
	zone, err := time.LoadLocation(cfg.Alert.Promise.Zone)
	if err != nil || w.date == "" {
		return c, now.In(zone), err
	}
	if at, err = time.ParseInLocation(time.DateOnly, w.date, zone); err != nil {
		return c, at, fmt.Errorf("--date: %q is not a day as 2026-11-20", w.date)
	}
	if at = at.AddDate(0, 0, 1); at.After(now) {
		return c, at, fmt.Errorf("--date: %s is not over", w.date)
	}
	return c, at, nil
}

// narrow overrides the configuration by the flags.
func (w wantedDigest) narrow(c *digest.Config, cfg config) error {
	switch w.period {
	case "":
	case "day", digest.Daily:
		c.Period = digest.Daily
	case "week", digest.Weekly:
		c.Period = digest.Weekly
	default:
		return fmt.Errorf("--period: %q is not day or week", w.period)
	}
	for _, name := range w.brands {
		if err := cfg.ourBrand(name); err != nil {
			return fmt.Errorf("--brand: %w", err)
		}
	}
	if len(w.brands) > 0 {
		c.Brands = w.brands
	}
	if w.language != "" && !slices.Contains(i18n.Languages(), i18n.Language(w.language)) {
		return fmt.Errorf("--language: %q is not tr, fa or en", w.language)
	}
	if w.language != "" {
		c.Language = w.language
	}
	return nil
}

// known ends an error with the names of the digests there are.
func known(digests []digest.Config) string {
	var names []string
	for _, c := range digests {
		names = append(names, c.Name)
	}
	if len(names) == 0 {
		return ", which is empty"
	}
	return ": say " + strings.Join(names, " or ")
}

func writeLetter(file string, l notify.Letter) error {
	body := l.Subject + "\n\n" + l.Text
	if strings.HasSuffix(strings.ToLower(file), ".html") {
		body = l.HTML
	}
	return os.WriteFile(file, []byte(body), 0o600) // it has customers' words
}

// sendDigest mails a digest past the outbox: whoever asks for it wants to know
// whether it went.
func (a *app) sendDigest(ctx context.Context, h *home, c digest.Config, l notify.Letter) error {
	i := slices.IndexFunc(h.cfg.channels(), func(ch notify.Config) bool { return ch.Name == c.Channel })
	if i < 0 {
		return errors.New("the channel is gone") // was checked
	}
	n, err := notify.New(h.cfg.channels()[i], h.log.With("part", "digest"))
	if err != nil {
		return err
	}
	key := fmt.Sprintf("digest.%s.by-hand.%d", c.Name, time.Now().UnixNano())
	if err := n.Notify(ctx, notify.Message{Key: key, Kind: notify.KindLetter, Letter: &l}); err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.out, "sent through %s: %s\n", c.Channel, l.Subject)
	return err
}
