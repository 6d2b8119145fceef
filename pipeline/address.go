package pipeline

import (
	"slices"
	"strings"
	"unicode/utf8"

	"feryat/mention"
	"feryat/text"
)

const (
	// greeting is how many words at the beginning may name the customer without
	// an @: those further on may be the signature of who answers.
	greeting = 6
	// shortestName is the least number of letters of a name that counts without an @.
	shortestName = 3
)

// addressed is whom a reply speaks to.
type addressed struct {
	whom     []mention.Author // customers of the thread, by @name or by a name in the greeting
	somebody bool             // an @name of nobody who spoke before
	title    bool             // the greeting calls somebody Mr, bey, خانم …
}

// spoken is a folded word of a text.
type spoken struct {
	word   string
	handle bool
}

func addressees(reply mention.Mention, customers []mention.Scored) (a addressed) {
	words := spokenIn(reply.Text)
	for i, w := range words {
		if w.word == text.Fold(reply.Author.Name, "") {
			continue // it names itself
		}
		if i < greeting && slices.Contains(titles(), w.word) {
			a.title = true
		}
		if !w.handle && (i >= greeting || i > 0 && slices.Contains(selves(), words[i-1].word)) {
			continue
		}
		called := calledAt(words[i:], customers)
		a.somebody = a.somebody || w.handle && len(called) == 0
		for _, c := range called {
			if !slices.ContainsFunc(a.whom, func(have mention.Author) bool { return have.Key() == c.Key() }) {
				a.whom = append(a.whom, c)
			}
		}
	}
	return a
}

// calledAt lists the customers whose whole name the words begin with, those of
// the longest such name alone: who calls "Ayşe Yılmaz" does not call "Ayşe".
func calledAt(words []spoken, customers []mention.Scored) (called []mention.Author) {
	longest := 0
	for _, c := range authorsOf(customers) {
		name := c.Name
		if name == "" {
			name = c.ID
		}
		n := 0
		switch parts := spokenIn(name); {
		case !mention.Author{Name: name}.Known():
		case words[0].handle && words[0].word == strings.TrimPrefix(text.Fold(name, ""), "@"):
			n = 1
		case (words[0].handle || utf8.RuneCountInString(name) >= shortestName) && begins(words, parts):
			n = len(parts)
		}
		if n > longest {
			longest, called = n, nil
		}
		if n > 0 && n == longest {
			called = append(called, c)
		}
	}
	return called
}

func begins(words, name []spoken) bool {
	if len(name) == 0 || len(name) > len(words) {
		return false
	}
	for i := range name {
		if name[i].word != words[i].word {
			return false
		}
	}
	return true
}

// spokenIn lists the words of s, without marks and what follows an apostrophe.
func spokenIn(s string) (words []spoken) {
	for _, t := range text.Tokens(nil, s) {
		if t.Kind != text.Word && t.Kind != text.Number && t.Kind != text.Handle {
			continue
		}
		if t.Kind == text.Handle && t.Start > 0 && !strings.ContainsAny(s[t.Start-1:t.Start], " \t\n(,;:.") {
			continue // of an address
		}
		word, _, _ := strings.Cut(text.Fold(s[t.Start:t.End], ""), "'")
		words = append(words, spoken{strings.TrimPrefix(word, "@"), t.Kind == text.Handle})
	}
	return words
}

// titles stand beside the name of somebody who is spoken to, folded.
func titles() []string {
	return []string{"bey", "beyefendi", "hanim", "hanimefendi", "sayin", "mr", "mrs", "ms", "dear", "اقا", "اقای", "خانم", "جناب", "سرکار"}
}

// selves stand before the name of the one who speaks, folded.
func selves() []string { return []string{"ben", "adim", "i'm", "am", "is", "من", "اینجانب"} }
