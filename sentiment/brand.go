package sentiment

import (
	"strings"

	"feryat/text"
)

// forgetBrand takes their readings from the words that name the watched brand:
// a shop called Harika is not praised by being named. In scripts with capitals
// the name must begin with one, for "mavi" is a colour and Mavi a shop.
func (r *reader) forgetBrand(x *lexicon, s, brand string) {
	if brand == "" {
		return
	}
	name := strings.Fields(text.Fold(brand, x.Code))
	for i := 0; i+len(name) <= len(r.words); i++ {
		if !r.namesBrand(x, s, i, name) {
			continue
		}
		for j := i; j < i+len(name); j++ {
			r.words[j].forget()
		}
	}
}

// namesBrand reports whether the words from i on are the brand's name; an
// ending may follow its apostrophe.
func (r *reader) namesBrand(x *lexicon, s string, i int, name []string) bool {
	if !capitalised(s[r.words[i].start:r.words[i].end]) {
		return false
	}
	for j, want := range name {
		w := &r.words[i+j]
		r.variant = text.AppendFold(r.variant[:0], s[w.start:w.end], x.Code)
		got, _, _ := strings.Cut(string(r.variant), "'")
		if got != want {
			return false
		}
	}
	return true
}
