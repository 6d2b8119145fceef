//go:build growth

package dashboards

import (
	"cmp"
	"fmt"
	"log/slog"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"feryat/i18n"
	"feryat/storage"
	"feryat/storage/engine"
	"feryat/storage/engine/enginetest"
)

// The bars: ten times the mentions take this many times as long.
const (
	medianBar = 1.5
	worstBar  = 3.0
	endless   = 20_000 // milliseconds: what takes longer is asked twice and no more
)

// TestGrowth asks what every panel, variable and mark asks when a dashboard is opened, over a year of mentions and over a
// year of ten times as many. The two take turns, so that what else the machine does slows both.
//
// FERYAT_GROWTH_ROWS are the two sizes; FERYAT_GROWTH_DIR keeps the stores for another run; FERYAT_GROWTH_ONLY is an
// expression for the names of the panels to ask.
func TestGrowth(t *testing.T) {
	sizes := sizesOf(t)
	dir := cmp.Or(os.Getenv("FERYAT_GROWTH_DIR"), t.TempDir())
	cfg := enginetest.Config(dir)
	e := enginetest.New(t, cfg)
	var stores []engine.Access
	for _, n := range sizes {
		access := e.Access()
		access.Database = fmt.Sprint("g", n)
		grow(t, access, n)
		stores = append(stores, access)
	}
	list := make([][]asked, len(stores))
	for i, access := range stores {
		list[i] = opened(t, access)
	}
	var all []measured
	only := regexp.MustCompile(os.Getenv("FERYAT_GROWTH_ONLY"))
	for i := range list[0] {
		if !only.MatchString(list[0][i].where) {
			continue
		}
		all = append(all, measure(t, stores, []asked{list[0][i], list[1][i]}))
	}
	if len(all) == 0 {
		t.Fatal("no panel has such a name")
	}
	report(t, cfg, stores, all)
}

func sizesOf(t *testing.T) []int {
	var sizes []int
	for _, word := range strings.Split(cmp.Or(os.Getenv("FERYAT_GROWTH_ROWS"), "2000000,20000000"), ",") {
		n, err := strconv.Atoi(word)
		if err != nil {
			t.Fatalf("FERYAT_GROWTH_ROWS: %v", err)
		}
		sizes = append(sizes, n)
	}
	if len(sizes) != 2 {
		t.Fatalf("FERYAT_GROWTH_ROWS has %d sizes, want two parted by a comma", len(sizes))
	}
	return sizes
}

// roundsOf is how often each query is asked after the first time: FERYAT_GROWTH_ROUNDS, 5 by itself.
func roundsOf() int {
	if n, err := strconv.Atoi(os.Getenv("FERYAT_GROWTH_ROUNDS")); err == nil && n > 0 {
		return n
	}
	return 5
}

// grow fills a store unless that was done before.
func grow(t *testing.T, access engine.Access, n int) {
	t.Helper()
	cfg := storage.DefaultConfig()
	cfg.URL, cfg.User, cfg.Password, cfg.Database, cfg.Secret = access.URL, access.WriterUser, access.WriterPassword, access.Database, []byte("test")
	cfg.QueryTimeout = time.Hour
	s, err := storage.Open(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	start := time.Now()
	if rows := ask(t, access, "SELECT count() AS n FROM feryat.mentions"); rows[0] == `{"n":0}` {
		(&grown{access: access, n: n, span: 365 * aDay, end: time.Now().UTC()}).fill(t)
		t.Logf("%d mentions in %s", n, time.Since(start).Round(time.Second))
	}
	start = time.Now()
	if err := s.FlushRollups(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d: roll-ups of what changed in %s", n, time.Since(start).Round(time.Second))
}

// opened are the queries of all dashboards as they are opened.
func opened(t *testing.T, access engine.Access) (list []asked) {
	for _, d := range read(t, i18n.English) {
		c := choices(t, access, d, nil)
		list = append(list, queriesOf(d, c)...)
		for _, v := range d.Templating.List {
			if v.Type == "query" {
				list = append(list, asked{d.UID + ", variable " + v.Name, "variable", v.Query.(string), c})
			}
		}
	}
	return list
}

// measured are the times of one query in milliseconds, by store.
type measured struct {
	where       string
	cold, usual []float64
	err         error
}

func (m measured) ratio() float64 { return m.usual[1] / m.usual[0] }

func measure(t *testing.T, stores []engine.Access, same []asked) measured {
	m := measured{where: strings.TrimPrefix(same[0].where, "feryat-"), cold: make([]float64, 2), usual: make([]float64, 2)}
	times := make([][]float64, 2)
	for round := range roundsOf() + 1 {
		if round > 1 && m.cold[0]+m.cold[1] > endless {
			break
		}
		for i, q := range same {
			sql, err := q.context.Expand(q.sql)
			if err != nil {
				t.Fatal(err)
			}
			start := time.Now()
			_, err = answer(stores[i], sql, "JSONCompact")
			took := float64(time.Since(start).Microseconds()) / 1000
			if err != nil {
				m.err = err
			}
			if round == 0 {
				m.cold[i] = took
			} else {
				times[i] = append(times[i], took)
			}
		}
	}
	for i := range times {
		slices.Sort(times[i])
		m.usual[i] = times[i][len(times[i])/2]
	}
	t.Logf("%-60s %8.1f %8.1f %6.2f", m.where, m.usual[0], m.usual[1], m.ratio())
	return m
}

// report prints a table, and holds it against the bars.
func report(t *testing.T, cfg engine.Config, stores []engine.Access, all []measured) {
	var out strings.Builder
	fmt.Fprintf(&out, "%d cores, engine with %d MB (a reader %d MB)\n\n", runtime.NumCPU(), cfg.MemoryLimit>>20, cfg.ReaderMemory>>20)
	for _, access := range stores {
		fmt.Fprintf(&out, "%s: %s\n", access.Database, strings.Join(ask(t, access, `SELECT table, sum(rows) AS rows, formatReadableSize(sum(bytes_on_disk)) AS size, count() AS parts
			FROM system.parts WHERE active AND database = '`+access.Database+`' AND table IN ('mentions', 'rollup_hour', 'rollup_day', 'rollup_topic', 'rollup_mention', 'rollup_author', 'escalation_events', 'crawl_ledger') GROUP BY table ORDER BY table`), "\n  "))
	}
	out.WriteString("\n| panel | small, first | small, ms | large, first | large, ms | times |\n|---|--:|--:|--:|--:|--:|\n")
	var ratios []float64
	for _, m := range all {
		if m.err != nil {
			t.Errorf("%s: %v", m.where, m.err)
		}
		ratios = append(ratios, m.ratio())
		fmt.Fprintf(&out, "| %s | %.0f | %.1f | %.0f | %.1f | %.2f |\n", m.where, m.cold[0], m.usual[0], m.cold[1], m.usual[1], m.ratio())
		if m.ratio() > worstBar {
			t.Errorf("%s grows %.2f times, the bar is %.1f", m.where, m.ratio(), worstBar)
		}
	}
	slices.Sort(ratios)
	middle := ratios[len(ratios)/2]
	fmt.Fprintf(&out, "\n%d queries: median %.2f, worst %.2f\n", len(all), middle, ratios[len(ratios)-1])
	t.Log("\n" + out.String())
	if middle >= medianBar {
		t.Errorf("the median grows %.2f times, the bar is %.1f", middle, medianBar)
	}
}
