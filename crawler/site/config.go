package site

import (
	"errors"
	"fmt"
	"time"

	"feryat/crawler/walk"
)

// Config is one site whose pages describe their reviews in schema.org's terms.
type Config struct {
	// About lists the brands that every text of the site is about, named in it or not.
	About []string `yaml:"about" mapstructure:"about"`
	// Product is the product where a page names none.
	Product string `yaml:"product" mapstructure:"product"`
	// Language is the language (ISO 639-1) of texts and dates where a review claims none; it wins over the page's own claim.
	Language string `yaml:"language" mapstructure:"language"`
	// Zone is the IANA name of the zone of times that bear none; empty is UTC.
	Zone string `yaml:"zone" mapstructure:"zone"`
	// DayFirst reads 3/4/2026 as the third of April; Turkish and Persian are read so anyway.
	DayFirst bool `yaml:"day_first" mapstructure:"day_first"`
	// OwnAuthors lists names of authors who write for the brand, besides those of About and of the page's own brand and publisher.
	OwnAuthors []string `yaml:"own_authors" mapstructure:"own_authors"`
	// Site replaces the host in the IDs of mentions: set it when a site moves to another host.
	Site string `yaml:"site" mapstructure:"site"`
	// Config of the walk: start pages, scope and bounds.
	walk.Config `yaml:",inline" mapstructure:",squash"`
}

// DefaultConfig leaves pages alone that act, belong to one visitor, or list the
// same again. It still needs start pages.
func DefaultConfig() Config {
	c := Config{Config: walk.DefaultConfig()}
	c.Exclude = []string{
		`[?&](add-to-cart|add_to_cart|add_to_wishlist|remove_item|replytocom|action|share|print)=`,
		`/(cart|basket|sepet|sepetim|checkout|odeme|wishlist|compare|login|logout|log-in|log-out|signin|giris|cikis|register|uye-ol|my-account|hesabim|admin|wp-admin|wp-login\.php)(/|\?|$)`,
		`(?i)\.(jpe?g|png|gif|webp|avif|svg|ico|css|js|mjs|json|woff2?|ttf|pdf|docx?|xlsx?|zip|rar|7z|gz|apk|exe|dmg|mp[34]|avi|mov|webm|rss|atom)(\?|$)`,
	}
	return c
}

// Validate reports everything that is wrong, joined.
func (c Config) Validate() error {
	errs := []error{c.Config.Validate()}
	if _, err := time.LoadLocation(c.Zone); err != nil {
		errs = append(errs, fmt.Errorf("zone: %w; give an IANA name such as Europe/Istanbul", err))
	}
	if c.Language != "" && language(c.Language) != c.Language {
		errs = append(errs, fmt.Errorf("language: %q is not a two-letter code such as tr", c.Language))
	}
	return errors.Join(errs...)
}
