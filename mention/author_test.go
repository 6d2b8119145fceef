package mention_test

import (
	"testing"

	"feryat/mention"
)

func TestKnown(t *testing.T) {
	for name, want := range map[string]bool{
		"ayse_34": true, "Misafir Sever": true, "user4711": true, "": false, "  ": false, "Guest": false, "Misafir": false, "کاربر مهمان": false, "A** K**": false, "a…n": false, "Anonim": false,
	} {
		if got := (mention.Author{Name: name}).Known(); got != want {
			t.Errorf("%q is known: %t", name, got)
		}
	}
	if !(mention.Author{ID: "4711", Name: "Guest"}).Known() {
		t.Error("a key of the source tells guests apart")
	}
}
