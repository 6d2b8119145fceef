package crawler_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"feryat/crawler"
	"feryat/mention"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// script is a source that does what a test says.
type script func(ctx context.Context, cursor mention.Cursor, out crawler.Sink) (mention.Cursor, error)

func (s script) Collect(ctx context.Context, cursor mention.Cursor, out crawler.Sink) (mention.Cursor, error) {
	return s(ctx, cursor, out)
}

// memory holds what the Runner hands on. Its faults are what a test sets.
type memory struct {
	mu       sync.Mutex
	mentions []mention.Mention
	visits   []mention.Visit
	cursors  map[string][]byte
	held     map[string]bool
	events   []crawler.Event

	publishErr, cursorErr error
}

func (m *memory) PublishMention(ctx context.Context, x mention.Mention) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.publishErr != nil {
		return m.publishErr
	}
	m.mentions = append(m.mentions, x)
	return ctx.Err()
}

func (m *memory) PublishVisit(ctx context.Context, v mention.Visit) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.visits = append(m.visits, v)
	return ctx.Err()
}

func (m *memory) Get(_ context.Context, key string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.cursors[key], m.cursorErr
}

func (m *memory) Put(_ context.Context, key string, value []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.cursors[key] = value
	return nil
}

func (m *memory) Hold(ctx context.Context, name string) (context.Context, func(), bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.held[name] {
		return ctx, func() {}, false, nil
	}
	m.held[name] = true
	return ctx, func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		delete(m.held, name)
	}, true, nil
}

func (m *memory) Progress(e crawler.Event) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.events = append(m.events, e)
}

