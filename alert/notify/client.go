package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// maxAnswer is how much of an answer is read, in bytes.
const maxAnswer = 64 << 10

// poster posts JSON to one address, which may be a secret.
type poster struct {
	name   string // of the channel
	url    string
	client *http.Client
	// denied are the answers that mean that we are not let in.
	denied []int
}

// answer is what a receiver said.
type answer struct {
	status int
	header http.Header
	body   []byte // at most maxAnswer
}

func newPoster(c Config, url string, denied ...int) poster {
	return poster{name: c.Name, url: url, denied: append(denied, http.StatusUnauthorized, http.StatusForbidden), client: &http.Client{
		Timeout: c.Timeout, // of the whole exchange, the body of the answer included
		// A redirect would carry the message to a place nobody configured.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// post sends body with further headers.
func (p poster) post(ctx context.Context, body []byte, headers map[string]string) (a answer, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url, bytes.NewReader(body))
	if err != nil {
		return a, fmt.Errorf("channel %s: the address is not valid: %w", p.name, ErrRefused)
	}
	req.Header.Set("Content-Type", "application/json")
	for key, value := range headers {
		req.Header.Set(key, value)
	}
	resp, err := p.client.Do(req)
	if err != nil {
		return a, p.lost(err)
	}
	defer func() { _ = resp.Body.Close() }()
	a = answer{status: resp.StatusCode, header: resp.Header}
	if a.body, err = io.ReadAll(io.LimitReader(resp.Body, maxAnswer)); err != nil && a.ok() {
		return a, p.lost(err) // nobody knows what was meant
	}
	return a, nil
}

// lost tells that no answer came: the message may or may not have arrived, unless
// there was no connection.
func (p poster) lost(err error) error {
	told := fmt.Errorf("channel %s: %w", p.name, cause(err))
	if neverReached(err) {
		return notTakenError{told}
	}
	return told
}

// odd tells of an answer that should be success and is not what the receiver is
// known to say: a captive portal or a wrong address, so it is tried again.
func (p poster) odd() error {
	return fmt.Errorf("channel %s: the receiver answered 200 with what it never says: is the address right", p.name)
}

// ok reports success by the status.
func (a answer) ok() bool { return a.status >= 200 && a.status < 300 }

// aPage reports whether a web page came where a program should have answered.
func (a answer) aPage() bool { return bytes.HasPrefix(bytes.TrimSpace(a.body), []byte("<")) }

// judge tells by the status whether the message was taken, may be tried again
// or never will be. What the receiver says in words is left out: it might
// repeat what it was sent.
func (p poster) judge(a answer) error {
	switch {
	case a.ok():
		return nil
	case slices.Contains(p.denied, a.status):
		return fmt.Errorf("channel %s: the receiver answered %d: %w", p.name, a.status, ErrUnauthorized)
	case a.status == http.StatusTooManyRequests, a.status == http.StatusTooEarly:
		return after(notTakenError{fmt.Errorf("channel %s: the receiver answered %d", p.name, a.status)}, retryAfter(a.header, time.Now()))
	case mayRecover(a.status): // a gateway may say so of what went through
		return after(fmt.Errorf("channel %s: the receiver answered %d", p.name, a.status), retryAfter(a.header, time.Now()))
	}
	return fmt.Errorf("channel %s: the receiver answered %d: %w", p.name, a.status, ErrRefused)
}

// mayRecover reports whether a later try may fare better.
func mayRecover(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return true
	}
	return status >= 500
}

// retryAfter reads the header of RFC 9110, section 10.2.3: seconds or a date.
func retryAfter(h http.Header, now time.Time) time.Duration {
	value := h.Get("Retry-After")
	if seconds, err := strconv.ParseInt(value, 10, 32); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return at.Sub(now)
	}
	return 0
}

// encode writes v as JSON with the letters < > & as they are: receivers count
// bytes.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSpace(b.Bytes()), err
}

// basic is the header of a sign-in by name and password; nil without a name.
func basic(user, password string) map[string]string {
	if user == "" {
		return nil
	}
	r := http.Request{Header: http.Header{}}
	r.SetBasicAuth(user, password)
	return map[string]string{"Authorization": r.Header.Get("Authorization")}
}
