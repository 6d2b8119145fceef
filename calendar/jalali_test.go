package calendar

import (
	"testing"
	"time"
)

func TestKnownDays(t *testing.T) {
	for _, c := range []struct{ jy, jm, jd, y, m, d int }{
		{1405, 8, 15, 2026, 11, 6}, {1405, 1, 1, 2026, 3, 21}, {1404, 1, 1, 2025, 3, 21}, {1403, 12, 30, 2025, 3, 20},
		{1403, 1, 1, 2024, 3, 20}, {1400, 1, 1, 2021, 3, 21}, {1399, 12, 30, 2021, 3, 20}, {1399, 1, 1, 2020, 3, 20},
		{1357, 11, 22, 1979, 2, 11}, {1378, 10, 11, 2000, 1, 1}, {1348, 10, 11, 1970, 1, 1}, {1300, 1, 1, 1921, 3, 21}, {1408, 12, 30, 2030, 3, 20},
	} {
		y, m, d, ok := FromJalali(c.jy, c.jm, c.jd)
		if !ok || y != c.y || int(m) != c.m || d != c.d {
			t.Errorf("FromJalali(%d,%d,%d) = %d-%d-%d %t, want %d-%d-%d", c.jy, c.jm, c.jd, y, m, d, ok, c.y, c.m, c.d)
		}
		jy, jm, jd := Jalali(time.Date(c.y, time.Month(c.m), c.d, 23, 59, 0, 0, time.UTC))
		if jy != c.jy || jm != c.jm || jd != c.jd {
			t.Errorf("Jalali(%d-%d-%d) = %d/%d/%d, want %d/%d/%d", c.y, c.m, c.d, jy, jm, jd, c.jy, c.jm, c.jd)
		}
	}
}

func TestEveryServedDayGoesThereAndBack(t *testing.T) {
	day := time.Date(1921, 3, 21, 12, 0, 0, 0, time.UTC)
	py, pm, pd := 1299, 12, 0
	for n := 0; ; n++ {
		at := day.AddDate(0, 0, n)
		jy, jm, jd := Jalali(at)
		if jy > LastYear {
			return
		}
		if y, m, d, ok := FromJalali(jy, jm, jd); !ok || y != at.Year() || m != at.Month() || d != at.Day() {
			t.Fatalf("%s became %d/%d/%d and came back as %d-%d-%d %t", at, jy, jm, jd, y, m, d, ok)
		}
		if follows := (jy == py && jm == pm && jd == pd+1) || (jd == 1 && jy == py && jm == pm+1) || (jd == 1 && jm == 1 && jy == py+1); !follows {
			t.Fatalf("%d/%d/%d follows %d/%d/%d", jy, jm, jd, py, pm, pd)
		}
		py, pm, pd = jy, jm, jd
	}
}

func TestDaysThatAreNot(t *testing.T) {
	for _, c := range [][3]int{{1404, 12, 30}, {1405, 7, 31}, {1405, 0, 1}, {1405, 13, 1}, {1405, 1, 0}, {1405, 1, 32}, {1299, 1, 1}, {1500, 1, 1}} {
		if y, m, d, ok := FromJalali(c[0], c[1], c[2]); ok {
			t.Errorf("%v is said to be %d-%d-%d", c, y, m, d)
		}
	}
}
