package queue

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

const (
	// bucketBytes bounds each bucket: some 200,000 escalations with their indexes.
	bucketBytes  = 512 << 20
	bucketPrefix = "feryat_"
)

// Bucket is a small shared key-value store: cursors, leases, the state of
// escalations. Keys are any text.
type Bucket struct {
	name   string
	kv     jetstream.KeyValue
	stream jetstream.Stream
}

// Bucket opens the bucket of that name (letters, digits, '_'), and makes it
// where there is none. A ttl above 0 lets each value vanish that long after it
// was written last.
func (q *Queue) Bucket(ctx context.Context, name string, ttl time.Duration) (*Bucket, error) {
	kv, err := q.js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{
		Bucket: bucketPrefix + name, TTL: ttl, MaxBytes: bucketBytes, Storage: jetstream.FileStorage, Replicas: q.cfg.Replicas,
	})
	if err != nil {
		return nil, fmt.Errorf("bucket %s: %w", name, err)
	}
	stream, err := q.js.Stream(ctx, "KV_"+bucketPrefix+name)
	if err != nil {
		return nil, fmt.Errorf("bucket %s: %w", name, err)
	}
	return &Bucket{name: name, kv: kv, stream: stream}, nil
}

// Get answers nil where there is no such key.
func (b *Bucket) Get(ctx context.Context, key string) ([]byte, error) {
	value, _, err := b.Load(ctx, key)
	return value, err
}

// Load is Get with the value's revision, for Update; 0 where there is no such key.
func (b *Bucket) Load(ctx context.Context, key string) (value []byte, revision uint64, err error) {
	e, err := b.kv.Get(ctx, escapeKey(key))
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, b.failed("read", key, err)
	}
	return e.Value(), e.Revision(), nil
}

// Put stores value, whatever was there.
func (b *Bucket) Put(ctx context.Context, key string, value []byte) error {
	_, err := b.kv.Put(ctx, escapeKey(key), value)
	return b.failed("write", key, err)
}

// Create stores value unless the key is there already.
func (b *Bucket) Create(ctx context.Context, key string, value []byte) (created bool, err error) {
	revision, err := b.Update(ctx, key, value, 0)
	return revision != 0, err
}

// Update stores value if the key still has that revision (0: is not there), and
// answers the new revision, or 0 if somebody else was quicker.
func (b *Bucket) Update(ctx context.Context, key string, value []byte, revision uint64) (uint64, error) {
	var err error
	if revision == 0 {
		revision, err = b.kv.Create(ctx, escapeKey(key), value)
	} else {
		revision, err = b.kv.Update(ctx, escapeKey(key), value, revision)
	}
	if lostRace(err) {
		return 0, nil
	}
	return revision, b.failed("write", key, err)
}

// Delete removes a key; one that is not there is no error. It leaves no marker,
// as a deletion of the key-value store would: keys such as those of timers never
// come again, and their markers would fill the bucket and slow every listing.
func (b *Bucket) Delete(ctx context.Context, key string) error {
	return b.failed("delete", key, b.stream.Purge(ctx, jetstream.WithPurgeSubject("$KV."+bucketPrefix+b.name+"."+escapeKey(key))))
}

// deleteRevision removes a key if it still has that revision.
func (b *Bucket) deleteRevision(ctx context.Context, key string, revision uint64) error {
	err := b.kv.Purge(ctx, escapeKey(key), jetstream.LastRevision(revision))
	if lostRace(err) {
		return nil
	}
	return b.failed("delete", key, err)
}

// Keys lists the keys, in no order.
func (b *Bucket) Keys(ctx context.Context) ([]string, error) {
	keys, err := b.kv.Keys(ctx)
	if errors.Is(err, jetstream.ErrNoKeysFound) {
		return nil, nil
	}
	for i, k := range keys {
		keys[i] = unescapeKey(k)
	}
	return keys, b.failed("list", "*", err)
}

func (b *Bucket) failed(what, key string, err error) error {
	if err != nil {
		return fmt.Errorf("%s %s in bucket %s: %w", what, key, b.name, err)
	}
	return nil
}

func lostRace(err error) bool {
	var api *jetstream.APIError
	return errors.As(err, &api) && (api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence || api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequenceConstant)
}

// escapeKey maps any text onto the letters that a key may have: =XX stands for
// a byte that may not. A key of no letters is "=".
func escapeKey(key string) string {
	if key == "" {
		return "="
	}
	var out strings.Builder
	for i := range len(key) {
		c := key[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' {
			out.WriteByte(c)
		} else {
			fmt.Fprintf(&out, "=%02X", c)
		}
	}
	return out.String()
}

func unescapeKey(key string) string {
	if key == "=" {
		return ""
	}
	var out strings.Builder
	for i := 0; i < len(key); i++ {
		var c byte
		if n, _ := fmt.Sscanf(key[i:], "=%2X", &c); n == 1 {
			out.WriteByte(c)
			i += 2
			continue
		}
		out.WriteByte(key[i])
	}
	return out.String()
}
