package main

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"feryat/i18n"
	"feryat/mention"
	"feryat/storage"
)

// wantedSample is what the command line asks for.
type wantedSample struct {
	name, brand, source, language, since, out, labels, by string
	n                                                     int
	seed                                                  uint64
	simple                                                bool
	draws, seeded                                         bool // --n or --seed was given
}

func (a *app) sampleCommand() *cobra.Command {
	var w wantedSample
	c := &cobra.Command{
		Use:   "sample",
		Short: "Draw a random sample to label, and see how often the scorer is right",
		Long: `Without --n it tells how often the scorer, as it is now, agrees with people who
labelled random samples without seeing its verdict: by source and language, with
95 % intervals, and of fewer than 20 labels that these are too few to say.

With --n it draws a sample, from each source and language as many unless --simple is
given, and with --out writes its texts as a table. Fill in the columns mood (a code, its
word in one of the three languages, or 1 for angry to 5 for satisfied and 6 for unknown),
topics (codes parted by commas, or none; leave it empty if you do not look at them) and
not_ours (yes), and read it in with --labels. Rows without a label wait; bad ones are
refused with their line. The page /sample does the same by keyboard.

Labels change no figure, unlike corrections.

Exit codes: 0 done, 1 some labels were refused, 2 wrong arguments.`,
		Example: `  feryat sample --n 200 --since 720h --out sample.csv   draw 200 texts of the last 30 days
  feryat sample --labels sample.csv --by ayse            read the labels in
  feryat sample                                          how often the scorer is right
  feryat sample --name 2026-11-22-101500 --out again.csv a sample that was drawn before
  feryat sample --format json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			w.draws, w.seeded = cmd.Flags().Changed("n"), cmd.Flags().Changed("seed")
			return a.sample(cmd.Context(), w)
		},
	}
	c.Flags().IntVar(&w.n, "n", 0, "draw a new sample of so many texts")
	c.Flags().StringVar(&w.name, "name", "", "of the sample (default: of a new one the time, else all samples)")
	c.Flags().StringVar(&w.brand, "brand", "", "draw from this brand alone")
	c.Flags().StringVar(&w.source, "source", "", "draw from this source alone")
	c.Flags().StringVar(&w.language, "language", "", "draw from texts in this language alone: tr, fa or en")
	c.Flags().StringVar(&w.since, "since", "", "draw from what was written within this time, such as 720h")
	c.Flags().Uint64Var(&w.seed, "seed", 0, "the same seed over the same mentions draws the same sample (default: by chance)")
	c.Flags().BoolVar(&w.simple, "simple", false, "all texts have the same chance, whatever their source and language")
	c.Flags().StringVar(&w.out, "out", "", "write the texts of the sample to this file")
	c.Flags().StringVar(&w.labels, "labels", "", "read labels from this file")
	c.Flags().StringVar(&w.by, "by", userName(), "who labelled")
	return c
}

func (w wantedSample) check() error {
	switch {
	case w.draws && (w.n < 1 || w.n > storage.MostDrawn):
		return fmt.Errorf("--n %d is not between 1 and %d", w.n, storage.MostDrawn)
	case w.labels != "" && (w.draws || w.out != ""):
		return errors.New("--labels stands alone: first draw, then label, then read the labels in")
	case !w.draws && (w.brand+w.source+w.language+w.since != "" || w.seeded || w.simple):
		return errors.New("--brand, --source, --language, --since, --seed and --simple say what to draw from: they need --n")
	case w.out != "" && !w.draws && w.name == "":
		return errors.New("--out needs --n, to draw a new sample, or --name of one that was drawn")
	case w.language != "" && !slices.Contains(i18n.Languages(), i18n.Language(w.language)):
		return fmt.Errorf("--language %q is not tr, fa or en", w.language)
	}
	return nil
}

// drawing is the draw that is asked for.
func (w wantedSample) drawing(now time.Time) (mention.Draw, error) {
	d := mention.Draw{Filter: mention.Filter{Brand: w.brand, Source: w.source, Language: w.language}, Name: w.name, N: w.n, Seed: w.seed, Even: !w.simple, At: now}
	if d.Name == "" {
		d.Name = now.UTC().Format("2006-01-02-150405")
	}
	if !w.seeded {
		var b [8]byte
		_, _ = rand.Read(b[:]) // never fails
		d.Seed = binary.LittleEndian.Uint64(b[:])
	}
	if w.since != "" {
		back, err := time.ParseDuration(w.since)
		if err != nil || back <= 0 {
			return d, fmt.Errorf("--since %q is not a time such as 720h", w.since)
		}
		d.From = now.Add(-back)
	}
	return d, nil
}

func (a *app) sample(ctx context.Context, w wantedSample) error {
	if a.format == "table" {
		a.format = "text"
	}
	asJSON, err := a.asJSON()
	if err == nil {
		err = w.check()
	}
	var d mention.Draw
	if err == nil {
		d, err = w.drawing(time.Now())
	}
	if err != nil {
		return usageError{err}
	}
	return a.withHome(ctx, "sample", func(ctx context.Context, h *home) error {
		switch {
		case w.labels != "":
			return a.readLabels(ctx, h, w)
		case w.draws:
			return a.drawSample(ctx, h, d, w.out)
		case w.out != "":
			return a.writeSampleOf(ctx, h, w.name, w.out)
		}
		return a.showAccuracy(ctx, h, w.name, asJSON)
	})
}

func (a *app) drawSample(ctx context.Context, h *home, d mention.Draw, out string) error {
	n, err := h.store.DrawSample(ctx, d)
	switch {
	case err != nil:
		return err
	case n == 0:
		return errors.New("there is no text to draw from")
	}
	err = printLines(a, []drawnSample{{d.Name, n, d.Seed}}, drawnSample.String)
	if err == nil && out != "" {
		err = a.writeSampleOf(ctx, h, d.Name, out)
	}
	return err
}

// drawnSample is a sample that was drawn now.
type drawnSample struct {
	Name string `json:"name"`
	N    int    `json:"n"`
	Seed uint64 `json:"seed"`
}

func (s drawnSample) String() string {
	return fmt.Sprintf("sample %s: %d texts, seed %d", s.Name, s.N, s.Seed)
}

func (a *app) writeSampleOf(ctx context.Context, h *home, name, out string) error {
	items, err := h.store.SampleItems(ctx, name, 0, false, 0)
	if err != nil {
		return err
	}
	if len(items) == 0 {
		return fmt.Errorf("there is no sample %q", name)
	}
	file, err := os.OpenFile(out, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) // it has customers' words; and nobody's labels are overwritten
	if err != nil {
		return err
	}
	if err := errors.Join(writeSample(file, items), file.Close()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.err, "%d texts are in %s: fill in mood, then run feryat sample --labels %s\n", len(items), out, out)
	return err
}

// readLabels keeps the labels of a file, sample by sample.
func (a *app) readLabels(ctx context.Context, h *home, w wantedSample) error {
	file, err := os.Open(w.labels)
	if err != nil {
		return err
	}
	texts, err := i18n.Load()
	if err != nil {
		return errors.Join(err, file.Close())
	}
	lines, empty, refused, err := newLabelReader(texts).read(file)
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("%s: %w", w.labels, err)
	}
	kept, more, err := keepLabels(ctx, h.store, lines, w.by, time.Now())
	refused = append(refused, more...)
	slices.SortStableFunc(refused, func(x, y lineFault) int { return x.Line - y.Line })
	for _, f := range refused {
		_, _ = fmt.Fprintf(a.err, "%s: %s\n", w.labels, f)
	}
	if err != nil {
		return err
	}
	done := readIn{w.labels, kept, empty, len(refused)}
	if err := printLines(a, []readIn{done}, readIn.String); err != nil {
		return err
	}
	if len(refused) > 0 {
		return errTrouble
	}
	return nil
}

// readIn is what became of a file of labels.
type readIn struct {
	File     string `json:"file"`
	Labelled int    `json:"labelled"`
	Waiting  int    `json:"waiting"` // without a label
	Refused  int    `json:"refused"`
}

func (r readIn) String() string {
	return fmt.Sprintf("%s: %d labelled, %d without a label, %d refused", r.File, r.Labelled, r.Waiting, r.Refused)
}

// labels is what keeps them.
type labels interface {
	SampleItems(ctx context.Context, sample string, number int, waiting bool, limit int) ([]mention.SampleItem, error)
	LabelSample(ctx context.Context, labels []mention.Label) error
}

// keepLabels stores what is of a sample and refuses the rest.
func keepLabels(ctx context.Context, s labels, lines []labelLine, by string, now time.Time) (kept int, refused []lineFault, err error) {
	bySample := map[string][]labelLine{}
	for _, l := range lines {
		bySample[l.Label.Sample] = append(bySample[l.Label.Sample], l)
	}
	for name, lines := range bySample {
		items, err := s.SampleItems(ctx, name, 0, false, 0)
		if err != nil {
			return kept, refused, err
		}
		drawn := map[int]mention.SampleItem{}
		for _, it := range items {
			drawn[it.Number] = it
		}
		var all []mention.Label
		for _, l := range lines {
			it, ok := drawn[l.Number]
			if !ok || l.ID != "" && l.ID != it.Mention.ID {
				refused = append(refused, lineFault{l.Line, fmt.Sprintf("sample %q has no text %d with id %q: another text was drawn, or its author was forgotten", name, l.Number, l.ID)})
				continue
			}
			l.Label.Mention, l.Label.Brand, l.Label.By, l.Label.At = it.Mention.ID, it.Brand, by, now
			all = append(all, l.Label)
		}
		if err := s.LabelSample(ctx, all); err != nil {
			return kept, refused, err
		}
		kept += len(all)
	}
	return kept, refused, nil
}
