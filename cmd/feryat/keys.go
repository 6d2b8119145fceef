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
// tagged secret:"true" is known by its name with _file behind it instead.
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

// fault is one thing wrong with a configuration file.
type fault struct {
	file   string
	line   int
	detail string
}

// Error is "file:line: what".
func (f fault) Error() string { return fmt.Sprintf("%s:%d: %s", f.file, f.line, f.detail) }

// check tells every unknown, doubled and secret key below node.
func (k *keyset) check(file, path string, node *yaml.Node) []fault {
	switch {
	case node.Kind == yaml.DocumentNode && len(node.Content) == 1:
		return k.check(file, path, node.Content[0])
	case node.Kind == yaml.AliasNode:
		return k.check(file, path, node.Alias)
	case k.list:
		return k.checkList(file, path, node)
	case k.choose != nil:
		return k.choose(node).check(file, path, node)
	case k.free || isNull(node):
		return nil
	case node.Kind != yaml.MappingNode:
		return []fault{{file, node.Line, fmt.Sprintf("%s must be a table of keys and values", cmpPath(path))}}
	}
	var faults []fault
	seen := map[string]bool{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		faults = append(faults, k.checkKey(file, path, node.Content[i], node.Content[i+1], seen)...)
	}
	return faults
}

func (k *keyset) checkList(file, path string, node *yaml.Node) []fault {
	if isNull(node) {
		return nil
	}
	if node.Kind != yaml.SequenceNode {
		return []fault{{file, node.Line, fmt.Sprintf("%s must be a list", cmpPath(path))}}
	}
	one := *k
	one.list = false
	var faults []fault
	for i, item := range node.Content {
		faults = append(faults, one.check(file, fmt.Sprintf("%s[%d]", path, i), item)...)
	}
	return faults
}

func (k *keyset) checkKey(file, path string, key, value *yaml.Node, seen map[string]bool) []fault {
	name := key.Value
	at := strings.TrimPrefix(path+"."+name, ".")
	below, known := k.fields[name]
	switch {
	case seen[name]:
		return []fault{{file, key.Line, fmt.Sprintf("%s stands twice", at)}}
	case k.secrets[name]:
		return []fault{{file, key.Line, fmt.Sprintf("%s is a secret and may not stand in a file that others read: use %s_file or the environment", at, name)}}
	case !known:
		return []fault{{file, key.Line, fmt.Sprintf("unknown key %s%s", at, k.didYouMean(name))}}
	}
	seen[name] = true
	if below == nil {
		return nil
	}
	return below.check(file, at, value)
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
