package notify

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"feryat/i18n"
)

// Config is one channel. Which keys a channel needs depends on its type; the
// README of this package has a table.
type Config struct {
	Name string `mapstructure:"name" yaml:"name"` // unique; rules name channels by it
	Type string `mapstructure:"type" yaml:"type"` // alertmanager, email, log, shoutrrr, slack, teams, telegram or webhook
	// Language of the messages: tr, fa or en, which is the default.
	Language string `mapstructure:"language" yaml:"language"`
	// URL is where to post to. That of slack, teams and shoutrrr is a secret.
	URL string `mapstructure:"url" yaml:"url" secret:"path"`
	// Secret signs a webhook's body (HMAC-SHA256).
	Secret string `mapstructure:"secret" yaml:"secret" secret:"true"`
	// Token is that of a Telegram bot; of a webhook, what a help desk that cannot
	// sign shows instead when it tells a status: 16 characters or more.
	Token string `mapstructure:"token" yaml:"token" secret:"true"`
	// ChatID is the Telegram chat: a number, or @name of a public channel.
	ChatID string `mapstructure:"chat_id" yaml:"chat_id"`
	// Host is the mail server.
	Host string `mapstructure:"host" yaml:"host"`
	// Port of the mail server; 0 is the usual one: 587, 465 for tls, 25 for none.
	Port int `mapstructure:"port" yaml:"port"`
	// TLS of the mail server: starttls (the default), tls from the first byte,
	// or none, which is taken on this machine only.
	TLS string `mapstructure:"tls" yaml:"tls"`
	// User signs in to the mail server or Alertmanager; empty needs no sign-in.
	User string `mapstructure:"user" yaml:"user"`
	// Password belongs to User.
	Password string `mapstructure:"password" yaml:"password" secret:"true"`
	// From is the sender of mails: feryat@example.com or "Feryat <feryat@example.com>".
	From string `mapstructure:"from" yaml:"from"`
	// To are the receivers of mails.
	To []string `mapstructure:"to" yaml:"to"`
	// Timeout bounds one try.
	Timeout time.Duration `mapstructure:"timeout" yaml:"timeout"`
	// Statuses say what the words of a help desk mean, see Meanings: solved for
	// closed or çözüldü. Upper and lower case and accents do not matter.
	Statuses map[string]string `mapstructure:"statuses" yaml:"statuses"`
}

// DefaultTimeout bounds one try of a channel that sets none.
const DefaultTimeout = 10 * time.Second

// Validate tells all faults of the configuration.
func (c Config) Validate() error {
	var faults []error
	if c.Name == "" {
		faults = append(faults, errors.New("a channel needs a name"))
	}
	if k, ok := kinds()[c.Type]; !ok {
		faults = append(faults, c.fault("type %q is not %s", c.Type, strings.Join(kindNames(), ", ")))
	} else if k.check != nil {
		faults = append(faults, k.check(c))
	}
	if len(c.Statuses) > 0 && c.Type != "webhook" {
		faults = append(faults, c.fault("statuses are for a webhook: nothing else tells any"))
	}
	if c.Language != "" && !slices.Contains(i18n.Languages(), i18n.Language(c.Language)) {
		faults = append(faults, c.fault("language %q is not tr, fa or en", c.Language))
	}
	if c.Timeout < 0 {
		faults = append(faults, c.fault("timeout is negative"))
	}
	return errors.Join(faults...)
}

// fault is an error that names the channel. No value that may be a secret
// belongs into it.
func (c Config) fault(format string, args ...any) error {
	return fmt.Errorf("channel %q: "+format, append([]any{c.Name}, args...)...)
}

// checkURL wants an address to post to, without a password: that would be shown.
func (c Config) checkURL() error {
	u, err := url.Parse(c.URL)
	switch {
	case err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "":
		return c.fault("url must be an http or https address")
	case u.User != nil:
		return c.fault("url must not hold a password: use user and password_file, or url_file")
	}
	return nil
}

// checkSecretURL is checkURL of a kind whose address lets anybody post.
func (c Config) checkSecretURL() error {
	if c.URL == "" {
		return c.fault("set url_file, or the url in the environment")
	}
	return c.checkURL()
}

// SecretURL tells whether the address of a type of channel is a secret, which
// may not stand in a file that others read.
func SecretURL(kind string) bool { return kinds()[kind].secretURL }

// Idempotent tells whether the receiver of a channel is given a key by which it
// can tell a repeat: then telling twice does no harm. Of all other channels a
// ledger should mark a message as perhaps told twice when a try failed after it
// was sent, or feryat was killed before the answer. A mail's Message-ID lets
// programs that look at it see a repeat, but most mailboxes show both.
func Idempotent(c Config) bool { return kinds()[c.Type].idempotent }
