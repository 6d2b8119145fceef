package calendar

import (
	"testing"
	"time"
	_ "time/tzdata"
)

func market(t *testing.T, zone string) Market {
	t.Helper()
	m, err := MarketOf(zone)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func noon(t *testing.T, m Market, day string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation(time.DateOnly, day, m.Zone())
	if err != nil {
		t.Fatal(err)
	}
	return at.Add(12 * time.Hour)
}

// TestHijriAgainstWhatWasKept holds the first days of months against the days
// that the two countries announced or printed: a day off at most.
func TestHijriAgainstWhatWasKept(t *testing.T) {
	for _, c := range []struct {
		month, day int
		kept       []string
	}{
		// Ramazan Bayramı and Kurban Bayramı in Turkey, 2019 to 2026.
		{10, 1, []string{"2019-06-04", "2020-05-24", "2021-05-13", "2022-05-02", "2023-04-21", "2024-04-10", "2025-03-30", "2026-03-20"}},
		{12, 10, []string{"2019-08-11", "2020-07-31", "2021-07-20", "2022-07-09", "2023-06-28", "2024-06-16", "2025-06-06", "2026-05-27"}},
		// Eid al-Fitr, Ashura and Eid al-Adha in Iran.
		{10, 1, []string{"2020-05-24", "2021-05-13", "2022-05-03", "2023-04-22", "2024-04-10", "2025-03-31"}},
		{1, 10, []string{"2020-08-30", "2021-08-19", "2022-08-08", "2023-07-28", "2024-07-16", "2025-07-06"}},
		{12, 10, []string{"2021-07-21", "2022-07-10", "2023-06-29", "2024-06-17", "2025-06-07"}},
	} {
		for _, kept := range c.kept {
			day := noon(t, Market{}, kept)
			near := false
			for off := -1; off <= 1; off++ {
				_, m, d := Hijri(day.AddDate(0, 0, off))
				near = near || m == c.month && d == c.day
			}
			if y, m, d := Hijri(day); !near {
				t.Errorf("%s is %d/%d/%d, more than a day from %d/%d", kept, y, m, d, c.month, c.day)
			}
		}
	}
}

// TestHijriRunsWithoutGaps goes over every day of 200 years; thirty years of the cycle have 10,631 days.
func TestHijriRunsWithoutGaps(t *testing.T) {
	day := time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)
	y, m, d := Hijri(day)
	for range 73000 {
		day = day.AddDate(0, 0, 1)
		ny, nm, nd := Hijri(day)
		next := ny == y && nm == m && nd == d+1 && nd <= 30
		month := ny == y && nm == m+1 && nd == 1 && d >= 29
		year := ny == y+1 && m == 12 && nm == 1 && nd == 1 && d >= 29
		if !next && !month && !year {
			t.Fatalf("%d/%d/%d is followed by %d/%d/%d on %s", y, m, d, ny, nm, nd, day.Format(time.DateOnly))
		}
		y, m, d = ny, nm, nd
	}
	if y, m, d := Hijri(time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 10631)); y != 1419 || m != 10 || d != 22 {
		t.Errorf("a cycle after 22 Shawwal 1389 is %d/%d/%d", y, m, d)
	}
}

func TestTurkishDays(t *testing.T) {
	m := market(t, "Europe/Istanbul")
	for day, want := range map[string]Day{
		"2022-11-25": {Special: "efsane_cuma"}, "2023-11-24": {Special: "efsane_cuma"}, "2024-11-29": {Special: "efsane_cuma"},
		"2025-11-28": {Special: "efsane_cuma"}, "2026-11-27": {Special: "efsane_cuma"}, "2025-12-01": {Special: "efsane_cuma"},
		"2025-11-24": {Special: "efsane_week"}, "2025-12-07": {Weekend: true, Special: "efsane_week"}, "2025-12-08": {}, "2025-11-21": {},
		"2024-11-28": {Special: "efsane_week"}, "2024-11-11": {Special: "11_11"}, "2025-11-11": {Special: "11_11"},
		"2025-11-09": {Weekend: true}, "2025-11-14": {}, "2025-10-29": {Holiday: "republic_day"}, "2024-04-23": {Holiday: "national_sovereignty"},
		"2025-05-01": {Holiday: "labour_day"}, "2025-05-19": {Holiday: "youth_and_sports"}, "2025-07-15": {Holiday: "democracy_day"},
		"2025-08-30": {Weekend: true, Holiday: "victory_day"}, "2026-01-01": {Holiday: "new_year", Special: "new_year"}, "2025-12-31": {Special: "new_year"},
		"2026-03-20": {Holiday: "ramazan_bayrami", Special: "ramazan_bayrami"}, "2026-03-19": {Special: "ramazan_bayrami"},
		"2026-03-01": {Weekend: true, Special: "ramadan"}, "2026-02-16": {}, "2025-12-21": {Weekend: true},
	} {
		if got := m.Day(noon(t, m, day)); got != want {
			t.Errorf("%s: %+v, want %+v", day, got, want)
		}
	}
}

