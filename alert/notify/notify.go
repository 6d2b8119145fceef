// Package notify tells people of escalations. A channel is one Notifier; the
// literal list of kinds stands in kinds.
//
// What a channel shows is made in two steps: a renderer turns a Message into a
// document in the team's language, and each format writes the document out. No
// format takes a foreign text for markup, and no error or log line holds a
// secret or what a receiver answered.
package notify

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"feryat/mention"
)

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
	KindLetter   Kind = "letter" // of no escalation: Letter is all of it
)

// Message is one telling of an escalation to one channel.
type Message struct {
	Key        string             `json:"idempotency_key"` // same key, same telling: 32 hex digits, or the name and edition of a letter
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
	// More are the escalations of a digest; Escalation is then the most urgent. Those
	// beyond the fiftieth come without the customers' words.
	More []mention.Escalation `json:"more,omitempty"`
	// Letter is a mail that was written already; channels of other types refuse it.
	Letter *Letter `json:"letter,omitempty"`
}

// Letter is a mail, as HTML and as the same in plain text.
type Letter struct {
	Subject string `json:"subject"`
	Text    string `json:"text"`
	HTML    string `json:"html"`
}

// Links lead from a message back to feryat; an empty one is left out. Those
// that do something are signed and open a page that asks once more.
type Links struct {
	Page        string `json:"page,omitempty"`
	Acknowledge string `json:"acknowledge,omitempty"`
	FalseAlarm  string `json:"false_alarm,omitempty"`
}

// Notifier tells one channel. It answers nil when the channel has taken the
// message, an ErrRefused when it never will (an ErrUnauthorized where it will
// take no other either), any other error to be tried again, which may say when
// (RetryAfterError).
type Notifier interface {
	Notify(ctx context.Context, m Message) error
}

// kind is what there is to know of a type of channel.
type kind struct {
	build      func(Config, renderer, *slog.Logger) (Notifier, error)
	check      func(Config) error // tells what is wrong with the configuration; nil if nothing can be
	idempotent bool               // see Idempotent
	secretURL  bool               // see SecretURL
}

// kinds is the list of types of channel. Joining is one line here.
func kinds() map[string]kind {
	return map[string]kind{
		"alertmanager": {build: newAlertmanager, check: Config.checkURL, idempotent: true},
		"email":        {build: newEmail, check: Config.checkEmail},
		"log":          {build: newLog},
		"shoutrrr":     {build: newShoutrrr, check: Config.checkShoutrrr, secretURL: true},
		"slack":        {build: newSlack, check: Config.checkSecretURL, secretURL: true},
		"teams":        {build: newTeams, check: Config.checkSecretURL, secretURL: true},
		"telegram":     {build: newTelegram, check: Config.checkTelegram},
		"webhook":      {build: newWebhook, check: Config.checkWebhook, idempotent: true},
	}
}

func kindNames() []string { return slices.Sorted(maps.Keys(kinds())) }

// New builds the notifier that c describes; c must be valid.
func New(c Config, log *slog.Logger) (Notifier, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if c.Timeout == 0 {
		c.Timeout = DefaultTimeout
	}
	r, err := newRenderer(c.Language, time.Now)
	if err != nil {
		return nil, err
	}
	n, err := kinds()[c.Type].build(c, r, log.With("channel", c.Name))
	if err != nil || TakesLetters(c.Type) {
		return n, err
	}
	return letterless{n, c}, nil
}

// TakesLetters tells whether channels of a type take a Letter: e-mail alone.
func TakesLetters(kind string) bool { return kind == "email" }

// letterless is a channel that has no form for letters.
type letterless struct {
	Notifier
	c Config
}

// Notify refuses letters.
func (n letterless) Notify(ctx context.Context, m Message) error {
	if m.Letter != nil {
		return fmt.Errorf("channel %s: %s takes no letters, only e-mail does: %w", n.c.Name, n.c.Type, ErrRefused)
	}
	return n.Notifier.Notify(ctx, m)
}

type logNotifier struct{ log *slog.Logger }

func newLog(_ Config, _ renderer, log *slog.Logger) (Notifier, error) {
	return logNotifier{log: log}, nil
}

// Notify writes one line that a log shipper can match on.
func (n logNotifier) Notify(ctx context.Context, m Message) error {
	e := m.Escalation
	n.log.WarnContext(ctx, "escalation", "kind", m.Kind, "escalation_id", e.ID, "rule", e.Rule, "severity", e.Severity, "brand", e.Brand,
		"mood", e.Mood, "why", e.Why, "topics", e.Topics, "url", e.URL, "more", len(m.More), "idempotency_key", m.Key)
	return nil
}
