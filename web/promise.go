package web

import (
	"context"
	"net/http"
	"slices"
	"time"

	"feryat/i18n"
	"feryat/mention"
)

// answerTarget is the share of customers who are to be answered in time, unless
// WatchPromise says another.
const answerTarget = 0.95

// promises answers how the promise of an answer was kept.
type promises interface {
	SLO(ctx context.Context, f mention.Filter, target float64) ([]mention.SLO, error)
}

// WatchPromise sets the share that is to be answered in time, above 0 and below
// 1. It is called before the pages are served.
func (s *Server) WatchPromise(target float64) { s.target = target }

// promise shows how the promise was kept, and the program's own part of the delay.
func (s *Server) promise(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), s.patience)
	defer cancel()
	o := s.asked(r.URL.Query())
	rows, err := s.store.SLO(ctx, mention.Filter{Brand: o.Brand, From: o.From, To: o.To}, s.target)
	if err != nil {
		s.waiting(w, r, err)
		return
	}
	// Without routes nobody has a team: that row would be the brand's once more.
	rows = slices.DeleteFunc(rows, func(row mention.SLO) bool { return row.Per == mention.PerTeam && row.Team == "" })
	s.render(w, r, http.StatusOK, "promise.html", map[string]any{"Rows": rows, "Days": o.Days, "Periods": periods(o.Days), "Target": s.target})
}

// inTime is the share that was answered in time of those that are decided.
func (s *Server) inTime(l i18n.Language, row mention.SLO) string {
	decided := row.InTime + row.Late + row.OpenLate
	if decided == 0 {
		return "–"
	}
	return i18n.Percent(l, share(row.InTime, decided))
}

// ratio is a value of at least one promise; few say little, and how many they
// are stands beside it.
func (s *Server) ratio(l i18n.Language, r mention.Ratio) string {
	if r.N == 0 {
		return "–"
	}
	return i18n.Decimal(l, r.Value, 1)
}

// spread is the median, nine of ten and 99 of 100 of times that are counted in a
// unit.
func (s *Server) spread(l i18n.Language, v mention.Spread, unit time.Duration) string {
	if v.N == 0 {
		return "–"
	}
	span := func(n float64) string { return s.elapsed(l, time.Duration(n*float64(unit)).Round(time.Millisecond)) }
	return span(v.P50) + " / " + span(v.P90) + " / " + span(v.P99)
}
