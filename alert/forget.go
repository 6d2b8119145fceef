package alert

import (
	"encoding/json"
	"html"
	"slices"
	"strings"

	"feryat/alert/notify"
	"feryat/mention"
)

// Forgetter finds a person in what alert keeps, and says what is left without him.
type Forgetter struct {
	person  mention.Person
	quotes  map[string]bool   // beginnings of what he wrote
	cases   map[string]bool   // his
	indexes map[string]string // where each leads
}

// NewForgetter forgets p.
func NewForgetter(p mention.Person) *Forgetter {
	f := &Forgetter{person: p, quotes: map[string]bool{}, cases: map[string]bool{}, indexes: map[string]string{}}
	for _, text := range p.Texts {
		f.quotes[excerpt(text)] = true
	}
	return f
}

// Note looks at a value of the states: is it a case of his, or does it lead to one?
func (f *Forgetter) Note(key string, value []byte) {
	if isIndex(key) {
		f.indexes[key] = string(value)
		return
	}
	var r record
	if json.Unmarshal(value, &r) == nil && f.person.Concerns(r.Escalation) {
		f.cases[key] = true
	}
}

// Indexes are the keys that lead to cases which were noted. They go before the
// cases, for nothing finds them afterwards.
func (f *Forgetter) Indexes() (keys []string) {
	for key, id := range f.indexes {
		if f.cases[id] {
			keys = append(keys, key)
		}
	}
	return keys
}

func isIndex(key string) bool {
	return strings.HasPrefix(key, "author.") || strings.HasPrefix(key, "mention.")
}

// State is what is left of a value of the states: nil of his cases, no words of
// his in an incident, which is of many people and stays.
func (f *Forgetter) State(key string, value []byte) []byte {
	var r record
	if isIndex(key) || json.Unmarshal(value, &r) != nil {
		return value
	}
	if f.person.Concerns(r.Escalation) {
		return nil
	}
	if !f.unquote(&r.Escalation) {
		return value
	}
	for i := range r.Unwritten {
		f.unquote(&r.Unwritten[i].Escalation)
	}
	return encoded(r, value)
}

// Message is what is left of a message to a channel: nil of one about him, a
// digest without him. A mail that was written already and has his words goes as a
// whole: `feryat alert digest --send` writes it anew.
func (f *Forgetter) Message(payload []byte) []byte {
	var m notify.Message
	if json.Unmarshal(payload, &m) != nil {
		return payload
	}
	before := len(m.More)
	m.More = slices.DeleteFunc(m.More, f.person.Concerns)
	changed := len(m.More) < before
	switch {
	case m.Letter != nil && f.in(*m.Letter):
		return nil
	case f.person.Concerns(m.Escalation) && len(m.More) == 0:
		return nil
	case f.person.Concerns(m.Escalation):
		m.Escalation, changed = m.More[0], true
	}
	changed = f.unquote(&m.Escalation) || changed
	for i := range m.More {
		changed = f.unquote(&m.More[i]) || changed
	}
	if !changed {
		return payload
	}
	return encoded(m, payload)
}

// in reports whether a mail names him or leads to what he wrote. It may take
// another of that name for him.
func (f *Forgetter) in(l notify.Letter) bool {
	name := f.person.Author.Name
	return name != "" && strings.Contains(l.Text, name) || slices.ContainsFunc(f.person.URLs, func(url string) bool {
		return url != "" && (strings.Contains(l.Text, url) || strings.Contains(l.HTML, html.EscapeString(url)))
	})
}

// unquote takes his words out of what is told of many people.
func (f *Forgetter) unquote(e *mention.Escalation) bool {
	if e.Mention != "" || e.Author.Key() != "" || e.Excerpt == "" && e.URL == "" {
		return false
	}
	if !f.quotes[e.Excerpt] && !slices.Contains(f.person.URLs, e.URL) {
		return false
	}
	e.Excerpt, e.Quotes, e.URL = "", nil, ""
	return true
}

// encoded falls back to what was there: it was decoded, so that does not happen.
func encoded(v any, before []byte) []byte {
	body, err := json.Marshal(v)
	if err != nil {
		return before
	}
	return body
}
