package recipe

import (
	"fmt"
	"reflect"
	"strings"

	"go.yaml.in/yaml/v3"
)

// unknownKeys walks a YAML node beside the Go type that it will fill and
// reports every key that the type does not know, with the nearest one it does.
func unknownKeys(n *yaml.Node, t reflect.Type, report func(line int, format string, args ...any)) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		report(n.Line, "anchors and aliases are not used in recipes: write the value out")
	case n.Kind == yaml.SequenceNode && t == reflect.TypeFor[Field]():
		for _, e := range n.Content {
			unknownKeys(e, t, report)
		}
	case n.Kind == yaml.SequenceNode && t.Kind() == reflect.Slice:
		for _, e := range n.Content {
			unknownKeys(e, t.Elem(), report)
		}
	case n.Kind == yaml.MappingNode && t.Kind() == reflect.Struct:
		unknownFields(n, t, report)
	}
}

func unknownFields(n *yaml.Node, t reflect.Type, report func(line int, format string, args ...any)) {
	known := map[string]reflect.Type{}
	for f := range fieldsOf(t) {
		known[strings.Split(f.Tag.Get("yaml"), ",")[0]] = f.Type
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		inner, ok := known[key.Value]
		if !ok {
			report(key.Line, "unknown key %q%s", key.Value, suggest(key.Value, known))
			continue
		}
		unknownKeys(n.Content[i+1], inner, report)
	}
}

// fieldsOf yields the exported fields that YAML fills.
func fieldsOf(t reflect.Type) func(func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for i := range t.NumField() {
			if f := t.Field(i); f.IsExported() && f.Tag.Get("yaml") != "-" && !yield(f) {
				return
			}
		}
	}
}

func suggest(key string, known map[string]reflect.Type) string {
	best, distance := "", len(key)/2+1
	for k := range known {
		if d := edits(key, k); d < distance || d == distance && k < best {
			best, distance = k, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(", did you mean %q?", best)
}

// edits is the Levenshtein distance of two short keys, in bytes.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			next := min(row[j+1]+1, row[j]+1, diagonal+cost)
			diagonal, row[j+1] = row[j+1], next
		}
	}
	return row[len(b)]
}
