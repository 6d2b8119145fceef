package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strconv"
	"sync"
	"unicode/utf8"

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

// batch is a run of lines that one worker scores; out keeps their order.
type batch struct {
	first int // number of the first line
	lines [][]byte
	out   chan []byte
}

// score keeps the input's order with a bounded number of batches under way, so
// that memory does not grow with the input.
func (a *app) score(ctx context.Context) error {
	scorer, err := a.scorer()
	if err != nil {
		return err
	}
	workers := runtime.GOMAXPROCS(0)
	work, order := make(chan batch), make(chan batch, 2*workers)
	refused := &refusals{w: a.err}
	var names namer
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(work)
		defer close(order)
		return readBatches(ctx, a.in, work, order)
	})
	for range workers {
		g.Go(func() error {
			for b := range work {
				b.out <- scoreBatch(scorer, &names, b, refused)
			}
			return nil
		})
	}
	g.Go(func() error { return writeBatches(ctx, a.out, order) })
	if err := g.Wait(); err != nil {
		return err
	}
	if refused.count > 0 {
		return errTrouble
	}
	return nil
}

func readBatches(ctx context.Context, in io.Reader, work, order chan<- batch) error {
	const lines = 64
	s := bufio.NewScanner(withoutMark(in))
	s.Buffer(make([]byte, 64<<10), maxLine)
	b := batch{first: 1, out: make(chan []byte, 1)}
	send := func() error {
		for _, to := range []chan<- batch{order, work} {
			select {
			case to <- b:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		b = batch{first: b.first + len(b.lines), out: make(chan []byte, 1)}
		return nil
	}
	for s.Scan() {
		if b.lines = append(b.lines, bytes.Clone(s.Bytes())); len(b.lines) == lines {
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

// scoreBatch answers the verdicts of a batch; refused lines are told by number.
func scoreBatch(scorer *sentiment.Scorer, names *namer, b batch, refused *refusals) []byte {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	for i, line := range b.lines {
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		in, err := parseInput(line, b.first+i)
		if err != nil {
			refused.add(b.first+i, err)
			continue
		}
		v := scorer.Score(in.forScorer(names))
		if err := enc.Encode(scoreOutput{in.ID, v}); err != nil {
			refused.add(b.first+i, err)
		}
	}
	return out.Bytes()
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
	if err := json.Unmarshal(line, &in); err != nil {
		return in, err
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

func writeBatches(ctx context.Context, out io.Writer, order <-chan batch) error {
	w := bufio.NewWriterSize(out, 256<<10)
	for b := range order {
		select {
		case verdicts := <-b.out:
			if _, err := w.Write(verdicts); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
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
