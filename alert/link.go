package alert

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"net/url"
	"strings"
	"time"

	"feryat/alert/notify"
	"feryat/mention"
)

// linkFor is how long a signed link in a message works.
const linkFor = 7 * 24 * time.Hour

// Signer makes links that let whoever has the message do one thing about one
// escalation, without a login.
type Signer struct {
	key  []byte
	base string
	now  func() time.Time
}

// NewSigner signs with a key that follows from the installation's secret; base
// is the address under which people reach the page, empty for none.
func NewSigner(secret []byte, base string, now func() time.Time) *Signer {
	m := hmac.New(sha256.New, secret)
	m.Write([]byte("signed links"))
	return &Signer{key: m.Sum(nil), base: strings.TrimSuffix(base, "/"), now: now}
}

// Links are those of a message about e; all empty without an address.
func (s *Signer) Links(e mention.Escalation) notify.Links {
	if s.base == "" {
		return notify.Links{}
	}
	page := s.base + "/e/" + url.PathEscape(e.ID)
	until := s.now().Add(linkFor)
	return notify.Links{
		Page:        page,
		Acknowledge: page + "?do=acknowledged&t=" + s.sign(e.ID, "acknowledged", until),
		FalseAlarm:  page + "?do=false_alarm&t=" + s.sign(e.ID, "false_alarm", until),
	}
}

// sign is 8 bytes of time and 16 of HMAC-SHA256 over escalation, act and time,
// in base64url: 32 letters.
func (s *Signer) sign(id, act string, until time.Time) string {
	var out [24]byte
	binary.BigEndian.PutUint64(out[:8], uint64(until.Unix()))
	m := hmac.New(sha256.New, s.key)
	m.Write(out[:8])
	m.Write([]byte(key(id, act)))
	copy(out[8:], m.Sum(nil))
	return base64.RawURLEncoding.EncodeToString(out[:])
}

// Allows reports whether token lets its bearer do act about the escalation now.
func (s *Signer) Allows(id, act, token string) bool {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) != 24 {
		return false
	}
	until := time.Unix(int64(binary.BigEndian.Uint64(raw[:8])), 0)
	return s.now().Before(until) && until.Sub(s.now()) <= linkFor && hmac.Equal([]byte(token), []byte(s.sign(id, act, until)))
}
