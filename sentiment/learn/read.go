package learn

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxLine is the longest line read, in bytes.
const maxLine = 16 << 20

// ReadJSON reads texts from JSON lines: objects with "text" and "label" (pos,
// neg, neu and their like) or "stars" (1..5) or "rating" (0..1), and optionally
// "lang" or "language". Objects without text or label, or in another language
// than the one given, are left out and counted.
func ReadJSON(in io.Reader, set, language string) (texts []Text, left int, err error) {
	s := bufio.NewScanner(in)
	s.Buffer(make([]byte, 64<<10), maxLine)
	for n := 1; s.Scan(); n++ {
		line := bytes.TrimSpace(bytes.TrimPrefix(s.Bytes(), []byte("\ufeff")))
		if len(line) == 0 {
			continue
		}
		var r struct {
			Text, Lang, Language string
			Label                *string
			Stars, Rating        *float64
		}
		if err := json.Unmarshal(line, &r); err != nil {
			return nil, 0, fmt.Errorf("line %d: %w", n, err)
		}
		row := row{text: r.Text, language: r.Lang + r.Language, label: r.Label, stars: r.Stars, rating: r.Rating}
		t, err := row.labelled(set, language)
		switch {
		case errors.Is(err, errNoLabel):
			left++
		case err != nil:
			return nil, 0, fmt.Errorf("line %d: %w", n, err)
		default:
			texts = append(texts, t)
		}
	}
	return texts, left, s.Err()
}

// ReadCSV reads texts from a table whose first line names its columns, with the
// names that ReadJSON knows. The separator is a comma, a semicolon or a tab:
// whichever is the most frequent in that line.
func ReadCSV(in io.Reader, set, language string) (texts []Text, left int, err error) {
	b := bufio.NewReader(in)
	head, err := b.Peek(4096)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, 0, err
	}
	if bytes.HasPrefix(head, []byte("\ufeff")) {
		_, _ = b.Discard(3) // they were peeked at
	}
	r := csv.NewReader(b)
	r.Comma = separator(head)
	r.LazyQuotes, r.FieldsPerRecord = true, -1
	columns, err := r.Read()
	if err != nil {
		return nil, 0, fmt.Errorf("first line: %w", err)
	}
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return texts, left, nil
		}
		if err != nil {
			return nil, 0, err // it names the line
		}
		line, _ := r.FieldPos(0)
		row, err := rowOf(columns, cells)
		var t Text
		if err == nil {
			t, err = row.labelled(set, language)
		}
		switch {
		case errors.Is(err, errNoLabel):
			left++
		case err != nil:
			return nil, 0, fmt.Errorf("line %d: %w", line, err)
		default:
			texts = append(texts, t)
		}
	}
}

func separator(head []byte) rune {
	line, _, _ := bytes.Cut(head, []byte("\n"))
	best := ','
	for _, c := range ";\t" {
		if bytes.Count(line, []byte(string(c))) > bytes.Count(line, []byte(string(best))) {
			best = c
		}
	}
	return best
}

// row is one record of a file.
type row struct {
	text, language string
	label          *string
	stars, rating  *float64
}

func rowOf(columns, cells []string) (row, error) {
	var r row
	for i, name := range columns {
		if i >= len(cells) || cells[i] == "" {
			continue
		}
		var err error
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "text":
			r.text = cells[i]
		case "lang", "language":
			r.language = cells[i]
		case "label":
			r.label = &cells[i]
		case "stars":
			r.stars, err = number(cells[i])
		case "rating":
			r.rating, err = number(cells[i])
		}
		if err != nil {
			return r, fmt.Errorf("column %s: %w", name, err)
		}
	}
	return r, nil
}

func number(s string) (*float64, error) {
	v, err := strconv.ParseFloat(strings.Replace(s, ",", ".", 1), 64)
	return &v, err
}

// errNoLabel marks records that nothing can be learnt from.
var errNoLabel = errors.New("no text, no label, or another language")

func (r row) labelled(set, language string) (Text, error) {
	t := Text{Set: set, Text: r.text}
	if strings.TrimSpace(r.text) == "" || r.language != "" && r.language != language {
		return t, errNoLabel
	}
	if !utf8.ValidString(t.Text) {
		t.Text = strings.ToValidUTF8(t.Text, "\ufffd")
	}
	switch {
	case r.label != nil && *r.label != "":
		var ok bool
		if t.Label, ok = labelOf(*r.label); !ok {
			return t, fmt.Errorf("label %q, want pos, neg or neu", *r.label)
		}
	case r.stars != nil:
		if *r.stars < 0 || *r.stars > 5 {
			return t, fmt.Errorf("%g stars, want 1 to 5 (write others as rating, from 0 to 1)", *r.stars)
		}
		t.Label = byShare((*r.stars - 1) / 4)
	case r.rating != nil:
		if *r.rating < 0 || *r.rating > 1 {
			return t, fmt.Errorf("rating %g, want 0 to 1 (or a column stars, from 1 to 5)", *r.rating)
		}
		t.Label = byShare(*r.rating)
	default:
		return t, errNoLabel
	}
	return t, nil
}

// byShare reads stars as a mood: two of five and fewer are unhappy, four and
// more content.
func byShare(share float64) Label {
	switch {
	case share < 0.375:
		return Unhappy
	case share > 0.625:
		return Content
	}
	return Neutral
}

func labelOf(s string) (Label, bool) {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "neg", "negative", "unhappy", "angry", "dissatisfied", "-1":
		return Unhappy, true
	case "neu", "neutral", "mixed", "0":
		return Neutral, true
	case "pos", "positive", "satisfied", "1":
		return Content, true
	}
	return Neutral, false
}
