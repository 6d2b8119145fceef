package alert

import (
	"encoding/json"
	"testing"
	"time"

	"feryat/alert/notify"
	"feryat/mention"
)

func forgettable() mention.Person {
	return mention.Person{Author: mention.Author{ID: "ayse", Name: "ayse"}, Source: "shop", Mentions: []mention.ID{"m1"}, URLs: []string{"http://shop/1"}, Texts: []string{"never came"}}
}

// caseOf is an escalation of an author.
func caseOf(id string, a mention.Author) mention.Escalation {
	return mention.Escalation{ID: id, Source: "shop", Author: a, Mention: mention.ID("of " + id), Excerpt: "words of " + a.Name}
}

// several is an incident that quotes text.
func several(text string) mention.Escalation {
	return mention.Escalation{ID: "i", Rule: incidentRule, Source: "shop", Excerpt: text, Quotes: []string{text}, URL: "http://shop/2", Authors: 3}
}

func TestForgottenMessages(t *testing.T) {
	her, his := caseOf("e1", mention.Author{Name: "ayse"}), caseOf("e2", mention.Author{ID: "u2", Name: "Author 2"})
	renamed := caseOf("e3", mention.Author{Name: "Author 3"})
	renamed.Mention = "m1"
	elsewhere := her
	elsewhere.Source = "forum"
	silent := several("never came")
	silent.Excerpt, silent.Quotes, silent.URL = "", nil, ""
	f := NewForgetter(forgettable())
	for name, c := range map[string]struct {
		message notify.Message
		want    *notify.Message
	}{
		"hers":           {notify.Message{Escalation: her}, nil},
		"renamed":        {notify.Message{Escalation: renamed}, nil},
		"another's":      {notify.Message{Escalation: his}, &notify.Message{Escalation: his}},
		"other source":   {notify.Message{Escalation: elsewhere}, &notify.Message{Escalation: elsewhere}},
		"digest":         {notify.Message{Escalation: her, More: []mention.Escalation{her, his}}, &notify.Message{Escalation: his, More: []mention.Escalation{his}}},
		"her digest":     {notify.Message{Escalation: her, More: []mention.Escalation{her}}, nil},
		"a letter":       {notify.Message{Letter: &notify.Letter{Text: "“never came” · ayse"}}, nil},
		"another letter": {notify.Message{Letter: &notify.Letter{Text: "“never came” · veli"}}, &notify.Message{Letter: &notify.Letter{Text: "“never came” · veli"}}},
		"incident":       {notify.Message{Escalation: several("never came")}, &notify.Message{Escalation: silent}},
		"other incident": {notify.Message{Escalation: several("came late")}, &notify.Message{Escalation: several("came late")}},
	} {
		payload, err := json.Marshal(c.message)
		if err != nil {
			t.Fatal(err)
		}
		got, want := f.Message(payload), []byte(nil)
		if c.want != nil {
			if want, err = json.Marshal(c.want); err != nil {
				t.Fatal(err)
			}
		}
		if string(got) != string(want) {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, want)
		}
	}
	if got := f.Message([]byte("no JSON")); string(got) != "no JSON" {
		t.Errorf("what cannot be read: %q", got)
	}
}

func TestForgottenStates(t *testing.T) {
	f, states := NewForgetter(forgettable()), map[string][]byte{}
	put := func(key string, e mention.Escalation) {
		r := record{Escalation: e}
		r.note("opened", "", "", time.Unix(0, 0))
		body, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		states[key] = body
	}
	put("e1", caseOf("e1", mention.Author{ID: "ayse"}))
	put("e2", caseOf("e2", mention.Author{ID: "u2"}))
	put("i", several("never came"))
	states["author.1"], states["mention.1"], states["author.2"] = []byte("e1"), []byte("e1"), []byte("e2")
	for key, value := range states {
		f.Note(key, value)
	}
	for _, key := range f.Indexes() {
		delete(states, key)
	}
	for key, value := range states {
		if states[key] = f.State(key, value); states[key] == nil {
			delete(states, key)
		}
	}
	if len(states) != 3 || states["e2"] == nil || string(states["author.2"]) != "e2" {
		t.Errorf("left: %q", states)
	}
	var r record
	if err := json.Unmarshal(states["i"], &r); err != nil || r.Escalation.Excerpt+r.Escalation.URL+r.Unwritten[0].Escalation.Excerpt != "" || r.Escalation.Quotes != nil || r.Escalation.Authors != 3 {
		t.Errorf("the incident: %v, %s", err, states["i"])
	}
}
