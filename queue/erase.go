package queue

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Judge says what becomes of a message of a stream; of one in DEAD, stream is
// where it came from. One that is not kept is removed, or makes room for rest
// where that is not nil.
type Judge func(stream string, payload []byte) (keep bool, rest []byte)

// Erase removes messages wherever they wait, DEAD too, and overwrites their bytes
// on the disk. What a handler has in hand is not called back; a message to a
// channel that is not yet being sent will not be. It answers how many were
// removed, and may be called again.
func (q *Queue) Erase(ctx context.Context, judge Judge) (removed int, err error) {
	for _, s := range q.cfg.streams() {
		n, err := q.erase(ctx, s, judge)
		removed += n
		if err != nil {
			return removed, fmt.Errorf("erase in stream %s: %w", s.name, err)
		}
	}
	return removed, nil
}

func (q *Queue) erase(ctx context.Context, s stream, judge Judge) (removed int, err error) {
	js, err := q.js.Stream(ctx, s.name)
	if err != nil {
		return 0, err
	}
	return removed, each(ctx, js, s.subject, js.CachedInfo().State.LastSeq, func(m *jetstream.RawStreamMsg) error {
		from := s.name
		if was := m.Header.Get(headerStream); was != "" {
			from = was
		}
		keep, rest := judge(from, m.Data)
		if keep {
			return nil
		}
		removed++
		return q.replace(ctx, js, s, m, rest)
	})
}

// each visits the messages of a subject up to a sequence, the oldest first.
func each(ctx context.Context, js jetstream.Stream, subject string, last uint64, visit func(*jetstream.RawStreamMsg) error) error {
	for seq := uint64(1); seq <= last; seq++ {
		m, err := js.GetMsg(ctx, seq, jetstream.WithGetMsgSubject(subject))
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			return nil
		}
		if err == nil && m.Sequence <= last {
			err = visit(m)
		}
		if err != nil {
			return err
		}
		seq = m.Sequence
	}
	return nil
}

// replace puts rest, unless it is nil, into the stream, and then overwrites m: a
// crash between the two leaves m to the next call, which puts the same once more.
func (q *Queue) replace(ctx context.Context, js jetstream.Stream, s stream, m *jetstream.RawStreamMsg, rest []byte) error {
	if rest != nil {
		next := &nats.Msg{Subject: s.subject, Data: rest, Header: nats.Header{}}
		for key, values := range m.Header {
			if strings.HasPrefix(key, "Feryat-") { // those of the answer say where m stood
				next.Header[key] = values
			}
		}
		next.Header.Set(jetstream.MsgIDHeader, "moved/"+strconv.FormatUint(m.Sequence, 10)+"/"+strconv.FormatInt(m.Time.UnixNano(), 36))
		if err := q.publish(ctx, s.name, next); err != nil {
			return err
		}
	}
	return wipe(ctx, js, m.Sequence)
}

// wipe deletes a message and overwrites its bytes; one that is gone is no error.
func wipe(ctx context.Context, js jetstream.Stream, sequence uint64) error {
	ctx, cancel := context.WithTimeout(ctx, publishTimeout)
	defer cancel()
	err := js.SecureDeleteMsg(ctx, sequence)
	if err == nil {
		return nil
	}
	if there, bad := holds(ctx, js, sequence); bad == nil && !there {
		return nil
	}
	return err
}

// holds reports whether a message is in its stream still.
func holds(ctx context.Context, js jetstream.Stream, sequence uint64) (bool, error) {
	_, err := js.GetMsg(ctx, sequence)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return false, nil
	}
	return err == nil, err
}

// fillerSuffix ends the subject of messages that fill a stream's file, which no
// consumer is handed.
const fillerSuffix = ".filler"

// stillFor is how long a stream may stand still before Scrub moves what is in the way.
const stillFor = 2 * time.Second

