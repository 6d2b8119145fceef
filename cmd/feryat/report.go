package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"feryat/alert/digest"
	"feryat/i18n"
)

// wantedReport is what the command line asks for.
type wantedReport struct {
	week, month                   bool
	from, to, language, out, mail string
	brands                        []string
}

func (a *app) reportCommand() *cobra.Command {
	var w wantedReport
	c := &cobra.Command{
		Use:   "report",
		Short: "Write the report of a week or a month as one page",
		Long: `Writes one HTML page with charts that needs nothing from elsewhere: mood and its
change against the period of the same length before, topics up and down, incidents,
escalations answered best and worst, customers won back, moves between brands, praise to
thank for, and what all of it is based on. Days are those of alert.promise.zone.

--mail sends it at once through a channel of type email, as a mail with the same figures:
mail programs draw no SVG, so its charts are bars of tables. --format json gives the figures.

Exit codes: 0 done, 1 something went wrong, 2 wrong arguments.`,
		Example: `  feryat report --week --out week.html                      the seven days that end with yesterday
  feryat report --month --language fa --brand Acme > month.html   the last whole month
  feryat report --from 2026-11-01 --to 2026-11-15 --out half.html
  feryat report --week --mail team                          to those of channel team`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.report(cmd.Context(), w) },
	}
	c.Flags().BoolVar(&w.week, "week", false, "the seven days that end with yesterday (unless another period is given)")
	c.Flags().BoolVar(&w.month, "month", false, "the last whole month, of the Jalali calendar where the language is fa")
	c.Flags().StringVar(&w.from, "from", "", "first day, as 2026-11-01 or, in the Jalali calendar, 1405/08/10")
	c.Flags().StringVar(&w.to, "to", "", "last day (default: yesterday)")
	c.Flags().StringArrayVar(&w.brands, "brand", nil, "this brand alone; may be given several times")
	c.Flags().StringVar(&w.language, "language", "", "tr, fa or en (default: that of the channel of --mail, else en)")
	c.Flags().StringVar(&w.out, "out", "", "write to this file (default: standard output)")
	c.Flags().StringVar(&w.mail, "mail", "", "send it through this channel")
	return c
}

// longestReport bounds the days of a report.
const longestReport = 366

// period gives the midnights at which the report begins and ends.
func (w wantedReport) period(now time.Time) (from, to time.Time, err error) {
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	own := w.from != "" || w.to != ""
	switch {
	case w.week && w.month || own && (w.week || w.month):
		return from, to, errors.New("say one of --week, --month, and --from with --to")
	case w.month:
		from, to = i18n.LastMonth(i18n.Language(w.language), today)
		return from, to, nil
	case !own:
		return today.AddDate(0, 0, -7), today, nil
	case w.from == "":
		return from, to, errors.New("--to needs --from")
	}
	var ok bool
	if from, ok = i18n.ParseDate(w.from, now.Location()); !ok {
		return from, to, fmt.Errorf("--from: %q is not a day as 2026-11-01", w.from)
	}
	to = today
	if w.to != "" {
		if to, ok = i18n.ParseDate(w.to, now.Location()); !ok {
			return from, to, fmt.Errorf("--to: %q is not a day as 2026-11-01", w.to)
		}
		to = to.AddDate(0, 0, 1)
	}
	switch {
	case to.After(today):
		return from, to, errors.New("--to: the last day is not over")
	case !from.Before(to):
		return from, to, errors.New("--from: the first day is after the last")
	case from.AddDate(0, 0, longestReport).Before(to):
		return from, to, fmt.Errorf("--from: a report tells of %d days at most", longestReport)
	}
	return from, to, nil
}

// check says which report is meant, and of which days.
func (w wantedReport) check(cfg config, now time.Time) (c digest.Config, from, to time.Time, err error) {
	c = digest.Config{Name: "report", Period: digest.Reported, Brands: w.brands, Channel: w.mail, Language: w.language}
	if w.language != "" && !slices.Contains(i18n.Languages(), i18n.Language(w.language)) {
		return c, from, to, fmt.Errorf("--language: %q is not tr, fa or en", w.language)
	}
	for _, name := range w.brands {
		if err := cfg.ourBrand(name); err != nil {
			return c, from, to, fmt.Errorf("--brand: %w", err)
		}
	}
	if w.mail != "" {
		if err := cfg.mails(w.mail); err != nil {
			return c, from, to, fmt.Errorf("--mail: %w", err)
		}
	}
	if w.language == "" { // the month is that of the readers' calendar
		for _, ch := range cfg.channels() {
			if ch.Name == w.mail {
				w.language = ch.Language
			}
		}
	}
	zone, err := time.LoadLocation(cfg.Alert.Promise.Zone)
	if err != nil {
		return c, from, to, err
	}
	from, to, err = w.period(now.In(zone))
	return c, from, to, err
}

func (a *app) report(ctx context.Context, w wantedReport) error {
	cfg, err := a.config()
	if err != nil {
		return err
	}
	asJSON, err := a.asJSON()
	if err != nil {
		return err
	}
	c, from, to, err := w.check(cfg, time.Now())
	if err != nil {
		return usageError{err}
	}
	return a.withHome(ctx, "report", func(ctx context.Context, h *home) error {
		s, err := h.newSender(ctx)
		if err != nil {
			return err
		}
		d, page, letter, err := s.Report(ctx, c, from, to)
		if err != nil {
			return err
		}
		if w.out != "" {
			if err := os.WriteFile(w.out, page, 0o600); err != nil { // it has customers' words
				return err
			}
		}
		switch {
		case w.mail != "":
			return a.sendDigest(ctx, h, c, letter)
		case asJSON:
			return json.NewEncoder(a.out).Encode(d)
		case w.out == "":
			_, err = a.out.Write(page)
		}
		return err
	})
}
