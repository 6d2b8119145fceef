package mention

import "testing"

func TestFiguresAreFoundAgainInTheirText(t *testing.T) {
	for text, f := range map[string]Figures{
		"14 complaints by 11 people in 2 h, 3.1 expected":      {FiguresSpike, 14, 3.1, 2, 11},
		"mean of 40 ratings in 24 h is 0.42 of 1, 0.71 before": {FiguresRatingDrop, 0.42, 0.71, 24, 40},
		"nothing for 30 h, 12.4 expected":                      {FiguresQuiet, 0, 12.4, 30, 0},
		"3 runs over 5 h without a good page":                  {FiguresFailing, 3, 0, 5, 0},
	} {
		if got := f.String(); got != text {
			t.Errorf("says %q, want %q", got, text)
		}
		if got := ParseFigures(text); got == nil || *got != f {
			t.Errorf("%q is read as %+v", text, got)
		}
	}
}

func FuzzParseFigures(f *testing.F) {
	f.Add("nothing for 30 h, 12.4 expected")
	f.Add("14 complaints by 11 people in 2 h, 3.1 expected, they say")
	f.Fuzz(func(t *testing.T, s string) {
		if got := ParseFigures(s); got != nil && got.String() != s {
			t.Errorf("%q is taken for %q", s, got)
		}
	})
}
