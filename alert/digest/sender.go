package digest

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"feryat/alert/notify"
	"feryat/mention"
)

// figures answers what a period came to.
type figures interface {
	Digest(ctx context.Context, ask mention.DigestAsk) (mention.Digest, error)
}

// states keeps which edition was sent last, with compare-and-set.
type states interface {
	// Load answers the value and its revision, 0 where there is no such key.
	Load(ctx context.Context, key string) (value []byte, revision uint64, err error)
	// Update stores value if the key still has that revision (0: is not there),
	// and answers the new revision, or 0 if somebody else was quicker.
	Update(ctx context.Context, key string, value []byte, revision uint64) (uint64, error)
}

// outbox keeps messages until a channel has taken them.
type outbox interface {
	// Enqueue keeps payload for channel; key names the message for ever.
	Enqueue(ctx context.Context, channel, key string, payload []byte) error
}

// Watching is what digests tell of where they do not say otherwise.
type Watching struct {
	Zone    *time.Location // that of the promise
	Brands  []string       // ours
	Rivals  []string
	Sources map[string]time.Duration // how often each is to be collected; 0 only when asked
	// Languages are those of the channels, by name.
	Languages map[string]string
}

// Sender makes digests and hands them to the outbox.
type Sender struct {
	configs  []Config // valid
	watching Watching
	figures  figures
	renderer *Renderer
	states   states
	outbox   outbox
	log      *slog.Logger
}

// NewSender is inert until its methods are called.
func NewSender(configs []Config, w Watching, f figures, r *Renderer, s states, o outbox, log *slog.Logger) *Sender {
	return &Sender{configs, w, f, r, s, o, log}
}

// Names lists the digests.
func (s *Sender) Names() (names []string) {
	for _, c := range s.configs {
		names = append(names, c.Name)
	}
	return names
}

// sent is the record of a digest: the newest edition that needs nothing more.
type sent struct {
	Edition string    `json:"edition"`
	At      time.Time `json:"at"`
	// Skipped says that it was not sent: too late, or from before the digest was
	// configured.
	Skipped bool `json:"skipped,omitempty"`
}

// Ring sends the digest of a name if one is due and was not sent, and answers
// when to ring again; never (the zero time) where there is no such digest.
// Edition and idempotency key follow from the configuration and the calendar, so
// that a repeat after a crash, or of another process, is the same message.
func (s *Sender) Ring(ctx context.Context, name string, now time.Time) (next time.Time, err error) {
	i := slices.IndexFunc(s.configs, func(c Config) bool { return c.Name == name })
	if i < 0 {
		return time.Time{}, nil
	}
	c := s.configs[i]
	due, next := c.Due(now, s.watching.Zone), c.Next(now, s.watching.Zone)
	key := "digest." + c.Name + "." + c.Period
	last, revision, err := s.last(ctx, key)
	if err != nil || last.Edition >= c.edition(due) {
		return next, err
	}
	record := sent{Edition: c.edition(due), At: now.UTC()}
	switch {
	case revision == 0: // it begins with the next
		record.Skipped = true
	case now.Sub(due) > c.patience():
		record.Skipped = true
		s.log.Warn("digest is left out: it was due too long ago", "digest", c.Name, "edition", record.Edition, "due", due)
	default:
		if err := s.send(ctx, c, due); err != nil {
			return next, fmt.Errorf("digest %s: %w", c.Name, err)
		}
	}
	body, err := json.Marshal(record)
	if err == nil {
		_, err = s.states.Update(ctx, key, body, revision) // whoever was quicker wrote the same
	}
	return next, err
}

func (s *Sender) last(ctx context.Context, key string) (last sent, revision uint64, err error) {
	body, revision, err := s.states.Load(ctx, key)
	if err != nil || revision == 0 {
		return last, revision, err
	}
	if err := json.Unmarshal(body, &last); err != nil {
		return last, revision, fmt.Errorf("record %s: %w", key, err)
	}
	return last, revision, nil
}

// send puts the digest that was due at a time into the outbox.
func (s *Sender) send(ctx context.Context, c Config, due time.Time) error {
	_, letter, err := s.Write(ctx, c, due)
	if err != nil {
		return err
	}
	m := notify.Message{Key: "digest." + c.Name + "." + c.edition(due), Kind: notify.KindLetter, Letter: &letter}
	payload, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return s.outbox.Enqueue(ctx, c.Channel, m.Key, payload)
}

// Write makes the digest of the period that ends with the midnight before at, for
// c, which need not be one of those that are sent.
func (s *Sender) Write(ctx context.Context, c Config, at time.Time) (mention.Digest, notify.Letter, error) {
	d, err := s.figuresOf(ctx, c.Ask(at.In(s.watching.Zone)))
	if err != nil {
		return d, notify.Letter{}, err
	}
	letter, err := s.renderer.Letter(c, d, s.language(c))
	return d, letter, err
}

// Report makes the report of the days from the midnight from to the midnight to, of brands or of all of ours: the figures,
// a page for browsers, and a mail. Channel and language are those of c.
func (s *Sender) Report(ctx context.Context, c Config, from, to time.Time) (mention.Digest, []byte, notify.Letter, error) {
	c.Period = Reported
	d, err := s.figuresOf(ctx, mention.DigestAsk{From: from, To: to, Zone: s.watching.Zone.String(), Brands: c.Brands, Most: mostExamples, Stories: true})
	if err != nil {
		return d, nil, notify.Letter{}, err
	}
	page, err := s.renderer.Report(c, d, s.language(c))
	if err != nil {
		return d, nil, notify.Letter{}, err
	}
	letter, err := s.renderer.Letter(c, d, s.language(c))
	return d, page, letter, err
}

func (s *Sender) figuresOf(ctx context.Context, ask mention.DigestAsk) (mention.Digest, error) {
	if len(ask.Brands) == 0 {
		ask.Brands = s.watching.Brands
	}
	ask.Rivals, ask.Sources = s.watching.Rivals, s.watching.Sources
	return s.figures.Digest(ctx, ask)
}

// language is that of a digest, or of its channel.
func (s *Sender) language(c Config) string {
	if c.Language != "" {
		return c.Language
	}
	return s.watching.Languages[c.Channel]
}
