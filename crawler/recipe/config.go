package recipe

import (
	"errors"
	"fmt"
	"time"

	"feryat/crawler/walk"
)

// Config is one site read by a recipe.
type Config struct {
	// Recipe is the name of a bundled recipe, "auto" to find out by the page, or the path of a YAML file of your own.
	Recipe string `yaml:"recipe" mapstructure:"recipe"`
	// BaseDir is the folder that a relative path in Recipe starts from: the configuration file's.
	BaseDir string `yaml:"-" mapstructure:"-"`
	// About lists the brands that every text of the site is about, named in it or not.
	About []string `yaml:"about" mapstructure:"about"`
	// Product is the product where the recipe finds none.
	Product string `yaml:"product" mapstructure:"product"`
	// Language is the language (ISO 639-1) of texts and dates where the page claims none.
	Language string `yaml:"language" mapstructure:"language"`
	// Zone is the IANA name of the zone in which the site shows times to a guest; wins over page and recipe.
	Zone string `yaml:"zone" mapstructure:"zone"`
	// DayFirst reads 3/4/2026 as the third of April, whatever the recipe says.
	DayFirst bool `yaml:"day_first" mapstructure:"day_first"`
	// OwnAuthors lists names or keys of authors who write for the brand.
	OwnAuthors []string `yaml:"own_authors" mapstructure:"own_authors"`
	// Site replaces the host in the IDs of mentions: set it when a site moves to another host.
	Site string `yaml:"site" mapstructure:"site"`
	// Config of the walk: start pages and bounds.
	walk.Config `yaml:",inline" mapstructure:",squash"`
}

// DefaultConfig finds the recipe out by the page. It still needs start pages.
func DefaultConfig() Config {
	return Config{Recipe: "auto", Config: walk.DefaultConfig()}
}

// Validate reports everything that is wrong, the recipe's own mistakes included.
func (c Config) Validate() error {
	recipes, err := c.load()
	errs := []error{err}
	walk := c.Config
	if len(walk.Start) == 0 && err == nil {
		walk.Start = recipes[0].Start
	}
	errs = append(errs, walk.Validate())
	if _, err := time.LoadLocation(c.Zone); err != nil {
		errs = append(errs, fmt.Errorf("zone: %w", err))
	}
	if c.Language != "" && language(c.Language) != c.Language {
		errs = append(errs, fmt.Errorf("language: %q is not a two-letter code such as tr", c.Language))
	}
	return errors.Join(errs...)
}
