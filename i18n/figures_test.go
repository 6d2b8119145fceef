package i18n

import (
	"testing"

	"feryat/mention"
)

func TestFiguresAreSaidInThreeLanguages(t *testing.T) {
	all := texts(t)
	spike := mention.Figures{Kind: mention.FiguresSpike, Observed: 14, Expected: 3.14, Hours: 2, People: 11}
	for _, c := range []struct {
		l    Language
		f    mention.Figures
		want string
	}{
		{Turkish, spike, "Son 2 saat içinde 11 kişiden 14 şikâyet geldi; olağan sayı 3,1"},
		{Persian, spike, "در ۲ ساعت گذشته ۱۱ نفر ۱۴ شکایت نوشتند؛ شمار معمول ۳٫۱ است"},
		{English, spike, "In the last 2 hours, 11 people wrote 14 complaints; 3.1 are usual"},
		{English, mention.Figures{Kind: mention.FiguresRatingDrop, Observed: 0.5, Expected: 0.8, Hours: 24, People: 40}, "In the last 24 hours, 40 ratings average 3.0 of 5; before it was 4.2"},
		{Turkish, mention.Figures{Kind: mention.FiguresQuiet, Expected: 12.4, Hours: 72}, "3 gün boyunca hiçbir şey gelmedi; olağan sayı 12,4"},
		{Persian, mention.Figures{Kind: mention.FiguresFailing, Observed: 3, Hours: 5}, "در ۳ نوبت اخیر حتی یک صفحهٔ سالم به دست نیامد (۵ ساعت)"},
	} {
		if got := all.Figures(c.l, c.f); got != c.want {
			t.Errorf("%s says %q, want %q", c.l, got, c.want)
		}
	}
}
