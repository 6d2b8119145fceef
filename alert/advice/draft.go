package advice

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"feryat/mention"
)

// MaxDraft bounds a draft, in characters.
const MaxDraft = 600

// withheld says why a person must write the reply himself, else "".
func withheld(e mention.Escalation) string {
	has := said(e)
	switch {
	case has["signal.safety_hazard"] || has["topic.safety"]:
		return WithheldSafety
	case has["signal.legal_threat"] || has["signal.authority_filed"]:
		return WithheldLegal
	case has["signal.fraud_claim"] || has["topic.fraud"]:
		return WithheldFraud
	case has["signal.publicity_threat"]:
		return WithheldPublicity
	case e.Mention == "" || e.Author.Own:
		return WithheldNobody
	case e.Language != "tr" && e.Language != "fa" && e.Language != "en":
		return WithheldLanguage
	}
	return ""
}

// draft puts a reply together: a greeting, the problem, regret, the next step and
// the brand. It thanks who is content and answers who only asks. The sentence with
// the product's name goes when the draft would grow too long.
func (b *Book) draft(e mention.Escalation) (reply, why string) {
	brand := plain(e.Brand, maxBrand)
	if brand == "" {
		return "", WithheldUnclear
	}
	product, middle := b.middle(e)
	if middle == "" {
		return "", WithheldUnclear
	}
	closing := fill(b.frame("closing", e.Language), "{brand}", brand)
	for _, product := range []string{product, ""} {
		body := strings.TrimPrefix(product+" "+middle, " ")
		reply = b.greeting(e) + "\n" + capital(body, e.Language) + "\n" + closing
		if utf8.RuneCountInString(reply) <= MaxDraft {
			return reply, ""
		}
	}
	return "", WithheldUnclear
}

func (b *Book) frame(code, lang string) string { return b.texts["draft."+code+".text"][lang] }

// middle is the body, and before it what names the product. There is none where the mood or the
// topic is unknown, or where a problem is said to be over by one who is not content.
func (b *Book) middle(e mention.Escalation) (product, body string) {
	topics, over := b.written(e), over(e)
	switch {
	case e.Mood == mention.Unknown || e.Mood == "":
		return "", ""
	case asks(e):
		return "", b.frame("question", e.Language) + " " + b.frame("question_next", e.Language)
	case e.Mood == mention.Satisfied && (over || len(topics) == 0):
		return "", b.frame("thanks", e.Language)
	case len(topics) > 0 && !over:
		return b.product(e), b.complaint(topics, e.Language)
	}
	return "", ""
}

// asks tells of a question that is no complaint.
func asks(e mention.Escalation) bool {
	return said(e)["signal.question"] && (e.Mood == mention.Neutral || e.Mood == mention.Satisfied)
}

// over tells of a problem that the customer says is solved.
func over(e mention.Escalation) bool {
	has := said(e)
	return has["signal.resolved"] || has["signal.win_back"]
}

// written are the topics, at most two, that the book can write of.
func (b *Book) written(e mention.Escalation) (found []string) {
	for _, topic := range mainTopics(e.Topics) {
		if b.texts["topic."+topic+".problem"] != nil && b.texts["topic."+topic+".next"] != nil {
			found = append(found, topic)
		}
	}
	return found
}

func (b *Book) complaint(topics []string, lang string) string {
	problem := func(i int) string { return b.texts["topic."+topics[i]+".problem"][lang] }
	says := fill(b.frame("one_problem", lang), "{first}", problem(0))
	if len(topics) > 1 {
		says = fill(b.frame("two_problems", lang), "{first}", problem(0), "{second}", problem(1))
	}
	return says + " " + b.frame("regret", lang) + " " + b.texts["topic."+topics[0]+".next"][lang]
}

func (b *Book) greeting(e mention.Escalation) string {
	if name := person(e.Author.Name, e.Language, e.Brand); name != "" {
		return fill(b.frame("greeting_name", e.Language), "{name}", name)
	}
	return b.frame("greeting", e.Language)
}

func (b *Book) product(e mention.Escalation) string {
	if name := plain(e.Product, maxProduct); name != "" {
		return fill(b.frame("product", e.Language), "{product}", name)
	}
	return ""
}

// fill puts values in the place of placeholders, in one go: a value that looks
// like a placeholder stays as it is.
func fill(text string, pairs ...string) string { return strings.NewReplacer(pairs...).Replace(text) }

// capital begins a text with a capital letter, in Turkish İ for i.
func capital(text, lang string) string {
	r, n := utf8.DecodeRuneInString(text)
	if r == utf8.RuneError {
		return text
	}
	if lang == "tr" {
		return string(unicode.TurkishCase.ToUpper(r)) + text[n:]
	}
	return string(unicode.ToUpper(r)) + text[n:]
}
