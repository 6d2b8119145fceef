package main

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"feryat/sentiment"
)

func (a *app) lintCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "lint [FILE…]",
		Short: "Check the built-in data files, the overlays in use, or overlay files",
		Long: `Tells every line that cannot be read, unknown codes, weights out of range,
entries that stand twice or contradict each other, and entries that can never
match. Without files: the built-in data and the overlays of the configuration.

Exit codes: 0 nothing found, 1 something found.`,
		Example: `  feryat lexicon lint
  feryat lexicon lint lexicon.d/shop.tsv`,
		RunE: func(_ *cobra.Command, args []string) error { return a.lint(args) },
	}
}

// finding is one thing that lint tells.
type finding struct {
	Finding string `json:"finding"`
}

func (a *app) lint(files []string) error {
	var found []error
	if len(files) == 0 {
		for _, l := range languages() {
			for _, fault := range slices.Concat(sentiment.Lint(l), sentiment.LintSense(l)) {
				found = append(found, fmt.Errorf("%s/%w", l.Code, fault))
			}
		}
		cfg, err := a.config()
		if err != nil {
			return err
		}
		if files, err = overlayFiles(cfg.overlayDir()); err != nil {
			return err
		}
	}
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			return usageError{err} // it names the file
		}
		found = append(found, sentiment.LintOverlay(name, bytes.NewReader(raw), languages()...)...)
	}
	var lines []finding
	for _, err := range found {
		for line := range strings.Lines(err.Error()) {
			lines = append(lines, finding{strings.TrimSpace(line)})
		}
	}
	if err := printLines(a, lines, func(f finding) string { return f.Finding }); err != nil {
		return err
	}
	if len(lines) > 0 {
		return errTrouble
	}
	return nil
}
