package notify

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// The headers of a webhook request.
const (
	HeaderKey       = "Idempotency-Key"
	HeaderSignature = "Feryat-Signature" // "t=<unix seconds>,v1=<hex HMAC-SHA256 of t + "." + body>"
)

type webhook struct {
	name   string
	url    string
	secret []byte
	client *http.Client
	now    func() time.Time
}

func (c Config) validateWebhook() error {
	u, err := url.Parse(c.URL)
	switch {
	case err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "":
		return fmt.Errorf("channel %q: url must be an http or https address", c.Name)
	case c.Secret == "":
		return fmt.Errorf("channel %q: set secret_file, or the secret in the environment: an unsigned webhook could be forged", c.Name)
	}
	return nil
}

func newWebhook(c Config) *webhook {
	return &webhook{name: c.Name, url: c.URL, secret: []byte(c.Secret), now: time.Now, client: &http.Client{
		Timeout: c.Timeout,
		// A redirect would carry the message to a place nobody configured.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Notify posts the message. Answers 2xx and 409 (the receiver has the key
// already) are success; other 4xx but 408, 425 and 429 are refused for good.
func (w *webhook) Notify(ctx context.Context, m Message) error {
	body, err := json.Marshal(m)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.url, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("channel %s: %w", w.name, withoutURL(err))
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set(HeaderKey, m.Key)
	req.Header.Set(HeaderSignature, Sign(w.secret, w.now(), body))
	resp, err := w.client.Do(req)
	if err != nil {
		return fmt.Errorf("channel %s: %w", w.name, withoutURL(err))
	}
	defer func() { _ = resp.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10)) // lets the connection be used again
	return w.judge(resp.StatusCode)
}

func (w *webhook) judge(status int) error {
	switch {
	case status >= 200 && status < 300, status == http.StatusConflict:
		return nil
	case status == http.StatusRequestTimeout, status == http.StatusTooEarly, status == http.StatusTooManyRequests, status >= 500:
		return fmt.Errorf("channel %s: the receiver answered %d", w.name, status)
	}
	return fmt.Errorf("channel %s: the receiver answered %d: %w", w.name, status, ErrRefused)
}

// withoutURL drops the address from an error of net/http: many webhook
// addresses carry a secret in their path.
func withoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// Sign makes the value of HeaderSignature for a body sent at a time.
func Sign(secret []byte, at time.Time, body []byte) string {
	t := strconv.FormatInt(at.Unix(), 10)
	return "t=" + t + ",v1=" + mac(secret, t, body)
}

// Verify tells whether a signature is ours and not older than maxAge: what a
// receiver should do.
func Verify(secret []byte, signature string, body []byte, now time.Time, maxAge time.Duration) bool {
	t, v1, ok := strings.Cut(strings.TrimPrefix(signature, "t="), ",v1=")
	unix, err := strconv.ParseInt(t, 10, 64)
	if !ok || err != nil || now.Sub(time.Unix(unix, 0)).Abs() > maxAge {
		return false
	}
	return hmac.Equal([]byte(v1), []byte(mac(secret, t, body)))
}

func mac(secret []byte, t string, body []byte) string {
	h := hmac.New(sha256.New, secret)
	h.Write([]byte(t + "."))
	h.Write(body)
	return hex.EncodeToString(h.Sum(nil))
}
