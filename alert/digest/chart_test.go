package digest

import (
	"strings"
	"testing"
)

// TestLongNames: what stands before a bar does not run into it, and no isolation is left open.
func TestLongNames(t *testing.T) {
	long := "\u2068" + strings.Repeat("Çok uzun bir marka adı ", 5) + "\u2069"
	for _, b := range []block{
		{Bars: []bar{{Label: long, Figure: "3", Rows: [][]part{{{"#fff", "x", 50}}}}, {Label: "Kısa", Figure: "1"}}},
		{Spans: []span{{Label: long, Share: 0.5, Low: 0.4, High: 0.6}, {Label: "Kısa"}}},
	} {
		var names []string
		for _, w := range draw(b, "ltr").Words {
			if w.X == "0" {
				names = append(names, w.Text)
			}
		}
		if len(names) != 2 || names[1] != "Kısa" || len([]rune(names[0])) > mostLetters+1 || !strings.HasSuffix(names[0], "…\u2069") {
			t.Errorf("%q", names)
		}
	}
}
