package brand

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// ending is what a language hangs onto a name without a sign in between.
type ending struct {
	shortest int // a name of fewer letters takes none: too much looks like it
	rest     *regexp.Regexp
}

func (e ending) fits(name, rest string) bool {
	return utf8.RuneCountInString(name) >= e.shortest && joins(name[len(name)-1], rest[0]) && e.rest.MatchString(rest)
}

// joins is the Turkish rule that two vowels do not meet and that the letters
// which part them stand nowhere else. Bytes of other scripts all join.
func joins(last, first byte) bool {
	const vowels = "aeiou"
	if strings.IndexByte(vowels, last) >= 0 {
		return strings.IndexByte(vowels, first) < 0
	}
	return first != 'y' && first != 'n'
}

// The endings are written in folded letters: i for ı i, u for u ü, s for ş s.
// They are the inflections of a noun; those of a verb (-dı, -mış) are left out,
// for then "getirdi" (he brought) would name Getir.
//
// Turkish: derivation (-li, -siz, -ci, -lik), plural, possessive, case, -ki.
// Persian: plural, pronoun, -i, the object marker of speech, the copula of speech.
const (
	turkish = `^(?:[lc][iu]|s[iu]z|l[iu]k|c[iu]l[iu]k)?(?:l[ae]r)?(?:[iu]m(?:[iu]z)?|[iu]n[iu]z|s[iu]|[iu])?` +
		`(?:y?[iu]|n[iu]|[yn]?[ae]|n?[dt][ae]n?|[yn]?[iu]n|y?l[ae]|c[ae])?(?:ki(?:l[ae]r)?(?:n?[iae]|n?[dt][ae]n?|n?in)?)?$`
	persian = `^(?:ها|ا)?(?:یی|ی|ای)?(?:مان|تان|شان|مون|تون|شون|م|ت|ش)?(?:رو|را|و)?(?:ه|ست|ند|اند|ن)?$`
	english = `^s$`
)

// endingsOf the languages, all where none is named, on names of any length if loose.
func endingsOf(languages []string, loose bool) []ending {
	var out []ending
	for _, l := range []struct {
		code     string
		shortest int
		rest     string
	}{{"tr", 4, turkish}, {"fa", 3, persian}, {"en", 3, english}} {
		if len(languages) == 0 || slices.Contains(languages, l.code) {
			if loose {
				l.shortest = 2
			}
			out = append(out, ending{l.shortest, regexp.MustCompile(l.rest)})
		}
	}
	return out
}
