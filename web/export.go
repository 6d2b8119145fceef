package web

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"

	"feryat/i18n"
	"feryat/mention"
)

const (
	// maxExport bounds the rows of a file.
	maxExport = 100_000
	// exportsAtOnce bounds the memory that files take.
	exportsAtOnce = 2
	// exportWithin is how long a file may take, pageWithin a part of it.
	exportWithin = 10 * time.Minute
	pageWithin   = time.Minute
)

// sheet writes rows in some format.
type sheet interface {
	begin() error
	row(m mention.Scored) error
	// cut says that there are more rows than were written.
	cut(rows int) error
	flush() error
}

// export gives what a search finds as a file.
func (s *Server) export(w http.ResponseWriter, r *http.Request) {
	l := s.language(r)
	q, fault := s.searched(r.URL.Query())
	kinds := map[string]string{"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}
	format := r.URL.Query().Get("format")
	if kinds[format] == "" || fault != "" {
		s.render(w, r, http.StatusBadRequest, "message.html", map[string]any{"Key": "ui.bad_search"})
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), exportWithin)
	defer cancel()
	select {
	case s.exporting <- struct{}{}:
		defer func() { <-s.exporting }()
	case <-ctx.Done():
		return
	}
	var out sheet = &jsonSheet{json.NewEncoder(w)}
	if format == "csv" {
		out = &csvSheet{to: w, csv: csv.NewWriter(w), texts: s.texts, l: l}
	}
	begun := false
	begin := func() error {
		if begun {
			return nil
		}
		begun = true
		w.Header().Set("Content-Type", kinds[format])
		w.Header().Set("Content-Disposition", `attachment; filename="feryat-`+s.now().UTC().Format(time.DateOnly)+`.`+format+`"`)
		return out.begin()
	}
	control := http.NewResponseController(w)
	cut, err := s.store.Export(ctx, q, s.exportRows, func(rows []mention.Scored) error {
		_ = control.SetWriteDeadline(time.Now().Add(pageWithin)) // not every server has one
		if err := begin(); err != nil {
			return err
		}
		return writeRows(out, rows)
	})
	if err != nil && !begun {
		s.waiting(w, r, err)
		return
	}
	if err == nil {
		err = begin()
	}
	if err == nil && cut {
		err = out.cut(s.exportRows)
	}
	if err == nil {
		err = out.flush()
	}
	if err != nil { // a file that breaks off must not look whole
		s.log.WarnContext(r.Context(), "file cut short", "error", err)
		panic(http.ErrAbortHandler)
	}
}

func writeRows(out sheet, rows []mention.Scored) error {
	for _, m := range rows {
		if err := out.row(m); err != nil {
			return err
		}
	}
	return out.flush()
}

// jsonSheet writes records as they are, one a line.
type jsonSheet struct{ to *json.Encoder }

func (j *jsonSheet) begin() error { return nil }
func (j *jsonSheet) flush() error { return nil }
func (j *jsonSheet) row(m mention.Scored) error {
	m.Search = ""
	return j.to.Encode(m)
}
func (j *jsonSheet) cut(rows int) error {
	return j.to.Encode(map[string]any{"cut": true, "rows": rows})
}

// csvSheet writes for spreadsheets: with a byte order mark, without which Excel
// takes the file for its own code page.
type csvSheet struct {
	to    io.Writer
	csv   *csv.Writer
	texts *i18n.Texts
	l     i18n.Language
}

func (c *csvSheet) begin() error {
	if _, err := io.WriteString(c.to, "\ufeff"); err != nil {
		return err
	}
	return c.csv.Write(csvColumns())
}

func csvColumns() []string {
	return []string{"id", "brand", "source", "kind", "url", "product", "author", "own", "title", "text", "language", "rating", "rating_best", "written", "collected",
		"score", "mood", "anger", "topics", "praise", "customer", "signals", "priority", "lexicon"}
}

func (c *csvSheet) row(s mention.Scored) error {
	m, v := s.Mention, s.Verdict
	value, best := "", ""
	if m.Rating != nil {
		value, best = figure(m.Rating.Value), figure(m.Rating.Best)
	}
	codes := func(codes []string) string { return cell(strings.Join(codes, ",")) }
	return c.csv.Write([]string{cell(string(m.ID)), cell(s.Brand), cell(m.Source), cell(string(m.Kind)), cell(m.URL), cell(m.Product), cell(m.Author.Name), strconv.FormatBool(m.Author.Own),
		cell(m.Title), cell(m.Text), cell(v.Language), value, best, stamp(m.Written.Time), stamp(m.Collected),
		figure(v.Score), cell(string(v.Mood)), figure(v.Anger), codes(v.Topics), codes(v.Praise), codes(v.Customer), codes(v.Signals), strconv.Itoa(v.Priority), cell(v.Lexicon)})
}

func (c *csvSheet) cut(rows int) error {
	last := make([]string, len(csvColumns()))
	last[0] = c.texts.T(c.l, "ui.export_cut", i18n.Number(c.l, int64(rows)))
	return c.csv.Write(last)
}

func (c *csvSheet) flush() error {
	c.csv.Flush()
	return c.csv.Error()
}

func figure(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }

// cell is foreign text that no spreadsheet takes for a formula: what begins like
// one gets an apostrophe (OWASP, "CSV Injection"), also behind white space and in
// full width.
func cell(s string) string {
	s = strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "\uFFFD")
	first := strings.TrimLeftFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) })
	if strings.HasPrefix(s, "\t") || strings.HasPrefix(s, "\r") || strings.HasPrefix(s, "\n") || first != "" && strings.ContainsRune("=+-@|%＝＋－＠", []rune(first)[0]) {
		return "'" + s
	}
	return s
}
