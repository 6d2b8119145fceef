package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"text/tabwriter"

	"feryat/mention"
)

// accuracyLine is what --format json prints.
type accuracyLine struct {
	Samples []mention.Sample `json:"samples"`
	mention.Accuracy
}

func (a *app) showAccuracy(ctx context.Context, h *home, name string, asJSON bool) error {
	samples, err := h.store.Samples(ctx)
	if err != nil {
		return err
	}
	if name != "" {
		samples = slices.DeleteFunc(samples, func(s mention.Sample) bool { return s.Name != name })
		if len(samples) == 0 {
			return fmt.Errorf("there is no sample %q", name)
		}
	}
	accuracy, err := h.store.Accuracy(ctx, name)
	switch {
	case err != nil:
		return err
	case asJSON:
		return json.NewEncoder(a.out).Encode(accuracyLine{samples, accuracy})
	}
	return a.printAccuracy(samples, accuracy)
}

func (a *app) printAccuracy(samples []mention.Sample, x mention.Accuracy) error {
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	line := func(format string, args ...any) { _, _ = fmt.Fprintf(w, format+"\n", args...) } // Flush tells
	for _, s := range samples {
		line("sample %s: %d of %d labelled", s.Name, s.Labelled, s.Drawn)
	}
	if len(x.Parts) == 0 {
		line("no labels yet: feryat sample --n 100 --out sample.csv, or the page /sample")
		return w.Flush()
	}
	line("\nverdicts by lexicon %v; %d labels, %d of them not counted, for the text is another now; they stand for %.0f %% of the mentions\n", x.Lexicons, x.Labelled, x.Changed, 100*x.Covered)
	line("source\tlanguage\tmood\tunhappy\ttopics\tabout the brand")
	for _, p := range x.Parts {
		line("%s\t%s\t%s\t%s\t%s\t%s", p.Source, p.Language, share(p.Mood), share(p.Unhappy), share(p.Topics), share(p.Ours))
	}
	line("all, weighed\t\t%s\t%s\t%s\t%s\n", share(x.All.Mood), share(x.All.Unhappy), share(x.All.Topics), share(x.All.Ours))
	head := "person ↓  scorer →"
	for _, m := range mention.Moods() {
		head += "\t" + string(m)
	}
	line("%s", head)
	for _, said := range mention.Moods() {
		row := string(said)
		for _, m := range mention.Moods() {
			row += fmt.Sprintf("\t%d", x.Matrix[said][m])
		}
		line("%s", row)
	}
	return w.Flush()
}

// share is an agreement for people.
func share(a mention.Agreement) string {
	switch {
	case a.Labelled == 0:
		return "-"
	case a.Few:
		return fmt.Sprintf("too few to say (%d)", a.Labelled)
	}
	return fmt.Sprintf("%.0f %% (%.0f-%.0f, n=%d)", 100*a.Share, 100*a.Low, 100*a.High, a.Labelled)
}
