package walk

// Config says where a walk begins and where it ends.
type Config struct {
	// Start lists the pages to begin with; absolute http or https URLs.
	Start []string `yaml:"start" mapstructure:"start"`
	// Sitemaps lists sitemaps besides those that robots.txt names.
	Sitemaps []string `yaml:"sitemaps" mapstructure:"sitemaps"`
	// NoSitemaps leaves the sitemaps that robots.txt names alone.
	NoSitemaps bool `yaml:"no_sitemaps" mapstructure:"no_sitemaps"`
	// Hosts lists the hosts (with port, if any) to stay on; empty means those of Start.
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
	// Epoch is a digest of all that decides what is read from a page (recipe, brands, version of the extractor).
	// When it changes, pages are fetched afresh although they did not change.
	Epoch string `yaml:"-" mapstructure:"-"`
}

// DefaultConfig bounds a walk to what a mid-sized shop needs.
func DefaultConfig() Config {
	return Config{MaxPages: 5000, MaxDepth: 50, MaxURLLength: 2000, MaxSegmentRepeats: 3}
}
