package calendar

import (
	"testing"
	"time"
)

// The pairs are public calendar facts: Nowruz days, leap days, holidays.
func TestJalaliPairs(t *testing.T) {
	for _, c := range []struct {
		y, m, d   int
		gregorian string
	}{
		{1300, 1, 1, "1921-03-21"}, {1304, 1, 1, "1925-03-21"}, {1320, 6, 25, "1941-09-16"}, {1332, 5, 28, "1953-08-19"},
		{1342, 3, 15, "1963-06-05"}, {1348, 10, 11, "1970-01-01"}, {1354, 12, 30, "1976-03-20"}, {1357, 11, 22, "1979-02-11"},
		{1368, 3, 14, "1989-06-04"}, {1375, 12, 30, "1997-03-20"}, {1376, 1, 1, "1997-03-21"}, {1379, 12, 30, "2001-03-20"},
		{1383, 12, 30, "2005-03-20"}, {1387, 12, 30, "2009-03-20"}, {1391, 12, 30, "2013-03-20"}, {1394, 1, 1, "2015-03-21"},
		{1395, 12, 30, "2017-03-20"}, {1398, 12, 29, "2020-03-19"}, {1399, 1, 1, "2020-03-20"}, {1399, 12, 30, "2021-03-20"},
		{1400, 1, 1, "2021-03-21"}, {1401, 7, 1, "2022-09-23"}, {1402, 12, 29, "2024-03-19"}, {1403, 1, 1, "2024-03-20"},
		{1403, 12, 30, "2025-03-20"}, {1404, 1, 1, "2025-03-21"}, {1404, 9, 28, "2025-12-19"}, {1405, 8, 15, "2026-11-06"},
		{1408, 12, 30, "2030-03-20"}, {1412, 12, 30, "2034-03-20"}, {1416, 12, 30, "2038-03-20"}, {1420, 12, 30, "2042-03-20"},
	} {
		y, m, d, ok := FromJalali(c.y, c.m, c.d)
		day := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
		if got := day.Format(time.DateOnly); !ok || got != c.gregorian {
			t.Errorf("FromJalali(%d, %d, %d) = %s, %v; want %s", c.y, c.m, c.d, got, ok, c.gregorian)
		}
		if y, m, d := Jalali(day); y != c.y || m != c.m || d != c.d {
			t.Errorf("Jalali(%s) = %d/%d/%d", c.gregorian, y, m, d)
		}
	}
}

// TestJalaliRoundTrip goes over every day of 200 years, which must follow each
// other without a gap in both calendars.
func TestJalaliRoundTrip(t *testing.T) {
	day := time.Date(1921, 3, 21, 0, 0, 0, 0, time.UTC)
	days := 0
	for y := firstJalali; y <= lastJalali; y++ {
		for m := 1; m <= 12; m++ {
			for d := 1; d <= jalaliDays(y, m); d++ {
				gy, gm, gd, ok := FromJalali(y, m, d)
				if !ok || !time.Date(gy, gm, gd, 0, 0, 0, 0, time.UTC).Equal(day) {
					t.Fatalf("FromJalali(%d, %d, %d) = %d-%d-%d, %v; want %v", y, m, d, gy, gm, gd, ok, day)
				}
				if jy, jm, jd := Jalali(day); jy != y || jm != m || jd != d {
					t.Fatalf("Jalali(%v) = %d/%d/%d, want %d/%d/%d", day, jy, jm, jd, y, m, d)
				}
				day = day.AddDate(0, 0, 1)
				days++
			}
		}
	}
	if days < 73048 || days > 73050 {
		t.Errorf("%d days in 200 years", days)
	}
}

func TestJalaliRefuses(t *testing.T) {
	for _, c := range [][3]int{{1299, 1, 1}, {1500, 1, 1}, {1404, 12, 30}, {1403, 0, 1}, {1403, 13, 1}, {1403, 7, 31}, {1403, 1, 0}, {1403, 1, 32}} {
		if _, _, _, ok := FromJalali(c[0], c[1], c[2]); ok {
			t.Errorf("FromJalali(%v) is a day", c)
		}
	}
}
