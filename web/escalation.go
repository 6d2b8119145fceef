package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"feryat/i18n"
	"feryat/mention"
)

// nameCookie keeps the name that a person acts under; it is no login.
const nameCookie = "feryat_name"

// falseAlarm is an act beside those of a life: it says that nobody had to be told.
const falseAlarm = "false_alarm"

// Act is what a person does about an escalation on the page.
type Act struct {
	Escalation string
	Do         string // acknowledged, assigned, answered, resolved, reopened, not_winnable, or false_alarm
	By, To     string
	Note       string
}

// Office does what people decide on the page, and advises them.
type Office interface {
	// Act answers how the escalation stands then. An error that has Taken says
	// that somebody else has it.
	Act(ctx context.Context, a Act) (mention.Escalation, error)
	// Allows reports whether a signed link lets its bearer do one act.
	Allows(escalation, do, token string) bool
	// Advise gives lines by language, a draft of a reply, or why there is none.
	Advise(e mention.Escalation) (lines map[string][]string, draft, withheld string)
}

// taken is the error of whoever comes second.
type taken interface {
	error
	Taken() (holder string, state mention.State)
}

// allActs lists what a person may do about an escalation, in the order of its life.
func allActs() []string {
	return []string{"acknowledged", "assigned", "answered", "resolved", "not_winnable", "reopened", falseAlarm}
}

// acts lists what can be done about an escalation in its state.
func acts(e mention.Escalation) []string {
	if e.State.Ended() {
		return []string{"reopened", falseAlarm}
	}
	return slices.DeleteFunc(allActs(), func(do string) bool {
		return do == "reopened" || do == "acknowledged" && e.Holder != "" || do == "answered" && e.State == mention.StateAnswered
	})
}

// escalation shows one case, and asks once more where a signed link led here.
func (s *Server) escalation(w http.ResponseWriter, r *http.Request) {
	id, do, token := r.PathValue("id"), r.URL.Query().Get("do"), r.URL.Query().Get("t")
	if token != "" && s.office != nil && s.office.Allows(id, do, token) {
		s.render(w, r, http.StatusOK, "confirm.html", map[string]any{"ID": id, "Do": do, "Token": token, "Name": nameOf(r)})
		return
	}
	s.signedIn(func(w http.ResponseWriter, r *http.Request) { s.showEscalation(w, r, id, http.StatusOK, "") }).ServeHTTP(w, r)
}

// showEscalation draws the page; said is a message above it, by key.
func (s *Server) showEscalation(w http.ResponseWriter, r *http.Request, id string, status int, said string) {
	ctx, cancel := context.WithTimeout(r.Context(), s.patience)
	defer cancel()
	data, err := s.caseOf(ctx, r, id)
	switch {
	case err != nil:
		s.waiting(w, r, err)
	case data == nil:
		s.render(w, r, http.StatusNotFound, "message.html", map[string]any{"Key": "ui.not_found"})
	default:
		data["Said"] = said
		s.render(w, r, status, "escalation.html", data)
	}
}

// caseOf gathers what the page shows; nil where there is no such escalation.
func (s *Server) caseOf(ctx context.Context, r *http.Request, id string) (map[string]any, error) {
	found, err := s.store.Escalations(ctx, id, 1)
	if err != nil || len(found) == 0 || found[0].ID != id {
		return nil, err
	}
	e := found[0]
	events, err := s.store.Events(ctx, id)
	if err != nil {
		return nil, err
	}
	c := clocks{OpenEscalation: e, Now: s.now()}
	for _, ev := range events {
		if ev.Type == "notified" && (c.Told.IsZero() || ev.At.Before(c.Told)) {
			c.Told = ev.At
		}
	}
	data := map[string]any{"Clock": c, "Events": events, "Acts": []string(nil), "Name": nameOf(r), "Desk": true, "Now": c.Now}
	if e.Mention != "" {
		rows, err := s.store.Mention(ctx, e.Mention)
		if err != nil {
			return nil, err
		}
		if i := slices.IndexFunc(rows, func(m mention.Scored) bool { return m.Brand == e.Brand }); i >= 0 {
			data["Row"], e.Blamed = rows[i], rows[i].Verdict.Blamed
		}
	}
	if data["Known"], err = s.customer(ctx, e.Escalation); err != nil {
		return nil, err
	}
	if data["Elsewhere"], err = s.elsewhere(ctx, e.Escalation); err != nil {
		return nil, err
	}
	data["E"] = e
	if s.office != nil {
		lines, draft, withheld := s.office.Advise(e.Escalation)
		data["Advice"], data["Draft"], data["Withheld"] = lines[string(s.language(r))], draft, withheld
		if userOf(r).Role.may(Support) {
			data["Acts"] = acts(e.Escalation)
		}
	}
	return data, nil
}

