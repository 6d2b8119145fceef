package digest

import (
	"strings"
	"testing"
	"time"
)

func TestWhenADigestIsDue(t *testing.T) {
	sofia, err := time.LoadLocation("Europe/Sofia") // clocks go forward on 29 March 2026 at 03:00, back on 25 October at 04:00
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		config                            Config
		zone                              *time.Location
		now, due, next, edition, from, to string
	}{
		{Config{Period: Daily, At: "09:00"}, istanbul(), "2026-11-22 09:00", "2026-11-22 09:00", "2026-11-23 09:00", "2026-11-21", "2026-11-21", "2026-11-22"},
		{Config{Period: Daily}, istanbul(), "2026-11-22 08:59", "2026-11-21 09:00", "2026-11-22 09:00", "2026-11-20", "2026-11-20", "2026-11-21"},
		{Config{Period: Weekly, At: "09:00"}, istanbul(), "2026-11-22 23:00", "2026-11-16 09:00", "2026-11-23 09:00", "2026-W46", "2026-11-09", "2026-11-16"},
		{Config{Period: Weekly, At: "09:00", Day: "saturday"}, istanbul(), "2026-11-22 23:00", "2026-11-21 09:00", "2026-11-28 09:00", "2026-W47", "2026-11-14", "2026-11-21"},
		{Config{Period: Weekly, At: "00:00"}, istanbul(), "2027-01-04 00:00", "2027-01-04 00:00", "2027-01-11 00:00", "2026-W53", "2026-12-28", "2027-01-04"},
		{Config{Period: Weekly, At: "10:00"}, sofia, "2026-03-31 10:00", "2026-03-30 10:00", "2026-04-06 10:00", "2026-W13", "2026-03-23", "2026-03-30"},
		{Config{Period: Daily, At: "03:30"}, sofia, "2026-03-29 12:00", "2026-03-29 04:30", "2026-03-30 03:30", "2026-03-28", "2026-03-28", "2026-03-29"},
		{Config{Period: Daily, At: "10:00"}, sofia, "2026-10-26 10:00", "2026-10-26 10:00", "2026-10-27 10:00", "2026-10-25", "2026-10-25", "2026-10-26"},
	} {
		now, err := time.ParseInLocation("2006-01-02 15:04", c.now, c.zone)
		if err != nil {
			t.Fatal(err)
		}
		due := c.config.Due(now.UTC(), c.zone)
		ask := c.config.Ask(due)
		got := []string{due.Format("2006-01-02 15:04"), c.config.Next(now.UTC(), c.zone).Format("2006-01-02 15:04"), c.config.edition(due), ask.From.Format(time.DateOnly), ask.To.Format(time.DateOnly)}
		want := []string{c.due, c.next, c.edition, c.from, c.to}
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%+v at %s: %v, want %v", c.config, c.now, got, want)
		}
		if before := ask.Before().In(c.zone); before.Hour() != 0 || before.AddDate(0, 0, c.config.days()).Format(time.DateOnly) != c.from {
			t.Errorf("%+v at %s is compared with what begins %s", c.config, c.now, before)
		}
	}
}

// Whatever the hour, what is due is past, what is next is ahead, and between two
// editions of a digest is one period.
func TestEditionsFollowEachOther(t *testing.T) {
	for _, c := range []Config{{Period: Daily, At: "23:59"}, {Period: Weekly, At: "00:00", Day: "friday"}} {
		now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		last := ""
		for range 3000 {
			now = now.Add(5*time.Hour + 7*time.Minute)
			due, next := c.Due(now, istanbul()), c.Next(now, istanbul())
			if due.After(now) || !next.After(now) || !c.Due(next, istanbul()).Equal(next) || next.Sub(due) != time.Duration(c.days())*24*time.Hour {
				t.Fatalf("%s: due %s, next %s", now, due, next)
			}
			if e := c.edition(due); e < last {
				t.Fatalf("%s comes after %s", e, last)
			} else if last = e; last >= c.edition(next) {
				t.Fatalf("%s comes before %s", c.edition(next), last)
			}
		}
	}
}

func TestValidate(t *testing.T) {
	good := Config{Name: "week", Period: Weekly, At: "09:00", Day: "monday", Channel: "mail", Language: "fa"}
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
	if err := (Config{Name: "d", Period: Daily, Channel: "mail"}).Validate(); err != nil {
		t.Error(err)
	}
	for key, edit := range map[string]func(*Config){
		"name": func(c *Config) { c.Name = "a b" }, "name:": func(c *Config) { c.Name = "" }, "period": func(c *Config) { c.Period = "monthly" }, "at": func(c *Config) { c.At = "25:00" },
		"at:": func(c *Config) { c.At = "nine" }, "day": func(c *Config) { c.Day = "mon" }, "day:": func(c *Config) { c.Period = Daily }, "language": func(c *Config) { c.Language = "de" }, "channel": func(c *Config) { c.Channel = "" },
	} {
		c := good
		edit(&c)
		if err := c.Validate(); err == nil || !strings.HasPrefix(err.Error(), strings.TrimSuffix(key, ":")+":") {
			t.Errorf("%s: %v", key, err)
		}
	}
}
