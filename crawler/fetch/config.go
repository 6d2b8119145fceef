package fetch

import (
	"errors"
	"fmt"
	"time"
)

// Config holds the manners and the bounds of the client.
type Config struct {
	// Contact is a URL or address at which a site's owner reaches the operator; part of the User-Agent.
	Contact string `yaml:"contact" mapstructure:"contact"`
	// Version is the program's version; part of the User-Agent.
	Version string `yaml:"-" mapstructure:"-"`
	// RequestsPerSecond bounds the requests to one registrable domain.
	RequestsPerSecond float64 `yaml:"requests_per_second" mapstructure:"requests_per_second"`
	// Concurrency bounds the requests under way to one registrable domain.
	Concurrency int `yaml:"concurrency" mapstructure:"concurrency"`
	// Timeout bounds one attempt, from the connection to the last byte.
	Timeout time.Duration `yaml:"timeout" mapstructure:"timeout"`
	// Attempts is how often a request is tried at most, the first time included.
	Attempts int `yaml:"attempts" mapstructure:"attempts"`
	// RetryWait is the wait before the second attempt; it doubles with each, and is jittered.
	RetryWait time.Duration `yaml:"retry_wait" mapstructure:"retry_wait"`
	// MaxRetryAfter is the longest Retry-After that is waited for; a longer one pauses the site.
	MaxRetryAfter time.Duration `yaml:"max_retry_after" mapstructure:"max_retry_after"`
	// MaxBody bounds a body after unpacking, in bytes.
	MaxBody int64 `yaml:"max_body" mapstructure:"max_body"`
	// MaxWire bounds a body as it travels, in bytes.
	MaxWire int64 `yaml:"max_wire" mapstructure:"max_wire"`
	// MaxRedirects bounds the redirects followed for one page.
	MaxRedirects int `yaml:"max_redirects" mapstructure:"max_redirects"`
	// AllowPrivate lists hosts, addresses and prefixes that may be fetched although they are not public, such as 127.0.0.1.
	AllowPrivate []string `yaml:"allow_private" mapstructure:"allow_private"`
	// RobotsTTL is how long a robots.txt is believed.
	RobotsTTL time.Duration `yaml:"robots_ttl" mapstructure:"robots_ttl"`
	// MaxCrawlDelay bounds the Crawl-delay that a robots.txt may ask for.
	MaxCrawlDelay time.Duration `yaml:"max_crawl_delay" mapstructure:"max_crawl_delay"`
}

// DefaultConfig is polite to a small site: one request every two seconds.
func DefaultConfig() Config {
	return Config{
		Version:           "dev",
		RequestsPerSecond: 0.5,
		Concurrency:       2,
		Timeout:           30 * time.Second,
		Attempts:          5,
		RetryWait:         500 * time.Millisecond,
		MaxRetryAfter:     15 * time.Minute,
		MaxBody:           10 << 20,
		MaxWire:           5 << 20,
		MaxRedirects:      10,
		RobotsTTL:         24 * time.Hour,
		MaxCrawlDelay:     30 * time.Second,
	}
}

// Validate reports everything that is wrong, joined.
func (c Config) Validate() error {
	var errs []error
	check := func(ok bool, key, want string) {
		if !ok {
			errs = append(errs, fmt.Errorf("%s: must be %s", key, want))
		}
	}
	check(c.RequestsPerSecond > 0 && c.RequestsPerSecond <= 1000, "requests_per_second", "above 0 and at most 1000")
	check(c.Concurrency >= 1 && c.Concurrency <= 64, "concurrency", "1 to 64")
	check(c.Timeout > 0, "timeout", "above 0")
	check(c.Attempts >= 1 && c.Attempts <= 20, "attempts", "1 to 20")
	check(c.RetryWait > 0, "retry_wait", "above 0")
	check(c.MaxRetryAfter >= 0, "max_retry_after", "0 or more")
	check(c.MaxBody >= 1<<10, "max_body", "at least 1024 bytes")
	check(c.MaxWire >= 1<<10, "max_wire", "at least 1024 bytes")
	check(c.MaxRedirects >= 0 && c.MaxRedirects <= 20, "max_redirects", "0 to 20")
	check(c.RobotsTTL > 0, "robots_ttl", "above 0")
	check(c.MaxCrawlDelay >= 0, "max_crawl_delay", "0 or more")
	if _, err := allowed(c.AllowPrivate); err != nil {
		errs = append(errs, fmt.Errorf("allow_private: %w", err))
	}
	return errors.Join(errs...)
}
