package i18n

import (
	"time"

	"feryat/mention"
)

// Figures says in one sentence what f shows; stars are told of five.
func (t *Texts) Figures(l Language, f mention.Figures) string {
	const scale = 4 // steps from one star to five
	span := t.Span(l, time.Duration(f.Hours)*time.Hour)
	switch f.Kind {
	case mention.FiguresSpike:
		return t.T(l, "figures.spike", span, Number(l, f.People), Number(l, int64(f.Observed)), Decimal(l, f.Expected, 1))
	case mention.FiguresRatingDrop:
		return t.T(l, "figures.rating_drop", span, Number(l, f.People), Decimal(l, 1+scale*f.Observed, 1), Decimal(l, 1+scale*f.Expected, 1))
	case mention.FiguresQuiet:
		return t.T(l, "figures.quiet", span, Decimal(l, f.Expected, 1))
	case mention.FiguresFailing:
		return t.T(l, "figures.failing", Number(l, int64(f.Observed)), span)
	}
	return f.String()
}
