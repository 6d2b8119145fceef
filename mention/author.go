package mention

import (
	"slices"
	"strings"
)

// Known reports whether the author's key can stand for one person: a source
// that masks names ("A** K**") or writes "guest" under all of them has given
// none, and two such complaints must not be taken for one customer's.
func (a Author) Known() bool {
	key := strings.TrimSpace(a.Key())
	return key != "" && !Nobody(key)
}

// Writer is an author on a source: the same key means somebody else on another.
type Writer struct {
	Source string
	Author string // as Author.Key gives it
}

// Known is Author.Known.
func (w Writer) Known() bool { return Author{ID: w.Author}.Known() }

// Writer is who wrote m.
func (m Mention) Writer() Writer { return Writer{m.Source, m.Author.Key()} }

// Nobody reports whether a name is masked, or one that sites show for all who
// have none. View v_authors_state asks the same in SQL, from the same lists, and a
// test holds the two together; so a name is folded in a way that both can do
// alike: ASCII to lower case, NobodyFold letter by letter, no spaces around.
func Nobody(name string) bool {
	if strings.ContainsAny(name, strings.Join(NobodyMasks(), "")) {
		return true
	}
	from, to := NobodyFold()
	letters, folds := []rune(from), []rune(to)
	folded := strings.Map(func(r rune) rune {
		if i := slices.Index(letters, r); i >= 0 {
			return folds[i]
		}
		if r >= 'A' && r <= 'Z' {
			return r - 'A' + 'a'
		}
		return r
	}, strings.Trim(name, " "))
	return slices.Contains(Nobodies(), folded)
}

// NobodyMasks are the signs by which sources mask names.
func NobodyMasks() []string { return []string{"*", "•", "…"} }

// NobodyFold gives letters, and for each the one that Nobody reads in its place.
func NobodyFold() (from, to string) {
	return "İıÇŞĞÖÜيك\u200c", "iiçşğöüیک "
}

// Nobodies are what shops and forums write where no name is shown, folded.
func Nobodies() []string {
	return []string{
		"anonymous", "anonym", "guest", "user", "visitor", "customer", "a customer", "amazon customer", "google user", "a google user", "deleted", "[deleted]",
		"anonim", "isimsiz", "misafir", "ziyaretçi", "ziyaretci", "müşteri", "musteri", "kullanici", "gizli kullanici",
		"ناشناس", "مهمان", "میهمان", "کاربر", "کاربر مهمان", "کاربر ناشناس", "بازدیدکننده", "خریدار", "مشتری", "بی نام", "کاربر دیجی کالا",
	}
}
