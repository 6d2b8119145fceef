// Package view shows dashboards without Grafana: it reads their classic JSON, feryat's own and those of a user, asks
// ClickHouse as a user who may only read, and draws the answers as HTML and SVG that need no script.
//
// Of the panels it draws time series, bar charts, figures, gauges, tables, heat maps and texts; whatever else is shown as its
// table. Each chart has its table behind it. Macros and variables are filled in by dashboards/macro; a value out of an
// address is used only if its variable offers it.
package view

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"feryat/i18n"
)

//go:embed panel.html
var templates embed.FS

const (
	// atOnce is how many queries of one page run at the same time.
	atOnce = 2
	// slots is how many of all pages do.
	slots = 6
	// patience is how long one query may take, and patiences how many times that all of a page may.
	patience  = 15 * time.Second
	patiences = 3
	// maxFile is how many bytes a dashboard's file has at most.
	maxFile = 4 << 20
)

// Viewer shows dashboards of one store.
type Viewer struct {
	store    Asker
	zone     *time.Location
	texts    *i18n.Texts
	boards   []Board
	pages    map[i18n.Language]*template.Template
	slots    chan struct{}
	patience time.Duration
	offered  memo
}

// New is a viewer of feryat's own dashboards; times are shown in zone.
func New(store Asker, zone *time.Location) (*Viewer, error) {
	texts, err := i18n.Load()
	if err != nil {
		return nil, err
	}
	boards, err := Builtin()
	if err != nil {
		return nil, err
	}
	v := &Viewer{store: store, zone: zone, texts: texts, boards: boards, pages: map[i18n.Language]*template.Template{}, slots: make(chan struct{}, slots), patience: patience}
	for _, l := range i18n.Languages() {
		functions := template.FuncMap{
			"t":    func(key string, args ...any) string { return texts.T(l, key, args...) },
			"f":    func(n float64) string { return strconv.FormatFloat(n, 'f', 1, 64) },
			"args": func(g grid, d drawn) map[string]any { return map[string]any{"Grid": g, "Panel": d} },
		}
		if v.pages[l], err = template.New("").Funcs(functions).ParseFS(templates, "panel.html"); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// Add reads the *.json of a folder: dashboards of a user's own, as Grafana exports them. A file that cannot be shown, or
// whose uid is taken, is refused with its reason; the others are added.
func (v *Viewer) Add(folder fs.FS) (refused []error) {
	own, refused := readFolder(folder, v.boards)
	v.boards = append(v.boards, own...)
	return refused
}

// Check tells, all together, why files of a folder would be refused.
func Check(folder fs.FS) error {
	boards, err := Builtin()
	if err != nil {
		return err
	}
	_, refused := readFolder(folder, boards)
	return errors.Join(refused...)
}

// readFolder gives what can be shown beside the boards that there are.
func readFolder(folder fs.FS, beside []Board) (own []Board, refused []error) {
	files, err := fs.Glob(folder, "*.json")
	if err != nil || len(files) == 0 {
		return nil, []error{errors.Join(errors.New("there is no .json file in the folder of dashboards"), err)}
	}
	for _, file := range files {
		b, err := readFile(folder, file)
		if err == nil && slices.ContainsFunc(slices.Concat(beside, own), func(x Board) bool { return x.UID == b.UID }) {
			err = fmt.Errorf("%s: uid: %q is that of another dashboard", file, b.UID)
		}
		if err != nil {
			refused = append(refused, err)
			continue
		}
		own = append(own, b)
	}
	return own, refused
}

func readFile(folder fs.FS, file string) (Board, error) {
	info, err := fs.Stat(folder, file)
	if err != nil {
		return Board{}, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxFile {
		return Board{}, fmt.Errorf("%s: is no file of at most %d bytes", file, maxFile)
	}
	body, err := fs.ReadFile(folder, file)
	if err != nil {
		return Board{}, err
	}
	return Read(file, body)
}

// List are the dashboards for a language: feryat's own in it, and all of the user's.
func (v *Viewer) List(l i18n.Language) (list []Board) {
	for _, b := range v.boards {
		if b.Language == "" || b.Language == l {
			list = append(list, b)
		}
	}
	return list
}

// Board finds a dashboard. One of feryat's own is given in the language, whichever it was asked in; the language may be
// left out of the uid.
func (v *Viewer) Board(uid string, l i18n.Language) (Board, bool) {
	name := uid
	for _, other := range i18n.Languages() {
		name = strings.TrimSuffix(name, "-"+string(other))
	}
	for _, want := range []string{name + "-" + string(l), uid} {
		at := slices.IndexFunc(v.boards, func(b Board) bool { return b.UID == want && (b.Language == "" || b.Language == l) })
		if at >= 0 {
			return v.boards[at], true
		}
	}
	return Board{}, false
}

// Draw asks for the panels, a few at a time, and hands each out as soon as those before it are. What is wrong with one panel
// stands in it, also that time is up. The error is that of ctx or of shown.
func (v *Viewer) Draw(ctx context.Context, c Choice, shown func(template.HTML) error) error {
	asking, stop := context.WithTimeout(ctx, patiences*v.patience)
	ready := make([]chan template.HTML, len(c.Board.Panels))
	for i := range ready {
		ready[i] = make(chan template.HTML, 1)
	}
	var work sync.WaitGroup
	work.Go(func() { v.draw(asking, c, ready) })
	defer work.Wait()
	defer stop()
	for _, panel := range ready {
		select {
		case html := <-panel:
			if err := shown(html); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// draw makes all panels; once ctx has ended they say that the store does not answer.
func (v *Viewer) draw(ctx context.Context, c Choice, ready []chan template.HTML) {
	marks := v.marks(ctx, c)
	var group errgroup.Group
	group.SetLimit(atOnce)
	for i, p := range c.Board.Panels {
		group.Go(func() error {
			ready[i] <- v.piece(ctx, c, p, marks)
			return nil
		})
	}
	_ = group.Wait() // there are no errors
}

// piece is one panel. What breaks in drawing it is that panel's trouble, and not the program's, whose end it would be here.
func (v *Viewer) piece(ctx context.Context, c Choice, p Panel, marks []incident) (html template.HTML) {
	defer func() {
		if r := recover(); r != nil {
			html = v.html(c, drawn{ID: p.ID, Title: p.Title, Width: width(p), Fault: v.texts.T(c.Language, "view.failed", fmt.Sprint("panic: ", r))})
		}
	}()
	return v.html(c, v.panel(ctx, c, p, marks))
}

func (v *Viewer) html(c Choice, d drawn) template.HTML {
	var b strings.Builder
	if err := v.pages[c.Language].ExecuteTemplate(&b, "panel.html", d); err != nil {
		return template.HTML(template.HTMLEscapeString(err.Error()))
	}
	return template.HTML(b.String()) //nolint:gosec // made by html/template
}
