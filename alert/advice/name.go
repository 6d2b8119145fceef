package advice

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"feryat/text"
)

// How long, in characters, what others wrote may be to stand in a draft.
const (
	maxName    = 40
	maxProduct = 60
	maxBrand   = 40
)

// plain is a foreign name as it may stand in one line of a draft, "" if it may
// not: control, direction and other invisible characters go, white space becomes
// one space; a name that is too long or holds an address or a placeholder is
// left out. The joiner of Persian stays between letters.
func plain(name string, most int) string {
	if len(name) > 4*1024 {
		return ""
	}
	name = strings.Join(strings.Fields(strings.Map(printable, strings.ToValidUTF8(name, ""))), " ")
	name = strings.Trim(name, "\u200c ")
	if utf8.RuneCountInString(name) > most || strings.ContainsAny(name, "{}<>@|\\") || leads(name) {
		return ""
	}
	if !strings.ContainsFunc(name, unicode.IsLetter) {
		return ""
	}
	return name
}

func printable(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case r == '\u200c' || unicode.IsPrint(r) && r != unicode.ReplacementChar:
		return r
	}
	return -1
}

// leads tells whether a name leads somewhere: such are advertisements.
func leads(name string) bool {
	low := strings.ToLower(name)
	return strings.Contains(low, "//") || strings.Contains(low, "www.") || strings.Contains(low, "http") ||
		slices.ContainsFunc(text.Tokens(nil, low), func(t text.Token) bool { return t.Kind == text.URL || t.Kind == text.Handle })
}

// person is the shown name of an author if it looks like a person's in the
// language's letters: two to four words, each of letters with a capital first,
// none of which says what he is; else "". A wrong name is worse than none.
func person(name, lang, brand string) string {
	name = plain(name, maxName)
	words := strings.Fields(name)
	if len(words) < 2 || len(words) > 4 || strings.EqualFold(name, brand) {
		return ""
	}
	for _, word := range words {
		if !proper(word, lang) || slices.Contains(noNames(), text.Fold(word, "")) || strings.EqualFold(word, brand) {
			return ""
		}
	}
	return name
}

// proper tells whether a word is written as a name is.
func proper(word, lang string) bool {
	letters, capitals := 0, 0
	for i, r := range word {
		joins := i > 0 && (r == '-' || r == '\'' || r == '’' || r == '\u200c')
		if joins {
			continue
		}
		if lang == "fa" && !unicode.Is(unicode.Arabic, r) || lang != "fa" && !unicode.Is(unicode.Latin, r) || !unicode.IsLetter(r) {
			return false
		}
		if letters++; unicode.IsUpper(r) {
			capitals++
		}
	}
	last, _ := utf8.DecodeLastRuneInString(word)
	first, _ := utf8.DecodeRuneInString(word)
	if letters < 2 || !unicode.IsLetter(last) {
		return false
	}
	return lang == "fa" || unicode.IsUpper(first) && capitals <= 2 && capitals < letters
}

// noNames are words, folded, of which people make names that are none.
func noNames() []string {
	return []string{
		"musteri", "kullanici", "uye", "misafir", "anonim", "isimsiz", "gizli", "magdur", "mutsuz", "kizgin", "ofkeli", "tuketici", "alici", "satici",
		"magaza", "resmi", "destek", "yorumcu", "gercek", "sikayetci", "bir", "bay", "bayan", "hanim", "bey", "dr", "sirket", "ltd", "sti", "kedi",
		"مشتری", "کاربر", "ناشناس", "مهمان", "خریدار", "فروشنده", "فروشگاه", "شرکت", "ناراضی", "عصبانی", "راضی", "شاکی", "یک", "بی", "نام", "بدون", "پشتیبانی",
		"اقای", "خانم", "دکتر", "مهندس", "شهروند", "مصرف", "کننده", "مصرفکننده", "عضو",
		"customer", "user", "guest", "anonymous", "anon", "member", "buyer", "seller", "shopper", "client", "consumer", "unhappy", "angry", "happy",
		"disappointed", "support", "official", "admin", "google", "amazon", "facebook", "the", "a", "an", "of", "not", "mr", "mrs", "ms", "verified", "no", "name",
		"former", "ex", "never", "again", "shop", "store", "ltd", "inc", "company", "deleted", "account", "reviewer", "local", "guide", "real", "very",
	}
}
