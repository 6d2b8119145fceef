package queue

import (
	"errors"
	"fmt"
	"time"
)

// Names of the streams.
const (
	Mentions = "MENTIONS"
	Visits   = "VISITS"
	Stored   = "STORED"
	Outbox   = "OUTBOX"
	Dead     = "DEAD"
)

// MaxPayload is the largest message, in bytes.
const MaxPayload = 8 << 20

// DuplicateWindow is how long a stream remembers the IDs of its messages. It
// spans the retries of one publish call; storage is idempotent beyond it.
const DuplicateWindow = 2 * time.Minute

// Config sizes the queue. The zero value is not valid; see DefaultConfig.
type Config struct {
	// URL of a NATS cluster, several separated by commas; empty means embedded.
	URL string `yaml:"url" mapstructure:"url"`
	// Token for the cluster, where it asks for one.
	Token string `yaml:"token" mapstructure:"token" secret:"true"`
	// User and Password for the cluster, where it asks for them.
	User     string `yaml:"user" mapstructure:"user"`
	Password string `yaml:"password" mapstructure:"password" secret:"true"`
	// CredentialsFile for the cluster, as nsc writes it.
	CredentialsFile string `yaml:"credentials_file" mapstructure:"credentials_file"`
	// Replicas of each stream and bucket; 1 embedded, 3 is usual in a cluster.
	Replicas int `yaml:"replicas" mapstructure:"replicas"`
	// SyncInterval is how often the embedded server flushes its files to the
	// disk itself (fsync): what a power cut may cost, also of a cursor's mentions
	// while the cursor stays. 0 flushes each message before it is acknowledged, at
	// the price of one disk write a message.
	SyncInterval time.Duration `yaml:"sync_interval" mapstructure:"sync_interval"`
	// MentionsBytes, VisitsBytes, StoredBytes, OutboxBytes and DeadBytes are the
	// largest sizes of the streams on disk. Writers wait when one is reached.
	MentionsBytes int64 `yaml:"mentions_bytes" mapstructure:"mentions_bytes"`
	VisitsBytes   int64 `yaml:"visits_bytes" mapstructure:"visits_bytes"`
	StoredBytes   int64 `yaml:"stored_bytes" mapstructure:"stored_bytes"`
	OutboxBytes   int64 `yaml:"outbox_bytes" mapstructure:"outbox_bytes"`
	DeadBytes     int64 `yaml:"dead_bytes" mapstructure:"dead_bytes"`
	// StoredAge is how long a stored row waits for alert. Where no process runs
	// alert, it keeps STORED from filling up and holding up the pipeline.
	StoredAge time.Duration `yaml:"stored_age" mapstructure:"stored_age"`
	// AckWait is how long after a crash of a consumer its messages are handed
	// to another. A consumer at work says so every third of it.
	AckWait time.Duration `yaml:"ack_wait" mapstructure:"ack_wait"`
	// MaxDeliver is after how many failures of its own a message goes to DEAD.
	// Waiting for a part that is down does not count.
	MaxDeliver int `yaml:"max_deliver" mapstructure:"max_deliver"`
	// OutboxMaxDeliver is the same for a message to a channel: 50 tries take
	// about six hours.
	OutboxMaxDeliver int `yaml:"outbox_max_deliver" mapstructure:"outbox_max_deliver"`
	// RetryFirst and RetryMax bound the growing pause before a failed message is
	// handed over again.
	RetryFirst time.Duration `yaml:"retry_first" mapstructure:"retry_first"`
	RetryMax   time.Duration `yaml:"retry_max" mapstructure:"retry_max"`
}

// DefaultConfig is an embedded queue of at most 3.25 GiB on disk.
func DefaultConfig() Config {
	return Config{
		Replicas:         1,
		SyncInterval:     time.Second,
		MentionsBytes:    2 << 30,
		VisitsBytes:      256 << 20,
		StoredBytes:      512 << 20,
		OutboxBytes:      256 << 20,
		DeadBytes:        256 << 20,
		StoredAge:        72 * time.Hour,
		AckWait:          10 * time.Second,
		MaxDeliver:       12,
		OutboxMaxDeliver: 50,
		RetryFirst:       time.Second,
		RetryMax:         10 * time.Minute,
	}
}

// Validate names all values that cannot work.
func (c Config) Validate() error {
	var errs []error
	check := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	check(c.Replicas >= 1 && c.Replicas <= 5, "replicas: %d is not between 1 and 5", c.Replicas)
	check(c.URL != "" || c.Replicas == 1, "replicas: the embedded queue can keep only 1 (set url for a cluster)")
	check(c.SyncInterval >= 0, "sync_interval: %s is negative", c.SyncInterval)
	check(c.User == "" || c.Password != "", "password: missing for user %q", c.User)
	for _, s := range c.streams() {
		check(s.maxBytes >= MaxPayload, "size of %s: %d is under %d bytes, the size of one message", s.name, s.maxBytes, MaxPayload)
	}
	check(c.StoredAge >= 0, "stored_age: %s is negative", c.StoredAge)
	check(c.AckWait >= time.Second/10, "ack_wait: %s is under 100ms", c.AckWait)
	check(c.MaxDeliver >= 1 && c.OutboxMaxDeliver >= 1, "max_deliver, outbox_max_deliver: must be at least 1")
	check(c.RetryFirst > 0 && c.RetryMax >= c.RetryFirst, "retry_first, retry_max: %s to %s is no range", c.RetryFirst, c.RetryMax)
	return errors.Join(errs...)
}

// Access is the cluster's, for Connect.
func (c Config) Access() Access {
	return Access{URL: c.URL, Token: c.Token, User: c.User, Password: c.Password, CredentialsFile: c.CredentialsFile}
}
