package feed

import (
	"errors"
	"fmt"
	"net/url"
	"time"

	"feryat/mention"
)

// Config names the feeds of one source.
type Config struct {
	// URLs lists the addresses of the feeds: RSS, Atom or JSON Feed.
	URLs []string `yaml:"urls" mapstructure:"urls"`
	// Kind is the kind of the mentions: post, comment, review, complaint or question.
	Kind mention.Kind `yaml:"kind" mapstructure:"kind"`
	// About lists the brands that every item is about, named in it or not.
	About []string `yaml:"about" mapstructure:"about"`
	// Product is the product that every item is about.
	Product string `yaml:"product" mapstructure:"product"`
	// Language is the language (ISO 639-1) where neither item nor feed claims one.
	Language string `yaml:"language" mapstructure:"language"`
	// Zone is the IANA name of the zone of times that name none; UTC when empty.
	Zone string `yaml:"zone" mapstructure:"zone"`
	// OwnAuthors lists names of authors who write for the brand.
	OwnAuthors []string `yaml:"own_authors" mapstructure:"own_authors"`
	// MaxItems bounds the items read from one feed; the first ones count.
	MaxItems int `yaml:"max_items" mapstructure:"max_items"`
}

// DefaultConfig reads posts. It still needs feeds.
func DefaultConfig() Config { return Config{Kind: mention.KindPost, MaxItems: 2000} }

// Validate reports everything that is wrong, joined.
func (c Config) Validate() error {
	var errs []error
	if len(c.URLs) == 0 {
		errs = append(errs, errors.New("urls: needed, the address of at least one feed"))
	}
	for _, raw := range c.URLs {
		if u, err := url.Parse(raw); err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
			errs = append(errs, fmt.Errorf("urls: %q is not an http or https address", raw))
		}
	}
	switch c.Kind {
	case mention.KindPost, mention.KindComment, mention.KindReview, mention.KindComplaint, mention.KindQuestion:
	default:
		errs = append(errs, fmt.Errorf("kind: %q must be post, comment, review, complaint or question", c.Kind))
	}
	if _, err := time.LoadLocation(c.Zone); err != nil {
		errs = append(errs, fmt.Errorf("zone: %w", err))
	}
	if c.Language != "" && len(c.Language) != 2 {
		errs = append(errs, fmt.Errorf("language: %q is not a two-letter code such as tr", c.Language))
	}
	if c.MaxItems < 1 || c.MaxItems > 20000 {
		errs = append(errs, errors.New("max_items: must be 1 to 20000"))
	}
	return errors.Join(errs...)
}
