package mention

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"strconv"
)

// ID names one mention for ever: 32 hex digits. Sixty-four-bit numbers would
// break in JavaScript, and a source's own key is unique only within the source.
type ID string

// Revision names what a mention said at one time: 16 hex digits.
type Revision string

// NewID derives the ID of a mention from its source kind ("site"), the site's
// key (usually the host) and the source's own key of the text.
func NewID(kind, site, key string) ID {
	return ID(digest(kind, site, key)[:32])
}

// NewWeakID derives an ID where the site has no key of its own: from the
// canonical page URL, the author, the time as shown (empty when relative, for
// "3 hours ago" changes at every visit) and the text. An edit of such a text is
// a new mention. Position and page number take no part: both move.
func NewWeakID(kind, pageURL, author, shown, text string) ID {
	return ID(digest("weak", kind, pageURL, author, shown, text)[:32])
}

// Revise returns m with its Revision set from text, title, rating and gone, the
// fields whose change is news. Likes and times move without anything being said.
func (m Mention) Revise() Mention {
	rating := ""
	if r := m.Rating; r != nil {
		rating = number(r.Value) + "/" + number(r.Worst) + "/" + number(r.Best)
	}
	m.Revision = Revision(digest(m.Text, m.Title, rating, strconv.FormatBool(m.Gone))[:16])
	return m
}

func number(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }

// digest hashes length-prefixed parts, so that ("ab","c") and ("a","bc") differ.
func digest(parts ...string) string {
	h := sha256.New()
	var n [8]byte
	for _, p := range parts {
		binary.BigEndian.PutUint64(n[:], uint64(len(p)))
		h.Write(n[:])
		h.Write([]byte(p))
	}
	return hex.EncodeToString(h.Sum(nil))
}