// Scrub sees to it that nothing is left on the disk of messages that were
// acknowledged before it was called: JetStream only marks them as deleted, until
// the last message of the same file has gone. Fillers make it begin new files, and
// Scrub waits until the old ones are empty, so what handlers had in hand is done
// too when it returns. Messages that nobody takes for some seconds are moved to
// the new file; one to a channel may be under way just then, and is known again by
// its key.
func (q *Queue) Scrub(ctx context.Context) error {
	for _, name := range []string{Mentions, Visits, Stored, Outbox} {
		if err := q.scrub(ctx, q.streams[name]); err != nil {
			return fmt.Errorf("scrub stream %s: %w", name, err)
		}
	}
	return nil
}

func (q *Queue) scrub(ctx context.Context, s stream) error {
	js, err := q.js.Stream(ctx, s.name)
	if err != nil {
		return err
	}
	mark, err := q.roll(ctx, js, s.subject+fillerSuffix, s.maxBytes)
	if err != nil {
		return err
	}
	still := time.Now()
	for first := uint64(0); ; {
		info, err := js.Info(ctx)
		if err != nil {
			return err
		}
		switch now := info.State; {
		case now.FirstSeq > mark:
			return nil
		case now.FirstSeq != first:
			first, still = now.FirstSeq, time.Now()
		case time.Since(still) > stillFor:
			return each(ctx, js, s.subject, mark, func(m *jetstream.RawStreamMsg) error { return q.replace(ctx, js, s, m, m.Data) })
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// blockBytes is the most that JetStream writes into one file of a stream, of one
// under 32 MiB half as much.
const blockBytes = 8 << 20

// roll makes a stream begin a new file, by two messages that fill one each: the
// first may find room in the old file. What is written from now on comes after
// the sequence that it answers, in another file than what came before.
func (q *Queue) roll(ctx context.Context, js jetstream.Stream, subject string, maxBytes int64) (mark uint64, err error) {
	size := blockBytes - 16<<10
	if maxBytes < 4*blockBytes {
		size = blockBytes/2 - 16<<10
	}
	body := make([]byte, size)
	for range 2 {
		ack, err := q.js.PublishMsg(ctx, &nats.Msg{Subject: subject, Data: body}, jetstream.WithExpectStream(js.CachedInfo().Config.Name))
		if err != nil {
			return 0, fmt.Errorf("begin a new file: %w", err)
		}
		if err := js.Purge(ctx, jetstream.WithPurgeSubject(subject)); err != nil {
			return 0, fmt.Errorf("begin a new file: %w", err)
		}
		mark = ack.Sequence
	}
	return mark, nil
}

// Judged says what becomes of a value of a bucket; a nil value removes the key.
type Judged func(key string, value []byte) (next []byte)

// Erase changes or removes values, and writes all others anew, so that nothing is
// left on the disk of any that was removed or replaced before. It may run while
// others change the bucket, and be called again.
func (b *Bucket) Erase(ctx context.Context, q *Queue, judge Judged) (changed int, err error) {
	mark, err := q.roll(ctx, b.stream, "$KV."+bucketPrefix+b.name+".=filler", bucketBytes)
	if err != nil {
		return 0, b.failed("erase", "*", err)
	}
	keys, err := b.Keys(ctx)
	for _, key := range keys {
		if err != nil {
			break
		}
		var n int
		n, err = b.erase(ctx, key, mark, judge)
		changed += n
	}
	return changed, err
}

// erase judges one key until nobody is quicker.
func (b *Bucket) erase(ctx context.Context, key string, mark uint64, judge Judged) (changed int, err error) {
	for {
		value, revision, err := b.Load(ctx, key)
		if err != nil || revision == 0 {
			return 0, err
		}
		next := judge(key, value)
		if next == nil {
			return 1, b.Delete(ctx, key)
		}
		same := string(next) == string(value)
		if same && revision > mark {
			return 0, nil
		}
		if revision, err = b.Update(ctx, key, next, revision); err != nil {
			return 0, err
		}
		if revision != 0 {
			if same {
				return 0, nil
			}
			return 1, nil
		}
	}
}
