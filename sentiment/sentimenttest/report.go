package sentimenttest

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"feryat/mention"
)

// rate counts how many of all were right.
type rate struct{ right, all int }

func (r *rate) add(right bool) {
	r.all++
	if right {
		r.right++
	}
}

func (r *rate) share() float64 { return float64(r.right) / float64(max(1, r.all)) }

func (r *rate) String() string { return fmt.Sprintf("%.3f (%d of %d)", r.share(), r.right, r.all) }

// report sums up how gold cases came out.
type report struct {
	columns, notes map[string]*rate // by column, by phenomenon
	moods          map[[2]mention.Mood]int
	codes          map[[2]string]*confusion // by column and code
}

// confusion counts how often a code was wanted and given, wanted alone, and given
// where none was allowed.
type confusion struct{ found, missed, extra int }

func newReport() *report {
	return &report{columns: map[string]*rate{}, notes: map[string]*rate{}, moods: map[[2]mention.Mood]int{}, codes: map[[2]string]*confusion{}}
}

// judge compares a verdict with a case and returns the columns that are wrong.
func (r *report) judge(c gold, v mention.Verdict, language string) (wrong []string) {
	add := func(column string, right bool) {
		at(r.columns, column).add(right)
		if !right {
			wrong = append(wrong, column)
		}
	}
	at(r.columns, "language").add(v.Language == language) // emoji alone are in none: no fault of the case
	for _, column := range judgedColumns() {
		if c[column] != "" {
			add(column, r.right(column, c, &v))
		}
	}
	at(r.notes, cmp.Or(c["note"], "(none)")).add(len(wrong) == 0)
	return wrong
}

// right reports whether a verdict is what a case wants in a column.
func (r *report) right(column string, c gold, v *mention.Verdict) bool {
	switch column {
	case "mood":
		return r.rightMood(list(c[column], "|"), v.Mood)
	case "switch":
		return strings.EqualFold(c[column], given(column, v))
	case "evidence":
		return hasEvidence(c["text"], list(c[column], " | "), v.Reasons)
	}
	return r.rightCodes(column, list(c[column], ","), codesGiven(column, v))
}

func (r *report) rightMood(wanted []string, got mention.Mood) bool {
	want, right := mention.Mood(wanted[0]), slices.Contains(wanted, string(got))
	if right {
		want = got
	}
	r.moods[[2]mention.Mood{want, got}]++
	return right
}

// rightCodes reports whether got has all of want, or nothing where want is "-".
func (r *report) rightCodes(column string, want, got []string) bool {
	right := true
	if want[0] == "-" {
		for _, code := range got {
			at(r.codes, [2]string{column, code}).extra++
		}
		return len(got) == 0
	}
	for _, code := range want {
		n := at(r.codes, [2]string{column, code})
		if slices.Contains(got, code) {
			n.found++
		} else {
			n.missed++
			right = false
		}
	}
	return right
}

func codesGiven(column string, v *mention.Verdict) []string {
	switch column {
	case "topics":
		return v.Topics
	case "praise":
		return v.Praise
	case "signals":
		return v.Signals
	case "customer":
		return v.Customer
	}
	return v.Blamed
}

// given is what a verdict says in a column, as a case would write it.
func given(column string, v *mention.Verdict) string {
	switch column {
	case "mood":
		return string(v.Mood)
	case "switch":
		if v.Switches == nil {
			return "-"
		}
		return v.Switches.From + ">" + v.Switches.To
	case "evidence":
		var out []string
		for _, reason := range v.Reasons {
			out = append(out, reason.Text)
		}
		return strings.Join(out, " | ")
	}
	return cmp.Or(strings.Join(codesGiven(column, v), ","), "-")
}

// hasEvidence reports whether each piece of the text is overlapped by the span of
// a reason, wherever in the text the piece stands.
func hasEvidence(text string, pieces []string, reasons []mention.Reason) bool {
	for _, piece := range pieces {
		start := strings.Index(text, piece)
		end := start + len(piece)
		if !slices.ContainsFunc(reasons, func(r mention.Reason) bool { return r.Start < end && start < r.End }) {
			return false
		}
	}
	return true
}

func explainWrong(c gold, v *mention.Verdict, wrong []string) string {
	var b strings.Builder
	for _, column := range wrong {
		fmt.Fprintf(&b, "\t%s %s, want %s;", column, given(column, v), c[column])
	}
	fmt.Fprintf(&b, " raw %.2f", v.Raw)
	return b.String()
}

func at[K comparable, V any](m map[K]*V, key K) *V {
	if m[key] == nil {
		m[key] = new(V)
	}
	return m[key]
}

// String prints the shares by column and phenomenon, and who was taken for whom.
func (r *report) String() string {
	var b strings.Builder
	for _, column := range append([]string{"language"}, judgedColumns()...) {
		if n := r.columns[column]; n != nil {
			fmt.Fprintf(&b, "%-10s %s\n", column, n)
		}
	}
	fmt.Fprintf(&b, "\n%-28s right/all\n", "phenomenon")
	for _, note := range slices.Sorted(maps.Keys(r.notes)) {
		fmt.Fprintf(&b, "%-28s %d/%d\n", note, r.notes[note].right, r.notes[note].all)
	}
	b.WriteString("\n" + moodTable(r.moods) + "\n\n" + codeTable(r.codes))
	return b.String()
}

// moodTable prints a row a wanted mood, a column a given one.
func moodTable(moods map[[2]mention.Mood]int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-14s", "want \\ got")
	for _, m := range mention.Moods() {
		fmt.Fprintf(&b, "%13s", m)
	}
	for _, want := range mention.Moods() {
		fmt.Fprintf(&b, "\n%-14s", want)
		for _, got := range mention.Moods() {
			fmt.Fprintf(&b, "%13d", moods[[2]mention.Mood{want, got}])
		}
	}
	return b.String()
}

// codeTable prints for each code how often it was found, missed, and given where
// the case allows none.
func codeTable(codes map[[2]string]*confusion) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-34s%8s%8s%8s\n", "code", "found", "missed", "extra")
	byName := func(a, b [2]string) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) }
	for _, key := range slices.SortedFunc(maps.Keys(codes), byName) {
		n := codes[key]
		fmt.Fprintf(&b, "%-34s%8d%8d%8d\n", key[0]+" "+key[1], n.found, n.missed, n.extra)
	}
	return b.String()
}
