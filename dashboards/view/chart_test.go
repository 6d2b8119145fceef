package view

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"feryat/i18n"
)

// nothingHasAHeight: a line that is nothing all the time is drawn on the ground.
func nothingHasAHeight(t *testing.T, v *Viewer) {
	at := now()
	for name, points := range map[string]map[time.Time]float64{"nothing": {at: 0, at.Add(time.Hour): 0}, "below": {at: -5, at.Add(time.Hour): 0}, "one": {at: 3}} {
		low, high, gap := scale([]line{{points: points}}, false)
		if low >= high || gap <= 0 {
			t.Errorf("%s: from %v to %v by %v", name, low, high, gap)
		}
	}
	b := pageOf(t, "timeseries", "SELECT toDateTime('2026-11-06 00:00:00', 'UTC') + number * 3600 AS time, 0 AS n FROM numbers(10)")
	if _, panels := show(t, v, b, i18n.English, "from=now-1d&to=now", now()); strings.Contains(panels[0], "NaN") || strings.Count(panels[0], "<circle") != 20 {
		t.Errorf("%s", panels[0])
	}
}

// longSteps: a step of weeks begins where ClickHouse lets it begin, so that the first bar is drawn, too.
func longSteps(t *testing.T, v *Viewer) {
	b := pageOf(t, "timeseries", "SELECT $__timeInterval(t) AS time, count() AS n FROM (SELECT toDateTime($__fromTime) + number * 86400 AS t FROM numbers(1000)) WHERE $__timeFilter(t) GROUP BY time ORDER BY time")
	for days, want := range map[string]int{"30d": 30, "200d": 28, "365d": 26, "900d": 30} {
		_, panels := show(t, v, b, i18n.English, "from=now-"+days+"&to=now", now())
		rows, dots := strings.Count(panels[0], `<td class="when">`), strings.Count(panels[0], "<circle")
		if rows < want || dots != 2*rows {
			t.Errorf("%s: %d steps in the table, %d points in two charts", days, rows, dots)
		}
	}
}

// severalQuestions: of a panel's questions some may have no answer; their series have colors of their own.
func severalQuestions(t *testing.T, v *Viewer) {
	two := func(kind, first, second string) string {
		b := pageOf(t, kind, first)
		b.Panels[0].Targets = append(b.Panels[0].Targets, target{RawSQL: second})
		_, panels := show(t, v, b, i18n.English, "from=now-1d&to=now", now())
		return panels[0]
	}
	for _, kind := range []string{"stat", "gauge", "barchart", "table", "timeseries"} {
		if html := two(kind, "SELECT 'a' AS name, 1 AS n WHERE 0", "SELECT 'b' AS name, 42 AS n"); !strings.Contains(html, "42") {
			t.Errorf("%s: %s", kind, html)
		}
	}
	b := pageOf(t, "timeseries", "SELECT toDateTime('2026-11-06 00:00:00', 'UTC') AS time, 30 AS one, 10 AS two")
	b.Panels[0].FieldConfig.Defaults = []byte(`{"unit": "short", "custom": {"drawStyle": "bars", "stacking": {"mode": "percent"}}}`)
	if _, panels := show(t, v, b, i18n.English, "from=now-1d&to=now", now()); !strings.Contains(panels[0], "one: 75%") || !strings.Contains(panels[0], ">30<") || !strings.Contains(panels[0], ">100%<") {
		t.Errorf("shares of all: %s", panels[0])
	}
	const series = "SELECT toDateTime('2026-11-06 00:00:00', 'UTC') AS time, 1 AS "
	if html := two("timeseries", series+"one", series+"two"); !strings.Contains(html, `class="k k-0"`) || !strings.Contains(html, `class="k k-1"`) {
		t.Errorf("both have one color: %s", html)
	}
}

// anyWayOfNaming: a value that is not offered leaves a panel empty, however its question names the variable, and a name
// that begins alike is another.
func anyWayOfNaming(t *testing.T, v *Viewer) {
	b := goldenBoard(t)
	b.Templating.List = append(b.Templating.List, Variable{Name: "brands", Type: "constant", Query: "1"})
	for sql, empty := range map[string]bool{"SELECT '[[brand]]'": true, "SELECT [[brand:singlequote]]": true, "SELECT '$brand'": true, "SELECT ${brand:singlequote}": true, "SELECT $brands": false} {
		b.Panels = []Panel{{ID: 1, Type: "table", Targets: []target{{RawSQL: sql}}}}
		if _, panels := show(t, v, b, i18n.English, "var-brand=nobody", now()); strings.Contains(panels[0], `class="empty"`) != empty {
			t.Errorf("%s: %s", sql, panels[0])
		}
	}
}

// TestClockHours: hours begin where the clock of the zone says so.
func TestClockHours(t *testing.T) {
	zone := time.FixedZone("", 3*3600+1800)
	at := time.Date(2026, 11, 6, 12, 34, 56, 7, zone)
	s, ok := spanOf(url.Values{"from": {"now/h"}, "to": {"now/h"}}, Board{}, at, zone)
	if from, to := s.From.Format(time.TimeOnly), s.To.Format(time.TimeOnly); !ok || from != "12:00:00" || to != "12:59:59" {
		t.Errorf("%s to %s", from, to)
	}
	if d := duration("999999w"); d <= 0 {
		t.Errorf("a long period is %s", d)
	}
}
