package main

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"feryat/i18n"
	"feryat/mention"
	"feryat/text"
)

// maxSampleFile bounds a file of labels, in bytes.
const maxSampleFile = 256 << 20

func sampleColumns() []string {
	return []string{"sample", "number", "id", "brand", "source", "product", "written", "stars", "title", "text", "mood", "topics", "not_ours", "note"}
}

// writeSample writes texts to label as a table for spreadsheets. What the scorer thinks is not in it.
func writeSample(w io.Writer, items []mention.SampleItem) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil { // Excel takes a file without this mark for its own code page
		return err
	}
	table := csv.NewWriter(w)
	err := table.Write(sampleColumns())
	for _, it := range items {
		m, stars := it.Mention, ""
		if m.Rating != nil {
			stars = fmt.Sprintf("%g of %g", m.Rating.Value, m.Rating.Best)
		}
		var mood, topics, notOurs, note string
		if l := it.Label; l != nil {
			mood, topics, note = string(l.Mood), strings.Join(l.Topics, ","), l.Note
			if l.NotOurs {
				notOurs = "yes"
			}
			if l.Topics != nil && topics == "" {
				topics = mention.NoTopics
			}
		}
		err = errors.Join(err, table.Write([]string{harmless(it.Sample), strconv.Itoa(it.Number), string(m.ID), harmless(it.Brand), harmless(m.Source), harmless(m.Product),
			m.Written.Time.Format("2006-01-02 15:04"), stars, harmless(m.Title), harmless(m.Text), mood, topics, notOurs, harmless(note)}))
	}
	table.Flush()
	return errors.Join(err, table.Error())
}

// harmless is foreign text that no spreadsheet takes for a formula: what begins like one gets an apostrophe.
func harmless(s string) string {
	s = strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "\uFFFD")
	first := strings.TrimLeftFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) })
	if s != first && strings.ContainsAny(s[:1], "\t\r\n") || first != "" && strings.ContainsRune("=+-@|%＝＋－＠", []rune(first)[0]) {
		return "'" + s
	}
	return s
}

// labelLine is a line of the file with a label. The text is told by sample and number; ID is a check.
type labelLine struct {
	Line, Number int
	ID           mention.ID
	Label        mention.Label // Sample, Mood, Topics, NotOurs and Note
}

// lineFault says why a line was refused.
type lineFault struct {
	Line int
	Why  string
}

func (f lineFault) String() string { return fmt.Sprintf("line %d: %s", f.Line, f.Why) }

// labelReader reads what people filled in.
type labelReader struct {
	moods, topics map[string]string // folded words and codes of all languages, and what they mean
	most          int64             // bytes of a file
}

func newLabelReader(texts *i18n.Texts) labelReader {
	r := labelReader{map[string]string{}, map[string]string{}, maxSampleFile}
	for family, words := range map[string]map[string]string{"mood": r.moods, "topic": r.topics} {
		for _, l := range i18n.Languages() {
			codes, names := texts.Family(family, l)
			for i, code := range codes {
				words[text.Fold(code, "")], words[text.Fold(names[i], "")] = code, code
			}
		}
	}
	for i, m := range mention.Moods() {
		r.moods[strconv.Itoa(i+1)] = string(m) // as the keys of the page
	}
	return r
}

// read gives the lines with a label; those without one are counted, bad ones refused with their reason. An error is of the
// whole file.
func (r labelReader) read(file io.Reader) (lines []labelLine, empty int, refused []lineFault, err error) {
	limited := &io.LimitedReader{R: file, N: r.most + 1}
	table, columns, err := openTable(bufio.NewReader(limited))
	if err != nil {
		return nil, 0, nil, err
	}
	seen := map[string]int{}
	for {
		cells, err := table.Read()
		var bad *csv.ParseError
		switch {
		case limited.N <= 0: // what would be left out is not told from what was not labelled
			return nil, 0, nil, fmt.Errorf("the file has more than %d bytes", r.most)
		case errors.Is(err, io.EOF):
			return lines, empty, refused, nil
		case errors.As(err, &bad):
			refused = append(refused, lineFault{bad.StartLine, bad.Err.Error()})
			continue
		case err != nil:
			return lines, empty, refused, err
		}
		number, _ := table.FieldPos(0)
		l, err := r.line(number, func(name string) string { return at(cells, columns, name) })
		key := fmt.Sprint(l.Label.Sample, "\x00", l.Number)
		switch first := seen[key]; {
		case err != nil:
			refused = append(refused, lineFault{number, err.Error()})
		case l.Label.Mood == "" && !l.Label.NotOurs:
			empty++
		case first > 0:
			refused = append(refused, lineFault{number, fmt.Sprintf("the same text is labelled in line %d", first)})
		default:
			seen[key] = number
			lines = append(lines, l)
		}
	}
}

