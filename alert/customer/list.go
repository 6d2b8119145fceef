package customer

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"unicode"

	"feryat/mention"
)

// Fields are what a column of a customer list may be; key has to be there.
func Fields() []string {
	return []string{"key", "name", "value", "margin", "since", "renewal", "last_seen", "referrals"}
}

// List says how to read a customer list: CSV whose first line names
// the columns, parted by the comma, semicolon or tab of which that line has
// most. Columns that are no field are left out.
type List struct {
	// Columns maps fields to the names of their columns, where these differ. Capitals, spaces and hyphens make no difference.
	Columns map[string]string
	// Decimal is the decimal sign, '.' or ',', of numbers such as 1.234 that can be read either way. 0: the comma where
	// semicolons part the columns, as spreadsheets write there; elsewhere such a number is refused.
	Decimal byte
	// Encoding is one of Encodings; empty is UTF-8, or UTF-16 where the mark at the beginning says so.
	Encoding string
}

// RefusedError is a line that is not taken. It never quotes the line, which tells of
// a person.
type RefusedError struct {
	Line   int // from 1, of the line's beginning
	Reason string
}

func (r *RefusedError) Error() string { return fmt.Sprintf("line %d refused: %s", r.Line, r.Reason) }

// Read gives the entries of a list one by one, and a *RefusedError for each line
// that is none, among these a second one with the same key. Any other error is
// the last: the header is wrong or the list cannot be read.
func (l List) Read(in io.Reader) iter.Seq2[mention.Customer, error] {
	return func(yield func(mention.Customer, error) bool) {
		r := newRecords(in, l.Encoding)
		t, err := l.header(r)
		if err != nil {
			yield(mention.Customer{}, err)
			return
		}
		lines := map[string]int{}
		for {
			record, line, err := r.next()
			if errors.Is(err, io.EOF) {
				return
			}
			var c mention.Customer
			if err == nil && isBlank(record) {
				continue
			}
			if err == nil {
				c, err = t.customer(record, line)
			}
			if first := lines[c.Key]; err == nil && first > 0 {
				err = &RefusedError{line, fmt.Sprintf("key: the same as in line %d", first)}
			}
			if err == nil {
				lines[c.Key] = line
			}
			var refused *RefusedError
			if !yield(c, err) || err != nil && !errors.As(err, &refused) {
				return
			}
		}
	}
}

func isBlank(record []string) bool {
	return !slices.ContainsFunc(record, func(s string) bool { return strings.TrimSpace(s) != "" })
}

// table knows which column is what.
type table struct {
	columns int
	at      map[string]int // by field
	decimal byte
}

// header reads the first line. It is not quoted either: it may be a customer.
func (l List) header(r *records) (table, error) {
	for field := range l.Columns {
		if !slices.Contains(Fields(), field) {
			return table{}, fmt.Errorf("there is no field %q: the fields are %s", field, strings.Join(Fields(), ", "))
		}
	}
	names, _, err := r.next()
	var refused *RefusedError
	switch {
	case errors.Is(err, io.EOF):
		return table{}, errors.New("the list is empty: its first line has to name the columns")
	case errors.As(err, &refused):
		return table{}, fmt.Errorf("line 1, which has to name the columns: %s", refused.Reason)
	case err != nil:
		return table{}, err
	}
	t := table{columns: len(names), at: map[string]int{}, decimal: l.Decimal}
	if t.decimal == 0 && r.delimiter == ';' {
		t.decimal = ','
	}
	for _, field := range Fields() {
		column := cmp.Or(l.Columns[field], field)
		for i, name := range names {
			if plain(name) != plain(column) {
				continue
			}
			if _, twice := t.at[field]; twice {
				return table{}, fmt.Errorf("line 1 names two columns %q", column)
			}
			t.at[field] = i
		}
		if _, there := t.at[field]; !there && (field == "key" || l.Columns[field] != "") {
			return table{}, fmt.Errorf("line 1 names no column %q: it has to name the columns; --map %s=COLUMN tells a column of another name", column, field)
		}
	}
	return t, nil
}

func plain(name string) string {
	return strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(strings.TrimSpace(name)))
}

// customer reads one line.
func (t table) customer(record []string, line int) (mention.Customer, error) {
	if n := len(record); n < t.columns || n > t.columns && !isBlank(record[t.columns:]) {
		return mention.Customer{}, &RefusedError{line, fmt.Sprintf("it has %d columns, the first line %d", n, t.columns)}
	}
	cell := func(field string) string {
		if i, there := t.at[field]; there {
			return strings.TrimSpace(record[i])
		}
		return ""
	}
	c := mention.Customer{Key: cell("key"), Name: strings.Join(strings.Fields(cell("name")), " ")}
	for _, step := range []struct {
		field string
		read  func(string) error
	}{
		{"key", checkKey},
		{"name", checkName},
		{"value", into(&c.Value, t.number)},
		{"margin", into(&c.Margin, t.number)},
		{"since", into(&c.Since, date)},
		{"renewal", into(&c.Renewal, date)},
		{"last_seen", into(&c.LastSeen, date)},
		{"referrals", into(&c.Referrals, whole)},
	} {
		if err := step.read(cell(step.field)); err != nil {
			return mention.Customer{}, &RefusedError{line, step.field + ": " + err.Error()}
		}
	}
	return c, nil
}

// into keeps what read makes of a cell; an empty one tells nothing.
func into[T any](target *T, read func(string) (T, error)) func(string) error {
	return func(text string) (err error) {
		if text != "" {
			*target, err = read(text)
		}
		return err
	}
}

const maxKey, maxName = 256, 512 // bytes

func checkKey(key string) error {
	switch {
	case key == "":
		return errors.New("it is empty")
	case len(key) > maxKey:
		return fmt.Errorf("it is longer than %d bytes", maxKey)
	case strings.ContainsFunc(key, unicode.IsControl):
		return errors.New("it holds a control character")
	}
	return nil
}

func checkName(name string) error {
	if len(name) > maxName {
		return fmt.Errorf("it is longer than %d bytes", maxName)
	}
	return nil
}
