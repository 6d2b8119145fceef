package main

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/go-viper/mapstructure/v2"
	"go.yaml.in/yaml/v3"

	"feryat/alert/notify"
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

// decodeSources reads each source into the settings of its kind.
func (c *config) decodeSources(raw any, env func(string) (string, bool)) (all []error) {
	list, _ := raw.([]any) // the shape of the file was checked
	for i, item := range list {
		at := fmt.Sprintf("sources[%d]", i)
		s, problems := decodeSource(at, item, c.dir())
		all = append(all, problems...)
		if s.settings != nil {
			all = append(all, listSecrets(c.dir(), at, "source", s.Name, s.settings.target(), item, env)...)
		}
		c.Sources = append(c.Sources, s)
	}
	return all
}

// defaultEvery keeps a source alive whose interval nobody thought of.
const defaultEvery = time.Hour

func decodeSource(at string, item any, dir string) (s sourceConfig, all []error) {
	s.Every = defaultEvery
	all = decodeProblems(at, decode(item, &s))
	kind, ok := sourceKinds()[s.Type]
	if !ok {
		return s, append(all, problem{at + ".type", fmt.Sprintf("%q is not one of %s", s.Type, strings.Join(sourceKindNames(), ", "))})
	}
	s.settings = kind(s.Name, dir)
	return s, append(all, decodeProblems(at, decode(item, s.settings.target()))...)
}

func decode(from, into any) error {
	d, err := mapstructure.NewDecoder(&mapstructure.DecoderConfig{Result: into, WeaklyTypedInput: true, DecodeHook: honest})
	if err != nil {
		return err
	}
	return d.Decode(from)
}

func (c *config) validateSources() (all []error) {
	brands, seen := map[string]bool{}, map[string]bool{}
	for _, b := range c.Brands {
		brands[b.Name] = true
	}
	for i, s := range c.Sources {
		at := fmt.Sprintf("sources[%d]", i)
		if s.Name == "" || seen[s.Name] {
			all = append(all, problem{at + ".name", fmt.Sprintf("%q is empty or stands before", s.Name)})
		}
		seen[s.Name] = true
		if s.Every < 0 {
			all = append(all, problem{at + ".every", "is negative"})
		}
		if s.settings == nil {
			continue
		}
		all = append(all, problemsOf(at, s.settings.validate())...)
		for _, name := range s.settings.about() {
			if !brands[name] {
				all = append(all, problem{at + ".about", fmt.Sprintf("%q is not under brands", name)})
			}
		}
	}
	return all
}

// configKeys are the keys that a configuration file may hold. Those of a source
// depend on its type, and so does whether the address of a channel is a secret.
func configKeys() *keyset {
	k := keysOf(reflect.TypeFor[config]())
	k.fields["sources"] = &keyset{list: true, choose: func(node *yaml.Node) *keyset {
		one := keysOf(reflect.TypeFor[sourceConfig]())
		if kind, ok := sourceKinds()[typeOf(node)]; ok {
			if settings := keysOf(reflect.TypeOf(kind("", "").target())); settings != nil {
				one.merge(settings)
			}
		}
		return one
	}}
	k.fields["alert"].fields["channels"] = &keyset{list: true, choose: func(node *yaml.Node) *keyset {
		one := keysOf(reflect.TypeFor[notify.Config]())
		one.secrets["url"] = notify.SecretURL(typeOf(node))
		return one
	}}
	return k
}

// typeOf is the value of a mapping's key of that name.
func typeOf(node *yaml.Node) string {
	for i := 0; node.Kind == yaml.MappingNode && i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == "type" {
			return node.Content[i+1].Value
		}
	}
	return ""
}
