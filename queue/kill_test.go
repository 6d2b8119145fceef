package queue

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"feryat/mention"
)

// Variables that make the test binary a process to be killed.
const (
	childDir  = "FERYAT_TEST_QUEUE_DIR"
	childMode = "FERYAT_TEST_QUEUE_MODE" // "stream" or "stall"
	childFrom = "FERYAT_TEST_QUEUE_FROM"
)

func exit(code int) { os.Exit(code) }

// impatient is a configuration with which the messages of a killed process come
// again soon.
func impatient() Config {
	c := small()
	c.AckWait = time.Second
	return c
}

// child serves, publishes and consumes until it is killed. It tells each step
// on standard output after it is true.
func child() (ran bool, code int) {
	dir := os.Getenv(childDir)
	if dir == "" {
		return false, 0
	}
	if err := churn(context.Background(), dir); err != nil {
		fmt.Println("error", err)
	}
	return true, 1
}

func churn(ctx context.Context, dir string) error {
	cfg := impatient()
	s := NewServer(dir, cfg, quiet())
	go func() { _ = s.Run(ctx) }() // ends with the process
	if err := s.Ready(ctx); err != nil {
		return err
	}
	q, err := Connect(ctx, s.Access(), cfg, quiet())
	if err != nil {
		return err
	}
	go func() { _ = q.ConsumeMentions(ctx, 100, 20*time.Millisecond, childHandler) }() // ends with the process
	var from int
	if _, err := fmt.Sscan(os.Getenv(childFrom), &from); err != nil {
		return err
	}
	for i := from; ; i++ {
		if err := q.PublishMention(ctx, sample(i)); err != nil {
			return err
		}
		fmt.Println("published", sample(i).ID)
	}
}

func childHandler(ctx context.Context, d []Delivery[mention.Mention]) error {
	if os.Getenv(childMode) == "stall" {
		fmt.Println("stalled", d[0].Value.ID)
		<-ctx.Done()
	}
	for _, x := range d {
		fmt.Println("handled", x.Value.ID)
	}
	return nil
}

// killAfter runs a child and kills it when it has told n lines that begin with
// word. It answers all that it told.
func killAfter(t *testing.T, dir, mode, word string, from, n int) []string {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childDir+"="+dir, childMode+"="+mode, fmt.Sprintf("%s=%d", childFrom, from))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var told []string
	scan := bufio.NewScanner(out)
	for scan.Scan() {
		told = append(told, scan.Text())
		if strings.HasPrefix(scan.Text(), word) {
			n--
		}
		if n == 0 {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = cmd.Wait() // killed
	if n > 0 {
		t.Fatalf("the child ended by itself: %q", told)
	}
	return told
}

// Whatever was acknowledged is handled, by the killed process or the next.
func TestKilledProcessLosesNothing(t *testing.T) {
	dir := t.TempDir()
	published, handled := map[string]bool{}, map[string]bool{}
	for round := range 4 {
		for _, line := range killAfter(t, dir, "stream", "published", round*100_000, 150+round*333) {
			word, id, _ := strings.Cut(line, " ")
			switch word {
			case "published":
				published[id] = true
			case "handled":
				handled[id] = true
			}
		}
	}
	before := len(handled)
	cfg := impatient()
	s, _ := serve(t, dir, cfg)
	consumeUntilDrained(t, connect(t, s, cfg), func(_ context.Context, d []Delivery[mention.Mention]) error {
		for _, x := range d {
			handled[string(x.Value.ID)] = true
		}
		return nil
	})
	for id := range published {
		if !handled[id] {
			t.Errorf("message %s was acknowledged and is lost", id)
		}
	}
	if len(published) < 1500 || before == 0 {
		t.Errorf("a test of %d messages, %d handled before the last kill, shows nothing", len(published), before)
	}
}

// A process that was killed while it handled a message may have done half of
// the work: the next must be told, though the server is killed before it has
// written that it had delivered the message.
func TestKilledHandlerIsMarked(t *testing.T) {
	for range 2 {
		dir := t.TempDir()
		told := killAfter(t, dir, "stall", "stalled", 0, 1)
		_, id, _ := strings.Cut(told[len(told)-1], " ")
		for _, line := range told {
			if rest, ok := strings.CutPrefix(line, "stalled "); ok {
				id = rest
			}
		}
		cfg := impatient()
		s, _ := serve(t, dir, cfg)
		marked := false
		consumeUntilDrained(t, connect(t, s, cfg), func(_ context.Context, d []Delivery[mention.Mention]) error {
			for _, x := range d {
				marked = marked || string(x.Value.ID) == id && x.Redelivered
			}
			return nil
		})
		if !marked {
			t.Fatalf("message %s came again without the mark", id)
		}
	}
}
