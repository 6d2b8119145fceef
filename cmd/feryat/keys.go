package main

import (
	"fmt"
	"reflect"
	"slices"
	"sort"
	"strings"

	"go.yaml.in/yaml/v3"
)

// keyset is what a mapping of the configuration file may hold: known keys with
// what stands below them. A nil keyset below a key means a plain value.
type keyset struct {
	fields  map[string]*keyset
	list    bool                          // a sequence of such mappings
	free    bool                          // any keys, as in a table of names
	secrets map[string]bool               // keys that may not stand in a file
	choose  func(node *yaml.Node) *keyset // decides by the mapping itself, such as by its type
}

// keysOf reads the keys of a configuration struct off its yaml tags. A field
// tagged secret:"true" is known by its name with _file behind it instead, one
// tagged secret:"path", which is an address, by both.
func keysOf(t reflect.Type) *keyset {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.Slice:
		if k := keysOf(t.Elem()); k != nil {
			k.list = true
			return k
		}
		return nil
	case reflect.Map:
		return &keyset{free: true}
	case reflect.Struct:
	default:
		return nil
	}
	k := &keyset{fields: map[string]*keyset{}, secrets: map[string]bool{}}
	for i := range t.NumField() {
		k.add(t.Field(i))
	}
	if len(k.fields) == 0 {
		return nil // such as time.Time: a plain value
	}
	return k
}

func (k *keyset) add(f reflect.StructField) {
	name, options, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	switch {
	case name == "-" || !f.IsExported():
	case strings.Contains(options, "inline"):
		if inner := keysOf(f.Type); inner != nil {
			k.merge(inner)
		}
	case f.Tag.Get("secret") == "true":
		k.secrets[name] = true
		k.fields[name+"_file"] = nil
	case f.Tag.Get("secret") == "path":
		k.fields[name], k.fields[name+"_file"] = nil, nil
	case name != "":
		k.fields[name] = keysOf(f.Type)
	}
}

func (k *keyset) merge(other *keyset) {
	for name, below := range other.fields {
		k.fields[name] = below
	}
	for name := range other.secrets {
		k.secrets[name] = true
	}
}

// check tells every unknown, doubled and secret key below node, and takes it
// out, so that the rest can be judged.
func (k *keyset) check(file, path string, node *yaml.Node) faults {
	switch {
	case node.Kind == yaml.DocumentNode && len(node.Content) == 1:
		return k.check(file, path, node.Content[0])
	case k.free || isNull(node):
		return nil
	case k.list:
		return k.checkList(file, path, node)
	case k.choose != nil:
		return k.choose(node).check(file, path, node)
	case node.Kind != yaml.MappingNode:
		return refuse(file, node, cmpPath(path)+" must be a table of keys and values")
	}
	var found faults
	var good []*yaml.Node
	seen := map[string]bool{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		faults, keep := k.checkKey(file, path, node.Content[i], node.Content[i+1], seen)
		if found = append(found, faults...); keep {
			good = append(good, node.Content[i], node.Content[i+1])
		}
	}
	node.Content = good
	return found
}

// refuse makes node as good as absent.
func refuse(file string, node *yaml.Node, why string) faults {
	if node.Kind == yaml.AliasNode {
		why += "; an alias (*name) is not taken here: write it out"
	}
	*node = yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Line: node.Line}
	return faults{{file, node.Line, why}}
}

func (k *keyset) checkList(file, path string, node *yaml.Node) faults {
	if node.Kind != yaml.SequenceNode {
		return refuse(file, node, cmpPath(path)+" must be a list")
	}
	one := *k
	one.list = false
	var found faults
	for i, item := range node.Content {
		found = append(found, one.check(file, fmt.Sprintf("%s[%d]", path, i), item)...)
	}
	return found
}

func (k *keyset) checkKey(file, path string, key, value *yaml.Node, seen map[string]bool) (found faults, keep bool) {
	name := key.Value
	at := strings.TrimPrefix(path+"."+name, ".")
	below, known := k.fields[name]
	switch {
	case seen[name]:
		return faults{{file, key.Line, at + " stands twice"}}, false
	case k.secrets[name]:
		return faults{{file, key.Line, fmt.Sprintf("%s is a secret and may not stand in a file that others read: use %s_file or the environment", at, name)}}, false
	case !known || key.Kind != yaml.ScalarNode:
		return faults{{file, key.Line, fmt.Sprintf("unknown key %s%s", at, k.didYouMean(name))}}, false
	}
	seen[name] = true
	if below == nil {
		return plain(file, at, value)
	}
	return below.check(file, at, value), true
}

// plain checks a value that is no table: a scalar, or a list of them.
func plain(file, at string, value *yaml.Node) (found faults, keep bool) {
	if value.Kind == yaml.ScalarNode {
		return nil, true
	}
	for _, item := range value.Content {
		if value.Kind != yaml.SequenceNode || item.Kind != yaml.ScalarNode {
			return refuse(file, value, at+" must be a value or a list of values"), false
		}
	}
	if value.Kind != yaml.SequenceNode {
		return refuse(file, value, at+" must be a value or a list of values"), false
	}
	return nil, true
}

// didYouMean names the nearest known key, if there is one near enough to be meant.
func (k *keyset) didYouMean(name string) string {
	best, distance := "", len(name)/2+2
	for _, known := range k.names() {
		if d := editDistance(name, known); d < distance {
			best, distance = known, d
		}
	}
	if best == "" {
		return "; known here: " + strings.Join(k.names(), ", ")
	}
	return "; did you mean " + best + "?"
}

func (k *keyset) names() []string {
	names := make([]string, 0, len(k.fields))
	for name := range k.fields {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

func cmpPath(path string) string {
	if path == "" {
		return "the file"
	}
	return path
}

// editDistance counts the letters to insert, drop or change (Levenshtein).
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := slices.Clone(row)
		row[0] = i + 1
		for j := range len(b) {
			change := before[j]
			if a[i] != b[j] {
				change++
			}
			row[j+1] = min(change, before[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
