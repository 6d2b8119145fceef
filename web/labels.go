package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"golang.org/x/sync/errgroup"

	"feryat/i18n"
	"feryat/mention"
)

// How many texts a draw has unless asked, and at most.
const (
	drawnUnlessAsked = 100
	drawnAtMost      = 2000
)

// laboratory keeps random samples and what people said of them.
type laboratory interface {
	// Samples lists them, the newest first.
	Samples(ctx context.Context) ([]mention.Sample, error)
	// DrawSample draws one and tells how many are in it.
	DrawSample(ctx context.Context, d mention.Draw) (int, error)
	// SampleItems gives the texts in order: of a number, or without a label where waiting, or all; a limit of 0 is none.
	SampleItems(ctx context.Context, sample string, number int, waiting bool, limit int) ([]mention.SampleItem, error)
	// LabelSample keeps labels of one sample.
	LabelSample(ctx context.Context, labels []mention.Label) error
	// Accuracy compares the labels of a sample, or of all, with the verdicts as they are now.
	Accuracy(ctx context.Context, sample string) (mention.Accuracy, error)
}

// samples shows what was drawn, and what it says of the scorer.
func (s *Server) samples(w http.ResponseWriter, r *http.Request) {
	s.showSamples(w, r, http.StatusOK, "")
}

func (s *Server) showSamples(w http.ResponseWriter, r *http.Request, status int, said string) {
	ctx, cancel := context.WithTimeout(r.Context(), s.patience)
	defer cancel()
	name := brieflyFrom(r, "sample") // of the address, too
	if name == "" {
		name = r.URL.Query().Get("sample")
	}
	var samples []mention.Sample
	var accuracy mention.Accuracy
	var brands []mention.BrandCount
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { samples, err = s.store.Samples(gctx); return err })
	g.Go(func() (err error) { accuracy, err = s.store.Accuracy(gctx, name); return err })
	g.Go(func() (err error) { brands, err = s.store.Brands(gctx, mention.Filter{}); return err })
	if err := g.Wait(); err != nil {
		s.waiting(w, r, err)
		return
	}
	s.render(w, r, status, "samples.html", map[string]any{"Said": said, "Samples": samples, "Of": name, "Accuracy": accuracy, "Brands": brands,
		"May": userOf(r).Role.may(Support), "Unless": drawnUnlessAsked, "Most": drawnAtMost, "Still": true})
}

// drawSample makes a new sample and leads to its first text.
func (s *Server) drawSample(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 8<<10)
	refuse := func(status int, key string) { s.showSamples(w, r, status, s.texts.T(s.language(r), key)) }
	if !userOf(r).Role.may(Support) {
		refuse(http.StatusForbidden, "ui.only_looks")
		return
	}
	n, err := strconv.Atoi(r.PostFormValue("n"))
	days, derr := strconv.Atoi("0" + r.PostFormValue("days"))
	if err != nil || derr != nil || n < 1 || n > drawnAtMost || days > 10*maxDays {
		refuse(http.StatusBadRequest, "ui.act_refused")
		return
	}
	d := mention.Draw{
		Filter: mention.Filter{Brand: brieflyFrom(r, "brand"), Source: brieflyFrom(r, "source"), Language: brieflyFrom(r, "language")},
		Name:   s.now().UTC().Format("2006-01-02-150405"), N: n, Seed: uint64(s.now().UnixNano()), Even: r.PostFormValue("even") == "yes", At: s.now(),
	}
	if days > 0 {
		d.From = s.now().AddDate(0, 0, -days)
	}
	ctx, cancel := context.WithTimeout(r.Context(), s.patience)
	defer cancel()
	switch drawn, err := s.store.DrawSample(ctx, d); {
	case err != nil:
		s.waiting(w, r, err)
	case drawn == 0:
		refuse(http.StatusOK, "ui.nothing_to_draw")
	default:
		http.Redirect(w, r, "/sample/label?sample="+url.QueryEscape(d.Name), http.StatusSeeOther)
	}
}

// labelling shows one text of a sample: that of a number, else the first without a label. Nothing on the page tells what
// the scorer thinks of it.
func (s *Server) labelling(w http.ResponseWriter, r *http.Request) {
	s.showItem(w, r, http.StatusOK, r.URL.Query().Get("sample"), r.URL.Query().Get("number"), "")
}

