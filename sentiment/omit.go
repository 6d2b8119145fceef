package sentiment

import (
	"cmp"
	"slices"
	"strings"

	"feryat/text"
)

// Limits of what is taken for something other than the author's words.
const (
	maxTag       = 300 // bytes of an HTML tag
	maxSignature = 400 // bytes behind "-- "
	maxSigned    = 3   // words behind the one that closes a letter
	longQuote    = 3   // words; a longer quotation is another's opinion
	quotedFactor = 0.3 // of an opinion within one
)

// stretch is a piece of a text, in bytes, or of its words.
type stretch struct{ start, end int }

// omit lists what in a text its author has not written for the reader: quoted
// lines, signatures, HTML tags and entities. It is nil for nearly all texts.
func omit(s string) []stretch {
	var out []stretch
	if strings.IndexByte(s, '>') >= 0 || strings.IndexByte(s, '<') >= 0 || strings.IndexByte(s, '&') >= 0 {
		out = markup(quotedLines(nil, s), s)
	}
	if start := signature(s); start >= 0 {
		out = append(out, stretch{start, len(s)})
	}
	slices.SortFunc(out, func(a, b stretch) int { return cmp.Compare(a.start, b.start) })
	return out
}

// quotedLines finds lines that begin with ">", unless there are no others.
func quotedLines(dst []stretch, s string) []stretch {
	own, at := false, 0
	for line := range strings.Lines(s) {
		trimmed := strings.TrimLeft(line, " \t")
		if rest, ok := strings.CutPrefix(trimmed, ">"); ok && !strings.HasPrefix(rest, ":") {
			dst = append(dst, stretch{at, at + len(line)})
		} else if strings.TrimSpace(trimmed) != "" {
			own = true
		}
		at += len(line)
	}
	if !own {
		return nil
	}
	return dst
}

// markup finds HTML tags and entities.
func markup(dst []stretch, s string) []stretch {
	for i := 0; i < len(s); i++ {
		n := 0
		switch s[i] {
		case '<':
			n = tagLength(s[i:min(len(s), i+maxTag)])
		case '&':
			n = entityLength(s[i:min(len(s), i+12)])
		}
		if n > 0 {
			dst = append(dst, stretch{i, i + n})
			i += n - 1
		}
	}
	return dst
}

// tagLength is how long the tag is that s begins with, 0 if it is none.
func tagLength(s string) int {
	if len(s) < 3 || s[1] != '/' && s[1] != '!' && (s[1]|0x20 < 'a' || s[1]|0x20 > 'z') {
		return 0
	}
	end := strings.IndexAny(s, ">\n")
	if end < 0 || s[end] != '>' {
		return 0
	}
	return end + 1
}

// endsLine reports whether what is left out at the head of s parts sentences: all
// but entities and tags within a line.
func endsLine(s string) bool {
	if s[0] == '&' {
		return false
	}
	if s[0] != '<' {
		return true
	}
	name := strings.ToLower(strings.Trim(s[1:min(len(s), 5)], "/> "))
	return strings.HasPrefix(name, "br") || strings.HasPrefix(name, "p") || strings.HasPrefix(name, "li") || strings.HasPrefix(name, "div")
}

// entityLength is how long the entity is that s begins with, 0 if it is none.
func entityLength(s string) int {
	for i := 1; i < len(s); i++ {
		c := s[i]
		switch {
		case c == ';' && i > 2:
			return i + 1
		case c == '#' && i == 1, '0' <= c && c <= '9', 'a' <= c|0x20 && c|0x20 <= 'z':
		default:
			return 0
		}
	}
	return 0
}

// signature returns where a signature begins, -1 if there is none: behind a line
// "--", or the last line where a device speaks.
func signature(s string) int {
	if strings.IndexByte(s, '\n') < 0 {
		return -1
	}
	if at := strings.LastIndex(s, "\n-- "); at > 0 && len(s)-at < maxSignature {
		return at
	}
	body := strings.TrimRight(s, " \t\r\n")
	at := strings.LastIndexByte(body, '\n') + 1
	if at > 0 && len(body)-at <= 80 && byDevice(strings.ToLower(body[at:])) {
		return at
	}
	return -1
}

// byDevice reports whether a line is what a telephone's mail program adds.
func byDevice(line string) bool {
	for _, opening := range []string{"sent from my ", "sent from mail for ", "sent via ", "get outlook for ", "ارسال شده از ", "فرستاده شده از "} {
		if strings.HasPrefix(line, opening) {
			return true
		}
	}
	for _, closing := range []string{"umdan gönderildi", "imden gönderildi", "ımdan gönderildi", "dan gönderildi", "den gönderildi", "cihazımdan gönderildi"} {
		if strings.HasSuffix(strings.TrimRight(line, "."), closing) && strings.ContainsAny(line, "'’") {
			return true
		}
	}
	return false
}

// cutClosing drops the tokens that close a letter, and what is behind them: "Kind
// regards, Joy" is no joy.
func (r *reader) cutClosing(s string) {
	words := 0
	for i := len(r.tokens) - 1; i >= 0 && words <= maxSigned; i-- {
		if r.tokens[i].Kind != text.Word {
			continue
		}
		words++
		if first := r.closes(i, s); first >= 0 {
			r.tokens, r.numbers = r.tokens[:first], r.numbers[:first]
			return
		}
		if !capitalised(s[r.tokens[i].Start:r.tokens[i].End]) {
			return // no name
		}
	}
}

// closes returns the first token of the words that close a letter and of which
// token i is the last, -1 if they do not.
func (r *reader) closes(i int, s string) int {
	switch word := s[r.tokens[i].Start:r.tokens[i].End]; word {
	case "regards", "Regards", "REGARDS", "sincerely", "Sincerely", "SINCERELY",
		"saygılarımla", "Saygılarımla", "SAYGILARIMLA", "saygılarımızla", "Saygılarımızla", "SAYGILARIMIZLA":
	case "احترام":
		if i == 0 || s[r.tokens[i-1].Start:r.tokens[i-1].End] != "با" {
			return -1
		}
	default:
		return -1
	}
	begins := func(i int) bool {
		return i == 0 || r.tokens[i-1].Kind == text.Punct || r.tokens[i-1].Kind == text.Break
	}
	switch {
	case begins(i):
		return i
	case r.tokens[i-1].Kind == text.Word && begins(i-1):
		return i - 1 // "kind", «با»
	}
	return -1
}

// quotes notes where quotations open and close.
type quotes struct {
	open   int // word that the quotation begins with, -1 = none is open
	found  []stretch
	quoted int // words within long ones
}

// mark takes one punctuation mark; words is how many stand before it.
func (q *quotes) mark(c rune, words int) {
	switch c {
	case '“', '«':
		q.open = words
	case '”', '»':
		if q.open >= 0 && words-q.open > longQuote {
			q.found = append(q.found, stretch{q.open, words})
			q.quoted += words - q.open
		}
		q.open = -1
	}
}

// markQuoted marks the words of long quotations, where they are not all that is said.
func (r *reader) markQuoted() {
	if r.quotes.quoted*10 > len(r.words)*7 {
		return
	}
	for _, q := range r.quotes.found {
		for i := q.start; i < q.end; i++ {
			r.words[i].quoted = true
		}
	}
}
