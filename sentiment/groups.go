package sentiment

import (
	"errors"
	"strings"
)

// maxGroup is how many entries one line may stand for: a guard against a slip.
const maxGroup = 6000

// spellOut returns the entries that an entry with groups stands for: "{box|bag}
// .. {torn|wet}" is four. One without is itself.
func spellOut(entry string) ([]string, error) {
	out := []string{""}
	for rest := entry; rest != ""; {
		before, group, found := strings.Cut(rest, "{")
		choices := []string{""}
		if rest = ""; found {
			inside, after, closed := strings.Cut(group, "}")
			if !closed || strings.Contains(before, "}") || strings.Contains(inside, "{") {
				return nil, errors.New("a group is {one|other}, without groups inside")
			}
			choices, rest = strings.Split(inside, "|"), after
		} else if strings.Contains(before, "}") {
			return nil, errors.New("a group begins with {")
		}
		if len(out)*len(choices) > maxGroup {
			return nil, errors.New("the groups stand for too many entries")
		}
		out = product(out, before, choices)
	}
	return out, nil
}

// product puts a text and each of the choices behind each of the heads.
func product(heads []string, between string, choices []string) []string {
	out := make([]string, 0, len(heads)*len(choices))
	for _, h := range heads {
		for _, c := range choices {
			out = append(out, h+between+c)
		}
	}
	return out
}

// spelledOut returns the records that a record with groups in its entry stands
// for, all with its line.
func (r record) spelledOut(column int) ([]record, error) {
	if column < 0 || !strings.ContainsAny(r.col(column), "{}") {
		return []record{r}, nil
	}
	entries, err := spellOut(r.col(column))
	if err != nil {
		return nil, r.errorf("entry %q: %v", r.col(column), err)
	}
	out := make([]record, len(entries))
	for i, e := range entries {
		out[i] = r
		out[i].cols = append([]string(nil), r.cols...)
		out[i].cols[column] = e
	}
	return out, nil
}
