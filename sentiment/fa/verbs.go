package fa

import (
	"io/fs"
	"strings"

	"feryat/sentiment"
)

// form is what a verb form says: which verb, and whether it says no.
type form struct {
	infinitive string
	negated    bool
}

// Endings of verb forms, written together with the stem as folding leaves them.
const (
	pastEndings     = "- م ی یم ید ین ند ن"
	presentEndings  = "م ی د یم ید ین ند ن ه یی یید ییم یند یه یاد"
	perfectEndings  = "ه هام های هایم هاید هاند م یم ین ن هاست هبود هبودم هبودند هشد هشده هاش"
	aorVowelEndings = "د م ن ی یم ید ین یم یند ید"
)

// conjugate makes the forms of all verbs in verbs.tsv.
func conjugate(data fs.FS) (map[string]form, error) {
	rows, err := sentiment.ReadTable(data, "verbs.tsv")
	if err != nil {
		return nil, err
	}
	out := map[string]form{}
	for _, row := range rows {
		for _, stem := range strings.Fields(row[1]) {
			past(out, row[0], stem)
		}
		if len(row) > 2 {
			for _, stem := range strings.Fields(row[2]) {
				present(out, row[0], stem)
			}
		}
	}
	return out, nil
}

// put adds a form and its negation; forms of an earlier verb stay.
func put(out map[string]form, infinitive, word string, negated bool) {
	if _, taken := out[word]; !taken {
		out[word] = form{infinitive, negated}
	}
}

// refuse returns the ways in which ن is set before a stem: «نرفت»، «نیامد»، «نیفتاد».
func refuse(stem string) []string {
	if rest, ok := strings.CutPrefix(stem, "ا"); ok {
		return []string{"نی" + stem, "نی" + rest, "ن" + stem}
	}
	return []string{"ن" + stem}
}

func past(out map[string]form, verb, stem string) {
	for _, e := range strings.Fields(pastEndings) {
		e = strings.TrimPrefix(e, "-")
		put(out, verb, stem+e, false)
		put(out, verb, "می"+stem+e, false)
		put(out, verb, "نمی"+stem+e, true)
		for _, no := range refuse(stem) {
			put(out, verb, no+e, true)
		}
	}
	for _, e := range strings.Fields(perfectEndings) {
		put(out, verb, stem+e, false)
		for _, no := range refuse(stem) {
			put(out, verb, no+e, true)
		}
	}
	put(out, verb, stem+"ن", false)
	for _, no := range refuse(stem) {
		put(out, verb, no+"ن", true)
	}
}

func present(out map[string]form, verb, stem string) {
	endings := presentEndings
	if stem == "ا" {
		endings += " " + aorVowelEndings
	}
	for _, e := range strings.Fields(endings) {
		put(out, verb, "می"+stem+e, false)
		put(out, verb, "نمی"+stem+e, true)
		if stem == "ا" {
			put(out, verb, "بی"+stem+e, false)
		}
		put(out, verb, "ب"+stem+e, false)
		for _, no := range refuse(stem) {
			put(out, verb, no+e, true)
		}
	}
	if len(stem) > 2 { // an imperative of one letter is another word
		put(out, verb, "ب"+stem, false)
		for _, no := range refuse(stem) {
			put(out, verb, no, true)
		}
	}
}
