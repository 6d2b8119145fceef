package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"feryat/brand"
	"feryat/mention"
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

// verdicts scores mentions with the stars that they bear.
// Its scorer is exchanged when the overlays change.
type verdicts struct {
	current *atomic.Pointer[sentiment.Scorer]
	state   string // of the overlay files when they were read
}

func (c config) newVerdicts() (verdicts, error) {
	v := verdicts{&atomic.Pointer[sentiment.Scorer]{}, stateOf(c.overlayDir())}
	s, err := c.newScorer()
	v.current.Store(s)
	return v, err
}

// Score implements pipeline's scorer.
func (v verdicts) Score(m mention.Mention, watched string, names []brand.Hit) mention.Verdict {
	in := sentiment.Input{Text: m.Text, Title: m.Title, Language: m.Language, Brand: watched, Names: sentiment.Names(names, watched)}
	if share, ok := m.Rating.Share(); ok {
		in.Rating = &share
	}
	return v.current.Load().Score(in)
}

// follow exchanges the scorer when an overlay file changes, looking every so
// often; what two looks see alike is no longer being written. Overlays with
// faults are told and refused; the last good ones stay.
func (v verdicts) follow(ctx context.Context, cfg config, every time.Duration, log *slog.Logger) error {
	seen, last := v.state, v.state
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		now := stateOf(cfg.overlayDir())
		settled := now == last
		if last = now; now == seen || !settled {
			continue
		}
		seen = now
		s, err := cfg.newScorer()
		if err != nil {
			log.Error("overlays refused, the last good ones stay", "error", err, "lexicon", v.current.Load().Version())
			continue
		}
		v.current.Store(s)
		log.Info("overlays loaded", "lexicon", s.Version())
	}
}

// stateOf is a text that changes when a file of a folder of overlays does.
func stateOf(dir string) string {
	names, err := overlayFiles(dir)
	if err != nil {
		return err.Error()
	}
	var b strings.Builder
	for _, name := range names {
		if info, err := os.Stat(name); err == nil {
			fmt.Fprintf(&b, "%s %d %d\n", name, info.Size(), info.ModTime().UnixNano())
		}
	}
	return b.String()
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
