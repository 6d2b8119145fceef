package web

import (
	"context"
	"net/http"
	"slices"
	"strings"
)

// inboxShown bounds the list of what waits.
const inboxShown = 200

// inbox lists what waits for people, with the clock of each.
func (s *Server) inbox(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), s.patience)
	defer cancel()
	open, err := s.store.OpenEscalations(ctx, escalatedAsked)
	if err != nil {
		s.waiting(w, r, err)
		return
	}
	brand, severity := strings.ToValidUTF8(r.URL.Query().Get("brand"), ""), r.URL.Query().Get("severity")
	var brands []string
	var rows []clocks
	for _, e := range open {
		if !slices.Contains(brands, e.Brand) {
			brands = append(brands, e.Brand)
		}
		if (brand == "" || e.Brand == brand) && (severity == "" || e.Severity == severity) {
			rows = append(rows, clocks{OpenEscalation: e, Now: s.now()})
		}
	}
	slices.Sort(brands)
	s.render(w, r, http.StatusOK, "inbox.html", map[string]any{"Rows": rows[:min(len(rows), inboxShown)], "Count": len(rows), "Brands": brands, "Brand": brand, "Severity": severity, "Channels": s.silent()})
}
