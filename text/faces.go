package text

import (
	"strings"
	"unicode/utf8"
)

// emoticon returns the end of the face at i, or i if there is none: eyes, a nose
// perhaps, a mouth that may be repeated. Mouths that are letters end the word.
func emoticon(s string, i int) int {
	if strings.HasPrefix(s[i:], "<3") || strings.HasPrefix(s[i:], "</3") {
		return i + strings.IndexByte(s[i:], '3') + 1
	}
	if s[i] == '<' {
		return i
	}
	mouth := i + 1
	if mouth < len(s) && strings.IndexByte("-'^o", s[mouth]) >= 0 {
		mouth++
	}
	if mouth >= len(s) {
		return i
	}
	m := s[mouth]
	if strings.IndexByte(")(/\\|*DPpSs@[]", m) < 0 || m == '/' && strings.HasPrefix(s[mouth:], "//") {
		return i
	}
	end := mouth + 1
	for end < len(s) && s[end] == m {
		end++
	}
	if isLetter(rune(m)) && (letterAt(s, end) || digitAt(s, end) || i > 0 && isDigit(rune(s[i-1]))) {
		return i
	}
	return end
}

// EmoticonKey appends a face in the form of the lexicons: no nose,
// one mouth, lower case.
func EmoticonKey(dst []byte, face string) []byte {
	if face == "" || face[0] == '<' {
		return append(dst, face...)
	}
	eyes, mouth := face[0], face[len(face)-1]
	if eyes == '=' {
		eyes = ':'
	}
	dst = append(dst, eyes)
	if len(face) > 2 && face[1] == '\'' {
		dst = append(dst, '\'')
	}
	if 'A' <= mouth && mouth <= 'Z' {
		mouth += 'a' - 'A'
	}
	return append(dst, mouth)
}

func isEmoji(r rune) bool {
	switch {
	case r >= 0x1F000 && r <= 0x1FAFF, r >= 0x2600 && r <= 0x27BF, r >= 0x2B00 && r <= 0x2BFF, r >= 0x2300 && r <= 0x23FF:
		return true
	case r == 0x203C, r == 0x2049, r == 0x2122, r == 0x3030, r == 0x303D:
		return true
	}
	return false
}

// emoji returns the end of the emoji at i with its selectors, skin tone, and
// what is joined to it; two regional letters are one flag.
func emoji(s string, i int) int {
	first, size := utf8.DecodeRuneInString(s[i:])
	end := i + size
	if isRegional(first) {
		if r, n := utf8.DecodeRuneInString(s[end:]); isRegional(r) {
			return end + n
		}
	}
	for end < len(s) {
		r, size := utf8.DecodeRuneInString(s[end:])
		switch {
		case r >= 0xFE00 && r <= 0xFE0F, r >= 0x1F3FB && r <= 0x1F3FF, r == 0x20E3, r >= 0xE0020 && r <= 0xE007F:
			end += size
		case r == 0x200D && emojiAt(s, end+size):
			_, n := utf8.DecodeRuneInString(s[end+size:])
			end += size + n
		default:
			return end
		}
	}
	return end
}

func isRegional(r rune) bool { return r >= 0x1F1E6 && r <= 0x1F1FF }

func emojiAt(s string, i int) bool {
	if i >= len(s) {
		return false
	}
	r, _ := utf8.DecodeRuneInString(s[i:])
	return isEmoji(r)
}
