package main

import (
	"encoding/json"
	"testing"

	"feryat/crawler"
	"feryat/mention"
)

// What the demo tells of itself adds up.
func TestDemo(t *testing.T) {
	t.Parallel()
	var counts demoCounts
	if err := json.Unmarshal([]byte(feryat(t, exitOK, "demo", "--once", "--format", "json")), &counts); err != nil {
		t.Fatal(err)
	}
	s := counts.Stored
	if s.Mentions != int64(counts.Served+counts.Replies) || counts.Served < 300 {
		t.Errorf("%d stored, %d served and %d replies", s.Mentions, counts.Served, counts.Replies)
	}
	if counts.Edited != 3 || s.Gone != 3 || s.Own != int64(counts.Replies) || s.Waiting < 3 || s.Sources != 3 {
		t.Errorf("edited %d, want 3; gone %d, want 3; %+v", counts.Edited, s.Gone, s)
	}
	for _, mood := range mention.Moods() {
		if s.Moods[mood] == 0 {
			t.Errorf("nobody is %s", mood)
		}
	}
	for _, run := range counts.Runs {
		checkClean(t, run)
	}
	if len(counts.Runs) != 2 || counts.Runs[1].Mentions() >= counts.Runs[0].Mentions()/10 {
		t.Errorf("the second day handed on %d mentions, the first %d", counts.Runs[1].Mentions(), counts.Runs[0].Mentions())
	}
}

func checkClean(t *testing.T, run crawler.Summary) {
	t.Helper()
	if run.Troubled() > 0 || len(run.Results) != 3 {
		t.Errorf("trouble: %+v", run)
	}
}
