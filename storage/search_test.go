package storage_test

import (
	"strings"
	"testing"

	"feryat/mention"
)

// TestSearch holds that the search which docs/schema.md shows finds what it should, by the text index.
func TestSearch(t *testing.T) {
	t.Parallel()
	s := openEmbedded(t)
	var batch []mention.Scored
	for n, text := range []string{"kargo gelmedi, rezalet!", "kargo geldi", "سفارش نمی‌رسد؟", "paytak'in (kargosu)"} {
		row := killed(n)
		row.Search = text
		batch = append(batch, row)
	}
	if _, err := s.Insert(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	for words, want := range map[string]string{"kargo gelmedi": "1", "kargo": "2", "kar": "0", "نمی‌رسد": "1", "rezalet, gelmedi": "1", "paytak kargosu": "1", "!": "0"} {
		search := "SELECT id FROM mentions WHERE hasAllTokens(search, '" + words + "')"
		if got := lines(t, s, "SELECT count() FROM v_mentions WHERE id IN ("+search+")")[0]; got != want {
			t.Errorf("%q finds %s, want %s", words, got, want)
		}
		if plan := strings.Join(lines(t, s, "EXPLAIN indexes = 1 "+search), "\n"); !strings.Contains(plan, "search_words") {
			t.Errorf("the text index is not used:\n%s", plan)
		}
	}
}
