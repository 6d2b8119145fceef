package web

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"feryat/mention"
)

// inboxShown is how many a page of the inbox lists.
const inboxShown = 50

// inbox lists what waits for people, with the clock of each.
func (s *Server) inbox(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), s.patience)
	defer cancel()
	at, _, _ := s.news.now() // before the store is asked: what changes after is told
	open, err := s.openCases(ctx, at)
	if err != nil {
		s.waiting(w, r, err)
		return
	}
	query, l, now := readable(r.URL.Query()), s.language(r), s.now()
	rows, counts := narrowed(open, s.aspects(actor(r), now), query)
	order(rows, query.Get("sort"))
	data := map[string]any{
		"Count": len(rows), "All": len(open), "Full": len(open) == escalatedAsked, "Waiting": len(open), "Live": at, "Follows": s.changes != nil, "Now": now, "Desk": true, "Channels": s.silent(), "Name": nameOf(r),
		"Filters": s.filters(l, query, counts), "Sorts": sorts(), "Sort": query.Get("sort"), "Back": query.Encode(), "May": s.office != nil && userOf(r).Role.may(Support),
	}
	page, pages := pageOf(query, len(rows))
	data["Page"], data["PageCount"] = page, pages
	if page > 1 {
		data["Before"] = link(query, "page", page-1)
	}
	if page < pages {
		data["After"] = link(query, "page", page+1)
	}
	data["Rows"] = clocked(rows[min((page-1)*inboxShown, len(rows)):min(page*inboxShown, len(rows))], now)
	s.render(w, r, http.StatusOK, "inbox.html", data)
}

// readable is a query without what is no text.
func readable(query url.Values) url.Values {
	clean := url.Values{}
	for name := range query {
		if v := strings.ToValidUTF8(query.Get(name), ""); v != "" && len(v) <= maxQuery && name != "lang" {
			clean.Set(strings.ToValidUTF8(name, ""), v)
		}
	}
	return clean
}

// actor is the name under which a person acts, as far as it is known.
func actor(r *http.Request) string { return cmp.Or(userOf(r).Name, nameOf(r)) }

// pageOf is the asked page and how many there are, both from 1.
func pageOf(query url.Values, rows int) (page, pages int) {
	pages = max(1, (rows+inboxShown-1)/inboxShown)
	n, _ := strconv.Atoi(query.Get("page"))
	return min(max(n, 1), pages), pages
}

func clocked(open []mention.OpenEscalation, now time.Time) []clocks {
	rows := make([]clocks, len(open))
	for i, e := range open {
		rows[i] = clocks{OpenEscalation: e, Now: now}
	}
	return rows
}

// sorts are the orders of the inbox; the first is the usual one.
func sorts() []string { return []string{"priority", "due", "newest"} }

// order sorts what the store gave by severity and age.
func order(rows []mention.OpenEscalation, by string) {
	switch by {
	case "due":
		slices.SortStableFunc(rows, func(a, b mention.OpenEscalation) int {
			return cmp.Or(cmp.Compare(undue(a), undue(b)), a.Due.Compare(b.Due))
		})
	case "newest":
		slices.SortStableFunc(rows, func(a, b mention.OpenEscalation) int { return b.Opened.Compare(a.Opened) })
	default:
		slices.SortStableFunc(rows, func(a, b mention.OpenEscalation) int {
			return cmp.Or(cmp.Compare(slices.Index(severities(), a.Severity), slices.Index(severities(), b.Severity)), cmp.Compare(urgency(a), urgency(b)))
		})
	}
}

func severities() []string { return []string{"critical", "high", "normal"} }

// undue is 1 where no clock runs.
func undue(e mention.OpenEscalation) int {
	if e.Due.IsZero() || !e.Answered.IsZero() {
		return 1
	}
	return 0
}

// urgency is the priority, with those that have none at the end.
func urgency(e mention.OpenEscalation) int {
	if e.Priority == 0 {
		return 9
	}
	return e.Priority
}

// quickActs are those that the inbox offers beside a case.
func quickActs(e mention.OpenEscalation) []string {
	return slices.DeleteFunc(acts(e.Escalation), func(do string) bool {
		return !slices.Contains([]string{"acknowledged", "answered", "resolved", falseAlarm}, do)
	})
}
