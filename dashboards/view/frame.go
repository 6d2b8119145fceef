package view

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Asker runs one statement as a user who may only read, and writes the answer in a format of ClickHouse. The store itself
// ends what takes longer or more bytes of memory, and what ctx ends or the writer takes no more of.
type Asker interface {
	QueryWithin(ctx context.Context, within time.Duration, memory int64, sql, format string, w io.Writer) error
}

const (
	maxRows   = 1000    // of one answer that are taken
	maxBytes  = 4 << 20 // of one answer that are taken
	maxMemory = 1e9     // bytes that one query may take of the store
)

// frame is an answer: cells are string, float64, bool, time.Time, a list of these, or nil.
type frame struct {
	names, types []string
	rows         [][]any
	cut          bool // there was more
}

var errEnough = errors.New("enough rows")

// ask runs sql; what goes beyond the limits is cut off, and that is told.
func ask(ctx context.Context, store Asker, within time.Duration, sql string) (frame, error) {
	r := &reader{}
	err := store.QueryWithin(ctx, within, maxMemory, sql, "JSONCompactEachRowWithNamesAndTypes", r)
	if errors.Is(err, errEnough) {
		r.f.cut, err = true, nil
		if len(r.f.rows) == 0 {
			err = fmt.Errorf("the first row alone has more than %d bytes", maxBytes)
		}
	}
	if err == nil && len(r.f.names) != len(r.f.types) {
		err = errors.New("the answer has no columns")
	}
	return r.f, err
}

// reader takes an answer line by line.
type reader struct {
	f     frame
	zones []*time.Location // of the columns that are times
	rest  []byte
	taken int
	lines int
}

// Write refuses more than the limits.
func (r *reader) Write(p []byte) (int, error) {
	if r.taken += len(p); r.taken > maxBytes {
		return 0, errEnough
	}
	r.rest = append(r.rest, p...)
	for {
		text, rest, ended := bytes.Cut(r.rest, []byte("\n"))
		if !ended {
			return len(p), nil
		}
		r.rest = rest
		if err := r.line(text); err != nil {
			return 0, err
		}
	}
}

func (r *reader) line(text []byte) error {
	r.lines++
	switch r.lines {
	case 1:
		return json.Unmarshal(text, &r.f.names)
	case 2:
		err := json.Unmarshal(text, &r.f.types)
		for _, kind := range r.f.types {
			r.zones = append(r.zones, zoneOf(kind))
		}
		return err
	}
	if len(r.f.rows) == maxRows {
		return errEnough
	}
	var row []any
	if err := json.Unmarshal(text, &row); err != nil {
		return fmt.Errorf("row %d: %w", len(r.f.rows)+1, err)
	}
	if len(row) != len(r.f.types) {
		return fmt.Errorf("row %d has %d cells of %d columns", len(r.f.rows)+1, len(row), len(r.f.types))
	}
	for i, kind := range r.f.types {
		row[i] = typed(kind, r.zones[i], row[i])
	}
	r.f.rows = append(r.f.rows, row)
	return nil
}

var zoneInType = regexp.MustCompile(`'([^']+)'`)

// zoneOf is the zone in which a column's times are written: that of its type, else UTC, which the store is asked for.
func zoneOf(kind string) *time.Location {
	if m := zoneInType.FindStringSubmatch(kind); m != nil && isTime(kind) {
		if z, err := time.LoadLocation(m[1]); err == nil {
			return z
		}
	}
	return time.UTC
}

// typed makes times and numbers of what JSON has as texts.
func typed(kind string, zone *time.Location, cell any) any {
	text, ok := cell.(string)
	switch {
	case !ok:
		return cell
	case isTime(kind):
		for _, layout := range []string{"2006-01-02 15:04:05.999999999", time.DateOnly} {
			if t, err := time.ParseInLocation(layout, text, zone); err == nil {
				return t
			}
		}
	case isNumber(kind):
		if n, err := strconv.ParseFloat(text, 64); err == nil {
			return n
		}
	}
	return cell
}

func base(kind string) string {
	for _, wrap := range []string{"LowCardinality(", "Nullable("} {
		kind = strings.TrimPrefix(kind, wrap)
	}
	return kind
}

func isTime(kind string) bool { return strings.HasPrefix(base(kind), "Date") }

func isNumber(kind string) bool {
	kind = base(kind)
	return strings.HasPrefix(kind, "Int") || strings.HasPrefix(kind, "UInt") || strings.HasPrefix(kind, "Float") || strings.HasPrefix(kind, "Decimal")
}

// Gone tells whether an error means that ClickHouse is not there or does not answer, and not that it refused a query.
func Gone(err error) bool {
	var network net.Error
	return errors.As(err, &network) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, context.DeadlineExceeded)
}
