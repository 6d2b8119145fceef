package fa

import (
	"unicode/utf8"

	"feryat/sentiment"
)

// Letters of a word that may be two typed without a space, and of each half.
const (
	longestRunOn = 24
	shortestHalf = 3
	sureHalf     = 4 // of the second where neither half is a function word
)

// readRunOn reads two known words typed without a space: «واقعازیبا»،
// «زیبانبود». Compounds look the same («استراحت»), so one half has to be a
// function word, or the break stand where the letters do not join.
func (r *rules) readRunOn(dst []sentiment.Reading, word []byte, v *sentiment.Vocabulary) []sentiment.Reading {
	letters := utf8.RuneCount(word)
	if letters < 2*shortestHalf || letters > longestRunOn {
		return dst
	}
	at := 0
	for n := 1; n <= letters-shortestHalf; n++ {
		last, size := utf8.DecodeRune(word[at:])
		at += size
		if n < shortestHalf {
			continue
		}
		first := v.ID(word[:at])
		if first == sentiment.NoWord {
			continue
		}
		second, ok := r.secondHalf(word[:at], word[at:], last, v)
		if ok {
			return append(dst, second, sentiment.Reading{Word: first, Negated: second.Negated})
		}
	}
	return dst
}

// secondHalf reads what follows the first word of a run-on.
func (r *rules) secondHalf(first, rest []byte, last rune, v *sentiment.Vocabulary) (sentiment.Reading, bool) {
	id := v.ID(rest)
	f, verb := r.forms[string(rest)]
	if verb && (id == sentiment.NoWord || f.negated) {
		id = v.ID([]byte(f.infinitive))
	}
	switch {
	case leads(first):
		if id == sentiment.NoWord {
			out := r.readEnding(nil, rest, v, sureHalf)
			if len(out) == 0 {
				return sentiment.Reading{}, false
			}
			return out[0], true
		}
	case trails(rest):
	case joinsNext(last) || utf8.RuneCount(rest) < sureHalf || id == sentiment.NoWord:
		return sentiment.Reading{}, false
	}
	return sentiment.Reading{Word: id, Negated: f.negated}, id != sentiment.NoWord || f.negated
}

// leads lists the words that others are typed on to without a space.
func leads(word []byte) bool {
	switch string(word) {
	case "خیلی", "بسیار", "واقعا", "واقعن", "کاملا", "اصلا", "حتما", "هیچ", "این", "خیلیم", "چقدر", "نظر", "نسبتا", "فوق":
		return true
	}
	return false
}

// trails lists the words that are typed on to others without a space.
func trails(word []byte) bool {
	switch string(word) {
	case "بود", "نبود", "بودن", "نبودن", "بودم", "نبودم", "هست", "هستش", "هستم", "هستن", "نیست", "نیستم", "نیستن", "شده", "نشده",
		"داره", "دارم", "دارد", "نداره", "ندارم", "ندارد", "داشت", "نداشت", "میشه", "نمیشه", "کردن", "نکردن", "میکنه", "نمیکنه", "کنید":
		return true
	}
	return false
}

// joinsNext reports whether a letter is written joined to the one behind it.
func joinsNext(letter rune) bool {
	switch letter {
	case 'ا', 'د', 'ذ', 'ر', 'ز', 'ژ', 'و':
		return false
	}
	return true
}
