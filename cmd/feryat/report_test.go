package main

import (
	"testing"
	"time"

	"feryat/alert/notify"
)

// TestReportPeriods: weeks, months of two calendars, days of both, and what is refused. Now is 2026-11-22 in Istanbul,
// which is 1405/09/01.
func TestReportPeriods(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Istanbul")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 22, 15, 0, 0, 0, zone)
	for _, c := range []struct {
		w    wantedReport
		want string
	}{
		{wantedReport{}, "2026-11-15 2026-11-22"}, {wantedReport{week: true}, "2026-11-15 2026-11-22"},
		{wantedReport{month: true}, "2026-10-01 2026-11-01"}, {wantedReport{month: true, language: "fa"}, "2026-10-23 2026-11-22"},
		{wantedReport{from: "2026-11-01", to: "2026-11-15"}, "2026-11-01 2026-11-16"}, {wantedReport{from: "۱۴۰۵/۰۸/۰۱", to: "1405-08-30"}, "2026-10-23 2026-11-22"},
		{wantedReport{from: "2026-11-21"}, "2026-11-21 2026-11-22"},
		{wantedReport{week: true, month: true}, "say one of --week, --month, and --from with --to"}, {wantedReport{week: true, from: "2026-11-01"}, "say one of --week, --month, and --from with --to"},
		{wantedReport{to: "2026-11-01"}, "--to needs --from"}, {wantedReport{from: "x"}, `--from: "x" is not a day as 2026-11-01`}, {wantedReport{from: "2026-11-01", to: "1"}, `--to: "1" is not a day as 2026-11-01`},
		{wantedReport{from: "2026-11-01", to: "2026-11-22"}, "--to: the last day is not over"}, {wantedReport{from: "2026-11-10", to: "2026-11-01"}, "--from: the first day is after the last"},
		{wantedReport{from: "2020-11-10"}, "--from: a report tells of 366 days at most"},
	} {
		from, to, err := c.w.period(now)
		got := from.Format(time.DateOnly) + " " + to.Format(time.DateOnly)
		if err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%+v: %s, want %s", c.w, got, c.want)
		}
	}
}

// TestReportMonthOfReaders: the month is that of the calendar in which those of the channel read.
func TestReportMonthOfReaders(t *testing.T) {
	cfg := defaultConfig()
	cfg.Alert.Promise.Zone = "Asia/Tehran"
	cfg.Alert.Channels = []notify.Config{{Name: "team", Type: "email", Language: "fa"}}
	now := time.Date(2026, 11, 22, 15, 0, 0, 0, time.UTC)
	for language, want := range map[string]string{"": "2026-10-23", "en": "2026-10-01"} {
		c, from, _, err := wantedReport{month: true, mail: "team", language: language}.check(cfg, now)
		if err != nil || from.Format(time.DateOnly) != want || c.Language != language {
			t.Errorf("%q: from %s in %q, %v", language, from, c.Language, err)
		}
	}
}
