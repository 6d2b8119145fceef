package main

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
)

// environment answers a variable; an empty one is as good as none, as viper holds it.
func environment(name string) (string, bool) {
	value := os.Getenv(name)
	return value, value != ""
}

// nearlyKnown is how many letters a variable may differ from a known one and be
// taken for it, misspelt.
const nearlyKnown = 2

// misspelt tells variables that are nearly, but not quite, a known one: their
// values would count for nothing, and nobody would know. Others that begin like
// feryat's are not its business: a container may be told the addresses of a
// service of that name so.
func misspelt(environ []string, known map[string]bool) (found faults) {
	for _, pair := range environ {
		name, _, _ := strings.Cut(pair, "=")
		if !strings.HasPrefix(name, envPrefix+"_") || known[name] {
			continue
		}
		for _, k := range slices.Sorted(maps.Keys(known)) {
			if editDistance(name, k) <= nearlyKnown {
				found = append(found, fault{detail: fmt.Sprintf("%s in the environment sets no key; did you mean %s?", name, k)})
				break
			}
		}
	}
	return found
}
