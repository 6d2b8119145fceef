package queue

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"feryat/mention"
)

// onDisk lists the files below dir that hold what.
func onDisk(t *testing.T, dir, what string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil //nolint:nilerr // a file that vanishes meanwhile holds nothing
		}
		if body, err := os.ReadFile(path); err == nil && bytes.Contains(body, []byte(what)) {
			files = append(files, strings.TrimPrefix(path, dir))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// nowhere waits until no file below dir holds what: JetStream writes and compacts
// its files up to some seconds late.
func nowhere(t *testing.T, dir, what string) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		files := onDisk(t, dir, what)
		if len(files) == 0 {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%q is in %v", what, files)
		}
	}
}

const secretWord = "zebra-phrase-17"

func isSecret(_ string, payload []byte) (bool, []byte) {
	return !bytes.Contains(payload, []byte(secretWord)), nil
}

func secretMention(n int) mention.Mention {
	m := sample(n)
	m.Text = fmt.Sprint(secretWord, " ", n)
	return m.Revise()
}

func TestErase(t *testing.T) {
	dir := t.TempDir()
	server, _ := serve(t, dir, small())
	q := connect(t, server, small())
	ctx := t.Context()
	for n := range 40 {
		publish(t, q, sample(n), secretMention(1000+n))
		payload := []byte("a message of another")
		if n%2 == 0 {
			payload = []byte("about " + secretWord)
		}
		if err := q.Enqueue(ctx, "desk", fmt.Sprint("key", n), payload); err != nil {
			t.Fatal(err)
		}
	}
	if len(onDisk(t, dir, secretWord)) == 0 {
		t.Fatal("the test looks in the wrong place")
	}
	removed, err := q.Erase(ctx, isSecret)
	if err != nil || removed != 60 {
		t.Fatalf("%d removed, %v", removed, err)
	}
	nowhere(t, dir, secretWord)
	if left := messages(t, q, Mentions) + messages(t, q, Outbox); left != 60 {
		t.Errorf("%d messages are left", left)
	}
	if removed, err := q.Erase(ctx, isSecret); err != nil || removed != 0 {
		t.Errorf("again: %d removed, %v", removed, err)
	}
}

// acknowledge takes the first n messages of MENTIONS out.
func acknowledge(t *testing.T, q *Queue, n int) {
	t.Helper()
	c, err := q.js.Consumer(t.Context(), Mentions, q.streams[Mentions].consumer)
	if err != nil {
		t.Fatal(err)
	}
	msgs, err := fetch(c, n, time.Second)
	if err != nil || len(msgs) != n {
		t.Fatalf("%d messages, %v", len(msgs), err)
	}
	for _, m := range msgs {
		if err := m.DoubleAck(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// What was acknowledged stays in JetStream's files until Scrub, whatever waits behind it.
func TestScrub(t *testing.T) {
	for name, consumed := range map[string]bool{"while it is consumed": true, "while nobody takes anything": false} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			server, _ := serve(t, dir, small())
			q := connect(t, server, small())
			publish(t, q, secretMention(1), secretMention(2), sample(4), sample(5))
			acknowledge(t, q, 2)
			if len(onDisk(t, dir, secretWord)) == 0 {
				t.Fatal("acknowledged messages leave the disk by themselves")
			}
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error, 1)
			var seen atomic.Int64
			if consumed {
				go func() {
					done <- q.ConsumeMentions(ctx, 10, 20*time.Millisecond, func(_ context.Context, batch []Delivery[mention.Mention]) error {
						seen.Add(int64(len(batch)))
						return nil
					})
				}()
			} else {
				done <- nil
			}
			if err := q.Scrub(t.Context()); err != nil {
				t.Error(err)
			}
			nowhere(t, dir, secretWord)
			cancel()
			if err := <-done; err != nil {
				t.Error(err)
			}
			if !consumed {
				consumeUntilDrained(t, q, func(_ context.Context, batch []Delivery[mention.Mention]) error {
					seen.Add(int64(len(batch)))
					return nil
				})
			}
			if seen.Load() != 2 {
				t.Errorf("%d messages were handed over, want 2", seen.Load())
			}
		})
	}
}

