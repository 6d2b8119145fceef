package sentiment

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"feryat/text"
)

// maxMasked is the length in bytes of the longest masked word looked at.
const maxMasked = 40

// addCurse keeps a curse of one word, by its runes, for masked ones to be compared with.
func (x *lexicon) addCurse(entry string) {
	if !strings.ContainsAny(entry, " !.") && strings.Index(entry, "*") != 1 {
		x.curses = append(x.curses, []rune(entry))
	}
}

// mayHide reports whether the word from start to end can begin a masked one: nearly
// none can. Without a star, a sign must follow and letters behind that, or a point
// stand within ("a.q.").
func (r *reader) mayHide(start, end int, s string) bool {
	if r.starred {
		return true
	}
	if end == len(s) || !isMask(rune(s[end])) {
		return false
	}
	return end+1 < len(s) && s[end+1] != ' ' || strings.IndexByte(s[start:end], '.') >= 0
}

// masked returns how many tokens behind token i belong to a curse of which signs
// hide letters ("sh!t", "f***", «ک.و.ن»), and leaves the curse in r.fold.
func (r *reader) masked(x *lexicon, i int, s string) (n int, ok bool) {
	first := r.tokens[i]
	if len(x.curses) == 0 || first.Kind != text.Word {
		return 0, false
	}
	end := first.End
	for j := i + 1; j < len(r.tokens) && r.tokens[j].Start == end && r.hides(r.tokens[j], s); j++ {
		end, n = r.tokens[j].End, n+1
	}
	if n == 0 && strings.IndexByte(s[first.Start:end], '*') < 0 || end-first.Start > maxMasked {
		return 0, false
	}
	if marksOnly(s[first.Start:end]) {
		return 0, false
	}
	curse := x.unmasked(s[first.Start:end], x.Code == "en" && goesOnSmall(s[end:]))
	if curse == nil {
		return 0, false
	}
	r.fold = append(r.fold[:0], string(curse)...)
	return n, true
}

// marksOnly reports whether what looks like a mask is a mark behind a
// word, as mostly: "geldi.", "geldi!". It spares these the comparison with all
// curses, which they would not pass.
func marksOnly(typed string) bool {
	if dots := strings.Count(typed, "."); dots > 0 {
		return dots == 1
	}
	last := typed[len(typed)-1]
	return last != '*' && isMask(rune(last))
}

// hides reports whether a token may stand within a masked word.
func (r *reader) hides(t text.Token, s string) bool {
	switch t.Kind {
	case text.Word, text.Handle, text.Hashtag:
		return true
	case text.Punct:
		return isMask(rune(s[t.Start]))
	}
	return false
}

func isMask(c rune) bool { return c < utf8.RuneSelf && strings.IndexByte("*.@#!$", byte(c)) >= 0 }

// unmasked returns the curse that a word with hidden letters stands for, nil if
// none does.
func (x *lexicon) unmasked(typed string, noName bool) []rune {
	pattern := []rune(text.Fold(typed, x.Code))
	if strings.ContainsRune(typed, '.') { // letters parted, not hidden
		pattern = slices.DeleteFunc(pattern, func(c rune) bool { return c == '.' })
		if len(pattern) < 3 || strings.Count(typed, ".") < len(pattern)-1 {
			return nil
		}
	} else if !hidesEnough(pattern, typed, noName) {
		return nil
	}
	bare := slices.DeleteFunc(slices.Clone(pattern), isMask) // signs between the letters hide none
	var longest []rune                                       // "f***ing" is "fucking", not a form of "fuck"
	for _, curse := range x.curses {
		if len(curse) > len(longest) && (fits(pattern, curse) || len(bare) > 3 && fits(bare, curse)) {
			longest = curse
		}
	}
	return slices.DeleteFunc(slices.Clone(longest), func(c rune) bool { return c == '*' })
}

// hidesEnough reports whether a pattern has signs within, or several at its end, and
// shows two letters; of one letter only where it is small, "A***" is a name, or
// where what follows shows that it is none: "F*** this".
func hidesEnough(pattern []rune, typed string, noName bool) bool {
	shown, hidden, last := 0, 0, 0
	for i, c := range pattern {
		switch {
		case !isMask(c):
			shown, last = shown+1, i
		default:
			hidden++
		}
	}
	trailing := len(pattern) - 1 - last
	if trailing > 0 && (trailing < 2 || pattern[len(pattern)-1] != '*') || hidden == 0 {
		return false
	}
	first, _ := utf8.DecodeRuneInString(typed)
	return shown >= 2 || shown == 1 && trailing == 3 && (noName || unicode.IsLower(first))
}

// goesOnSmall reports whether a space and a small letter follow.
func goesOnSmall(rest string) bool {
	return len(rest) > 1 && rest[0] == ' ' && 'a' <= rest[1] && rest[1] <= 'z'
}

// fits reports whether a pattern is a curse letter by letter, signs standing for
// any. A curse that ends in a star has any ending, the others English -s, -ed, -er, -ing and
// a Persian plural.
func fits(pattern, curse []rune) bool {
	open := curse[len(curse)-1] == '*'
	if open {
		curse = curse[:len(curse)-1]
	}
	if len(pattern) < len(curse) {
		return false
	}
	for i, c := range curse {
		if pattern[i] != c && !isMask(pattern[i]) {
			return false
		}
	}
	rest := string(pattern[len(curse):])
	return open || rest == "" || slices.Contains([]string{"s", "ed", "er", "ing", "in", "ها", "های", "ا"}, rest)
}
