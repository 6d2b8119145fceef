// Package text prepares Turkish, Persian and English for search and scoring:
// folding (casing, letters and digits that are written in several ways), words
// with their place in the original, the language of a text, and near-duplicates.
//
// All functions are pure, take any bytes, and are safe for concurrent use.
package text

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold returns s in the form in which the lexicons of language lang are
// written. lang is "tr", "fa", "en", or "" for the loosest form, which is the
// same for all languages: use that for a search column and its queries, since
// a person who searches types "kirik", "kırık" and "KIRIK" alike.
//
//   - Letters are lower case. In "tr", İ becomes i and I becomes ı, and of the
//     letters with marks only the circumflex is taken off (hâlâ, hala); in the
//     others all Latin letters lose their marks and ı becomes i.
//   - Persian and Arabic spellings of a letter become one (ي ی, ك ک, آ ا, ة ه),
//     vowel signs, tatweel and ZWNJ go, digits become 0 to 9.
//   - Typographic apostrophes become ', white space becomes one space, and
//     invisible runes, skin tones and variation selectors go.
//
// Fold is idempotent and its result is valid UTF-8.
func Fold(s, lang string) string {
	return string(AppendFold(nil, s, lang))
}

// AppendFold appends Fold(s, lang) to dst.
func AppendFold(dst []byte, s, lang string) []byte {
	if needsNormal(s) {
		s = norm.NFKC.String(visible(s))
	}
	turkish := lang == "tr"
	from := len(dst)
	space := true // no white space at the beginning
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			i++
			if c == ' ' || c-'\t' < 5 {
				if !space {
					dst = append(dst, ' ')
				}
				space = true
				continue
			}
			space = false
			if 'A' <= c && c <= 'Z' {
				if turkish && c == 'I' {
					dst = append(dst, "ı"...)
					continue
				}
				c += 'a' - 'A'
			}
			if c == '`' {
				c = '\''
			}
			dst = append(dst, c)
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		r = foldRune(r, turkish)
		if r < 0 || r == ' ' && space {
			continue
		}
		space = r == ' '
		dst = utf8.AppendRune(dst, r)
	}
	if n := len(dst); space && n > from {
		dst = dst[:n-1]
	}
	return dst
}

// needsNormal reports whether s holds combining marks, or presentation and full
// width forms: the rare runes for which the normal form must be made first.
func needsNormal(s string) bool {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case 0xCC, 0xCD:
			return true
		case 0xEF:
			if !strings.HasPrefix(s[i:], "\uFFFD") {
				return true
			}
		case 0xD9: // Arabic marks above and below that belong to a letter
			if i+1 < len(s) && s[i+1] >= 0x93 && s[i+1] <= 0x95 {
				return true
			}
		}
	}
	return false
}

// visible returns s without the runes that folding drops, so that a mark meets
// the letter it stands on.
func visible(s string) string {
	out := make([]byte, 0, len(s))
	for _, r := range s {
		if !dropped(r) {
			out = utf8.AppendRune(out, r)
		}
	}
	return string(out)
}

// foldRune returns the folded form of a rune, -1 where it is dropped.
func foldRune(r rune, turkish bool) rune {
	switch {
	case r < 0x250:
		return foldLatin(r, turkish)
	case r >= 0x300 && r <= 0x36F:
		return -1
	case r >= 0x600 && r <= 0x6FF:
		return foldArabic(r)
	case dropped(r):
		return -1
	case r == '’' || r == '‘' || r == 'ʼ' || r == '‛' || r == '′':
		return '\''
	case r >= 0x1E00 && r <= 0x1EFF:
		return foldLatin(r, turkish)
	case unicode.IsSpace(r):
		return ' '
	}
	return unicode.ToLower(r)
}

func foldLatin(r rune, turkish bool) rune {
	switch r {
	case 'İ':
		return 'i'
	case 'ı':
		if turkish {
			return r
		}
		return 'i'
	case '´':
		return '\''
	case '\u00A0', '\u0085':
		return ' '
	case '\u00AD':
		return -1
	}
	r = unicode.ToLower(r)
	if turkish {
		switch r {
		case 'ç', 'ğ', 'ö', 'ş', 'ü':
			return r
		}
	}
	return baseLetter(r)
}

// latinLetters is where the Latin letters of foldLatin end that baseLetter is
// asked for often.
const latinLetters = 0x250

// baseLetters holds the answers of unmarked for those letters.
//
//nolint:gochecknoglobals // computed once, never changed
var baseLetters = sync.OnceValue(func() *[latinLetters]rune {
	var out [latinLetters]rune
	for r := range rune(latinLetters) {
		out[r] = unmarked(r)
	}
	return &out
})

// baseLetter takes the marks off a letter: é becomes e.
func baseLetter(r rune) rune {
	if r < 0xC0 {
		return r
	}
	if r < latinLetters {
		return baseLetters()[r]
	}
	return unmarked(r)
}

func unmarked(r rune) rune {
	var in [utf8.UTFMax]byte
	var out [16]byte
	n := utf8.EncodeRune(in[:], r)
	base, _ := utf8.DecodeRune(norm.NFD.Append(out[:0], in[:n]...))
	return base
}

// foldArabic makes one letter of those that Persian keyboards and Arabic ones
// type for the same, and drops signs that most people leave out.
func foldArabic(r rune) rune {
	switch r {
	case 'ي', 'ى', 'ئ', 'ې', 'ێ':
		return 'ی'
	case 'ك', 'ڪ':
		return 'ک'
	case 'ة', 'ۀ', 'ە', 'ۂ', 'ہ', 'ھ', 'ۃ':
		return 'ه'
	case 'أ', 'إ', 'آ', 'ٱ':
		return 'ا'
	case 'ؤ', 'ۆ':
		return 'و'
	case 'ء', '\u0640', '\u0670', '\u061C':
		return -1
	}
	switch {
	case r >= '٠' && r <= '٩':
		return r - '٠' + '0'
	case r >= '۰' && r <= '۹':
		return r - '۰' + '0'
	case r >= 0x64B && r <= 0x65F, r >= 0x6D6 && r <= 0x6ED, r >= 0x610 && r <= 0x61A:
		return -1
	}
	return r
}

// dropped reports whether a rune is invisible or only changes the looks of its
// neighbour: joiners, direction marks, variation selectors, skin tones.
func dropped(r rune) bool {
	switch {
	case r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x2069,
		r >= 0xFE00 && r <= 0xFE0F, r >= 0x1F3FB && r <= 0x1F3FF, r >= 0xE0000 && r <= 0xE01EF:
		return true
	case r == 0xFEFF, r == 0xAD, r == 0x34F, r == 0x61C, r == 0x640:
		return true
	}
	return false
}