func newRunner(t testing.TB, limits crawler.Limits, jobs ...crawler.Job) (*crawler.Runner, *memory) {
	t.Helper()
	m := &memory{cursors: map[string][]byte{}, held: map[string]bool{}}
	r, err := crawler.New(limits, jobs, crawler.Parts{Inbox: m, Cursors: m, Leases: m, Progress: m}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return r, m
}

func words(text string) mention.Mention {
	return mention.Mention{ID: mention.NewID("test", "site", text), Kind: mention.KindReview, Text: text}
}

func TestRunOnceFillsInAndCounts(t *testing.T) {
	now := time.Now().UTC()
	r, m := newRunner(t, crawler.DefaultLimits(), crawler.Job{Name: "shop", Source: script(func(ctx context.Context, c mention.Cursor, out crawler.Sink) (mention.Cursor, error) {
		old, fresh, future := words("old"), words("fresh"), words("future")
		old.Written = mention.Written{Time: now.Add(-48 * time.Hour), Precision: mention.PrecisionDay}
		fresh.Written = mention.Written{Time: now.Add(-time.Hour), Precision: mention.PrecisionMinute}
		future.Written = mention.Written{Time: now.Add(time.Hour), Precision: mention.PrecisionMinute}
		stars := mention.Mention{ID: mention.NewID("test", "site", "stars"), Rating: &mention.Rating{Value: 1, Worst: 1, Best: 5}}
		for _, x := range []mention.Mention{old, fresh, future, words("undated"), stars, {ID: "nothing"}, {Text: "no id"}, {ID: mention.NewID("a", "b", "gone"), Gone: true}} {
			if err := out.Mention(ctx, x); err != nil {
				return c, err
			}
		}
		return mention.Cursor("next"), out.Visit(ctx, mention.Visit{URL: "https://user:secret@shop.example/", Outcome: mention.OutcomeOK, Mentions: 5})
	})})
	s, err := r.RunOnce(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if s.Mentions() != 6 || s.Results[0].Dropped != 2 || s.Troubled() != 0 || string(m.cursors["shop"]) != "next" {
		t.Errorf("summary %+v, cursor %q", s, m.cursors["shop"])
	}
	var origins []string
	for _, x := range m.mentions {
		origins = append(origins, x.Text+" "+string(x.Origin))
		if x.Source != "shop" || x.Collected.IsZero() || x.Revision != x.Revise().Revision || x.Written.Time.After(x.Collected) || x.Written.Precision == "" {
			t.Errorf("not complete: %+v", x)
		}
	}
	want := []string{"old backfill", "fresh live", "future live", "undated backfill", " backfill", " backfill"}
	if diff := cmp.Diff(want, origins); diff != "" {
		t.Errorf("origins of a first run (-want +got):\n%s", diff)
	}
	if !m.mentions[2].Written.Clamped {
		t.Error("a future time is not marked as clamped")
	}
	page, end := m.visits[0], m.visits[1]
	if page.URL != "https://shop.example/" || len(page.ID) != 32 || page.Run == "" || page.Source != "shop" {
		t.Errorf("row %+v", page)
	}
	if !end.RunEnd || end.Run != page.Run || end.Mentions != 6 || end.Outcome != mention.OutcomeOK || end.URL != "" {
		t.Errorf("last row %+v", end)
	}
	if _, err := r.RunOnce(t.Context(), "shop"); err != nil {
		t.Fatal(err)
	}
	if x := m.mentions[6]; x.Text != "old" || x.Origin != mention.OriginLive {
		t.Errorf("in a later run %s is %s, want live: alert judges by age", x.Text, x.Origin)
	}
}

func TestTextIsBounded(t *testing.T) {
	for name, text := range map[string]string{
		"letters":  strings.Repeat("ş", mention.MaxText),
		"broken":   strings.Repeat("\xff", mention.MaxText),
		"exact":    strings.Repeat("a", mention.MaxText),
		"one more": strings.Repeat("a", mention.MaxText+1),
	} {
		t.Run(name, func(t *testing.T) {
			r, m := newRunner(t, crawler.DefaultLimits(), crawler.Job{Name: "s", Source: script(func(ctx context.Context, c mention.Cursor, out crawler.Sink) (mention.Cursor, error) {
				return c, out.Mention(ctx, mention.Mention{ID: "x", Text: text})
			})})
			if _, err := r.RunOnce(t.Context()); err != nil {
				t.Fatal(err)
			}
			got := m.mentions[0]
			if len(got.Text) > mention.MaxText || utf8.ValidString(text) && len(got.Text) < mention.MaxText-3 || !utf8.ValidString(got.Text) || got.Truncated != (len(text) > mention.MaxText) {
				t.Errorf("%d bytes, valid %v, truncated %v", len(got.Text), utf8.ValidString(got.Text), got.Truncated)
			}
		})
	}
}

// Each way a run can fail has its outcome and reason, leaves the cursor where
// it was, and touches no other source.
func TestFailedRuns(t *testing.T) {
	boom := errors.New("boom")
	tests := map[string]struct {
		source  script
		fault   func(m *memory)
		outcome mention.Outcome
		reason  string
		isError bool
	}{
		"panic": {source: func(context.Context, mention.Cursor, crawler.Sink) (mention.Cursor, error) { panic("oh") },
			outcome: mention.OutcomeFailed, reason: crawler.ReasonPanic},
		"plain error": {source: func(context.Context, mention.Cursor, crawler.Sink) (mention.Cursor, error) {
			return mention.Cursor("moved"), boom
		}, outcome: mention.OutcomeFailed, reason: "error"},
		"trouble": {source: func(context.Context, mention.Cursor, crawler.Sink) (mention.Cursor, error) {
			return nil, &crawler.Trouble{Outcome: mention.OutcomeSoftFail, Reason: "shape_changed", Detail: "redesigned"}
		}, outcome: mention.OutcomeSoftFail, reason: "shape_changed"},
		"only refused": {source: func(ctx context.Context, c mention.Cursor, out crawler.Sink) (mention.Cursor, error) {
			return c, out.Visit(ctx, mention.Visit{URL: "u", Outcome: mention.OutcomeRefused, Reason: "robots"})
		}, outcome: mention.OutcomeFailed, reason: "no_good_page"},
		"only soft fails": {source: func(ctx context.Context, c mention.Cursor, out crawler.Sink) (mention.Cursor, error) {
			return c, out.Visit(ctx, mention.Visit{URL: "u", Outcome: mention.OutcomeSoftFail, Reason: "challenge"})
		}, outcome: mention.OutcomeSoftFail, reason: "no_good_page"},
		"queue fails": {source: func(ctx context.Context, c mention.Cursor, out crawler.Sink) (mention.Cursor, error) {
			return mention.Cursor("moved"), out.Mention(ctx, words("x"))
		}, fault: func(m *memory) { m.publishErr = boom }, outcome: mention.OutcomeFailed, reason: crawler.ReasonQueue, isError: true},
		"queue fails, source swallows it": {source: func(ctx context.Context, c mention.Cursor, out crawler.Sink) (mention.Cursor, error) {
			out.Mention(ctx, words("x"))
			return c, nil
		}, fault: func(m *memory) { m.publishErr = boom }, outcome: mention.OutcomeFailed, reason: crawler.ReasonQueue, isError: true},
		"cursor cannot be read": {source: func(ctx context.Context, c mention.Cursor, out crawler.Sink) (mention.Cursor, error) { return c, nil },
			fault: func(m *memory) { m.cursorErr = boom }, outcome: mention.OutcomeFailed, reason: crawler.ReasonQueue, isError: true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			well := script(func(ctx context.Context, _ mention.Cursor, out crawler.Sink) (mention.Cursor, error) {
				return mention.Cursor("well"), out.Visit(ctx, mention.Visit{URL: "u", Outcome: mention.OutcomeOK})
			})
			r, m := newRunner(t, crawler.DefaultLimits(), crawler.Job{Name: "bad", Source: tt.source}, crawler.Job{Name: "good", Source: well})
			if tt.fault != nil {
				tt.fault(m)
			}
			reg := prometheus.NewRegistry()
			if err := r.Metrics(reg); err != nil {
				t.Fatal(err)
			}
			s, err := r.RunOnce(t.Context())
			if (err != nil) != tt.isError {
				t.Errorf("error %v, want one: %v", err, tt.isError)
			}
			if got := s.Results[0]; got.Outcome != tt.outcome || got.Reason != tt.reason {
				t.Errorf("%s/%s (%s), want %s/%s", got.Outcome, got.Reason, got.Detail, tt.outcome, tt.reason)
			}
			if c := m.cursors["bad"]; c != nil {
				t.Errorf("cursor moved to %q", c)
			}
			if m.cursorErr == nil && s.Results[1].Outcome != mention.OutcomeOK {
				t.Errorf("the other source: %+v", s.Results[1])
			}
			ends := 0
			for _, v := range m.visits {
				if v.RunEnd && v.Source == "bad" && v.Reason == tt.reason {
					ends++
				}
			}
			if ends != 1 {
				t.Errorf("%d rows end the bad run", ends)
			}
			if got := counted(t, reg, "feryat_crawler_runs_total", "bad"); got != string(tt.outcome)+" "+tt.reason+" 1" {
				t.Errorf("runs_total counts %q", got)
			}
		})
	}
}

// counted returns the labels and the value of a source's one counter.
func counted(t *testing.T, reg *prometheus.Registry, name, source string) string {
	t.Helper()
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			labels := map[string]string{}
			for _, l := range m.GetLabel() {
				labels[l.GetName()] = l.GetValue()
			}
			if f.GetName() == name && labels["source"] == source {
				return fmt.Sprint(labels["outcome"], " ", labels["reason"], " ", m.GetCounter().GetValue())
			}
		}
	}
	return ""
}

