package web

import (
	"context"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"feryat/dashboards/view"
	"feryat/i18n"
)

// asker runs one statement as a user who may only read, within a time and so many bytes of memory.
type asker interface {
	QueryWithin(ctx context.Context, within time.Duration, memory int64, sql, format string, w io.Writer) error
}

// openBoards reads the dashboards that are shown: feryat's own, and those of the folder in the configuration.
func (s *Server) openBoards() (err error) {
	if s.boards, err = view.New(s.store, s.zone); err != nil || s.cfg.Dashboards == "" {
		return err
	}
	s.refused = s.boards.Add(os.DirFS(s.cfg.Dashboards))
	for _, fault := range s.refused {
		s.log.Error("a dashboard is refused", "folder", s.cfg.Dashboards, "error", fault)
	}
	return nil
}

// boardList leads to all dashboards.
func (s *Server) boardList(w http.ResponseWriter, r *http.Request) {
	l := s.language(r)
	s.render(w, r, http.StatusOK, "boards.html", map[string]any{"Boards": s.boards.List(l), "Refused": s.refused, "Still": true})
}

// board shows a dashboard: first what can be chosen, then each panel as soon as it is drawn.
func (s *Server) board(w http.ResponseWriter, r *http.Request) {
	l, query := s.language(r), r.URL.Query()
	b, ok := s.boards.Board(r.PathValue("uid"), l)
	if !ok {
		s.render(w, r, http.StatusNotFound, "message.html", map[string]any{"Key": "ui.not_found"})
		return
	}
	if at, moved := s.canonical(b, r.PathValue("uid"), query); moved {
		http.Redirect(w, r, at, http.StatusSeeOther)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), s.patience)
	defer cancel()
	c, err := s.boards.Choose(ctx, b, l, query, s.now())
	if err != nil {
		s.waiting(w, r, err)
		return
	}
	data := map[string]any{"Board": b, "C": c, "Form": s.boardForm(c, query), "Links": s.boards.Boards(c), "Mentions": s.boards.Mentions(c), "Still": true, "Refresh": seconds(refreshOf(b, query))}
	if !s.begin(w, r, "board-top", data) {
		return
	}
	flush := http.NewResponseController(w)
	_ = flush.Flush() // where that is not possible all comes at once
	err = s.boards.Draw(r.Context(), c, func(panel template.HTML) error {
		if _, err := io.WriteString(w, string(panel)); err != nil {
			return err
		}
		_ = flush.Flush()
		return nil
	})
	if err != nil {
		return // the reader has gone
	}
	_ = s.pages[l].ExecuteTemplate(w, "board-end", data)
}

// canonical is the address of a dashboard in Grafana's form. The form of the page has a period or two days in place of
// from and to, and one parameter for all of a variable.
func (s *Server) canonical(b view.Board, uid string, query url.Values) (string, bool) {
	moved := b.UID != uid
	if query.Has("since") {
		moved = true
		from, to, ok := view.Days(query.Get("day1"), query.Get("day2"), s.zone)
		switch since := query.Get("since"); {
		case since != "" && since != "keep":
			query.Set("from", since)
			query.Set("to", "now")
		case since == "" && ok:
			query.Set("from", from)
			query.Set("to", to)
		case since == "":
			query.Set("from", "?")
			query.Set("to", "?")
		}
		for _, name := range []string{"since", "day1", "day2"} {
			query.Del(name)
		}
	}
	for name, values := range query {
		if strings.HasPrefix(name, "var-") && len(values) > 1 && slices.Contains(values, "") {
			query[name] = slices.DeleteFunc(values, func(v string) bool { return v == "" })
		}
	}
	address := "/d/" + b.UID
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	return address, moved
}

// boardForm is what the form above a dashboard shows.
type boardForm struct {
	Hidden    map[string]string
	Periods   []view.Option
	From, To  string // days, where the time shown is not counted from now
	Span      string // the time shown, as people write it
	Fields    []boardField
	Refreshes []view.Option
}

