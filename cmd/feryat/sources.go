package main

import (
	"maps"
	"slices"

	"feryat/crawler"
)

// sourceSettings are the settings of one source of some kind.
type sourceSettings interface {
	target() any // what the configuration is decoded into
	validate() error
	about() []string // brands that the source vouches for
	build(name string, p sourceParts) (crawler.Source, error)
}

// sourceKinds is the list of kinds of source, each with its default settings
// for a source of a name in a configuration of a folder. Joining is one line here.
func sourceKinds() map[string]func(name, dir string) sourceSettings {
	return map[string]func(name, dir string) sourceSettings{
		"site":    newSite,
		"recipe":  newRecipe,
		"feed":    newFeed,
		"twitter": newTwitter,
	}
}

func sourceKindNames() []string { return slices.Sorted(maps.Keys(sourceKinds())) }