func TestIranianDays(t *testing.T) {
	m := market(t, "Asia/Tehran")
	for day, want := range map[string]Day{
		"2022-03-21": {Holiday: "nowruz", Special: "nowruz"}, "2024-03-20": {Holiday: "nowruz", Special: "nowruz"}, "2025-03-24": {Holiday: "nowruz", Special: "nowruz"},
		"2025-03-30": {Special: "eid_fitr"}, "2024-03-28": {Weekend: true, Special: "nowruz"}, "2024-03-31": {Holiday: "islamic_republic_day", Special: "nowruz"},
		"2024-04-01": {Holiday: "nature_day", Special: "nowruz"}, "2023-12-21": {Weekend: true, Special: "yalda"}, "2024-12-20": {Weekend: true, Special: "yalda"},
		"2025-12-21": {Special: "yalda"}, "2025-12-22": {}, "2025-02-10": {Holiday: "revolution_day"}, "2025-03-19": {Holiday: "oil_nationalisation", Special: "ramadan"},
		"2025-11-28": {Weekend: true}, "2025-11-29": {}, "2025-11-11": {}, "2025-06-04": {Holiday: "death_of_khomeini"},
	} {
		if got := m.Day(noon(t, m, day)); got != want {
			t.Errorf("%s: %+v, want %+v", day, got, want)
		}
	}
}

// TestDaysThatFollowTheMoon: whatever the tabular calendar says, the days that were kept are special.
func TestDaysThatFollowTheMoon(t *testing.T) {
	for zone, codes := range map[string]map[string][]string{
		"Europe/Istanbul": {
			"ramazan_bayrami": {"2022-05-02", "2023-04-23", "2024-04-10", "2024-04-12", "2025-03-30", "2025-04-01", "2026-03-22"},
			"kurban_bayrami":  {"2022-07-09", "2023-06-28", "2023-07-01", "2024-06-16", "2024-06-19", "2025-06-06", "2025-06-09", "2026-05-27"},
			"ramadan":         {"2023-03-23", "2024-03-11", "2025-03-01", "2026-02-19"},
		},
		"Asia/Tehran": {
			"eid_fitr": {"2022-05-03", "2023-04-22", "2024-04-10", "2025-03-31"}, "eid_adha": {"2022-07-10", "2023-06-29", "2024-06-17", "2025-06-07"},
			"muharram": {"2021-08-18", "2021-08-19", "2022-08-07", "2022-08-08", "2023-07-27", "2023-07-28", "2024-07-15", "2024-07-16", "2025-07-05", "2025-07-06"},
		},
	} {
		m := market(t, zone)
		for code, days := range codes {
			for _, day := range days {
				if got := m.Day(noon(t, m, day)); got.Special != code {
					t.Errorf("%s in %s: %+v, want %s", day, zone, got, code)
				}
			}
		}
	}
}

func TestADayBeginsAtTheMarketsMidnight(t *testing.T) {
	m := market(t, "Europe/Istanbul")
	if d := m.Day(time.Date(2025, 11, 27, 20, 59, 59, 0, time.UTC)); d.Special != "efsane_week" {
		t.Errorf("the last second of Thursday: %+v", d)
	}
	if d := m.Day(time.Date(2025, 11, 27, 21, 0, 0, 0, time.UTC)); d.Special != "efsane_cuma" {
		t.Errorf("the first second of Efsane Cuma: %+v", d)
	}
	utc := Market{}
	if d := utc.Day(time.Date(2025, 11, 28, 12, 0, 0, 0, time.UTC)); d != (Day{}) || utc.Zone() != time.UTC {
		t.Errorf("a market of no country knows %+v", d)
	}
	if d := market(t, "Europe/Berlin").Day(time.Date(2025, 11, 29, 12, 0, 0, 0, time.UTC)); d != (Day{Weekend: true}) {
		t.Errorf("Saturday in Berlin: %+v", d)
	}
	if _, err := MarketOf("Europe/Stambul"); err == nil {
		t.Error("a zone that is none was taken")
	}
}