// boardField is a variable with the values that can be chosen.
type boardField struct {
	view.Selection
	Said string // what is chosen, in short
	More bool   // not all values are listed
}

// listedValues is how many values of a variable the form lists; chosen ones always.
const listedValues = 200

func (s *Server) boardForm(c view.Choice, query url.Values) boardForm {
	l := c.Language
	f := boardForm{Hidden: map[string]string{}}
	if l := query.Get("lang"); l != "" {
		f.Hidden["lang"] = l
	}
	f.Span = s.texts.DateTime(l, c.From, s.zone) + " – " + s.texts.DateTime(l, c.To, s.zone)
	f.Periods = s.boardPeriods(c)
	if f.Periods[len(f.Periods)-1].On { // certain days
		f.From, f.To = i18n.PlainDate(l, c.From, s.zone), i18n.PlainDate(l, c.To, s.zone)
	}
	for _, x := range c.Selections {
		if x.Hide == 2 {
			continue
		}
		field := boardField{Selection: x}
		n := 0
		field.Options = slices.DeleteFunc(slices.Clone(x.Options), func(o view.Option) bool { n++; return n > listedValues && !o.On })
		field.More = len(field.Options) < len(x.Options)
		switch chosen := x.Words(); {
		case x.All:
			field.Said = s.texts.T(l, "view.all")
		case len(chosen) == 1:
			field.Said = chosen[0]
		default:
			field.Said = s.texts.T(l, "view.chosen", i18n.Number(l, int64(len(chosen))))
		}
		f.Fields = append(f.Fields, field)
	}
	f.Refreshes = s.refreshes(l, refreshOf(c.Board, query))
	return f
}

// boardPeriods are the times that can be chosen; the last are days of one's own.
func (s *Server) boardPeriods(c view.Choice) (list []view.Option) {
	l, found := c.Language, false
	add := func(value, text string) {
		on := c.RawFrom == value && c.RawTo == "now"
		found = found || on
		list = append(list, view.Option{Value: value, Text: text, On: on})
	}
	for _, hours := range []int64{6, 24} {
		add(fmt.Sprintf("now-%dh", hours), s.texts.T(l, "view.hours", i18n.Number(l, hours)))
	}
	for _, days := range []int64{7, 30, 90, 365} {
		add(fmt.Sprintf("now-%dd", days), s.texts.T(l, "ui.days", i18n.Number(l, days)))
	}
	moving := strings.HasPrefix(c.RawFrom, "now")
	if !found && moving {
		list = append(list, view.Option{Value: "keep", Text: s.texts.T(l, "view.own_time"), On: true})
	}
	return append(list, view.Option{Text: s.texts.T(l, "view.own_days"), On: !found && !moving})
}

// refreshOf is how often a dashboard is asked for anew: as the address says, or as it says itself.
func refreshOf(b view.Board, query url.Values) string {
	if query.Has("refresh") {
		return query.Get("refresh")
	}
	return string(b.Refresh)
}

// seconds reads 30s, 5m, 1h; less than ten seconds and what is no time is none.
func seconds(refresh string) int {
	d, err := time.ParseDuration(refresh)
	if err != nil || d < 10*time.Second || d > 24*time.Hour {
		return 0
	}
	return int(d / time.Second)
}

func (s *Server) refreshes(l i18n.Language, chosen string) []view.Option {
	list := []view.Option{{Value: "off", Text: s.texts.T(l, "view.never"), On: seconds(chosen) == 0}}
	values := []int{30, 60, 300, 900, seconds(chosen)}
	slices.Sort(values)
	for _, n := range slices.Compact(values) {
		o := view.Option{Value: strconv.Itoa(n) + "s", Text: s.texts.T(l, "view.seconds", number(l, n)), On: n == seconds(chosen)}
		switch {
		case n == 0:
			continue
		case n == 60:
			o.Text = s.texts.T(l, "view.minute")
		case n%60 == 0:
			o.Text = s.texts.T(l, "view.minutes", number(l, n/60))
		}
		list = append(list, o)
	}
	return list
}
