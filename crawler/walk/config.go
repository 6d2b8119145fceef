package walk

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"feryat/crawler/fetch"
)

// Config says where a walk begins and where it ends.
type Config struct {
	// Start lists the pages to begin with; absolute http or https URLs.
	Start []string `yaml:"start" mapstructure:"start"`
	// Sitemaps lists sitemaps besides those that robots.txt names.
	Sitemaps []string `yaml:"sitemaps" mapstructure:"sitemaps"`
	// NoSitemaps leaves the sitemaps that robots.txt names alone.
	NoSitemaps bool `yaml:"no_sitemaps" mapstructure:"no_sitemaps"`
	// Hosts lists the hosts (with port, if any) to stay on; empty means those of Start and Sitemaps, and where the start pages redirect to within their domain.
	Hosts []string `yaml:"hosts" mapstructure:"hosts"`
	// Include lists regular expressions on path and query; a page other than a start page is fetched if one matches. Empty means all.
	Include []string `yaml:"include" mapstructure:"include"`
	// Exclude lists regular expressions on path and query of pages never to fetch.
	Exclude []string `yaml:"exclude" mapstructure:"exclude"`
	// MaxPages bounds the requests of one walk.
	MaxPages int `yaml:"max_pages" mapstructure:"max_pages"`
	// MaxDepth bounds the links between a start page and a page.
	MaxDepth int `yaml:"max_depth" mapstructure:"max_depth"`
	// MaxURLLength bounds a URL, in bytes.
	MaxURLLength int `yaml:"max_url_length" mapstructure:"max_url_length"`
	// MaxSegmentRepeats bounds how often one path segment may occur in a URL.
	MaxSegmentRepeats int `yaml:"max_segment_repeats" mapstructure:"max_segment_repeats"`
	// Complete says that the pages list all there is: what vanished from them is gone.
	Complete bool `yaml:"complete" mapstructure:"complete"`
	// Revalidate is for how long a site's word that a page is unchanged (304) is taken. Then the page is fetched whole: not
	// every validator covers stars, answers and deletions. 0 takes no site's word.
	Revalidate time.Duration `yaml:"revalidate" mapstructure:"revalidate"`
	// Epoch is a digest of all that decides what is read from a page (recipe, brands, version of the extractor).
	// When it changes, pages are fetched afresh although they did not change.
	Epoch string `yaml:"-" mapstructure:"-"`
}

// DefaultConfig bounds a walk to what a mid-sized shop needs.
func DefaultConfig() Config {
	return Config{MaxPages: 5000, MaxDepth: 100, MaxURLLength: 2000, MaxSegmentRepeats: 3, Revalidate: 7 * 24 * time.Hour}
}

// Validate reports everything that is wrong, joined.
func (c Config) Validate() error {
	var errs []error
	check := func(ok bool, key, want string) {
		if !ok {
			errs = append(errs, fmt.Errorf("%s: must be %s", key, want))
		}
	}
	check(len(c.Start)+len(c.Sitemaps) > 0, "start", "at least one URL, or a sitemap")
	for key, list := range map[string][]string{"start": c.Start, "sitemaps": c.Sitemaps} {
		for _, s := range list {
			if _, err := fetch.Canonical(s); err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", key, err))
			}
		}
	}
	for key, list := range map[string][]string{"include": c.Include, "exclude": c.Exclude} {
		if _, err := compile(list); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", key, err))
		}
	}
	check(c.MaxPages > 0, "max_pages", "above 0")
	check(c.MaxDepth >= 0, "max_depth", "0 or more")
	check(c.MaxURLLength >= 50, "max_url_length", "at least 50")
	check(c.MaxSegmentRepeats > 0, "max_segment_repeats", "above 0")
	check(c.Revalidate >= 0, "revalidate", "0 or more")
	return errors.Join(errs...)
}

func compile(list []string) ([]*regexp.Regexp, error) {
	out := make([]*regexp.Regexp, 0, len(list))
	for _, s := range list {
		re, err := regexp.Compile(s)
		if err != nil {
			return nil, err
		}
		out = append(out, re)
	}
	return out, nil
}

// scope decides which pages belong to a source.
type scope struct {
	hosts            map[string]bool
	start            map[string]bool // by key
	include, exclude []*regexp.Regexp
}

func newScope(cfg Config) (scope, error) {
	s := scope{hosts: map[string]bool{}, start: map[string]bool{}}
	for _, h := range cfg.Hosts {
		s.hosts[strings.ToLower(h)] = true
	}
	for _, raw := range append(append([]string{}, cfg.Start...), cfg.Sitemaps...) {
		c, err := fetch.Canonical(raw)
		if err != nil {
			return s, err
		}
		s.start[fetch.Key(c)] = true
		if len(cfg.Hosts) == 0 {
			s.hosts[hostOf(c)] = true
		}
	}
	var err error
	if s.include, err = compile(cfg.Include); err != nil {
		return s, err
	}
	s.exclude, err = compile(cfg.Exclude)
	return s, err
}

// has judges a canonical URL.
func (s scope) has(canonical string) bool {
	u, err := url.Parse(canonical)
	if err != nil || !s.hosts[u.Host] {
		return false
	}
	if s.start[fetch.Key(canonical)] {
		return true
	}
	at := u.RequestURI()
	return !matches(s.exclude, at) && (len(s.include) == 0 || matches(s.include, at))
}

func matches(list []*regexp.Regexp, s string) bool {
	for _, re := range list {
		if re.MatchString(s) {
			return true
		}
	}
	return false
}

func hostOf(canonical string) string {
	u, err := url.Parse(canonical)
	if err != nil {
		return ""
	}
	return u.Host
}
