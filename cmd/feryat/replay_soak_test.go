//go:build soak

package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"feryat/alert"
	"feryat/mention"
)

const replayDays = 90

// soakSize is a million, or what SOAK_MENTIONS says.
func soakSize(t *testing.T) int {
	t.Helper()
	asked := os.Getenv("SOAK_MENTIONS")
	if asked == "" {
		return 1_000_000
	}
	n, err := strconv.Atoi(asked)
	if err != nil || n < 5000 || n%5000 != 0 {
		t.Fatalf("SOAK_MENTIONS=%s is no multiple of 5000", asked)
	}
	return n
}

// TestReplayOfAMillion runs all rules over 90 days and a million mentions, and
// beside it a plain scan of the same rows by the same pages. The data are the
// same in every run, and so must be the digest of what comes out.
func TestReplayOfAMillion(t *testing.T) {
	t.Setenv(asProgram, "1") // for the engine's process
	file := writeConfig(t, "brands: [{name: Paytak}]\nstorage: {embedded: {listen: \"127.0.0.1:0\"}}\n")
	cfg, err := loadConfig(file, nil)
	if err != nil {
		t.Fatal(err)
	}
	h, err := openHome(t.Context(), cfg, "test", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = h.close() }()
	now := time.Date(2026, 3, 1, 15, 4, 5, 0, time.UTC)
	fillMany(t, h, soakSize(t), now)
	rules, err := alert.Bundled()
	if err != nil {
		t.Fatal(err)
	}
	since := mention.Filter{From: now.AddDate(0, 0, -replayDays)}
	rows := 0
	start := time.Now()
	if err := h.store.Each(t.Context(), since, func(page []mention.Scored) error {
		for _, row := range page {
			if !row.Mention.Author.Own {
				rows++
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	scan := time.Since(start)
	r := &alert.Replay{Rules: rules, Archive: h.store}
	var early, late uint64
	var judging time.Duration // the part of it that is no scan
	start = time.Now()
	if err := h.store.Each(t.Context(), since, func(page []mention.Scored) error {
		began := time.Now()
		err := r.Page(t.Context(), page)
		judging += time.Since(began)
		if r.Seen > rows/10 && early == 0 {
			early = heap()
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	took := time.Since(start)
	if late = heap(); r.Seen != rows || len(r.Days()) == 0 {
		t.Errorf("%d of %d mentions seen, %d days", r.Seen, rows, len(r.Days()))
	}
	days, err := json.Marshal(r.Days())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("digest of %d days: %x", len(r.Days()), sha256.Sum256(days))
	t.Logf("%d mentions: replay of %d rules %s, of which %s is no scan (%.2f times the rest), plain scan %s, %.1f times; heap %d MB after a tenth, %d MB at the end",
		rows, len(rules), took.Round(time.Second), judging.Round(time.Second), took.Seconds()/(took-judging).Seconds(), scan.Round(time.Second), took.Seconds()/scan.Seconds(), early>>20, late>>20)
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func fillMany(t *testing.T, h *home, size int, now time.Time) {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	start := time.Now()
	batch := make([]mention.Scored, 0, 5000)
	for i := range size {
		at := now.Add(-time.Duration(size-i) * (replayDays * 24 * time.Hour / time.Duration(size)))
		if batch = append(batch, randomRow(random, i, size, at)); len(batch) < cap(batch) {
			continue
		}
		if _, err := h.store.Insert(t.Context(), batch); err != nil {
			t.Fatal(err)
		}
		batch = batch[:0]
	}
	t.Logf("%d mentions stored in %s", size, time.Since(start).Round(time.Second))
}

// soakID is that of the i-th mention.
func soakID(i int) mention.ID { return mention.NewID("site", "shop.example", fmt.Sprint(i)) }

// randomRow is the i-th in order of time; one in fifty is angry, one in fifty by
// a guest, one in fifty a reply of the brand to one just before.
func randomRow(random *rand.Rand, i, size int, at time.Time) mention.Scored {
	m := mention.Mention{
		ID: soakID(i), Source: "shop", Kind: mention.KindReview, URL: "https://shop.example/", Product: fmt.Sprint("product ", i%500),
		Author: mention.Author{ID: fmt.Sprint("author ", random.IntN(max(1, size*2/5)))}, Text: fmt.Sprintf("Sipariş %d hakkında bir yorum", i),
		Written: mention.Written{Time: at, Precision: mention.PrecisionMinute}, Collected: at.Add(time.Minute), Origin: mention.OriginLive,
	}
	v := mention.Verdict{Language: "tr", Mood: mention.Satisfied, Score: .5, Priority: 4, Coverage: .6, Lexicon: "1"}
	switch n := random.IntN(50); {
	case n == 0:
		v.Mood, v.Anger, v.Topics, v.Signals = mention.Angry, .9, []string{"delivery"}, []string{"legal_threat"}[:random.IntN(2)]
	case n < 10:
		v.Mood, v.Topics = mention.Dissatisfied, []string{"quality"}
	}
	switch {
	case i%50 == 7:
		m.Author = mention.Author{Name: "Misafir"}
	case i%50 == 9:
		m.Author, m.ParentID, v = mention.Author{ID: "shop", Own: true}, soakID(i-1-random.IntN(9)), mention.Verdict{Mood: mention.Neutral}
	}
	return mention.Scored{Mention: m.Revise(), Brand: "Paytak", Verdict: v}
}
