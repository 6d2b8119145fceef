package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"feryat/sentiment"
	"feryat/sentiment/learn"
	"feryat/text"
)

// learntHead begins every overlay that learn writes; no other file is replaced.
const learntHead = "Learnt by feryat lexicon learn"

// learning is one call of lexicon learn.
type learning struct {
	*app
	learn.Options
	cfg   config
	out   string
	files []string
}

func (a *app) learnCommand() *cobra.Command {
	l := learning{app: a, Options: learn.DefaultOptions()}
	c := &cobra.Command{
		Use:   "learn FILE…",
		Short: "Learn entries and weights from texts that people labelled or gave stars",
		Long: `Reads JSON lines or CSV with a header: text, and label (pos, neg, neu) or stars
(1 to 5) or rating (0 to 1). Each file is a set of its own. Prints what the
scorer is worth on texts that were held out, before and after, and the entries
proposed; writes them as an overlay that every command uses from then on.

neg is the macro-F1 of "the customer is unhappy" against the rest, pol that of
the score's sign on unhappy and content texts.`,
		Example: `  feryat lexicon learn reviews.jsonl
  feryat lexicon learn --language tr --out lexicon.d/shop.tsv shop.csv forum.csv`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			l.files = args
			return l.run()
		},
	}
	c.Flags().StringVar(&l.Language, "language", "", "language to learn: tr, fa or en (default: that of most texts)")
	c.Flags().StringVar(&l.out, "out", "", "overlay to write (default: learnt-LANGUAGE.tsv in the folder of overlays)")
	c.Flags().StringVar(&l.Brand, "brand", "", "learn for this brand alone")
	c.Flags().IntVar(&l.Folds, "folds", l.Folds, "parts of cross-validation")
	return c
}

func (l *learning) run() error {
	asJSON, err := l.asJSON()
	if err != nil {
		return err
	}
	if l.cfg, err = l.config(); err != nil {
		return err
	}
	texts, err := l.read()
	if err != nil {
		return usageError{err}
	}
	if l.out == "" {
		l.out = filepath.Join(l.cfg.overlayDir(), "learnt-"+l.Language+".tsv")
	}
	if err := replaceable(l.out); err != nil {
		return usageError{err}
	}
	build, err := l.build()
	if err != nil {
		return usageError{err}
	}
	p, err := learn.Learn(l.Options, build, texts, l.progress())
	if err != nil {
		return err
	}
	if err := l.write(p); err != nil {
		return err
	}
	if asJSON {
		return json.NewEncoder(l.app.out).Encode(p)
	}
	return l.print(p)
}

// build makes scorers with the overlays there are, the one to be written left out.
func (l *learning) build() (learn.Build, error) {
	present, err := readOverlays(l.cfg.overlayDir(), l.out)
	if err != nil {
		return nil, err
	}
	return func(o sentiment.Overlay) (*sentiment.Scorer, error) {
		return sentiment.NewWith(present.Then(o), languages()...)
	}, nil
}

// read reads all files and settles the language.
func (l *learning) read() ([]learn.Text, error) {
	if l.Language == "" {
		if err := l.guessLanguage(); err != nil {
			return nil, err
		}
	}
	var all []learn.Text
	for _, name := range l.files {
		texts, left, err := l.readFile(name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if left > 0 {
			_, _ = fmt.Fprintf(l.err, "%s: %d records without a text, a label or in another language left out\n", name, left)
		}
		all = append(all, texts...)
	}
	if len(all) < 10*l.Folds {
		return nil, fmt.Errorf("%d texts to learn from, want at least %d", len(all), 10*l.Folds)
	}
	return all, l.Validate()
}

func (l *learning) readFile(name string) ([]learn.Text, int, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, 0, errors.Unwrap(err)
	}
	defer f.Close() //nolint:errcheck // it was only read
	set := strings.TrimSuffix(name, filepath.Ext(name))
	if len(l.files) == 1 {
		set = filepath.Base(set)
	}
	if strings.EqualFold(filepath.Ext(name), ".csv") || strings.EqualFold(filepath.Ext(name), ".tsv") {
		return learn.ReadCSV(f, set, l.Language)
	}
	return learn.ReadJSON(f, set, l.Language)
}

