package main

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/go-viper/mapstructure/v2"
	"go.yaml.in/yaml/v3"
)

// fault is one thing wrong with the configuration.
type fault struct {
	file   string // "" where no file is at fault
	line   int
	detail string
}

// Error is "file:line: what".
func (f fault) Error() string {
	if f.file == "" {
		return f.detail
	}
	return fmt.Sprintf("%s:%d: %s", f.file, f.line, f.detail)
}

// faults are all that is wrong with a configuration, told together.
type faults []fault

// Error is one line a fault, in the order of the file.
func (fs faults) Error() string {
	if len(fs) == 1 {
		return fs[0].Error()
	}
	lines := []string{fmt.Sprintf("%d faults in the configuration:", len(fs))}
	for _, f := range fs {
		lines = append(lines, f.Error())
	}
	return strings.Join(lines, "\n")
}

// problem is something wrong with the value at a path such as sources[2].start.
type problem struct {
	path   string
	detail string
}

func (p problem) Error() string { return strings.TrimPrefix(p.path+": "+p.detail, ": ") }

// problemsOf makes one problem of each error that is joined in err; those that
// are problems already keep their path.
func problemsOf(path string, err error) []error {
	var p problem
	switch joined, ok := err.(interface{ Unwrap() []error }); {
	case err == nil:
		return nil
	case ok:
		var all []error
		for _, e := range joined.Unwrap() {
			all = append(all, problemsOf(path, e)...)
		}
		return all
	case errors.As(err, &p):
		return []error{p}
	}
	detail := strings.ReplaceAll(err.Error(), "\n", " ")
	if m := regexp.MustCompile(`^([a-z_]+): (.+)`).FindStringSubmatch(detail); m != nil && path != "" {
		path, detail = path+"."+m[1], m[2] // packages name their keys so
	}
	return []error{problem{path, detail}}
}

// decodeProblems makes one problem of each value below path that mapstructure
// could not decode.
func decodeProblems(path string, err error) (all []error) {
	switch e := err.(type) { //nolint:errorlint // the tree of errors is walked step by step
	case nil:
	case interface{ Unwrap() []error }:
		for _, one := range e.Unwrap() {
			all = append(all, decodeProblems(path, one)...)
		}
	case *mapstructure.DecodeError:
		if inner := e.Unwrap(); errors.As(inner, new(*mapstructure.DecodeError)) {
			return decodeProblems(path, inner)
		}
		all = append(all, problem{strings.TrimPrefix(path+"."+e.Name(), "."), wrongType(e.Unwrap())})
	case interface{ Unwrap() error }:
		return decodeProblems(path, e.Unwrap())
	default:
		all = append(all, problem{path, err.Error()})
	}
	return all
}

// wrongType says what a value should be, in a person's words.
func wrongType(err error) string {
	var unparsed *mapstructure.ParseError
	var other *mapstructure.UnconvertibleTypeError
	switch {
	case errors.As(err, &unparsed):
		return fmt.Sprintf("%v is not %s", unparsed.Value, kindName(unparsed.Expected.Kind()))
	case errors.As(err, &other):
		return fmt.Sprintf("%v is not %s", other.Value, kindName(other.Expected.Kind()))
	}
	return err.Error()
}

// locator finds where a problem comes from.
type locator struct {
	file string
	doc  *yaml.Node // nil or empty: there is no file
	env  func(string) (string, bool)
}

// fault places p in the environment, where a variable sets its key, else in the
// line of the file that comes nearest to its path.
func (l locator) fault(p problem) fault {
	steps := regexp.MustCompile(`[^.\[\]]+`).FindAllString(p.path, -1)
	// "web" with "listen … can be reached" speaks of web.listen.
	finer := append(slices.Clone(steps), regexp.MustCompile(`^[a-z_]*`).FindString(p.detail))
	for _, steps := range [][]string{finer, steps} {
		name := variable(strings.Join(steps, "."))
		if _, set := l.env(name); set {
			return fault{detail: name + " in the environment: " + p.Error()}
		}
	}
	if l.doc == nil || len(l.doc.Content) == 0 {
		return fault{detail: p.Error()}
	}
	return fault{l.file, lineOf(l.doc, finer), p.Error()}
}

// variable is the name in the environment of a key.
func variable(key string) string {
	return envPrefix + "_" + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
}

// lineOf follows steps as deep as the file has them.
func lineOf(doc *yaml.Node, steps []string) int {
	node, line := doc.Content[0], doc.Content[0].Line
	for _, step := range steps {
		next, at := descend(node, step)
		if next == nil {
			break
		}
		node, line = next, at
	}
	return line
}

func descend(node *yaml.Node, step string) (*yaml.Node, int) {
	if node.Kind == yaml.SequenceNode {
		if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(node.Content) {
			return node.Content[i], node.Content[i].Line
		}
		return nil, 0
	}
	for i := 0; node.Kind == yaml.MappingNode && i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == step {
			return node.Content[i+1], node.Content[i].Line
		}
	}
	return nil, 0
}

// inOrder sorts by line; what no file is to blame for comes first. Two places
// may find the same fault.
func inOrder(found faults) faults {
	slices.SortStableFunc(found, func(a, b fault) int { return a.line - b.line })
	return slices.CompactFunc(found, func(a, b fault) bool { return a == b })
}
