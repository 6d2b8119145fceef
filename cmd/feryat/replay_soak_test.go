//go:build soak

package main

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"feryat/alert"
	"feryat/mention"
)

const (
	million    = 1_000_000
	replayDays = 90
)

// TestReplayOfAMillion runs all rules over 90 days and a million mentions, and
// beside it a plain scan of the same rows by the same pages.
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
	now := time.Now().UTC().Truncate(time.Second)
	fillMillion(t, h, now)
	rules, err := alert.Bundled()
	if err != nil {
		t.Fatal(err)
	}
	since := mention.Filter{From: now.AddDate(0, 0, -replayDays)}
	rows := 0
	start := time.Now()
	if err := h.store.Each(t.Context(), since, func(page []mention.Scored) error { rows += len(page); return nil }); err != nil {
		t.Fatal(err)
	}
	scan := time.Since(start)
	r := &alert.Replay{Rules: rules, History: h.store, Replies: h.store}
	var early, late uint64
	start = time.Now()
	if err := h.store.Each(t.Context(), since, func(page []mention.Scored) error {
		err := r.Page(t.Context(), page)
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
	t.Logf("%d mentions: replay of %d rules %s, plain scan %s, %.1f times; heap %d MB after a tenth, %d MB at the end",
		rows, len(rules), took.Round(time.Second), scan.Round(time.Second), took.Seconds()/scan.Seconds(), early>>20, late>>20)
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func fillMillion(t *testing.T, h *home, now time.Time) {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	start := time.Now()
	batch := make([]mention.Scored, 0, 5000)
	for i := range million {
		if batch = append(batch, randomRow(random, i, now)); len(batch) < cap(batch) {
			continue
		}
		if _, err := h.store.Insert(t.Context(), batch); err != nil {
			t.Fatal(err)
		}
		batch = batch[:0]
	}
	t.Logf("%d mentions stored in %s", million, time.Since(start).Round(time.Second))
}

// randomRow is one of a million, in order of time; one in fifty is angry.
func randomRow(random *rand.Rand, i int, now time.Time) mention.Scored {
	at := now.Add(-time.Duration(million-i) * (replayDays * 24 * time.Hour / million))
	m := mention.Mention{
		ID: mention.NewID("site", "shop.example", fmt.Sprint(i)), Source: "shop", Kind: mention.KindReview, URL: "https://shop.example/", Product: fmt.Sprint("product ", i%500),
		Author: mention.Author{ID: fmt.Sprint("author ", random.IntN(400_000))}, Text: fmt.Sprintf("Sipariş %d hakkında bir yorum", i),
		Written: mention.Written{Time: at, Precision: mention.PrecisionMinute}, Collected: at.Add(time.Minute), Origin: mention.OriginLive,
	}
	v := mention.Verdict{Language: "tr", Mood: mention.Satisfied, Score: .5, Priority: 4, Coverage: .6, Lexicon: "1"}
	switch n := random.IntN(50); {
	case n == 0:
		v.Mood, v.Anger, v.Topics, v.Signals = mention.Angry, .9, []string{"delivery"}, []string{"legal_threat"}[:random.IntN(2)]
	case n < 10:
		v.Mood, v.Topics = mention.Dissatisfied, []string{"quality"}
	}
	return mention.Scored{Mention: m.Revise(), Brand: "Paytak", Verdict: v}
}