// act does what a form asks for. Without a login it does what a signed link
// allows, no more.
func (s *Server) act(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 16<<10)
	a := Act{Escalation: r.PathValue("id"), Do: r.PostFormValue("do"), By: brieflyFrom(r, "by"), To: brieflyFrom(r, "to"), Note: brieflyFrom(r, "note")}
	token := r.PostFormValue("t")
	if s.office == nil || !slices.Contains(allActs(), a.Do) {
		s.render(w, r, http.StatusBadRequest, "message.html", map[string]any{"Key": "ui.not_found"})
		return
	}
	if token != "" && s.office.Allows(a.Escalation, a.Do, token) {
		s.decide(w, r, a, true)
		return
	}
	s.signedIn(func(w http.ResponseWriter, r *http.Request) {
		u := userOf(r)
		if !u.Role.may(Support) {
			s.showEscalation(w, r, a.Escalation, http.StatusForbidden, s.texts.T(s.language(r), "ui.only_looks"))
			return
		}
		if u.Name != "" { // nobody acts under another's name
			a.By = u.Name
		}
		s.decide(w, r, a, false)
	}).ServeHTTP(w, r)
}

// decide hands an act to the office and says what came of it. Whoever came by a
// link may not see the whole page.
func (s *Server) decide(w http.ResponseWriter, r *http.Request, a Act, byLink bool) {
	if a.By != "" && userOf(r).Name == "" {
		http.SetCookie(w, &http.Cookie{Name: nameCookie, Value: url.QueryEscape(a.By), Path: "/", MaxAge: 365 * 86400, SameSite: http.SameSiteLaxMode, HttpOnly: true})
	}
	ctx, cancel := context.WithTimeout(r.Context(), s.patience)
	defer cancel()
	e, err := s.office.Act(ctx, a)
	s.cases.forget()
	status, said := http.StatusOK, ""
	var second taken
	switch {
	case errors.As(err, &second):
		status, said = http.StatusConflict, s.secondWord(s.language(r), second)
	case err != nil && e.ID == "":
		s.log.WarnContext(r.Context(), "act on an escalation", "escalation_id", a.Escalation, "do", a.Do, "error", err)
		status, said = http.StatusBadRequest, s.texts.T(s.language(r), "ui.act_refused")
	case err != nil:
		s.waiting(w, r, err)
		return
	}
	if !byLink && said == "" {
		http.Redirect(w, r, wayBack(r, a.Escalation), http.StatusSeeOther)
		return
	}
	if said == "" {
		said = s.texts.T(s.language(r), "ui.act_done", s.texts.Code(s.language(r), "act", a.Do))
	}
	if byLink {
		s.render(w, r, status, "said.html", map[string]any{"Said": said, "ID": a.Escalation})
		return
	}
	s.showEscalation(w, r, a.Escalation, status, said)
}

// wayBack is where a form was: the inbox as it was narrowed, or the case.
func wayBack(r *http.Request, id string) string {
	if back, err := url.ParseQuery(r.PostFormValue("back")); err == nil && r.PostForm.Has("back") {
		return "/inbox?" + readable(back).Encode()
	}
	return "/e/" + url.PathEscape(id)
}

func (s *Server) secondWord(l i18n.Language, t taken) string {
	holder, state := t.Taken()
	if state.Ended() {
		return s.texts.T(l, "ui.act_ended", s.texts.Code(l, "state", string(state)))
	}
	return s.texts.T(l, "ui.act_taken", holder)
}

// maxField is the longest name or note that is taken, in runes.
const maxField = 500

func brieflyFrom(r *http.Request, field string) string {
	v := []rune(strings.TrimSpace(strings.ToValidUTF8(r.PostFormValue(field), "")))
	return string(v[:min(len(v), maxField)])
}

func nameOf(r *http.Request) string {
	c, err := r.Cookie(nameCookie)
	if err != nil {
		return ""
	}
	name, _ := url.QueryUnescape(c.Value)
	return strings.ToValidUTF8(name, "")
}

// eventNote is what people wrote; what the program notes for itself is left out.
func (s *Server) eventNote(l i18n.Language, e mention.Event) string {
	switch e.Type {
	case "feedback":
		return s.texts.Code(l, "feedback", e.Note)
	case "wrote_again", "handed_on", "warned", "breached", "raised":
		return ""
	}
	if e.Actor == "feryat" && e.Type == "resolved" {
		return s.texts.Code(l, "note", e.Note)
	}
	return s.excerpt(l, mention.ParseFigures(e.Note), e.Note)
}

// excerpt is the text of an escalation: figures in words, else as written.
func (s *Server) excerpt(l i18n.Language, f *mention.Figures, text string) string {
	if f == nil {
		return text
	}
	return s.texts.Figures(l, *f)
}

// tongue is the language of excerpt.
func tongue(l i18n.Language, f *mention.Figures, language string) string {
	if f == nil {
		return language
	}
	return string(l)
}
