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

// corrector keeps what people put right.
type corrector interface {
	// Correct makes corrections hold at once, in every figure.
	Correct(ctx context.Context, corrections []mention.Correction) error
}

// topic is one that can be ticked.
type topic struct {
	Code, Word string
	On         bool
}

// topics lists all, those of a verdict ticked.
func (s *Server) topics(l i18n.Language, on []string) []topic {
	codes, words := s.texts.Family("topic", l)
	all := make([]topic, len(codes))
	for i, code := range codes {
		all[i] = topic{code, words[i], slices.Contains(on, code)}
	}
	return all
}

// correct stores what a person put right on the page of a mention.
func (s *Server) correct(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 32<<10)
	refuse := func(status int, key string) { s.showMention(w, r, status, s.texts.T(s.language(r), key)) }
	u, by := userOf(r), brieflyFrom(r, "by")
	if u.Name != "" { // nobody corrects under another's name
		by = u.Name
	}
	ctx, cancel := context.WithTimeout(r.Context(), s.patience)
	defer cancel()
	rows, err := s.judgedRows(ctx, mention.ID(r.PathValue("id")))
	i := slices.IndexFunc(rows, func(j judged) bool { return j.Brand == r.PostFormValue("brand") })
	switch {
	case !u.Role.may(Support):
		refuse(http.StatusForbidden, "ui.only_looks")
		return
	case err != nil:
		s.waiting(w, r, err)
		return
	case i < 0 || by == "":
		refuse(http.StatusBadRequest, "ui.act_refused")
		return
	}
	said, err := s.putRight(r, rows[i])
	if err != nil {
		refuse(http.StatusBadRequest, "ui.act_refused")
		return
	}
	if len(said) == 0 {
		refuse(http.StatusBadRequest, "ui.nothing_changed")
		return
	}
	for j := range said {
		c := &said[j]
		c.Mention, c.Brand, c.By, c.Note, c.At = rows[i].Mention.ID, rows[i].Brand, by, brieflyFrom(r, "note"), s.now()
	}
	if err := s.store.Correct(ctx, said); err != nil {
		s.waiting(w, r, err)
		return
	}
	if u.Name == "" {
		http.SetCookie(w, &http.Cookie{Name: nameCookie, Value: url.QueryEscape(by), Path: "/", MaxAge: 365 * 86400, SameSite: http.SameSiteLaxMode, HttpOnly: true})
	}
	http.Redirect(w, r, "/m/"+url.PathEscape(r.PathValue("id")), http.StatusSeeOther)
}

// errForm is a form that the page has not made.
var errForm = errors.New("the form is none of ours")

// putRight reads the fields that the person changed. What was shown to him comes
// with the form, so that what others corrected meanwhile is not undone.
func (s *Server) putRight(r *http.Request, j judged) ([]mention.Correction, error) {
	if field := mention.Field(r.PostFormValue("take_back")); field != "" {
		if !j.Corrected(field) {
			return nil, nil
		}
		return []mention.Correction{{Field: field}}, nil
	}
	var said []mention.Correction
	add := func(field mention.Field, value string) {
		said = append(said, mention.Correction{Field: field, Value: value})
	}
	if mood := r.PostFormValue("mood"); mood != r.PostFormValue("was_mood") {
		if !slices.Contains(mention.Moods(), mention.Mood(mood)) {
			return nil, errForm
		}
		add(mention.FieldMood, mood)
	}
	codes, _ := s.texts.Family("topic", i18n.English)
	ticked := slices.Compact(slices.Sorted(slices.Values(r.PostForm["topic"])))
	if slices.ContainsFunc(ticked, func(code string) bool { return !slices.Contains(codes, code) }) {
		return nil, errForm
	}
	was := slices.Sorted(slices.Values(r.PostForm["was_topic"]))
	was = slices.DeleteFunc(was, func(code string) bool { return !slices.Contains(codes, code) }) // it could not be ticked
	if !slices.Equal(ticked, slices.Compact(was)) {
		value := strings.Join(ticked, ",")
		if value == "" {
			value = mention.NoTopics
		}
		add(mention.FieldTopics, value)
	}
	if meant := brieflyFrom(r, "meant"); meant != "" && meant != j.Brand {
		add(mention.FieldBrand, meant)
	}
	for _, field := range []mention.Field{mention.FieldNotOurs, mention.FieldNotCustomer} {
		if r.PostFormValue(string(field)) == "yes" && !j.Corrected(field) {
			add(field, "yes")
		}
	}
	return said, nil
}
