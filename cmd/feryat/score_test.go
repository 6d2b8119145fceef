package main

import (
	"bufio"
	"bytes"
	stdjson "encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/segmentio/encoding/json"

	"feryat/mention"
)

// lines is an endless input cut off after n lines of about a kilobyte.
type lines struct {
	n, next int
	rest    []byte
}

func (l *lines) Read(p []byte) (int, error) {
	if len(l.rest) == 0 {
		if l.next == l.n {
			return 0, io.EOF
		}
		l.next++
		l.rest = fmt.Appendf(nil, `{"id":%d,"text":"Kargo 10 gündür gelmedi, %s rezalet!"}`+"\n", l.next, strings.Repeat("Paytak ürünü ", 60))
	}
	n := copy(p, l.rest)
	l.rest = l.rest[n:]
	return n, nil
}

// scored runs feryat score over n lines, wants the verdicts in their order, and
// answers the peak of its resident memory in bytes.
func scored(t *testing.T, n int) int64 {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, "score")
	cmd.Env = append(os.Environ(), asProgram+"=1")
	cmd.Stdin, cmd.Stderr = &lines{n: n}, os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	peak, count, s := int64(0), 0, bufio.NewScanner(out)
	for s.Buffer(nil, 1<<20); s.Scan(); {
		if count++; !bytes.HasPrefix(s.Bytes(), fmt.Appendf(nil, `{"id":%d,`, count)) {
			t.Fatalf("line %d is %.80s", count, s.Text())
		}
		if count%100 == 0 && count < n { // at the end it may be gone
			peak = peakMemory(t, cmd.Process.Pid)
		}
	}
	if err := cmd.Wait(); err != nil || s.Err() != nil || count != n {
		t.Fatalf("%d verdicts of %d: %v, %v", count, n, err, s.Err())
	}
	return peak
}

// peakMemory is the peak of a process's resident memory so far, in bytes; the
// engine's child is apart. The system's account at its end would begin with the
// memory of this test.
func peakMemory(t testing.TB, pid int) int64 {
	t.Helper()
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(raw), "VmHWM:")
	var kb int64
	if _, err := fmt.Sscan(after, &kb); err != nil {
		t.Fatal(err)
	}
	return kb << 10
}

func TestScoreKeepsOrderInBoundedMemory(t *testing.T) {
	n := 1000
	if underRace {
		n = 200
	}
	few, many := scored(t, n), scored(t, 10*n)
	if many > few+few/2 {
		t.Errorf("%d lines took %d MiB at most, ten times as many %d MiB", n, few>>20, many>>20)
	}
	t.Logf("%d lines: %d MiB, ten times as many: %d MiB", n, few>>20, many>>20)
}

func TestExplanationsAddUp(t *testing.T) {
	for language, text := range map[string]string{
		"tr": "Kargo 10 gündür gelmedi, müşteri hizmetleri telefona çıkmıyor, rezalet! Ürün ise çok güzel 😀",
		"fa": "سه هفته است سفارشم نرسیده، پشتیبانی جواب نمی‌دهد. افتضاح! ولی کیفیتش خوب است",
		"en": "Three weeks and no refund. Nobody answers the phone. I'm going to my lawyer, although I love the shoes.",
	} {
		var v mention.Verdict
		if err := json.Unmarshal([]byte(feryat(t, exitOK, "explain", "--format", "json", text)), &v); err != nil {
			t.Fatal(err)
		}
		checkVerdict(t, text, v)
		if v.Language != language || !v.Mood.Unhappy() && v.Mood != mention.Mixed || len(v.Reasons) < 3 {
			t.Errorf("%s: %s, %s, %d reasons", text, v.Language, v.Mood, len(v.Reasons))
		}
	}
}

// checkVerdict wants reasons that stand in the text and add up to the score.
func checkVerdict(t testing.TB, text string, v mention.Verdict) {
	t.Helper()
	sum := 0.0
	for _, r := range v.Reasons {
		sum += r.Weight
		if r.Start < 0 || r.End < r.Start || r.End > len(text) || r.End > r.Start && text[r.Start:r.End] != r.Text {
			t.Errorf("%q: reason %+v does not stand there", text, r)
		}
	}
	if math.Abs(sum-v.Raw) > 1e-6 {
		t.Errorf("%q: the weights add up to %g, the score is %g", text, sum, v.Raw)
	}
}

