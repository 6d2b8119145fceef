package mention_test

import (
	"testing"
	"time"

	"feryat/mention"
)

func TestKnown(t *testing.T) {
	for name, want := range map[string]bool{
		"ayse_34": true, "Misafir Sever": true, "user4711": true, "": false, "  ": false, "Guest": false, "Misafir": false, "کاربر مهمان": false, "A** K**": false, "a…n": false, "Anonim": false,
		"MİSAFİR": false, "MISAFIR": false, "Gizli Kullanıcı": false, "GİZLİ KULLANICI": false, "ZİYARETÇİ": false, "Müşteri": false, "misafirim": true,
		"\tGuest": false, "guest 7": true, "Visitor": false, "كاربر": false, "بی‌نام": false, "بي نام": false, "کاربر دیجی‌کالا": false, "مهمانی": true,
	} {
		if got := (mention.Author{Name: name}).Known(); got != want {
			t.Errorf("%q is known: %t", name, got)
		}
	}
	if !(mention.Author{ID: "4711", Name: "Guest"}).Known() {
		t.Error("a key of the source tells guests apart")
	}
}

// Each name on the list is found as it stands there, once.
func TestNobodies(t *testing.T) {
	seen := map[string]bool{}
	for _, name := range mention.Nobodies() {
		if !mention.Nobody(name) || !mention.Nobody(" "+name) || seen[name] {
			t.Errorf("%q is there twice, or is not folded", name)
		}
		seen[name] = true
	}
	if from, to := mention.NobodyFold(); len([]rune(from)) != len([]rune(to)) {
		t.Errorf("%q and %q are not of one length", from, to)
	}
}

func TestWrittenOrSeen(t *testing.T) {
	written, seen, collected := time.Unix(1, 0), time.Unix(2, 0), time.Unix(3, 0)
	for precision, want := range map[mention.Precision]time.Time{mention.PrecisionSecond: written, mention.PrecisionHour: written, mention.PrecisionDay: seen, mention.PrecisionUnknown: seen} {
		m := mention.Mention{Written: mention.Written{Time: written, Precision: precision}, SeenFirst: seen, Collected: collected}
		if got := m.WrittenOrSeen(); !got.Equal(want) {
			t.Errorf("%s: %v, want %v", precision, got, want)
		}
	}
	if got := (mention.Mention{Collected: collected}).WrittenOrSeen(); !got.Equal(collected) {
		t.Errorf("nothing known: %v", got)
	}
}
