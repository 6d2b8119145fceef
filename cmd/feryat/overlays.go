package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"

	"feryat/sentiment"
	"feryat/sentiment/en"
	"feryat/sentiment/fa"
	"feryat/sentiment/tr"
)

// sentimentConfig says how the scorer is corrected.
type sentimentConfig struct {
	// Overlays is a folder of lexicon overlays, beside the configuration; it need not exist.
	Overlays string `yaml:"overlays" mapstructure:"overlays"`
}

// languages are those that are scored. Joining is one entry here.
func languages() []sentiment.Language {
	return []sentiment.Language{tr.Language(), fa.Language(), en.Language()}
}

// overlayDir is the folder of overlays as a path.
func (c config) overlayDir() string {
	dir := c.Sentiment.Overlays
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(c.dir(), dir)
	}
	return dir
}

// newScorer loads the languages with the overlays of the configuration.
func (c config) newScorer() (*sentiment.Scorer, error) {
	o, err := readOverlays(c.overlayDir(), "")
	if err != nil {
		return nil, err
	}
	return sentiment.NewWith(o, languages()...)
}

// scorer is the one that the command line asks for.
func (a *app) scorer() (*sentiment.Scorer, error) {
	cfg, err := a.config()
	if err != nil {
		return nil, err
	}
	s, err := cfg.newScorer()
	if err != nil {
		return nil, usageError{err}
	}
	return s, nil
}

// overlayFiles lists the files of a folder that are overlays, in the order in
// which they are read; none where there is no folder.
func overlayFiles(dir string) ([]string, error) {
	return filepath.Glob(filepath.Join(dir, "*.tsv"))
}

// readOverlays reads the overlays of a folder, without the file named. All
// faults are told at once.
func readOverlays(dir, without string) (sentiment.Overlay, error) {
	names, err := overlayFiles(dir)
	errs := []error{err}
	var all sentiment.Overlay
	for _, name := range names {
		if samePath(name, without) {
			continue
		}
		raw, err := os.ReadFile(name)
		if err == nil {
			var one sentiment.Overlay
			one, err = sentiment.ParseOverlay(name, bytes.NewReader(raw))
			all = all.Then(one)
		}
		errs = append(errs, err)
	}
	return all, errors.Join(errs...)
}

func samePath(a, b string) bool {
	x, errX := filepath.Abs(a)
	y, errY := filepath.Abs(b)
	return b != "" && errX == nil && errY == nil && x == y
}
