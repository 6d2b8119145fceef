package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// Query runs one statement as the reader and copies the answer, in the format of ClickHouse that format names, to w. What
// the reader may do is the server's to decide; the SQL is a person's and is passed on as it is.
func (s *Store) Query(ctx context.Context, sql, format string, w io.Writer) error {
	req, err := s.request(ctx, sql, format)
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

func (s *Store) request(ctx context.Context, sql, format string) (*http.Request, error) {
	query := url.Values{"database": {s.cfg.Database}, "default_format": {format}}
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
