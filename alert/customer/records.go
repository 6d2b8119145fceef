package customer

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// What is longer is no line of a customer list. The standard reader knows no
// bounds, and does not go on after a line that is broken.
const (
	maxRecord = 64 << 10 // bytes
	maxLines  = 10       // of one record: breaks within quotes
)

// records parts CSV into records. One that is broken costs its first line only.
type records struct {
	in        *bufio.Reader
	ahead     []string // lines read and not used
	line      int      // number of the last one used
	delimiter byte     // 0 before the first record
	decoded   bool     // from another encoding than UTF-8
}

func newRecords(in io.Reader, encoding string) *records {
	in, was := decoded(in, encoding)
	return &records{in: bufio.NewReaderSize(in, maxRecord), decoded: was}
}

var (
	errLong = fmt.Errorf("it is longer than %d KiB", maxRecord>>10)
	errOpen = errors.New("a quotation mark is not closed")
	errTail = errors.New("text follows a closing quotation mark")
)

// next gives the fields of the next record and the number of its first line. It
// returns a *RefusedError for a broken one, and io.EOF at the end.
func (r *records) next() (fields []string, line int, err error) {
	text, err := r.take()
	line = r.line
	if r.delimiter == 0 && err == nil {
		text = strings.TrimPrefix(text, "\ufeff") // some programs put it first
		r.delimiter = delimiterOf(text)
	}
	if err == nil {
		fields, err = r.whole(text)
	}
	if err == nil || errors.Is(err, io.EOF) || !isBroken(err) {
		return fields, line, err
	}
	return nil, line, &RefusedError{line, err.Error()}
}

func isBroken(err error) bool {
	var reading *readError
	return !errors.As(err, &reading)
}

// readError is trouble with the input rather than with what it says.
type readError struct{ error }

func (e *readError) Unwrap() error { return e.error }

// whole joins as many lines as a quoted field spans.
func (r *records) whole(text string) ([]string, error) {
	var used []string
	for {
		if err := r.check(text); err != nil {
			r.giveBack(used)
			return nil, err
		}
		fields, err := split(text, r.delimiter)
		if err == nil {
			return fields, nil
		}
		if !errors.Is(err, errOpen) {
			if len(used) > 0 { // the mark that closed it opens a later field
				err = errOpen
			}
			r.giveBack(used)
			return nil, err
		}
		more, err := r.take()
		if err != nil && !errors.Is(err, io.EOF) && !isBroken(err) {
			return nil, err
		}
		if err == nil {
			used = append(used, more)
		}
		if err != nil || len(used) >= maxLines || len(text)+len(more) >= maxRecord {
			r.giveBack(used)
			return nil, errOpen
		}
		text += "\n" + more
	}
}

func (r *records) giveBack(lines []string) {
	r.ahead = append(lines, r.ahead...)
	r.line -= len(lines)
}

func (r *records) check(text string) error {
	switch {
	case r.decoded && strings.ContainsRune(text, utf8.RuneError):
		return errors.New("it holds what its encoding has no letter for: is --encoding right?")
	case strings.IndexByte(text, 0) >= 0:
		return errors.New("it holds a NUL byte")
	case !utf8.ValidString(text):
		return errors.New("it is not valid UTF-8: say --encoding windows-1254 (Turkish) or windows-1256 (Persian, Arabic), or save the list as UTF-8")
	}
	return nil
}

// take gives the next line without its end.
func (r *records) take() (string, error) {
	if len(r.ahead) > 0 {
		text := r.ahead[0]
		r.ahead = r.ahead[1:]
		r.line++
		return text, nil
	}
	text, err := r.in.ReadSlice('\n')
	switch {
	case errors.Is(err, bufio.ErrBufferFull):
		r.line++
		return "", r.skip()
	case errors.Is(err, io.EOF) && len(text) == 0:
		return "", io.EOF
	case err != nil && !errors.Is(err, io.EOF):
		return "", &readError{fmt.Errorf("read the list after line %d: %w", r.line, err)}
	}
	r.line++
	return string(bytes.TrimRight(text, "\r\n")), nil
}

// skip leaves the rest of a line out that is too long.
func (r *records) skip() error {
	for {
		_, err := r.in.ReadSlice('\n')
		switch {
		case err == nil, errors.Is(err, io.EOF):
			return errLong
		case !errors.Is(err, bufio.ErrBufferFull):
			return &readError{fmt.Errorf("read the list in line %d: %w", r.line, err)}
		}
	}
}

// delimiterOf counts outside quotes; without any the line is one column.
func delimiterOf(text string) byte {
	best, most := byte(','), 0
	for _, d := range []byte(";,\t") {
		quoted, n := false, 0
		for i := range len(text) {
			if text[i] == '"' {
				quoted = !quoted
			} else if text[i] == d && !quoted {
				n++
			}
		}
		if n > most {
			best, most = d, n
		}
	}
	return best
}

// split parts a record at the delimiter as RFC 4180 says. A quotation mark
// within an unquoted field is one of its letters: 5" pipe.
func split(text string, delimiter byte) (fields []string, err error) {
	for {
		var field string
		if strings.HasPrefix(text, `"`) {
			if field, text, err = quoted(text[1:]); err != nil {
				return nil, err
			}
			if text != "" && text[0] != delimiter {
				return nil, errTail
			}
		} else {
			end := strings.IndexByte(text, delimiter)
			if end < 0 {
				end = len(text)
			}
			field, text = text[:end], text[end:]
		}
		fields = append(fields, field)
		if text == "" {
			return fields, nil
		}
		text = text[1:]
	}
}

// quoted reads up to the closing mark; a doubled one stands for itself.
func quoted(text string) (field, rest string, err error) {
	var out strings.Builder
	for {
		part, after, closed := strings.Cut(text, `"`)
		out.WriteString(part)
		switch {
		case !closed:
			return "", "", errOpen
		case !strings.HasPrefix(after, `"`):
			return out.String(), after, nil
		}
		out.WriteByte('"')
		text = after[1:]
	}
}
