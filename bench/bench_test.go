package bench_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jonreiter/govader"

	"feryat/bench"
	"feryat/sentiment"
	"feryat/sentiment/en"
	"feryat/sentiment/fa"
	"feryat/sentiment/tr"
)

// dataVariable names a folder with real texts to measure on instead: in it one
// folder a language, with files of JSON lines that have a text.
const dataVariable = "FERYAT_BENCH_DATA"

func newScorer(tb testing.TB) *sentiment.Scorer {
	tb.Helper()
	s, err := sentiment.New(tr.Language(), fa.Language(), en.Language())
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// texts returns the texts of a language and their bytes.
func texts(tb testing.TB, language string) (out []string, size int) {
	tb.Helper()
	var err error
	if folder := os.Getenv(dataVariable); folder != "" {
		out, err = real(filepath.Join(folder, language))
	} else {
		out, err = bench.Texts(language, 5000)
	}
	if err != nil || len(out) == 0 {
		tb.Fatalf("%d texts in %s: %v", len(out), language, err)
	}
	for _, t := range out {
		size += len(t)
	}
	return out, size
}

func real(folder string) (out []string, err error) {
	names, err := filepath.Glob(filepath.Join(folder, "*.jsonl"))
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		for line := range bytes.Lines(raw) {
			var row struct{ Text string }
			if err := json.Unmarshal(line, &row); err != nil {
				return nil, err
			}
			out = append(out, row.Text)
		}
	}
	return out, nil
}

// One operation is all texts of a language, whole verdicts, one goroutine.
func BenchmarkVerdicts(b *testing.B) {
	s := newScorer(b)
	for _, language := range bench.Languages() {
		b.Run(language, func(b *testing.B) {
			all, size := texts(b, language)
			b.SetBytes(int64(size))
			allocs := mallocs()
			for b.Loop() {
				for _, t := range all {
					s.Score(sentiment.Input{Text: t})
				}
			}
			n := float64(b.N * len(all))
			b.ReportMetric(float64(mallocs()-allocs)/n, "allocs/text")
			b.ReportMetric(n/b.Elapsed().Seconds(), "texts/s")
		})
	}
}

// The first texts that a scorer sees; in BenchmarkVerdicts it remembers nearly all words.
func BenchmarkCold(b *testing.B) {
	for _, language := range bench.Languages() {
		b.Run(language, func(b *testing.B) {
			all, size := texts(b, language)
			took := time.Duration(0)
			for b.Loop() {
				s, start := newScorer(b), time.Now()
				for _, t := range all {
					s.Score(sentiment.Input{Text: t})
				}
				took += time.Since(start)
			}
			b.ReportMetric(float64(b.N*size)/took.Seconds()/1e6, "MB/s-cold")
		})
	}
}

func mallocs() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.Mallocs
}

// The two take turns on the same texts, so that what else the machine does
// slows both. govader answers four numbers; feryat a whole verdict.
func BenchmarkBesideGovader(b *testing.B) {
	all, _ := texts(b, "en")
	ours, theirs := newScorer(b), govader.NewSentimentIntensityAnalyzer()
	var mine, other time.Duration
	for b.Loop() {
		for i := 0; i < len(all); i += 100 {
			some := all[i:min(i+100, len(all))]
			start := time.Now()
			for _, t := range some {
				ours.Score(sentiment.Input{Text: t})
			}
			mine += time.Since(start)
			start = time.Now()
			for _, t := range some {
				theirs.PolarityScores(t)
			}
			other += time.Since(start)
		}
	}
	n := float64(b.N * len(all))
	b.ReportMetric(n/mine.Seconds(), "feryat-texts/s")
	b.ReportMetric(n/other.Seconds(), "govader-texts/s")
	b.ReportMetric(other.Seconds()/mine.Seconds(), "times-govader")
}

