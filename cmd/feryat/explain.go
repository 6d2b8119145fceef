package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"feryat/i18n"
	"feryat/mention"
	"feryat/sentiment"
)

func (a *app) explainCommand() *cobra.Command {
	var lang, in, watched string
	var rivals []string
	c := &cobra.Command{
		Use:   "explain TEXT",
		Short: "Say how a customer feels and which words say so",
		Example: `  feryat explain "Kargo 10 gündür gelmedi, rezalet!"
  feryat explain --lang fa "پشتیبانی اصلاً جواب نمی‌دهد"
  feryat explain --brand Paytak --rival Kolayca "Paytak'tan Kolayca'ya geçtim"
  feryat explain --format json "Great phone, terrible delivery"`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			text := strings.Join(args, " ")
			names := (&namer{}).names(text, watched, rivals)
			return a.explain(sentiment.Input{Text: text, Language: in, Brand: watched, Names: names}, lang)
		},
	}
	c.Flags().StringVar(&lang, "lang", "", "language to explain in: tr, fa or en (default: that of the text)")
	c.Flags().StringVar(&in, "language", "", "language of the text, if it is known")
	c.Flags().StringVar(&watched, "brand", "", "the brand with whose eyes the text is read")
	c.Flags().StringSliceVar(&rivals, "rival", nil, "another brand that the text names; may be repeated")
	return c
}

func (a *app) explain(in sentiment.Input, lang string) error {
	asJSON, err := a.asJSON()
	if err != nil {
		return err
	}
	if strings.TrimSpace(in.Text) == "" {
		return usageError{errors.New("there is no text to explain")}
	}
	scorer, err := a.scorer()
	if err != nil {
		return err
	}
	v := scorer.Score(in)
	if asJSON {
		return json.NewEncoder(a.out).Encode(scoreOutput{"1", v})
	}
	texts, err := i18n.Load()
	if err != nil {
		return err
	}
	if lang == "" {
		lang = v.Language
	}
	e := explainer{texts: texts, l: i18n.Choose(lang, ""), out: a.out, color: isTerminal(a.out)}
	return e.explain(in.Text, v)
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// explainer writes a verdict for a person.
type explainer struct {
	texts *i18n.Texts
	l     i18n.Language
	out   io.Writer
	color bool
}

func (e explainer) explain(text string, v mention.Verdict) error {
	var b strings.Builder
	t := func(key string) string { return e.texts.T(e.l, key) }
	fmt.Fprintf(&b, "%s\n\n", e.underlined(text, v.Reasons))
	fmt.Fprintf(&b, "%s  ·  %s %s  ·  %s %s  ·  %s %s  ·  %s\n", t("mood."+string(v.Mood)), t("ui.score"), i18n.Decimal(e.l, v.Score, 2),
		t("ui.priority"), i18n.Number(e.l, int64(v.Priority)), t("ui.understood"), i18n.Percent(e.l, v.Coverage), t("lang."+v.Language))
	for _, group := range []struct {
		label, family string
		codes         []string
	}{{"ui.complaints", "topic", v.Topics}, {"ui.praise", "praised", v.Praise}, {"ui.signals", "signal", v.Signals}, {"ui.customer", "customer", v.Customer}, {"ui.blamed", "blamed", v.Blamed}} {
		if len(group.codes) > 0 {
			fmt.Fprintf(&b, "%s: %s\n", t(group.label), e.words(group.family, group.codes))
		}
	}
	if v.Switches != nil {
		fmt.Fprintf(&b, "%s → %s\n", cmp.Or(v.Switches.From, "?"), cmp.Or(v.Switches.To, "?"))
	}
	b.WriteString("\n")
	for _, r := range v.Reasons {
		fmt.Fprintf(&b, "  %8s  %-40s %s\n", e.weight(r.Weight), oneLine(r.Text), e.texts.Rule(e.l, r.Rule))
	}
	fmt.Fprintf(&b, "  %8s  = %s\n", e.weight(v.Raw), t("ui.sum"))
	_, err := io.WriteString(e.out, b.String())
	return err
}

func (e explainer) words(family string, codes []string) string {
	out := make([]string, len(codes))
	for i, c := range codes {
		out[i] = e.texts.Code(e.l, family, c)
	}
	return strings.Join(out, map[bool]string{true: "، ", false: ", "}[e.l == i18n.Persian])
}

func (e explainer) weight(w float64) string {
	if w == 0 {
		return "·"
	}
	sign := ""
	if w > 0 {
		sign = "+"
	}
	return sign + i18n.Decimal(e.l, w, 2)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// underlined marks the evidence: with colour and underline on a terminal, with
// brackets in a pipe.
func (e explainer) underlined(text string, reasons []mention.Reason) string {
	marks := make([]float64, len(text))
	found := make([]bool, len(text))
	for _, r := range reasons {
		for i := max(0, r.Start); i < min(r.End, len(text)); i++ {
			marks[i] += r.Weight
			found[i] = true
		}
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		j := i + 1
		for j < len(text) && found[j] == found[i] && sign(marks[j]) == sign(marks[i]) {
			j++
		}
		b.WriteString(e.marked(text[i:j], found[i], marks[i]))
		i = j
	}
	return b.String()
}

func (e explainer) marked(s string, found bool, weight float64) string {
	switch {
	case !found:
		return s
	case !e.color && weight < 0:
		return "[-" + s + "-]"
	case !e.color && weight > 0:
		return "[+" + s + "+]"
	case !e.color:
		return "[" + s + "]"
	}
	return map[int]string{-1: "\x1b[4;31m", 0: "\x1b[4m", 1: "\x1b[4;32m"}[sign(weight)] + s + "\x1b[0m"
}

func sign(f float64) int {
	switch {
	case f < 0:
		return -1
	case f > 0:
		return 1
	}
	return 0
}