func (s *Server) showItem(w http.ResponseWriter, r *http.Request, status int, sample, number, said string) {
	ctx, cancel := context.WithTimeout(r.Context(), s.patience)
	defer cancel()
	n, _ := strconv.Atoi(number) // else the first that waits
	var items []mention.SampleItem
	var samples []mention.Sample
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { items, err = s.store.SampleItems(gctx, sample, max(0, n), n <= 0, 1); return err })
	g.Go(func() (err error) { samples, err = s.store.Samples(gctx); return err })
	if err := g.Wait(); err != nil {
		s.waiting(w, r, err)
		return
	}
	i := slices.IndexFunc(samples, func(x mention.Sample) bool { return x.Name == sample })
	switch {
	case i < 0 || n > 0 && len(items) == 0:
		s.render(w, r, http.StatusNotFound, "message.html", map[string]any{"Key": "ui.not_found"})
	case len(items) == 0: // all have a label
		http.Redirect(w, r, "/sample?sample="+url.QueryEscape(sample), http.StatusSeeOther)
	default:
		s.render(w, r, status, "label.html", map[string]any{"Said": said, "Item": items[0], "Sample": samples[i], "Name": nameOf(r),
			"May": userOf(r).Role.may(Support), "Keys": keys(), "Before": items[0].Number - 1, "Still": true})
	}
}

// key is a mood and the key that gives it.
type key struct {
	Key  string
	Mood mention.Mood
}

func keys() []key {
	all := make([]key, len(mention.Moods()))
	for i, m := range mention.Moods() {
		all[i] = key{strconv.Itoa(i + 1), m}
	}
	return all
}

// label keeps what a person reads from a text and leads to the next.
func (s *Server) label(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 32<<10)
	sample, number := brieflyFrom(r, "sample"), r.PostFormValue("number")
	refuse := func(status int, key string) {
		s.showItem(w, r, status, sample, number, s.texts.T(s.language(r), key))
	}
	u, by := userOf(r), brieflyFrom(r, "by")
	if u.Name != "" { // nobody labels under another's name
		by = u.Name
	}
	if !u.Role.may(Support) {
		refuse(http.StatusForbidden, "ui.only_looks")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), s.patience)
	defer cancel()
	n, _ := strconv.Atoi(number)
	if n < 1 { // no text is guessed at
		refuse(http.StatusBadRequest, "ui.act_refused")
		return
	}
	items, err := s.store.SampleItems(ctx, sample, n, false, 1)
	if err != nil {
		s.waiting(w, r, err)
		return
	}
	l, err := s.labelFrom(r)
	if err != nil || len(items) == 0 || by == "" {
		refuse(http.StatusBadRequest, "ui.act_refused")
		return
	}
	l.Sample, l.Mention, l.Brand, l.By, l.Note, l.At = sample, items[0].Mention.ID, items[0].Brand, by, brieflyFrom(r, "note"), s.now()
	if err := s.store.LabelSample(ctx, []mention.Label{l}); err != nil {
		s.waiting(w, r, err)
		return
	}
	if u.Name == "" {
		http.SetCookie(w, &http.Cookie{Name: nameCookie, Value: url.QueryEscape(by), Path: "/", MaxAge: 365 * 86400, SameSite: http.SameSiteLaxMode, HttpOnly: true})
	}
	http.Redirect(w, r, "/sample/label?sample="+url.QueryEscape(sample), http.StatusSeeOther)
}

// notOurs is the button for texts that are not about the brand.
const notOurs = "not_ours"

// labelFrom reads the form: the button that was pressed, and the topics, of which an empty list counts where the person
// says so.
func (s *Server) labelFrom(r *http.Request) (l mention.Label, err error) {
	pressed := r.PostFormValue("mood")
	if pressed == notOurs {
		return mention.Label{NotOurs: true}, nil
	}
	if !slices.Contains(mention.Moods(), mention.Mood(pressed)) {
		return l, errForm
	}
	l.Mood = mention.Mood(pressed)
	codes, _ := s.texts.Family("topic", i18n.English)
	ticked := slices.Compact(slices.Sorted(slices.Values(r.PostForm["topic"])))
	if slices.ContainsFunc(ticked, func(code string) bool { return !slices.Contains(codes, code) }) {
		return l, errForm
	}
	if len(ticked) > 0 || r.PostFormValue("topics_given") == "yes" {
		l.Topics = append([]string{}, ticked...)
	}
	return l, nil
}

// agreement says how often the scorer agrees, and how sure that is.
func (s *Server) agreement(l i18n.Language, a mention.Agreement) string {
	switch {
	case a.Labelled == 0:
		return "–"
	case a.Few:
		return s.texts.T(l, "ui.too_few", i18n.Number(l, a.Labelled))
	}
	return s.texts.T(l, "ui.agreement", i18n.Percent(l, a.Share), i18n.Percent(l, a.Low), i18n.Percent(l, a.High), i18n.Number(l, a.Labelled))
}
