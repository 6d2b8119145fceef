package tr

import (
	"bytes"
	"unicode/utf8"

	"feryat/sentiment"
	"feryat/text"
)

const (
	maxWord   = 40 // bytes; longer ones are no words
	maxStems  = 3  // readings by stem
	maxBudget = 200
	minGuess  = 5 // letters of an unknown word whose negation is believed
	minStop   = 4 // letters of a stop word that no shorter stem hides in
)

// rules reads Turkish word forms.
type rules struct{ endings *chains }

// Read finds the stems of a word in the vocabulary, the longest first, by cutting
// endings off. A word without a known stem may still be seen to be negated.
func (r *rules) Read(dst []sentiment.Reading, word []byte, v *sentiment.Vocabulary) []sentiment.Reading {
	if i := bytes.IndexByte(word, '\''); i > 0 {
		word = word[:i] // what follows the apostrophe is an ending
		if id := v.ID(word); id != sentiment.NoWord {
			return append(dst, sentiment.Reading{Word: id})
		}
	}
	if len(word) > maxWord {
		return dst
	}
	var buf [maxWord]byte
	w := split(word, buf[:0])
	from := len(dst)
	if id := w.lookUp(w.letters, v); id != sentiment.NoWord && v.ID(word) == sentiment.NoWord {
		dst = append(dst, sentiment.Reading{Word: id})
	}
	for n := w.letters - 1; n >= 2 && len(dst)-from < maxStems; n-- {
		dst = r.readStem(dst, &w, n, v)
		if n >= minStop && len(dst) > from && v.IsStop(dst[len(dst)-1].Word) {
			break // "zamanında" is zaman, and not zam as well
		}
	}
	if len(dst) == from && r.soundsNegated(w.plain) {
		dst = append(dst, sentiment.Reading{Word: sentiment.NoWord, Negated: true})
	}
	return dst
}

// readStem adds the reading whose stem is the first n letters of w.
func (r *rules) readStem(dst []sentiment.Reading, w *spelling, n int, v *sentiment.Vocabulary) []sentiment.Reading {
	id := w.stem(n, v)
	if id == sentiment.NoWord {
		return dst
	}
	rest := w.plain[n:]
	budget := maxBudget
	how := r.endings.read(rest, w.plain[n-1], verb, false, &budget)
	if n > 2 {
		how |= r.endings.read(rest, w.plain[n-1], noun, false, &budget)
	}
	if how == 0 {
		return dst
	}
	read := sentiment.Reading{Word: id, Negated: how == negated, Wished: wishes(rest)}
	if how == plain|negated {
		read.Negated = refuses(rest)
	}
	read.Without = read.Negated && (bytes.HasPrefix(rest, []byte("siz")) || bytes.HasPrefix(rest, []byte("suz")))
	return append(dst, read)
}

// wishes reports whether endings are those of what is asked for: "çözülmesini". Of
// what the labelled texts say so, 228 of 229 are unhappy; "-meli" and "-sin" are not
// among them, for films "izlenmeli" and customers "yaşasın".
func wishes(rest []byte) bool {
	for _, s := range []string{"masini", "mesini", "malarini", "melerini"} {
		if bytes.HasSuffix(rest, []byte(s)) {
			return true
		}
	}
	return false
}

// refuses decides endings that can be an infinitive or a negation: "almam" and
// "almadan" are mostly said in the sense of not buying, "alma" and "alması" in
// that of buying.
func refuses(rest []byte) bool {
	for _, s := range []string{"mam", "mem", "madan", "meden"} {
		if bytes.HasSuffix(rest, []byte(s)) {
			return true
		}
	}
	return false
}

// soundsNegated reports whether an unknown word ends in a chain that can only be
// that of a negated verb.
func (r *rules) soundsNegated(plainWord []byte) bool {
	if len(plainWord) < minGuess {
		return false
	}
	for i := 2; i < len(plainWord)-2; i++ {
		if plainWord[i] != 'm' {
			continue
		}
		budget := maxBudget
		if r.endings.read(plainWord[i:], plainWord[i-1], verb, false, &budget) == negated {
			return true
		}
	}
	return false
}

