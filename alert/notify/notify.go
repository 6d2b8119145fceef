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

// Kind says why a message is sent.
type Kind string

// The kinds of message. A digest stands for many that would have been sent one
// by one; all others tell of one escalation.
const (
	KindOpened   Kind = "opened"
	KindHandedOn Kind = "handed_on" // nobody acknowledged in time; the next in the chain is told
	KindWarned   Kind = "warned"    // the promised answer is due soon
	KindBreached Kind = "breached"  // the promised answer is late
	KindGrown    Kind = "grown"     // an incident grew past a step
	KindReopened Kind = "reopened"
	KindDigest   Kind = "digest"
)

// Message is one telling of an escalation to one channel.
type Message struct {
	Key        string             `json:"idempotency_key"` // same key, same telling: 32 hex digits
	Kind       Kind               `json:"kind"`
	Title      map[string]string  `json:"title"` // by language: tr, fa, en
	Escalation mention.Escalation `json:"escalation"`
	// Advice is how to win the customer back, by the language of the team.
	Advice map[string][]string `json:"advice,omitempty"`
	// Draft is a reply in the customer's language for a person to look through;
	// empty where Withheld says why there is none (a code of i18n, "withheld.…").
	Draft    string `json:"draft,omitempty"`
	Withheld string `json:"withheld,omitempty"`
	Links    Links  `json:"links,omitzero"`
	// More are the escalations of a digest; Escalation is then the most urgent.
	More []mention.Escalation `json:"more,omitempty"`
}

// Links lead from a message back to feryat; an empty one is left out. Those
// that do something are signed and open a page that asks once more.
type Links struct {
	Page        string `json:"page,omitempty"`
	Acknowledge string `json:"acknowledge,omitempty"`
	FalseAlarm  string `json:"false_alarm,omitempty"`
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
