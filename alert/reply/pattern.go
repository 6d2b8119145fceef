package reply

import (
	"fmt"
	"slices"
	"strings"

	"feryat/text"
)

// The kinds of phrase, as the lists name them.
const (
	done    = "done"     // it was done: a solution
	will    = "will"     // it will be done
	when    = "when"     // a time that makes "will" as good as done
	handOff = "hand_off" // the customer is sent elsewhere
	canned  = "canned"   // says nothing of the case
	promise = "promise"  // somebody will call or write back
	unless  = "unless"   // beside done or will: it is not, or only hoped for
	before  = "before"   // the same, where it stands before it: a condition
)

// phrases are a list by kind.
//
// A line of a list is a kind, a tab and a pattern: elements that follow each
// other in one sentence. An element is a word, or several with | between them;
// * in a word is any letters or none, "@name" the
// words of a line "set<tab>name<tab>words", ".." up to eight words that are
// not said. "word~name" stands for the word with each ending of the set.
type phrases map[string][]pattern

type pattern []element

type element struct {
	gap   bool
	exact map[string]bool
	open  [][]string // what stands before, between and after the stars
}

const maxGap = 8

func parse(file, body string) (phrases, error) {
	p, sets := phrases{}, map[string][]string{}
	for i, line := range strings.Split(body, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		kind, rest, _ := strings.Cut(line, "\t")
		err := error(nil)
		if kind == "set" {
			err = addSet(sets, rest)
		} else {
			err = p.add(kind, rest, sets)
		}
		if err != nil {
			return nil, fmt.Errorf("%s line %d: %w", file, i+1, err)
		}
	}
	return p, nil
}

func addSet(sets map[string][]string, line string) error {
	name, words, ok := strings.Cut(line, "\t")
	if !ok || sets[name] != nil {
		return fmt.Errorf("set %q needs a name of its own, a tab and words", name)
	}
	sets[name] = strings.Fields(words)
	return nil
}

func (p phrases) add(kind, line string, sets map[string][]string) error {
	if !slices.Contains([]string{done, will, when, handOff, canned, promise, unless, before}, kind) {
		return fmt.Errorf("kind %q is not known", kind)
	}
	var made pattern
	for _, field := range strings.Fields(line) {
		e, err := elementOf(field, sets)
		if err != nil {
			return err
		}
		made = append(made, e)
	}
	if len(made) == 0 || made[0].gap || made[len(made)-1].gap {
		return fmt.Errorf("pattern %q must begin and end with a word", line)
	}
	p[kind] = append(p[kind], made)
	return nil
}

func elementOf(field string, sets map[string][]string) (element, error) {
	e := element{gap: field == "..", exact: map[string]bool{}}
	for _, word := range strings.Split(field, "|") {
		words := []string{word}
		if stem, name, ok := strings.Cut(word, "~"); ok {
			words = nil
			for _, ending := range sets[name] {
				words = append(words, stem+ending)
			}
		} else if name, ok := strings.CutPrefix(word, "@"); ok {
			words = sets[name]
		}
		if len(words) == 0 {
			return e, fmt.Errorf("no set for %q stands above", word)
		}
		for _, w := range words {
			e.take(w)
		}
	}
	return e, nil
}

func (e *element) take(word string) {
	word = strings.ReplaceAll(text.Fold(word, ""), "\u200c", "")
	if parts := strings.Split(word, "*"); len(parts) > 1 {
		e.open = append(e.open, parts)
		return
	}
	e.exact[word] = true
}

func (e element) is(word string) bool {
	return e.exact[word] || slices.ContainsFunc(e.open, func(parts []string) bool { return fits(word, parts) })
}

// fits tells whether word begins with the first part, ends with the last and
// has the others between, in order.
func fits(word string, parts []string) bool {
	first, last := parts[0], parts[len(parts)-1]
	if len(word) < len(first)+len(last) || !strings.HasPrefix(word, first) || !strings.HasSuffix(word, last) {
		return false
	}
	word = word[len(first) : len(word)-len(last)]
	for _, part := range parts[1 : len(parts)-1] {
		_, rest, ok := strings.Cut(word, part)
		if !ok {
			return false
		}
		word = rest
	}
	return true
}

// at tells whether the pattern begins at the first of words.
func (p pattern) at(words []string) bool {
	if len(p) == 0 {
		return true
	}
	if !p[0].gap {
		return len(words) > 0 && p[0].is(words[0]) && p[1:].at(words[1:])
	}
	for skip := 0; skip <= min(maxGap, len(words)); skip++ {
		if p[1:].at(words[skip:]) {
			return true
		}
	}
	return false
}

// find is the first place in a sentence where a phrase of a kind begins, else -1.
func (p phrases) find(kind string, words []string) int {
	for i := range words {
		for _, one := range p[kind] {
			if one.at(words[i:]) {
				return i
			}
		}
	}
	return -1
}

// holds tells whether a sentence says done or will without taking it back.
func (p phrases) holds(kind string, words []string) bool {
	at := p.find(kind, words)
	if at < 0 || p.find(unless, words) >= 0 {
		return false
	}
	condition := p.find(before, words)
	return condition < 0 || condition >= at
}