// openTable reads the head: columns may be parted by commas, semicolons or tabs, and stand in any order.
func openTable(in *bufio.Reader) (*csv.Reader, map[string]int, error) {
	if mark, _ := in.Peek(3); bytes.Equal(mark, []byte("\ufeff")) {
		_, _ = in.Discard(3) // they are there
	}
	head, _ := in.Peek(512)
	head, _, _ = bytes.Cut(head, []byte("\n"))
	table := csv.NewReader(in)
	table.FieldsPerRecord = -1
	for _, mark := range []rune{';', '\t'} {
		if bytes.ContainsRune(head, mark) && !bytes.ContainsRune(head, ',') {
			table.Comma = mark
		}
	}
	names, err := table.Read()
	if err != nil {
		return nil, nil, fmt.Errorf("the first line is no head of a table: %w", err)
	}
	columns := map[string]int{}
	for i, name := range names {
		columns[strings.ToLower(strings.TrimSpace(name))] = i
	}
	for _, need := range []string{"sample", "number", "mood"} {
		if _, ok := columns[need]; !ok {
			return nil, nil, fmt.Errorf("the first line names no column %q: label a file of feryat sample --out", need)
		}
	}
	return table, columns, nil
}

func at(cells []string, columns map[string]int, name string) string {
	i, ok := columns[name]
	if !ok || i >= len(cells) {
		return ""
	}
	return strings.TrimSpace(strings.ToValidUTF8(cells[i], "\uFFFD"))
}

func (r labelReader) line(number int, cell func(string) string) (l labelLine, err error) {
	l = labelLine{Line: number, ID: mention.ID(cell("id"))}
	l.Label.Sample, l.Label.Note = strings.TrimPrefix(cell("sample"), "'"), strings.TrimPrefix(cell("note"), "'")
	if l.Number, err = strconv.Atoi(cell("number")); err != nil || l.Label.Sample == "" {
		return l, fmt.Errorf("sample %q, number %q name no text: do not change these columns", cell("sample"), cell("number"))
	}
	if l.Label.NotOurs, err = yes(cell("not_ours")); err != nil {
		return l, err
	}
	if word := cell("mood"); word != "" {
		mood, ok := r.moods[text.Fold(word, "")]
		if !ok {
			return l, fmt.Errorf("mood %q is none of %v, of their words in three languages, or of 1 to %d", word, mention.Moods(), len(mention.Moods()))
		}
		l.Label.Mood = mention.Mood(mood)
	}
	if l.Label.Topics, err = r.topicsOf(cell("topics")); err != nil {
		return l, err
	}
	switch {
	case l.Label.NotOurs && (l.Label.Mood != "" || len(l.Label.Topics) > 0):
		return l, errors.New("not_ours with a mood or topics: what is not about the brand has none")
	case !l.Label.NotOurs && l.Label.Mood == "" && l.Label.Topics != nil:
		return l, errors.New("topics without a mood")
	}
	if l.Label.NotOurs {
		l.Label.Topics = nil
	}
	return l, nil
}

func yes(word string) (bool, error) {
	switch text.Fold(word, "") {
	case "", "no", "hayir", "hayır", "خیر", "نه", "0", "false":
		return false, nil
	case "yes", "evet", "بله", "1", "x", "true":
		return true, nil
	}
	return false, fmt.Errorf("not_ours %q: say yes, or nothing", word)
}

// topicsOf reads topics that are parted by commas or semicolons; nil where the cell is empty.
func (r labelReader) topicsOf(cell string) ([]string, error) {
	switch text.Fold(cell, "") {
	case "":
		return nil, nil
	case mention.NoTopics, "-":
		return []string{}, nil
	}
	codes := []string{}
	for _, word := range strings.FieldsFunc(cell, func(c rune) bool { return strings.ContainsRune(",;،؛", c) }) {
		code, ok := r.topics[text.Fold(strings.TrimSpace(word), "")]
		if !ok {
			return nil, fmt.Errorf("topic %q is none: feryat score and docs/sql.md show the codes", strings.TrimSpace(word))
		}
		if !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	return codes, nil
}
