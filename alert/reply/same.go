package reply

import (
	"slices"
	"strings"

	"feryat/text"
)

// Fingerprint is what two replies share that differ only in whom they greet:
// the folded words without the greeting, numbers, links and accounts. Replies of
// one brand with one fingerprint may be counted by it; it is empty for a reply
// without words.
func Fingerprint(reply string) string {
	return strings.Join(plain(reply), " ")
}

// Same tells whether two replies say the same, word for word but for names,
// numbers, links and up to a fifth of the pairs of words that stand beside each
// other. Two replies without words are not the same.
func Same(a, b string) bool {
	x, y := pairs(plain(a)), pairs(plain(b))
	shared := 0
	for pair := range x {
		if y[pair] {
			shared++
		}
	}
	return shared > 0 && shared*5 >= (len(x)+len(y)-shared)*4
}

// greetings begin a reply's first words, which hold the customer's name.
func greetings() []string {
	return []string{"merhaba", "merhabalar", "selam", "selamlar", "sayin", "sevgili", "degerli", "sn",
		"سلام", "درود", "باسلام", "با", "کاربر", "مشتری", "جناب", "سرکار", "اقای", "خانم", "دوست", "همراه",
		"hi", "hello", "hey", "dear", "good"}
}

// plain are the words of a reply that stay when it is sent to another customer.
func plain(reply string) (words []string) {
	said := ungreeted(text.Fold(head(reply), ""))
	for _, t := range text.Tokens(nil, said) {
		if t.Kind == text.Word {
			words = append(words, strings.ReplaceAll(said[t.Start:t.End], "\u200c", ""))
		}
	}
	return words
}

// ungreeted cuts a greeting of up to six words that a mark ends: "Dear Ms
// Example," goes, and so does "Dear customer,".
func ungreeted(s string) string {
	words := 0
	for _, t := range text.Tokens(nil, s) {
		switch t.Kind {
		case text.Word:
			if words++; words > 6 || words == 1 && !slices.Contains(greetings(), s[t.Start:t.End]) {
				return s
			}
		case text.Punct, text.Break:
			if words > 0 && s[t.Start] != '\'' && s[t.Start] != '-' {
				return s[t.End:]
			}
		default:
		}
	}
	return s
}

func pairs(words []string) map[string]bool {
	found := map[string]bool{}
	for i := range words {
		found[strings.Join(words[i:min(i+2, len(words))], " ")] = true
	}
	return found
}
