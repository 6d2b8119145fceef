package text

import (
	"encoding/binary"
	"slices"
)

const (
	// sketchSize is how many features a Fingerprint keeps: all those of a text of
	// up to 16 words, an even sample of longer ones (Similarity is then off by
	// about 0.09).
	sketchSize = 32
	// Texts below minWords are copies only if they are equal.
	minWords = 5
	// Below fewWords a copy must be as like as nearFew: a greeting more, but no
	// word changed, for two customers with the same trouble write so.
	fewWords = 8
	nearFew  = 0.75
	// nearMany is less than what a changed word in eight leaves (0.66), and more
	// than what honest texts on the same matter share.
	nearMany = 0.55
)

// Fingerprint is what is kept of a text to know its edited copies again: a
// sketch of its words and pairs of neighbouring words in the loosest folded
// form, without addresses, @names, numbers, emoji and marks. It may be stored and
// does not give the text back. The zero value is that of a text without words,
// which is like nothing.
//
// It keeps the smallest hashes of the set (a bottom-k MinHash) and is no 64-bit
// simhash, because complaints are short: in ten words one changed word moves 14
// bits of a simhash, give or take 3, and an honest complaint with the same
// phrases is 20 to 26 away, while the smallest hashes of a short text are all
// there are: the comparison is exact.
type Fingerprint struct {
	Words int    `json:"w,omitempty"`
	Least []byte `json:"l,omitempty"` // rising 32-bit hashes, big-endian; of a short text one 64-bit hash of it all
}

// NewFingerprint takes the fingerprint of s, whatever its language. It is the
// same in all processes whose Fold and Tokens are the same.
func NewFingerprint(s string) Fingerprint {
	words, whole := nearWords(Fold(s, ""))
	f := Fingerprint{Words: len(words)}
	switch {
	case f.Words == 0:
	case f.Short():
		f.Least = binary.BigEndian.AppendUint64(nil, whole)
	default:
		f.Least = sketch(words)
	}
	return f
}

// Short reports whether the text has too few words to be told from what others
// write of the same matter: an equal one is then no sign of copying.
func (f Fingerprint) Short() bool { return f.Words < minWords }

// Near reports whether one text looks like an edited copy of the other.
func Near(a, b Fingerprint) bool {
	least := nearMany
	if min(a.Words, b.Words) < fewWords {
		least = nearFew
	}
	return Similarity(a, b) >= least
}

// Similarity is the share of the words and pairs of words of both texts that
// they have in common, 0 to 1. A short text is 1 or 0: equal or not.
func Similarity(a, b Fingerprint) float64 {
	if a.Words == 0 || b.Words == 0 || a.Short() != b.Short() {
		return 0
	}
	if a.Short() {
		if slices.Equal(a.Least, b.Least) {
			return 1
		}
		return 0
	}
	return jaccard(a.Least, b.Least)
}

// jaccard compares two sketches up to where both know all hashes of their text.
func jaccard(a, b []byte) float64 {
	common, all := 0, 0
	for last := min(lastOf(a), lastOf(b)); len(a) >= 4 || len(b) >= 4; all++ {
		x, y := firstOf(a), firstOf(b)
		if min(x, y) > last {
			break
		}
		if x == y {
			common++
		}
		if x <= y {
			a = a[4:]
		}
		if y <= x {
			b = b[4:]
		}
	}
	return float64(common) / float64(max(all, 1))
}

// none is beyond every hash.
const none = 1 << 32

func firstOf(sketch []byte) uint64 {
	if len(sketch) < 4 {
		return none
	}
	return uint64(binary.BigEndian.Uint32(sketch))
}

// lastOf is up to where a sketch has all hashes of its text.
func lastOf(sketch []byte) uint64 {
	if len(sketch) < 4*sketchSize {
		return none
	}
	return firstOf(sketch[4*(sketchSize-1):])
}

// sketch returns the smallest hashes of words and of pairs of neighbours. A pair
// knows its order, so that a text of the same words in disorder is less like.
func sketch(words []uint64) []byte {
	features := make([]uint32, 0, 2*len(words))
	for i, w := range words {
		features = append(features, mixed(w))
		if i > 0 {
			features = append(features, mixed(words[i-1]*31+w))
		}
	}
	slices.Sort(features)
	features = slices.Compact(features)
	var out []byte
	for _, f := range features[:min(len(features), sketchSize)] {
		out = binary.BigEndian.AppendUint32(out, f)
	}
	return out
}

// FNV-1a, 64 bits (draft-eastlake-fnv).
const (
	fnvBasis = 0xcbf29ce484222325
	fnvPrime = 0x100000001b3
)

func fnv(h uint64, s string) uint64 {
	for i := range len(s) {
		if c := s[i]; c != '\'' && c != '#' {
			h = (h ^ uint64(c)) * fnvPrime
		}
	}
	return h
}

// mixed spreads h evenly over 32 bits (the finalizer of MurmurHash3), or the
// smallest would be no even sample.
func mixed(h uint64) uint32 {
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return uint32(h >> 32)
}

// nearWords hashes the words of a folded text, and the whole as if it had no
// spaces. Persian prefixes and endings that some part with a space, some with a
// joiner and some not at all count as one word with theirs.
func nearWords(folded string) (words []uint64, whole uint64) {
	whole = fnvBasis
	glue := false
	for _, t := range Tokens(nil, folded) {
		if t.Kind != Word && t.Kind != Hashtag {
			continue
		}
		w := folded[t.Start:t.End]
		whole = fnv(whole, w)
		if last := len(words) - 1; last >= 0 && (glue || persianEnding(w)) {
			words[last] = fnv(words[last], w)
		} else {
			words = append(words, fnv(fnvBasis, w))
		}
		glue = w == "می" || w == "نمی"
	}
	return words, whole
}

// persianEnding reports whether a folded word is an ending that stands alone.
func persianEnding(w string) bool {
	switch w {
	case "ها", "های", "هایی", "هام", "هاش", "ام", "ای", "ایم", "اید", "اند", "تر", "ترین":
		return true
	}
	return false
}
