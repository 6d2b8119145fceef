package mention

import "strings"

// Known reports whether the author's key can stand for one person: a source
// that masks names ("A** K**") or writes "guest" under all of them has given
// none, and two such complaints must not be taken for one customer's.
func (a Author) Known() bool {
	key := strings.ToLower(strings.TrimSpace(a.Key()))
	if key == "" || strings.ContainsAny(key, "*•…") {
		return false
	}
	for _, nobody := range nobodies() {
		if key == nobody {
			return false
		}
	}
	return true
}

// nobodies are what shops and forums write where no name is shown, lower case.
func nobodies() []string {
	return []string{
		"anonymous", "anonym", "guest", "user", "customer", "a customer", "amazon customer", "google user", "a google user", "deleted", "[deleted]",
		"anonim", "isimsiz", "misafir", "ziyaretçi", "ziyaretci", "müşteri", "musteri", "kullanıcı", "kullanici", "gizli kullanıcı",
		"ناشناس", "مهمان", "کاربر", "کاربر مهمان", "کاربر ناشناس", "خریدار", "مشتری", "بی‌نام", "بی نام", "کاربر دیجی‌کالا", "کاربر دیجی کالا",
	}
}