// guessLanguage takes the language that most of the first file is in.
func (l *learning) guessLanguage() error {
	const enough = 64 << 10
	f, err := os.Open(l.files[0])
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // it was only read
	head, err := io.ReadAll(io.LimitReader(f, enough))
	if err != nil {
		return err
	}
	votes := map[string]int{}
	for line := range strings.Lines(string(head)) {
		if code, sure := text.Detect(line); sure >= 0.5 {
			votes[code]++
		}
	}
	for _, known := range languages() {
		if votes[known.Code] > votes[l.Language] {
			l.Language = known.Code
		}
	}
	if l.Language == "" {
		return errors.New("the language is not clear: say --language tr, fa or en")
	}
	return nil
}

// replaceable refuses to write over a file that people made.
func replaceable(path string) error {
	raw, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) || err == nil && bytes.HasPrefix(raw, []byte("# "+learntHead)) {
		return nil
	}
	if err != nil {
		return err
	}
	return fmt.Errorf("%s was not written by lexicon learn: it is left as it is; say another --out", path)
}

// progress tells folds on a terminal.
func (l *learning) progress() func(done, of int) {
	f, ok := l.err.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	return func(done, of int) {
		_, _ = fmt.Fprintf(l.err, "\rlearning %d of %d", done, of)
		if done == of {
			_, _ = fmt.Fprintln(l.err)
		}
	}
}

// write puts the overlay in its place whole or not at all.
func (l *learning) write(p learn.Proposal) error {
	if err := os.MkdirAll(filepath.Dir(l.out), 0o755); err != nil {
		return err
	}
	var b bytes.Buffer
	if err := learn.WriteOverlay(&b, l.Options, p.Entries, l.about(p)); err != nil {
		return err
	}
	tmp := l.out + ".new"
	if err := os.WriteFile(tmp, b.Bytes(), 0o644); err != nil {
		return err
	}
	return os.Rename(tmp, l.out)
}

// about is the head of the overlay: what it was learnt from and what it is worth.
func (l *learning) about(p learn.Proposal) []string {
	out := []string{
		learntHead + ": it is replaced when that is run again.",
		fmt.Sprintf("%d texts of %s", p.Texts, strings.Join(l.files, ", ")),
		fmt.Sprintf("Figures on texts held out (%d folds), neg and pol, before and after:", l.Folds),
	}
	return append(out, figureLines(p.Comparison)...)
}

func figureLines(c learn.Comparison) []string {
	var out []string
	for i, b := range c.Before {
		a := c.After[i]
		if b.OneSided {
			out = append(out, fmt.Sprintf("%-40s %7d  right %.3f → %.3f", b.Set, b.Texts, b.Neg, a.Neg))
			continue
		}
		out = append(out, fmt.Sprintf("%-40s %7d  neg %.3f → %.3f  pol %.3f → %.3f", b.Set, b.Texts, b.Neg, a.Neg, b.Pol, a.Pol))
	}
	n0, p0 := learn.Mean(c.Before)
	n1, p1 := learn.Mean(c.After)
	return append(out, fmt.Sprintf("%-48s  neg %.3f → %.3f  pol %.3f → %.3f", "mean", n0, n1, p0, p1))
}

func (l *learning) print(p learn.Proposal) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%d texts; on those held out, before and after:\n", p.Texts)
	for _, line := range figureLines(p.Comparison) {
		fmt.Fprintln(&b, line)
	}
	fmt.Fprintf(&b, "\n%7s %7s %7s %6s %8s  entry\n", "weight", "before", "texts", "agree", "gain")
	for _, e := range p.Entries {
		before := fmt.Sprintf("%+.1f", e.Before)
		if e.New {
			before = "new"
		}
		fmt.Fprintf(&b, "%+7.1f %7s %7d %5.0f%% %8.2f  %s\n", e.Weight, before, e.Support, 100*e.Agreement, e.Gain, e.Entry)
	}
	fmt.Fprintf(&b, "\n%d entries in %s\n", len(p.Entries), l.out)
	_, err := io.WriteString(l.app.out, b.String())
	return err
}
