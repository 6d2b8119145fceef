package twitter

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// Config is one search with the user's own keys: either a bearer token, or the
// four values of OAuth 1.0a.
type Config struct {
	// Query is the search, in the operators of the API: words, "a phrase", OR, -word, from:name.
	Query string `yaml:"query" mapstructure:"query"`
	// Language narrows the search to tweets of one language (ISO 639-1); all when empty.
	Language string `yaml:"language" mapstructure:"language"`
	// OwnAuthors lists the names of the brand's own accounts, without @.
	OwnAuthors []string `yaml:"own_authors" mapstructure:"own_authors"`
	// BearerToken is an app's token.
	BearerToken Secret `yaml:"bearer_token" mapstructure:"bearer_token" secret:"true"`
	// ConsumerKey names the app in OAuth 1.0a; it is no secret.
	ConsumerKey string `yaml:"consumer_key" mapstructure:"consumer_key"`
	// ConsumerSecret is the app's secret.
	ConsumerSecret Secret `yaml:"consumer_secret" mapstructure:"consumer_secret" secret:"true"`
	// AccessToken names the account in OAuth 1.0a; it is no secret.
	AccessToken string `yaml:"access_token" mapstructure:"access_token"`
	// AccessSecret is the account's secret.
	AccessSecret Secret `yaml:"access_secret" mapstructure:"access_secret" secret:"true"`
	// MaxTweets bounds the tweets read in one collection; the next one goes on where it ended.
	MaxTweets int `yaml:"max_tweets" mapstructure:"max_tweets"`
	// MaxWait is the longest wait for X's rate limit within a collection; 0 leaves it to the next one.
	MaxWait time.Duration `yaml:"max_wait" mapstructure:"max_wait"`
	// Attempts is how often a page is asked for at most, the first time included.
	Attempts int `yaml:"attempts" mapstructure:"attempts"`
	// Timeout bounds one request.
	Timeout time.Duration `yaml:"timeout" mapstructure:"timeout"`
	// BaseURL is the address of the API.
	BaseURL string `yaml:"base_url" mapstructure:"base_url"`
}

// DefaultConfig asks X itself. It still needs a query and keys.
func DefaultConfig() Config {
	return Config{MaxTweets: 1000, Attempts: 3, Timeout: 30 * time.Second, BaseURL: "https://api.twitter.com/1.1/"}
}

// Validate reports everything that is wrong, joined.
func (c Config) Validate() error {
	var errs []error
	check := func(ok bool, message string) {
		if !ok {
			errs = append(errs, errors.New(message))
		}
	}
	check(strings.TrimSpace(c.Query) != "", "query: needed, the words to search for")
	check(len(c.Query) <= 500, "query: must be at most 500 characters, the API's limit")
	check(c.Language == "" || len(c.Language) == 2, "language: must be a two-letter code such as tr")
	check(c.MaxTweets >= 1, "max_tweets: must be above 0")
	check(c.MaxWait >= 0, "max_wait: must be 0 or more")
	check(c.Attempts >= 1 && c.Attempts <= 10, "attempts: must be 1 to 10")
	check(c.Timeout > 0, "timeout: must be above 0")
	oauth := c.ConsumerKey != "" && c.AccessToken != "" && c.ConsumerSecret != "" && c.AccessSecret != ""
	check(c.BearerToken != "" || oauth, "bearer_token_file: needed, or consumer_key, consumer_secret_file, access_token and access_secret_file")
	errs = append(errs, c.checkBase())
	return errors.Join(errs...)
}

// checkBase keeps keys from travelling in the clear, save to this very machine.
func (c Config) checkBase() error {
	u, err := url.Parse(c.BaseURL)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" {
		return fmt.Errorf("base_url: %q is not the address of an API", c.BaseURL)
	}
	ip, err := netip.ParseAddr(u.Hostname())
	loopback := u.Hostname() == "localhost" || err == nil && ip.IsLoopback()
	if u.Scheme != "https" && (u.Scheme != "http" || !loopback) {
		return fmt.Errorf("base_url: %q must be https, for the keys travel with each request", c.BaseURL)
	}
	return nil
}

// searchURL is the address in the ledger: it bears no secret.
func (c Config) searchURL() string {
	return strings.TrimSuffix(c.BaseURL, "/") + "/search/tweets.json?q=" + url.QueryEscape(c.Query)
}

// Secret is a value that does not show itself in logs, errors and dumps.
type Secret string

const hidden = "[hidden]"

// String hides the value.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return hidden
}

// GoString hides the value from %#v.
func (s Secret) GoString() string { return s.String() }

// MarshalText hides the value from JSON and YAML.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// keys are what requests are signed with.
type keys struct {
	bearer, consumer, consumerSecret, token, secret string
}

func (c Config) keys() keys {
	trim := func(s Secret) string { return strings.TrimSpace(string(s)) }
	return keys{trim(c.BearerToken), c.ConsumerKey, trim(c.ConsumerSecret), c.AccessToken, trim(c.AccessSecret)}
}

// redact takes the keys out of foreign words, which may repeat a request.
func (k keys) redact(s string) string {
	for _, secret := range []string{k.bearer, k.consumerSecret, k.secret} {
		if secret != "" {
			s = strings.ReplaceAll(s, secret, hidden)
		}
	}
	return s
}

// String keeps the keys out of logs.
func (k keys) String() string { return hidden }
