package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Query runs one statement as the reader and copies the answer, in the format of ClickHouse that format names, to w. What
// the reader may do is the server's to decide; the SQL is a person's and is passed on as it is.
func (s *Store) Query(ctx context.Context, sql, format string, w io.Writer) error {
	return s.QueryWithin(ctx, 0, 0, sql, format, w)
}

// QueryWithin is Query for a page: the server itself ends a statement that takes longer (whole seconds, rounded up) or more
// memory (in bytes), and one for which nobody waits any more, because ctx ended or w took no more. Times without a zone are
// those of UTC, whichever zone the server keeps. Zero for both is Query.
func (s *Store) QueryWithin(ctx context.Context, within time.Duration, memory int64, sql, format string, w io.Writer) error {
	req, err := s.request(ctx, bounds(within, memory), sql, format)
	if err != nil {
		return fmt.Errorf("query: %w", err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return s.explain("query", err)
	}
	defer func() { _ = resp.Body.Close() }() // what was to be read of it was
	if resp.StatusCode != http.StatusOK {
		text, err := io.ReadAll(io.LimitReader(resp.Body, maxException))
		return errors.Join(fmt.Errorf("query: %s", oneLine(text)), err)
	}
	return copyAnswer(w, resp.Body, resp.Header.Get("X-ClickHouse-Exception-Tag"))
}

func (s *Store) request(ctx context.Context, query url.Values, sql, format string) (*http.Request, error) {
	query.Set("database", s.cfg.Database)
	query.Set("default_format", format)
	user, password := s.cfg.ReaderUser, s.cfg.ReaderPassword
	if user == "" {
		user, password = s.cfg.User, s.cfg.Password
		query.Set("readonly", "2")
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimRight(s.cfg.URL, "/")+"/?"+query.Encode(), strings.NewReader(sql))
	if err != nil {
		return nil, err
	}
	if user != "" {
		req.SetBasicAuth(user, password)
	}
	return req, nil
}

// bounds are the limits as the server's settings; it looks for a client that has gone only if told to.
func bounds(within time.Duration, memory int64) url.Values {
	if within <= 0 && memory <= 0 {
		return url.Values{}
	}
	query := url.Values{"cancel_http_readonly_queries_on_client_close": {"1"}, "session_timezone": {"UTC"}}
	if within > 0 {
		query.Set("max_execution_time", strconv.FormatInt(int64((within+time.Second-1)/time.Second), 10))
	}
	if memory > 0 {
		query.Set("max_memory_usage", strconv.FormatInt(memory, 10))
	}
	return query
}

// maxException is how long the text of an error may be, its frame included.
const maxException = 32 << 10

// copyAnswer holds the end of the answer back until it has seen that it is no error: one that happens after the first
// bytes comes framed in the body, marked with a tag that the header told.
func copyAnswer(w io.Writer, body io.Reader, tag string) error {
	var held []byte
	chunk := make([]byte, maxException)
	for {
		n, err := body.Read(chunk)
		held = append(held, chunk[:n]...)
		if over := len(held) - maxException; over > 0 {
			if _, err := w.Write(held[:over]); err != nil {
				return fmt.Errorf("query: write the answer: %w", err)
			}
			held = append(held[:0], held[over:]...)
		}
		if errors.Is(err, io.EOF) {
			return finish(w, held, tag)
		}
		if err != nil {
			return fmt.Errorf("query: the answer broke off: %w", err)
		}
	}
}

func finish(w io.Writer, held []byte, tag string) error {
	frame := []byte("__exception__\r\n" + tag)
	at := bytes.LastIndex(held, frame)
	if tag == "" || at < 0 {
		_, err := w.Write(held)
		return err
	}
	text, _, _ := bytes.Cut(held[at+len(frame):], []byte(tag))
	_, err := w.Write(bytes.TrimSuffix(held[:at], []byte("\r\n")))
	return errors.Join(fmt.Errorf("query: %s", oneLine(text)), err)
}

func oneLine(text []byte) string {
	return strings.Join(strings.Fields(string(text)), " ")
}
