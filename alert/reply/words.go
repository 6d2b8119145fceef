package reply

import (
	"strings"

	"feryat/text"
)

// What stands in a sentence for a token that is no word.
const (
	number  = "<number>"
	link    = "<link>"
	address = "<address>"
	asked   = "?" // the last of a sentence that asks
)

// sentences splits a folded reply into the words of its sentences; none is empty.
func sentences(s string) (all [][]string) {
	var words []string
	end := func() {
		if len(words) > 0 && (len(words) > 1 || words[0] != asked) {
			all = append(all, words)
		}
		words = nil
	}
	for _, t := range text.Tokens(nil, s) {
		said := s[t.Start:t.End]
		switch {
		case t.Kind == text.Break, t.Kind == text.Punct && ends(said, s[t.End:]):
			if strings.ContainsAny(said, "?؟") {
				words = append(words, asked)
			}
			end()
		default:
			words = add(words, t.Kind, said)
		}
	}
	end()
	return all
}

// ends tells whether a mark ends a sentence: the point of "example.com" does not.
func ends(mark, rest string) bool {
	return strings.ContainsAny(mark, ".!?؟؛;…") && (rest == "" || strings.ContainsAny(rest[:1], " \n\t\"')") || mark != ".")
}

func add(words []string, kind text.Kind, said string) []string {
	switch kind {
	case text.Number:
		return append(words, number)
	case text.URL:
		return append(words, link)
	case text.Handle, text.Hashtag:
		return append(words, address)
	case text.Word:
		// Persian "می شود" is one verb, with or without its joiner.
		if n := len(words); n > 0 && (words[n-1] == "می" || words[n-1] == "نمی") {
			words[n-1] += said
			return words
		}
		return append(words, strings.ReplaceAll(said, "\u200c", ""))
	default:
		return words
	}
}
