// Package advice says how to win a customer back: a few lines for the person
// who answers, in the three languages of a team, and the draft of a reply in
// the customer's language. A draft is never sent by itself; where someone may
// have been hurt or the law is involved there is none.
//
// The texts are YAML, bundled in book/*.yaml, and a folder of the user's own
// may replace any of them: section, code, field, and the text in tr, fa and en.
//
//	topic:
//	  lost:
//	    next:
//	      tr: …
//	      fa: …
//	      en: …
//
// The fields are advice (a line for the team), and for drafts problem (what the
// customer says, as it stands in draft.one_problem: after "that", and in Turkish
// before "anlıyoruz"), next (the next step, one sentence that asks one thing, by
// private message) and text (the frame, section draft).
package advice

import (
	"feryat/mention"
)

// Advice is what the person who answers is told.
type Advice struct {
	// Lines are by the team's language, tr, fa and en, the most important first.
	Lines map[string][]string
	// Draft is a reply in the customer's language to look through; plain text of
	// at most MaxDraft characters. It is empty where Withheld says why.
	Draft string
	// Withheld is a code of i18n, "withheld.…".
	Withheld string
}

// The reasons why there is no draft, in the order in which they are looked for.
const (
	WithheldSafety    = "safety"    // someone may have been hurt
	WithheldLegal     = "legal"     // law or an authority is involved
	WithheldFraud     = "fraud"     // a crime is claimed
	WithheldPublicity = "publicity" // every word will be published
	WithheldNobody    = "nobody"    // no single customer wrote it
	WithheldLanguage  = "language"  // not Turkish, Persian or English
	WithheldUnclear   = "unclear"   // what is wrong is not understood
)

// Reasons lists the codes that Advice.Withheld may have.
func Reasons() []string {
	return []string{WithheldSafety, WithheldLegal, WithheldFraud, WithheldPublicity, WithheldNobody, WithheldLanguage, WithheldUnclear}
}

// Languages are those of the texts.
func Languages() []string { return []string{"tr", "fa", "en"} }

// Book holds the texts by key, "topic.lost.next", and language. It is safe for
// concurrent use.
type Book struct{ texts map[string]map[string]string }

// For gives the advice for an escalation. Codes that the book does not know, of
// a newer lexicon perhaps, are passed over.
func (b *Book) For(e mention.Escalation) Advice {
	a := Advice{Lines: map[string][]string{}, Withheld: withheld(e)}
	keys := b.choose(e)
	for _, lang := range Languages() {
		for _, key := range keys {
			a.Lines[lang] = append(a.Lines[lang], b.texts[key][lang])
		}
	}
	if a.Withheld == "" {
		a.Draft, a.Withheld = b.draft(e)
	}
	return a
}
