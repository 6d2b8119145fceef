package sentiment

import (
	"slices"
	"strings"
)

// role is what a word says of the brands named beside it.
type role uint8

const (
	noRole      role = iota
	moveVerb         // goes from a brand to another: "switched", "geçtim"
	leaveVerb        // leaves a brand: "bıraktım"
	joinVerb         // goes to a brand, where another is left in the same text: "now use", "üye oldum"
	fromSign         // stands before the brand that is left: "from", «از»
	toSign           // stands before the brand that is gone to: "to", «سراغ»
	thanSign         // stands before the brand that is compared with: "than"
	compareSign      // stands behind a brand in the case of fromSign that is compared with: "daha", «بهتر»
	andSign          // joins two names or two halves of a clause
)

// roleKinds lists the kinds of switches.tsv in the order of the constants.
func roleKinds() []string {
	return []string{"move", "leave", "join", "from", "to", "than", "compare", "and"}
}

// ending is an inflection of a name that shows its role: "-dan", "-a".
type ending struct {
	letters string
	role    role
}

// isEnding reports whether an entry of switches.tsv is one.
func isEnding(entry string) bool { return len(entry) > 1 && entry[0] == '-' }

func (x *lexicon) loadRole(r record) error {
	if err := oneOf(r, 1, roleKinds()...); err != nil {
		return err
	}
	kind := role(slices.Index(roleKinds(), r.col(1)) + 1)
	if letters, ok := strings.CutPrefix(r.col(0), "-"); ok && letters != "" {
		x.endings = append(x.endings, ending{letters, kind})
		return nil
	}
	x.at(r.col(0)).role = kind
	return nil
}
