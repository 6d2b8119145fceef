package incident

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"time"

	"feryat/mention"
	"feryat/text"
)

// Member is one mention of an incident. It names its author by keyed hashes only.
type Member struct {
	Mention  mention.ID
	Cause    Cause
	Author   uint64    // hash of source and author
	Name     uint64    // hash of the name alone, for one who writes in many places; 0 where nobody is named
	At       time.Time // of writing, to the second
	Version  time.Time // when this revision was collected: the newest one counts
	Reach    int64     // followers or views, whichever is more
	Language string
	Source   string
	Text     text.Fingerprint
}

// NewMember makes a member of a stored row; ok is false where it is about no
// topic. Secret is the key of the hashes; who changes it splits authors.
func NewMember(secret []byte, row mention.Scored) (m Member, ok bool) {
	cause, ok := CauseOf(row)
	s := row.Mention
	m = Member{
		Mention: s.ID, Cause: cause, At: s.WrittenOrSeen(), Version: s.Collected, Reach: max(s.Author.Followers, s.Views, 0),
		Language: row.Verdict.Language, Source: s.Source, Text: text.NewFingerprint(s.Title + "\n" + s.Text),
	}
	m.Author, m.Name = author(secret, s)
	return m, ok
}

// author hashes who wrote s. Of several who are not named each is somebody else,
// until they write the same.
func author(secret []byte, s mention.Mention) (author, name uint64) {
	if !s.Author.Known() {
		return keyed(secret, "unnamed", string(s.ID)), 0
	}
	author = keyed(secret, "author", s.Source, s.Author.Key())
	if folded := text.Fold(s.Author.Name, ""); folded != "" {
		return author, keyed(secret, "name", folded)
	}
	return author, author
}

func (m Member) check() error {
	if m.Mention == "" || m.Cause.Brand == "" || m.Cause.Topic == "" || m.At.IsZero() {
		return fmt.Errorf("member of an incident: mention %q of brand %q needs an ID, a brand, a topic and a time", m.Mention, m.Cause.Brand)
	}
	return nil
}

// kept is what an incident keeps of a member.
type kept struct {
	Hash     uint64 // of the mention's ID
	Author   uint64
	Name     uint64
	At       int64 // Unix seconds
	Version  int64 // Unix microseconds
	Reach    int64
	Language string
	Source   string
	Text     text.Fingerprint
}

func keep(m Member) kept {
	return kept{
		Hash: hashed(m.Mention), Author: m.Author, Name: m.Name, At: m.At.Unix(), Version: m.Version.UnixMicro(), Reach: max(m.Reach, 0),
		Language: m.Language, Source: m.Source, Text: m.Text,
	}
}

func byHash(a, b kept) int { return cmp.Compare(a.Hash, b.Hash) }

// sameHand reports whether two members look like one person in two places: the
// same name, or none, and the same text.
func (k *kept) sameHand(other *kept) bool {
	return k.Name == other.Name && text.Near(k.Text, other.Text)
}

// repeats reports whether a person wrote both, and the same in both.
func (k *kept) repeats(other *kept) bool {
	return k.Hash != other.Hash && (k.Author == other.Author || k.Name == other.Name) && text.Near(k.Text, other.Text)
}

// copies reports whether two members have a text that people do not write
// independently of each other.
func (k *kept) copies(other *kept) bool {
	return !k.Text.Short() && text.Near(k.Text, other.Text)
}

func hashed(id mention.ID) uint64 { return sum(sha256.New(), "mention", string(id)) }

func keyed(secret []byte, parts ...string) uint64 { return sum(hmac.New(sha256.New, secret), parts...) }

func sum(h hash.Hash, parts ...string) uint64 {
	write(h, parts)
	return binary.BigEndian.Uint64(h.Sum(nil))
}

// key is 32 hex digits and follows from parts alone.
func key(parts ...string) string {
	h := sha256.New()
	write(h, parts)
	return hex.EncodeToString(h.Sum(nil))[:32]
}

func write(h hash.Hash, parts []string) {
	for _, p := range parts {
		_, _ = fmt.Fprintf(h, "%d:%s", len(p), p) // a hash never fails
	}
}
