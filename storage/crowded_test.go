package storage_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"feryat/mention"
)

// TestManyBrands holds that codes are counted rightly however many brands a text names: the hours have bits for 64 of them,
// and of a day on which a text names more the mentions are asked.
func TestManyBrands(t *testing.T) {
	t.Parallel()
	s := openEmbedded(t)
	day := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	var rows []mention.Scored
	for i, n := range []int{64, 65} {
		for brand := range n {
			r := written(i, day.AddDate(0, 0, i))
			r.Brand, r.Verdict.Topics = fmt.Sprintf("brand %03d", brand), []string{"delay"}
			rows = append(rows, r)
		}
	}
	if _, err := s.Insert(t.Context(), rows); err != nil {
		t.Fatal(err)
	}
	if err := s.FlushRollups(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := lines(t, s, "SELECT day FROM v_stale_days"); !slices.Equal(got, []string{"2026-03-02"}) {
		t.Errorf("the mentions have to answer for %q", got)
	}
	if got := lines(t, s, "SELECT mentions, length(brands), topics.code, topics.views FROM rollup_hour WHERE day = '2026-03-01'"); !slices.Equal(got, []string{"1\t64\t['','delay']\t[18446744073709551615,18446744073709551615]"}) {
		t.Errorf("64 brands: %q", got)
	}
	if got := lines(t, s, "SELECT day, countIf(twin = 0) + uniqExactIf(twin, twin != 0), count() FROM v_brief GROUP BY day ORDER BY day"); !slices.Equal(got, []string{"2026-03-01\t1\t64", "2026-03-02\t1\t65"}) {
		t.Errorf("in brief: %q", got)
	}
}
