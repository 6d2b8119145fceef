package tr

import "strings"

// state is a place in the chain of Turkish endings.
type state uint8

const (
	noun    state = iota // a noun stem, or a verb made into one
	plural               // after -ler
	owned                // after a possessive
	cased                // after a case
	verb                 // a verb stem
	able                 // after -ebil
	refused              // after -me: negated
	tensed               // after a tense
	copula               // after the "to be" of nouns and tenses
	end                  // nothing may follow
	nStates              //
)

// final reports whether a word may end here.
func (s state) final() bool { return s != able && s != refused }

// ending is one morpheme, without Turkish letters, and the state it leads to.
type ending struct {
	text   string
	to     state
	negate bool
	behind sound // that must stand before it
}

// sound is a kind of letter.
type sound uint8

const (
	anySound sound = iota
	aVowel
	aConsonant
)

// fits reports whether an ending may follow the letter last.
func (e *ending) fits(last byte) bool {
	switch e.behind {
	case aVowel:
		return vowel(last)
	case aConsonant:
		return !vowel(last)
	}
	return true
}

// newEnding reads an ending of the lists below. One that begins with a vowel
// follows a consonant; "+" marks those that follow a vowel, "-" those that
// follow a consonant though they begin with one.
func newEnding(s string, to state, negate bool) ending {
	e := ending{text: strings.TrimLeft(s, "+-"), to: to, negate: negate}
	switch {
	case s[0] == '+', s[0] == 'y' && len(s) > 2:
		e.behind = aVowel
	case s[0] == '-', vowel(s[0]):
		e.behind = aConsonant
	}
	return e
}

// endings lists the morphemes that may follow in each state. Vowel harmony is
// not checked: the stem must be a known word, which is check enough, and people
// who type without Turkish letters break it anyway.
func endings() [nStates][]ending {
	var out [nStates][]ending
	add := func(to state, words string, negate bool, from []state) {
		for _, w := range strings.Fields(words) {
			for _, f := range from {
				out[f] = append(out[f], newEnding(w, to, negate))
			}
		}
	}
	put := func(to state, words string, from ...state) { add(to, words, false, from) }
	no := func(to state, words string, from ...state) { add(to, words, true, from) }
	// Nouns: derivation, number, owner, case, "to be".
	put(noun, "li lu lik luk lig lug ci cu cik cuk cig ca ce", noun)
	no(noun, "siz suz", noun)
	put(plural, "lar ler", noun)
	put(owned, "+m im um +n in un i u +si +su +miz imiz umuz +muz +niz iniz unuz +nuz lari leri", noun, plural)
	put(cased, "i u yi yu a e ya ye da de ta te dan den tan ten in un +nin +nun la le yla yle", noun, plural)
	put(cased, "i u +ni +nu a e +na +ne da de +nda +nde dan den +ndan +nden in un +nin +nun la le yla yle", owned)
	put(noun, "ki", cased)
	put(copula, "dir dur tir tur -di -du -ti -tu ydi ydu -mis -mus ymis ymus -sa -se ysa yse yim yum im um sin sun siniz sunuz iz uz yiz yuz -ken yken",
		noun, plural, owned, cased)
	put(copula, "lar ler", cased, owned)
	// Verbs: voice, ability, negation.
	put(verb, "il ul +n in un +l is us dir dur tir tur t ir ur ar er", verb)
	put(able, "abil ebil yabil yebil", verb)
	no(refused, "ama eme yama yeme ma me", verb)
	no(tensed, "miyor muyor amiyor emiyor yamiyor yemiyor miyo muyo amiyo emiyo", verb)
	// Tenses.
	put(tensed, "iyor uyor +yor iyo uyo +yo di du ti tu mis mus acak ecek yacak yecek acag eceg yacag yeceg icek icak cak cek icam icem ir ur ar er +r meli mali sa se sin sun",
		verb, able)
	put(tensed, "di du mis mus yacak yecek yacag yeceg z meli mali sa se sin sun", refused)
	put(end, "in un iniz unuz yin yun yiniz yunuz a e ya ye ayim eyim alim elim yalim yelim", verb)
	put(end, "m yiz yin yiniz yayim yeyim yalim yelim sinlar sinler", refused)
	put(copula, "m im um n sin sun k iz uz niz nuz siniz sunuz lar ler dir dur tir tur", tensed)
	put(tensed, "-di -du -ti -tu ydi ydu -mis -mus ymis ymus -sa -se ysa yse", tensed)
	put(copula, "m im um n sin sun k iz uz niz nuz siniz sunuz lar ler -di -du -ti -tu -mis -mus ydi -sa -se dir tir", copula)
	// Verbs made into nouns, adjectives and adverbs.
	put(noun, "mak mek mag meg ma me an en yan yen dik duk tik tuk dig dug tig tug acak ecek yacak yecek acag eceg yacag yeceg is us yis yus ici ucu yici yucu", verb, able)
	put(noun, "mak mek mag meg ma me yan yen dik duk dig dug yacak yecek yacag yeceg yis", refused)
	put(end, "ip up yip yup arak erek yarak yerek inca ince unca unce yinca yince yunca yunce ken irken arken erken urken ali eli yali yeli dikca dikce dukca dukce tikca tikce", verb, able)
	put(end, "yip yarak yerek yinca yince dan den zken dikca dikce", refused)
	return out
}

// chains answers whether a string is a chain of endings.
type chains [nStates][26][]ending

func newChains() *chains {
	var c chains
	for s, list := range endings() {
		for _, e := range list {
			first := e.text[0] - 'a'
			c[s][first] = append(c[s][first], e)
		}
	}
	return &c
}

// reading says how a chain can be understood: without or with a negation.
type reading uint8

const (
	plain   reading = 1
	negated reading = 2
)

// read returns how s, the rest of a word behind the letter last, can be understood
// when it begins in the given state. budget bounds the work on made-up words.
func (c *chains) read(s []byte, last byte, from state, isNegated bool, budget *int) reading {
	if len(s) == 0 {
		switch {
		case !from.final():
			return 0
		case isNegated:
			return negated
		}
		return plain
	}
	*budget--
	if *budget < 0 || s[0] < 'a' || s[0] > 'z' {
		return 0
	}
	var out reading
	for i := range c[from][s[0]-'a'] {
		e := &c[from][s[0]-'a'][i]
		if len(e.text) <= len(s) && e.fits(last) && string(s[:len(e.text)]) == e.text {
			out |= c.read(s[len(e.text):], s[len(e.text)-1], e.to, isNegated != e.negate, budget)
			if out == plain|negated {
				break
			}
		}
	}
	return out
}
