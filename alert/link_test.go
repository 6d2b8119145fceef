package alert

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"feryat/alert/notify"
	"feryat/mention"
)

func TestASignedLinkAllowsOneThing(t *testing.T) {
	now := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	s := NewSigner([]byte("secret"), "https://feryat.example.com/", func() time.Time { return now })
	l := s.Links(mention.Escalation{ID: "e1"})
	u, err := url.Parse(l.Acknowledge)
	if err != nil || !strings.HasPrefix(l.Acknowledge, "https://feryat.example.com/e/e1?") || u.Query().Get("do") != "acknowledged" {
		t.Fatalf("%q, %v", l.Acknowledge, err)
	}
	token := u.Query().Get("t")
	other := NewSigner([]byte("another"), "https://feryat.example.com", func() time.Time { return now })
	for what, got := range map[string]bool{
		"another escalation": s.Allows("e2", "acknowledged", token), "another act": s.Allows("e1", "resolved", token),
		"nothing": s.Allows("e1", "acknowledged", ""), "rubbish": s.Allows("e1", "acknowledged", strings.Repeat("A", 32)),
		"another installation": other.Allows("e1", "acknowledged", token), "cut": s.Allows("e1", "acknowledged", token[:31]),
	} {
		if got {
			t.Errorf("%s is allowed", what)
		}
	}
	if !s.Allows("e1", "acknowledged", token) {
		t.Error("the link does not work")
	}
	if now = now.Add(linkFor); s.Allows("e1", "acknowledged", token) {
		t.Error("the link works for ever")
	}
	if none := NewSigner([]byte("secret"), "", time.Now).Links(mention.Escalation{ID: "e1"}); none != (notify.Links{}) {
		t.Errorf("links that lead nowhere: %+v", none)
	}
}

func FuzzAllows(f *testing.F) {
	s := NewSigner([]byte("secret"), "https://x.example", func() time.Time { return time.Unix(1e9, 0) })
	f.Add("e1", "acknowledged", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	f.Fuzz(func(t *testing.T, id, act, token string) {
		if s.Allows(id, act, token) {
			t.Errorf("%q allows %q about %q", token, act, id)
		}
	})
}
