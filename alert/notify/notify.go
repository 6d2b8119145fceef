// Package notify tells people of escalations. A channel is one Notifier; the
// literal list of kinds stands in New.
package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"feryat/mention"
)

// ErrRefused marks an answer that trying again will not change.
var ErrRefused = errors.New("refused for good")

// Message is one telling of an escalation to one channel.
type Message struct {
	Key        string             `json:"idempotency_key"` // same key, same telling: 32 hex digits
	Title      map[string]string  `json:"title"`           // by language
	Escalation mention.Escalation `json:"escalation"`
}

// Notifier tells one channel. It answers nil when the channel has taken the
// message, an ErrRefused when it never will, any other error to be tried again.
type Notifier interface {
	Notify(ctx context.Context, m Message) error
}

// Config is one channel.
type Config struct {
	Name string `mapstructure:"name" yaml:"name"` // unique; rules name channels by it
	Type string `mapstructure:"type" yaml:"type"` // webhook or log
	// URL is where a webhook posts to.
	URL string `mapstructure:"url" yaml:"url"`
	// Secret signs a webhook's body (HMAC-SHA256).
	Secret string `mapstructure:"secret" yaml:"secret" secret:"true"`
	// Timeout bounds one try.
	Timeout time.Duration `mapstructure:"timeout" yaml:"timeout"`
}

// DefaultTimeout bounds one try of a channel that sets none.
const DefaultTimeout = 10 * time.Second

// Validate tells all faults of the configuration.
func (c Config) Validate() error {
	var faults []error
	if c.Name == "" {
		faults = append(faults, errors.New("a channel needs a name"))
	}
	switch c.Type {
	case "log":
	case "webhook":
		faults = append(faults, c.validateWebhook())
	default:
		faults = append(faults, fmt.Errorf("channel %q: type %q is not webhook or log", c.Name, c.Type))
	}
	if c.Timeout < 0 {
		faults = append(faults, fmt.Errorf("channel %q: timeout is negative", c.Name))
	}
	return errors.Join(faults...)
}

// New builds the notifier that c describes; c must be valid.
func New(c Config, log *slog.Logger) (Notifier, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if c.Timeout == 0 {
		c.Timeout = DefaultTimeout
	}
	if c.Type == "log" {
		return logNotifier{log: log}, nil
	}
	return newWebhook(c), nil
}

type logNotifier struct{ log *slog.Logger }

// Notify writes one line that a log shipper can match on.
func (n logNotifier) Notify(ctx context.Context, m Message) error {
	e := m.Escalation
	n.log.WarnContext(ctx, "escalation", "escalation_id", e.ID, "rule", e.Rule, "severity", e.Severity, "brand", e.Brand,
		"mood", e.Mood, "why", e.Why, "topics", e.Topics, "url", e.URL, "idempotency_key", m.Key)
	return nil
}