// What was erased while it waited in its lane is not told, and what was told leaves the disk with Scrub.
func TestEraseInALane(t *testing.T) {
	dir := t.TempDir()
	server, _ := serve(t, dir, small())
	q := connect(t, server, small())
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for n := range 2 * laneWorkers {
		if err := q.Enqueue(ctx, "desk", fmt.Sprint(n), fmt.Append(nil, secretWord, n)); err != nil {
			t.Fatal(err)
		}
	}
	begun, gate := make(chan bool, 4*laneWorkers), make(chan bool)
	done := make(chan error, 1)
	go func() {
		done <- q.ConsumeOutbox(ctx, func(context.Context, string, []byte) error { begun <- true; <-gate; return nil })
	}()
	for range laneWorkers {
		<-begun
	}
	if _, err := q.Erase(ctx, isSecret); err != nil {
		t.Fatal(err)
	}
	close(gate)
	if err := q.Enqueue(ctx, "desk", "last", []byte(secretWord)); err != nil {
		t.Fatal(err)
	}
	<-begun
	if err := errors.Join(q.Drained(ctx, Outbox), q.Scrub(ctx)); err != nil {
		t.Fatal(err)
	}
	nowhere(t, dir, secretWord)
	cancel()
	if err := <-done; err != nil || len(begun) > 0 {
		t.Errorf("%v; %d erased messages were told", err, len(begun))
	}
}

func TestEraseInABucket(t *testing.T) {
	dir := t.TempDir()
	server, _ := serve(t, dir, small())
	q, ctx := connect(t, server, small()), t.Context()
	b, err := q.Bucket(ctx, "test", 0)
	if err != nil {
		t.Fatal(err)
	}
	put := func(key, value string) {
		t.Helper()
		if err := b.Put(ctx, key, []byte(value)); err != nil {
			t.Fatal(err)
		}
	}
	for n := range 200 {
		put(fmt.Sprint("stays ", n), "first "+secretWord)
		put(fmt.Sprint("stays ", n), "value")
		put(fmt.Sprint("goes ", n), secretWord)
	}
	put("quotes", "before "+secretWord)
	judge := func(key string, value []byte) []byte {
		if strings.HasPrefix(key, "goes") {
			return nil
		}
		return bytes.ReplaceAll(value, []byte(secretWord), []byte("…"))
	}
	if changed, err := b.Erase(ctx, q, judge); err != nil || changed != 201 {
		t.Errorf("%d changed, %v", changed, err)
	}
	nowhere(t, dir, secretWord)
	keys, err := b.Keys(ctx)
	if err != nil || len(keys) != 201 {
		t.Errorf("%d keys, %v", len(keys), err)
	}
	for key, want := range map[string]string{"quotes": "before …", "stays 7": "value", "goes 7": ""} {
		if got, err := b.Get(ctx, key); err != nil || string(got) != want {
			t.Errorf("%s: %q, %v", key, got, err)
		}
	}
	if changed, err := b.Erase(ctx, q, judge); err != nil || changed != 0 {
		t.Errorf("again: %d changed, %v", changed, err)
	}
}

// What could not be delivered waits in DEAD, and its reason may quote it.
func TestEraseAmongTheDead(t *testing.T) {
	dir := t.TempDir()
	server, _ := serve(t, dir, small())
	q := connect(t, server, small())
	for _, payload := range []string{"no JSON: " + secretWord, "no JSON of another"} {
		if _, err := q.js.PublishMsg(t.Context(), &nats.Msg{Subject: q.streams[Mentions].subject, Data: []byte(payload)}); err != nil {
			t.Fatal(err)
		}
	}
	consumeUntilDrained(t, q, func(context.Context, []Delivery[mention.Mention]) error { return nil })
	if n := messages(t, q, Dead); n != 2 {
		t.Fatalf("%d dead letters, want 2", n)
	}
	var from []string
	removed, err := q.Erase(t.Context(), func(stream string, payload []byte) (bool, []byte) {
		from = append(from, stream)
		return isSecret(stream, payload)
	})
	if err != nil || removed != 1 || messages(t, q, Dead) != 1 || fmt.Sprint(from) != fmt.Sprint([]string{Mentions, Mentions}) {
		t.Fatalf("%d removed of %v, %d left, %v", removed, from, messages(t, q, Dead), err)
	}
	if err := q.Scrub(t.Context()); err != nil {
		t.Fatal(err)
	}
	nowhere(t, dir, secretWord)
}