// Any line is a text to score or is refused; the answer is one line of JSON.
// agrees checks that the quick reader of JSON takes, refuses and understands what
// the standard one does.
func agrees(t *testing.T, line []byte) {
	t.Helper()
	if !utf8.Valid(line) {
		return
	}
	var ours, standard scoreInput
	err, want := json.Unmarshal(line, &ours), stdjson.Unmarshal(line, &standard)
	if (err == nil) != (want == nil) || err == nil && !cmp.Equal(ours, standard) {
		t.Fatalf("%q is read as %+v (%v), by the standard reader as %+v (%v)", line, ours, err, standard, want)
	}
}

func FuzzScoreInput(f *testing.F) {
	for _, seed := range []string{`{"id":"a","text":"Kargo gelmedi","rating":0.5}`, "rezalet", `{"text":5}`, `{"text":"Paytak rezalet, Kolayca harika","brand":"Paytak","rivals":["Kolayca","x"]}`, `{"id":{"a":[1]},"text":"x"}`, "{", "\xff", "{\"text\":\"\\ud800\"}", "a\x00b", `{"id":1e400,"text":""}`} {
		f.Add([]byte(seed))
	}
	scorer, err := defaultConfig().newScorer()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		if len(bytes.TrimSpace(line)) == 0 || bytes.ContainsRune(line, '\n') || len(line) > 1<<12 {
			return
		}
		in, err := parseInput(line, 7)
		agrees(t, line)
		if err != nil {
			return
		}
		if in.Text == nil || in.ID == nil || !utf8.ValidString(*in.Text) {
			t.Fatalf("%q was taken as %+v", line, in)
		}
		v := scorer.Score(in.forScorer(&namer{}))
		b := newBatch()
		b.first, b.lines = 7, [][]byte{line}
		scoreBatch(scorer, &namer{}, b, &refusals{w: io.Discard})
		out := b.verdicts.Bytes()
		if !json.Valid(out) || bytes.Count(out, []byte("\n")) != 1 {
			t.Fatalf("%q was answered %q", line, out)
		}
		if in.Title == "" && in.Rating == nil {
			checkVerdict(t, *in.Text, v)
		}
	})
}

// The order of 100,000 lines stays though several workers score them; a bad line
// among them is told by its number and holds up nothing.
func TestScoreManyLines(t *testing.T) {
	n := 100_000
	if underRace {
		n = 10_000
	}
	texts := []string{"Kargo gelmedi, rezalet!", "ürün çok güzel", "never again", "خیلی خوب بود", ""}
	var in strings.Builder
	for i := range n {
		if i == n/2 {
			in.WriteString("{broken\n")
			continue
		}
		fmt.Fprintf(&in, `{"id":%d,"text":%q}`+"\n", i, strings.Repeat(texts[i%len(texts)]+" ", i%7))
	}
	var out, trouble bytes.Buffer
	a := app{in: strings.NewReader(in.String()), out: &out, err: &trouble}
	if err := a.score(t.Context()); !errors.Is(err, errTrouble) {
		t.Fatalf("%v, want %v", err, errTrouble)
	}
	if want := fmt.Sprintf("line %d refused: ", n/2+1); strings.Count(trouble.String(), "\n") != 1 || !strings.HasPrefix(trouble.String(), want) {
		t.Errorf("told %q, want %q", trouble.String(), want)
	}
	i := 0
	for line := range bytes.Lines(out.Bytes()) {
		if i == n/2 {
			i++
		}
		if !bytes.HasPrefix(line, fmt.Appendf(nil, `{"id":%d,`, i)) {
			t.Fatalf("verdict %d is %.60s", i, line)
		}
		i++
	}
	if i != n {
		t.Errorf("%d verdicts, want %d", i, n)
	}
}