func TestUnknownSource(t *testing.T) {
	r, _ := newRunner(t, crawler.DefaultLimits(), crawler.Job{Name: "shop", Source: script(nil)})
	if _, err := r.RunOnce(t.Context(), "shop", "shp"); err == nil || !strings.Contains(err.Error(), "shp") || !strings.Contains(err.Error(), "there are: shop") {
		t.Errorf("error %v", err)
	}
}

// A source that another process runs is waited for.
func TestLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runs := 0
		r, m := newRunner(t, crawler.DefaultLimits(), crawler.Job{Name: "s", Source: script(func(_ context.Context, c mention.Cursor, _ crawler.Sink) (mention.Cursor, error) {
			runs++
			return c, nil
		})})
		_, release, _, _ := m.Hold(t.Context(), "s")
		time.AfterFunc(40*time.Second, release)
		start := time.Now()
		if s, err := r.RunOnce(t.Context()); err != nil || s.Results[0].Skipped || runs != 1 {
			t.Errorf("summary %+v, error %v, %d runs", s, err, runs)
		}
		if took := time.Since(start); took < 40*time.Second || took > 41*time.Second {
			t.Errorf("ran %v after it was asked to", took)
		}
		m.held["s"] = true
		if s, _ := r.RunOnce(t.Context()); !s.Results[0].Skipped || s.Results[0].Reason != crawler.ReasonLeased || runs != 1 {
			t.Errorf("held for ever: %+v", s)
		}
	})
}

