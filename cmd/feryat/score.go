package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	stdjson "encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"runtime"
	"strconv"
	"sync"
	"unicode/utf8"

	"github.com/segmentio/encoding/json"
	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"feryat/mention"
	"feryat/sentiment"
)

// maxLine is the longest line of input taken, in bytes.
const maxLine = 16 << 20

func (a *app) scoreCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "score",
		Short: "Score texts from standard input, one verdict a line",
		Long: `Reads JSON objects with id, text and optional language, rating (0..1), brand and
rivals (a list), one a line, or plain lines, and writes one JSON object a line in the same order: id,
language, score, mood, anger, topics, customer, signals, priority, coverage,
reasons, lexicon. A line that is not valid is told on standard error with its
number, and the rest goes on.

Exit codes: 0 all lines scored, 1 some were refused.`,
		Example: `  feryat score < reviews.jsonl > verdicts.jsonl
  echo "Ürün güzel ama kargo rezalet" | feryat score`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.score(cmd.Context()) },
	}
}

// scoreInput is one text to score.
type scoreInput struct {
	ID       any      `json:"id"`
	Text     *string  `json:"text"`
	Title    string   `json:"title"`
	Language string   `json:"language"`
	Rating   *float64 `json:"rating"`
	Brand    string   `json:"brand"`
	Rivals   []string `json:"rivals"`
}

// scoreOutput is one verdict; its keys are documented and stay.
type scoreOutput struct {
	ID any `json:"id"`
	mention.Verdict
}

// batch is a run of lines that one worker scores. It goes round: read, scored,
// written in the order of reading, and read into again.
type batch struct {
	first    int // number of the first line
	lines    [][]byte
	verdicts bytes.Buffer
	encoder  *json.Encoder // to verdicts
	scored   chan struct{} // one comes when the verdicts are there
}

const (
	batchLines = 64
	batchKept  = 1 << 20 // bytes that a batch may hold and still go round
)

func newBatch() *batch {
	b := &batch{scored: make(chan struct{}, 1)}
	b.encoder = json.NewEncoder(&b.verdicts)
	b.encoder.SetEscapeHTML(false)
	return b
}

// add copies a line into the room of one that was there before.
func (b *batch) add(line []byte) {
	n := len(b.lines)
	if n < cap(b.lines) {
		b.lines = b.lines[:n+1]
		b.lines[n] = append(b.lines[n][:0], line...)
		return
	}
	b.lines = append(b.lines, bytes.Clone(line))
}

// size is how much memory the batch holds.
func (b *batch) size() int {
	n := b.verdicts.Cap()
	for _, l := range b.lines[:cap(b.lines)] {
		n += cap(l)
	}
	return n
}

// score keeps the input's order with a bounded number of batches under way, so
// that memory does not grow with the input.
func (a *app) score(ctx context.Context) error {
	scorer, err := a.scorer()
	if err != nil {
		return err
	}
	workers := runtime.GOMAXPROCS(0)
	work, order := make(chan *batch), make(chan *batch, 2*workers)
	idle := make(chan *batch, 4*workers)
	refused := &refusals{w: a.err}
	var names namer
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(work)
		defer close(order)
		return readBatches(ctx, a.in, idle, work, order)
	})
	for range workers {
		g.Go(func() error {
			for b := range work {
				scoreBatch(scorer, &names, b, refused)
				b.scored <- struct{}{}
			}
			return nil
		})
	}
	g.Go(func() error { return writeBatches(ctx, a.out, order, idle) })
	if err := g.Wait(); err != nil {
		return err
	}
	if refused.count > 0 {
		return errTrouble
	}
	return nil
}