// spelling is a word as written and as typed without Turkish letters; letter n
// of the second begins at byte at[n] of the first.
type spelling struct {
	word    []byte
	plain   []byte
	at      [maxWord + 1]uint8
	sums    [maxWord + 1]sentiment.Sum // of the first n plain letters
	letters int
}

func split(word, buf []byte) spelling {
	w := spelling{word: word, plain: text.AppendSkeleton(buf, word)}
	for i := 0; i < len(word); w.letters++ {
		w.at[w.letters] = uint8(i)
		_, size := utf8.DecodeRune(word[i:])
		i += size
	}
	w.at[w.letters] = uint8(len(word))
	if len(w.plain) != w.letters { // letters of other scripts: nothing to strip
		w.letters = 0
	}
	for n := range w.letters {
		w.sums[n+1] = w.sums[n].Add(w.plain[n])
	}
	return w
}

// lookUp finds the first n letters in the vocabulary: as written, as a word typed
// without Turkish letters, or as one typed with I for i.
func (w *spelling) lookUp(n int, v *sentiment.Vocabulary) sentiment.WordID {
	if !v.MaySpell(w.sums[n]) {
		return sentiment.NoWord
	}
	exact := w.word[:w.at[n]]
	if id := v.ID(exact); id != sentiment.NoWord {
		return id
	}
	if id := v.Plain(w.plain[:n], exact); id != sentiment.NoWord {
		return id
	}
	// "adı" (its name) is no way to type "adi" (mean); "IYI" and "IADE" are.
	if (n > 3 || bytes.HasPrefix(exact, []byte("ı"))) && bytes.Contains(exact, []byte("ı")) {
		var buf [maxWord]byte
		return v.ID(dotted(buf[:0], exact))
	}
	return sentiment.NoWord
}

// dotted appends a word with i for every ı: what "IADE" becomes when it was typed
// on an English keyboard.
func dotted(dst, word []byte) []byte {
	for i := 0; i < len(word); i++ {
		if bytes.HasPrefix(word[i:], []byte("ı")) {
			dst = append(dst, 'i')
			i++
			continue
		}
		dst = append(dst, word[i])
	}
	return dst
}

// stem finds the stem of n letters, also where its last sound has changed before
// the ending: bekle → bekliyor, et → eder, eksik → eksiği, hak → hakkı.
func (w *spelling) stem(n int, v *sentiment.Vocabulary) sentiment.WordID {
	if id := w.lookUp(n, v); id != sentiment.NoWord {
		return id
	}
	rest := w.plain[n:]
	last := w.plain[n-1]
	if len(rest) >= 4 && string(rest[1:4]) == "yor" && vowel(rest[0]) {
		for _, c := range []byte("ea") {
			if id := w.with(n, c, v); id != sentiment.NoWord {
				return id
			}
		}
	}
	if len(rest) == 0 || !vowel(rest[0]) {
		return sentiment.NoWord
	}
	if hard := hardened(last); hard != 0 {
		return w.with(n-1, hard, v)
	}
	if n >= 3 && last == w.plain[n-2] && !vowel(last) {
		return w.lookUp(n-1, v)
	}
	return sentiment.NoWord
}

// with looks up the first n letters and one letter more.
func (w *spelling) with(n int, letter byte, v *sentiment.Vocabulary) sentiment.WordID {
	if !v.MaySpell(w.sums[n].Add(letter | 0x20)) {
		return sentiment.NoWord
	}
	var buf [maxWord + 2]byte
	exact := append(buf[:0], w.word[:w.at[n]]...)
	if letter == 'C' {
		exact = append(exact, "ç"...)
	} else {
		exact = append(exact, letter)
	}
	if id := v.ID(exact); id != sentiment.NoWord {
		return id
	}
	var plainBuf [maxWord + 2]byte
	plain := append(append(plainBuf[:0], w.plain[:n]...), letter|0x20)
	return v.Plain(plain, exact)
}

// hardened returns the sound that a softened one is at the end of a word; C
// stands for ç.
func hardened(c byte) byte {
	switch c {
	case 'g':
		return 'k'
	case 'b':
		return 'p'
	case 'd':
		return 't'
	case 'c':
		return 'C'
	}
	return 0
}

func vowel(c byte) bool {
	switch c {
	case 'a', 'e', 'i', 'o', 'u':
		return true
	}
	return false
}