func TestSchedule(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limits := crawler.DefaultLimits()
		var mu sync.Mutex
		times := map[string][]time.Duration{}
		start := time.Now()
		note := func(name string, err error) script {
			return func(ctx context.Context, c mention.Cursor, out crawler.Sink) (mention.Cursor, error) {
				mu.Lock()
				defer mu.Unlock()
				times[name] = append(times[name], time.Since(start))
				return c, err
			}
		}
		r, _ := newRunner(t, limits,
			crawler.Job{Name: "hourly", Every: time.Hour, Source: note("hourly", nil)},
			crawler.Job{Name: "failing", Every: time.Hour, Source: note("failing", errors.New("down"))},
			crawler.Job{Name: "on request", Source: note("on request", nil)})
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Hour)
		defer cancel()
		if err := r.Run(ctx); err != nil {
			t.Fatal(err)
		}
		mu.Lock()
		defer mu.Unlock()
		if n := len(times["hourly"]); times["hourly"][0] != 0 || n < 5 || n > 6 {
			t.Errorf("hourly ran at %v", times["hourly"])
		}
		for i, at := range times["hourly"][1:] {
			if gap := at - times["hourly"][i]; gap < 54*time.Minute || gap > 66*time.Minute {
				t.Errorf("hourly ran after %v", gap)
			}
		}
		if n := len(times["failing"]); n < 8 || n > 14 {
			t.Errorf("failing ran %d times in 5 h, want some tries at first and then one an hour: %v", n, times["failing"])
		}
		if len(times["on request"]) != 0 {
			t.Error("a source without interval ran by itself")
		}
	})
}

// Stopping ends all runs, with a row for each.
func TestStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		endless := script(func(ctx context.Context, c mention.Cursor, out crawler.Sink) (mention.Cursor, error) {
			<-ctx.Done()
			return c, fmt.Errorf("collect: %w", ctx.Err())
		})
		r, m := newRunner(t, crawler.DefaultLimits(), crawler.Job{Name: "a", Every: time.Hour, Source: endless}, crawler.Job{Name: "b", Every: time.Hour, Source: endless})
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		r.Run(ctx)
		if len(m.visits) != 2 || m.visits[0].Reason != crawler.ReasonInterrupted || !m.visits[1].RunEnd {
			t.Errorf("rows %+v", m.visits)
		}
		if len(m.held) != 0 {
			t.Errorf("leases kept: %v", m.held)
		}
	})
}

func TestMaxRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, _ := newRunner(t, crawler.DefaultLimits(), crawler.Job{Name: "a", Source: script(func(ctx context.Context, c mention.Cursor, out crawler.Sink) (mention.Cursor, error) {
			<-ctx.Done()
			return c, ctx.Err()
		})})
		s, err := r.RunOnce(t.Context())
		if err != nil || s.Results[0].Reason != crawler.ReasonInterrupted || s.Results[0].Took != crawler.DefaultLimits().MaxRun {
			t.Errorf("%+v, %v", s, err)
		}
	})
}

func TestProgress(t *testing.T) {
	r, m := newRunner(t, crawler.DefaultLimits(), crawler.Job{Name: "s", Source: script(func(ctx context.Context, c mention.Cursor, out crawler.Sink) (mention.Cursor, error) {
		out.Mention(ctx, words("x"))
		return c, out.Visit(ctx, mention.Visit{URL: "u", Outcome: mention.OutcomeOK})
	})})
	r.RunOnce(t.Context())
	var got []string
	for _, e := range m.events {
		switch {
		case e.Started:
			got = append(got, "started")
		case e.Visit != nil:
			got = append(got, "visit")
		case e.Result != nil:
			got = append(got, fmt.Sprint("result ", e.Result.Outcome))
		default:
			got = append(got, fmt.Sprint("mentions ", e.Mentions))
		}
	}
	if want := []string{"started", "mentions 1", "visit", "result ok"}; !slices.Equal(got, want) {
		t.Errorf("events %v, want %v", got, want)
	}
}

func TestLimits(t *testing.T) {
	if err := crawler.DefaultLimits().Validate(); err != nil {
		t.Error(err)
	}
	err := crawler.Limits{Parallel: 0, Jitter: 2, BackfillAge: -1, LeaseWait: -1}.Validate()
	for _, key := range []string{"parallel", "jitter", "backfill_age", "retry_after", "max_run", "lease_wait"} {
		if err == nil || !strings.Contains(err.Error(), key+":") {
			t.Errorf("%v says nothing of %s", err, key)
		}
	}
	if _, err := crawler.New(crawler.DefaultLimits(), []crawler.Job{{Name: "a"}, {Name: "a"}}, crawler.Parts{}, nil); err == nil {
		t.Error("two sources of one name pass")
	}
}