func readBatches(ctx context.Context, in io.Reader, idle <-chan *batch, work, order chan<- *batch) error {
	s := bufio.NewScanner(withoutMark(in))
	s.Buffer(make([]byte, 256<<10), maxLine)
	b := newBatch()
	b.first = 1
	send := func() error {
		next := b.first + len(b.lines)
		for _, to := range []chan<- *batch{order, work} {
			select {
			case to <- b:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		select {
		case b = <-idle:
		default:
			b = newBatch()
		}
		b.first, b.lines = next, b.lines[:0]
		b.verdicts.Reset()
		return nil
	}
	for s.Scan() {
		if b.add(s.Bytes()); len(b.lines) == batchLines {
			if err := send(); err != nil {
				return err
			}
		}
	}
	if err := s.Err(); err != nil {
		return fmt.Errorf("line %d of the input: %w", b.first+len(b.lines), err)
	}
	return send()
}

// withoutMark leaves out the byte order mark that some programs put first.
func withoutMark(in io.Reader) io.Reader {
	b := bufio.NewReader(in)
	if first, err := b.Peek(3); err == nil && string(first) == "\ufeff" {
		_, _ = b.Discard(3) // they are in the buffer
	}
	return b
}

// scoreBatch fills in the verdicts of a batch; refused lines are told by number.
func scoreBatch(scorer *sentiment.Scorer, names *namer, b *batch, refused *refusals) {
	for i, line := range b.lines {
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		in, err := parseInput(line, b.first+i)
		if err != nil {
			refused.add(b.first+i, err)
			continue
		}
		if err := b.encoder.Encode(scoreOutput{in.ID, scorer.Score(in.forScorer(names))}); err != nil {
			refused.add(b.first+i, err)
		}
	}
}

func (in scoreInput) forScorer(names *namer) sentiment.Input {
	return sentiment.Input{
		Text: *in.Text, Title: in.Title, Language: in.Language, Rating: in.Rating,
		Brand: in.Brand, Names: names.names(*in.Text, in.Brand, in.Rivals),
	}
}

func parseInput(line []byte, number int) (scoreInput, error) {
	var in scoreInput
	if trimmed := bytes.TrimSpace(line); trimmed[0] != '{' {
		text := string(bytes.ToValidUTF8(line, []byte("\uFFFD")))
		return scoreInput{ID: strconv.Itoa(number), Text: &text}, nil
	}
	if !utf8.Valid(line) {
		return in, errors.New("not valid UTF-8")
	}
	if json.Unmarshal(line, &in) != nil {
		in = scoreInput{} // the standard reader says what is wrong, without the rest of the line
		if err := stdjson.Unmarshal(line, &in); err != nil {
			return in, plainly(err)
		}
	}
	if in.Text == nil {
		return in, errors.New(`no "text"`)
	}
	if in.ID == nil {
		in.ID = strconv.Itoa(number)
	}
	if r := in.Rating; r != nil && (*r < 0 || *r > 1) {
		return in, fmt.Errorf("rating %g is not between 0 and 1", *r)
	}
	return in, nil
}

// plainly says of a value of the wrong kind what a person needs to know.
func plainly(err error) error {
	var kind *stdjson.UnmarshalTypeError
	if !errors.As(err, &kind) {
		return err
	}
	want := map[reflect.Kind]string{reflect.String: "a string", reflect.Float64: "a number", reflect.Slice: "a list of strings"}[kind.Type.Kind()]
	return fmt.Errorf("%q is of kind %s, want %s", kind.Field, kind.Value, cmp.Or(want, kind.Type.String()))
}

func writeBatches(ctx context.Context, out io.Writer, order <-chan *batch, idle chan<- *batch) error {
	w := bufio.NewWriterSize(out, 256<<10)
	for b := range order {
		select {
		case <-b.scored:
			if _, err := w.Write(b.verdicts.Bytes()); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
		if b.size() <= batchKept {
			select {
			case idle <- b:
			default:
			}
		}
		if len(order) == 0 { // nothing else is ready: a person may be waiting
			if err := w.Flush(); err != nil {
				return err
			}
		}
	}
	return w.Flush()
}

// refusals tells lines that were refused, and counts them.
type refusals struct {
	mu    sync.Mutex
	w     io.Writer
	count int
}

func (r *refusals) add(line int, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.count++
	_, _ = fmt.Fprintf(r.w, "line %d refused: %v\n", line, err)
}