// A text of 6 KB and one of ten times that, about the longest that is kept of a
// page, taking turns.
func BenchmarkLength(b *testing.B) {
	s, some := newScorer(b), 6000
	for _, language := range bench.Languages() {
		b.Run(language, func(b *testing.B) {
			all, _ := texts(b, language)
			long := strings.ToValidUTF8(strings.Join(all, "\n")[:10*some], "")
			short := strings.ToValidUTF8(long[:some], "")
			var once, ten time.Duration
			for b.Loop() {
				start := time.Now()
				for range 10 {
					s.Score(sentiment.Input{Text: short})
				}
				once += time.Since(start)
				start = time.Now()
				s.Score(sentiment.Input{Text: long})
				ten += time.Since(start)
			}
			b.ReportMetric(10*ten.Seconds()/once.Seconds(), "times-for-ten-times")
		})
	}
}

// Loading all languages, and the memory that they keep.
func BenchmarkStart(b *testing.B) {
	before := heap()
	s := newScorer(b)
	kept := heap() - before
	runtime.KeepAlive(s)
	for b.Loop() {
		newScorer(b)
	}
	b.ReportMetric(float64(kept)/1e6, "MB-kept")
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// feryat score over a file of 100,000 lines, and the peak of its memory for
// those and for a tenth of them.
func BenchmarkScoreCommand(b *testing.B) {
	program := filepath.Join(b.TempDir(), "feryat")
	build := exec.CommandContext(b.Context(), "go", "build", "-o", program, "./cmd/feryat")
	build.Dir = ".."
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	few, many := lines(b, 10_000), lines(b, 100_000)
	small, peak := run(b, program, few), 0.0
	for b.Loop() {
		peak = max(peak, run(b, program, many))
	}
	b.ReportMetric(small, "MB-peak-of-a-tenth")
	b.ReportMetric(peak, "MB-peak")
	b.ReportMetric(float64(b.N*100_000)/b.Elapsed().Seconds(), "texts/s")
}

// lines writes n texts of all languages to a file, as feryat score reads them.
func lines(b *testing.B, n int) string {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	all := map[string][]string{}
	for _, language := range bench.Languages() {
		all[language], _ = texts(b, language)
	}
	for i := range n {
		list := all[bench.Languages()[i%3]]
		if err := enc.Encode(map[string]any{"id": i, "text": list[i/3%len(list)]}); err != nil {
			b.Fatal(err)
		}
	}
	name := filepath.Join(b.TempDir(), "lines.jsonl")
	if err := os.WriteFile(name, out.Bytes(), 0o600); err != nil {
		b.Fatal(err)
	}
	return name
}

// run scores a file and returns the peak of the resident memory in MB.
func run(b *testing.B, program, file string) float64 {
	in, err := os.Open(file)
	if err != nil {
		b.Fatal(err)
	}
	defer in.Close()
	var trouble strings.Builder
	cmd := exec.CommandContext(b.Context(), program, "score")
	cmd.Stdin, cmd.Stderr = in, &trouble
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	peak := watch(cmd.Process.Pid)
	if err := cmd.Wait(); err != nil {
		b.Fatalf("%v: %s", err, trouble.String())
	}
	return <-peak
}

// watch looks at a process until it ends and gives the peak of its resident
// memory in MB. What the system accounts to it at its end would not do: that
// begins with the memory of the process that started it.
func watch(pid int) <-chan float64 {
	out := make(chan float64, 1)
	go func() {
		peak := 0.0
		for {
			raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
			_, after, found := strings.Cut(string(raw), "VmHWM:")
			if err != nil || !found {
				out <- peak
				return
			}
			if kb, err := strconv.ParseFloat(strings.Fields(after)[0], 64); err == nil {
				peak = max(peak, kb/1e3)
			}
			time.Sleep(5 * time.Millisecond)
		}
	}()
	return out
}

func TestTexts(t *testing.T) {
	for _, language := range bench.Languages() {
		all, err := bench.Texts(language, 1000)
		if err != nil {
			t.Fatal(err)
		}
		again, err := bench.Texts(language, 1000)
		if err != nil {
			t.Fatal(err)
		}
		right, s := 0, newScorer(t)
		for i, text := range all {
			if text != again[i] || len(text) < 20 || len(text) > 900 || strings.ContainsAny(text, "<>") {
				t.Fatalf("%s: %q, then %q", language, text, again[i])
			}
			if s.Score(sentiment.Input{Text: text}).Language == language {
				right++
			}
		}
		if right < 950 {
			t.Errorf("%s: %d of 1000 texts are told to be in it", language, right)
		}
	}
}
