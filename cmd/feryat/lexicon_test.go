package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"feryat/mention"
)

// reviews are made texts in which a word that no lexicon has says it all.
func reviews(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	for i := range 200 {
		item := []string{"masa", "kasa", "raf", "vazo"}[i%4]
		text, stars := fmt.Sprintf("Bu %s tam bir zırtapoz oldu, %d gün baktım", item, i), 1
		if i%2 == 0 {
			text, stars = fmt.Sprintf("Bu %s tam bir mıstık oldu, %d gün baktım", item, i), 5
		}
		line, err := json.Marshal(map[string]any{"text": text, "stars": stars})
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(line, '\n'))
	}
	return b.String()
}

// From texts to an overlay that the next command uses.
func TestLearnThenScore(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("shop.jsonl", []byte(reviews(t)), 0o644); err != nil {
		t.Fatal(err)
	}
	var out, errOut bytes.Buffer
	if code := run([]string{"lexicon", "learn", "--folds", "2", "--language", "tr", "shop.jsonl"}, nil, &out, &errOut); code != exitOK {
		t.Fatalf("exit %d: %s", code, &errOut)
	}
	if !strings.Contains(out.String(), "zırtapoz") || errOut.Len() > 0 {
		t.Errorf("%s\n%s", &out, &errOut)
	}
	overlay := filepath.Join("lexicon.d", "learnt-tr.tsv")
	first, err := os.ReadFile(overlay)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"# " + learntHead, "# 200 texts of shop.jsonl", "tr\tlexicon\tzırtapoz\t-", "tr\tlexicon\tmıstık\t"} {
		if !strings.Contains(string(first), want) {
			t.Errorf("no %q in\n%s", want, first)
		}
	}
	out.Reset()
	if code := run([]string{"score"}, strings.NewReader("Ne zırtapoz bir vazo bu böyle"), &out, io.Discard); code != exitOK || !strings.Contains(out.String(), `"mood":"dissatisfied"`) {
		t.Errorf("exit %d: %s", code, &out)
	}
	// A second run learns from the same start and writes the same.
	if code := run([]string{"lexicon", "learn", "--folds", "2", "--language", "tr", "--format", "json", "shop.jsonl"}, nil, &out, &errOut); code != exitOK {
		t.Fatalf("exit %d: %s", code, &errOut)
	}
	if second, err := os.ReadFile(overlay); err != nil || !bytes.Equal(first, second) {
		t.Errorf("%v\n%s\nbecame\n%s", err, first, second)
	}
	if err := os.WriteFile(overlay, []byte("tr\tlexicon\tiyi\t1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if code := run([]string{"lexicon", "learn", "--language", "tr", "shop.jsonl"}, nil, &out, &errOut); code != exitUsage || !strings.Contains(errOut.String(), "was not written by lexicon learn") {
		t.Errorf("exit %d: %s", code, &errOut)
	}
}

// A running scorer takes up a changed overlay, and keeps the last good one.
func TestOverlaysAreFollowed(t *testing.T) {
	dir := t.TempDir()
	cfg := defaultConfig()
	cfg.Sentiment.Overlays = dir
	v, err := cfg.newVerdicts()
	if err != nil {
		t.Fatal(err)
	}
	var log syncBuffer
	go func() {
		_ = v.follow(t.Context(), cfg, 5*time.Millisecond, slog.New(slog.NewTextHandler(&log, nil))) // ends with the test
	}()
	write := func(line string) {
		written := filepath.Join(dir, "a.new") // else it can be seen empty, which is a good overlay
		if err := os.WriteFile(written, []byte(line), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(written, filepath.Join(dir, "a.tsv")); err != nil {
			t.Fatal(err)
		}
	}
	mood := func() mention.Mood {
		return v.Score(mention.Mention{Text: "harika", Language: "tr"}, "", nil).Mood
	}
	until := func(what string, done func() bool) {
		t.Helper()
		for end := time.Now().Add(30 * time.Second); !done(); time.Sleep(5 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%s: %s\n%s", what, mood(), log.String())
			}
		}
	}
	write("tr\tlexicon\tharika\t-2\n")
	until("taken up", func() bool { return mood() == mention.Dissatisfied })
	write("tr\tlexicon\tharika\t-22\n")
	until("refused", func() bool { return strings.Contains(log.String(), "a.tsv:1: column 2") })
	if mood() != mention.Dissatisfied {
		t.Errorf("the last good one is gone: %s", mood())
	}
	write("tr\tlexicon\tharika\t0.0\n")
	until("taken up again", func() bool { return mood() == mention.Neutral })
}
