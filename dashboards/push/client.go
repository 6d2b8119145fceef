// Package push sends dashboards and alerts to a Grafana by its documented HTTP API. What is there already and the same is
// left alone, and what others made or changed is not overwritten unless that is asked for.
package push

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// Config says where to, and how.
type Config struct {
	URL   string // of Grafana, with its path where it has one
	Token string // of a service account
	// Folder is the uid of the folder of all; it is made where it is not there.
	Folder string
	// Datasource is the uid of the ClickHouse that alert rules ask.
	Datasource string
	// ClickHouse is host:port of the data source that is made where there is none; empty makes none.
	ClickHouse string
	// Editable lets people change the alerts in Grafana (X-Disable-Provenance).
	Editable bool
	Force    bool // overwrite what others made
	DryRun   bool // ask, change nothing
	// Tries is how often a request is sent that Grafana is too busy or broken for, and Pause the time before the second.
	Tries uint
	Pause time.Duration
}

// Defaults of Config.
const (
	DefaultTries = 5
	DefaultPause = 500 * time.Millisecond
)

// maxAnswer bounds an answer, in bytes.
const maxAnswer = 32 << 20

// client speaks with one Grafana.
type client struct {
	cfg  Config
	base *url.URL
	http *http.Client
}

func newClient(cfg Config) (*client, error) {
	base, err := url.Parse(strings.TrimRight(cfg.URL, "/"))
	switch {
	case err != nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "":
		return nil, errors.New("the address of Grafana is no http or https address")
	case base.User != nil || base.RawQuery != "":
		return nil, errors.New("the address of Grafana holds a password or a query: give the bare address, and a token")
	case cfg.Token == "":
		return nil, errors.New("there is no token of Grafana")
	case strings.ContainsFunc(cfg.Token, func(r rune) bool { return r <= ' ' || r > '~' }):
		return nil, errors.New("the token of Grafana has spaces or line ends in it")
	}
	// A redirect would carry the token elsewhere.
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client{cfg, base, &http.Client{Timeout: 60 * time.Second, CheckRedirect: stay}}, nil
}

// Error is an answer of Grafana that is none we can go on with.
type Error struct {
	Method, Path string
	Status       int
	Message      string // Grafana's
}

// Error says what to do about it.
func (e *Error) Error() string {
	said := fmt.Sprintf("grafana answers %s %s with %d", e.Method, e.Path, e.Status)
	if e.Message != "" {
		said += " (" + e.Message + ")"
	}
	switch {
	case e.Status == http.StatusUnauthorized:
		return said + ": the token is wrong or no longer valid; make one for a service account with the role Admin"
	case e.Status == http.StatusForbidden:
		return said + ": the token may not do this; alerts and data sources need the role Admin, dashboards Editor"
	case e.Status == http.StatusPreconditionFailed || e.Status == http.StatusConflict:
		return said + ": somebody else changed it meanwhile, or holds the name; look, then push again"
	case e.Status >= 300 && e.Status < 400:
		return said + ": give the address that it leads to"
	case e.Status >= 500:
		return said + ": Grafana is in trouble, look into its log"
	}
	return said
}

// is reports whether err is an answer with one of these statuses.
func is(err error, statuses ...int) bool {
	var e *Error
	if !errors.As(err, &e) {
		return false
	}
	for _, s := range statuses {
		if e.Status == s {
			return true
		}
	}
	return false
}

func conflict(err error) bool { return is(err, http.StatusConflict, http.StatusPreconditionFailed) }

// get reads into to; found is false where there is no such thing.
func (c *client) get(ctx context.Context, path string, to any) (found bool, err error) {
	body, err := c.call(ctx, http.MethodGet, path, nil)
	switch {
	case is(err, http.StatusNotFound):
		return false, nil
	case err != nil:
		return false, err
	}
	if err := json.Unmarshal(body, to); err != nil {
		return false, fmt.Errorf("grafana's answer to GET %s is not what its documentation says: %w", path, err)
	}
	return true, nil
}

// send writes, unless this is a dry run.
func (c *client) send(ctx context.Context, method, path string, body any) error {
	if c.cfg.DryRun {
		return nil
	}
	_, err := c.call(ctx, method, path, body)
	return err
}

// call makes one request, again and again while Grafana is too busy or broken. Every request of ours may be sent twice:
// those that make something say which uid it gets.
func (c *client) call(ctx context.Context, method, path string, body any) ([]byte, error) {
	payload, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	if body == nil {
		payload = nil
	}
	wait := backoff.NewExponentialBackOff()
	wait.InitialInterval = c.cfg.Pause
	answer, err := backoff.Retry(ctx, func() ([]byte, error) { return c.once(ctx, method, path, payload) },
		backoff.WithBackOff(wait), backoff.WithMaxTries(max(1, c.cfg.Tries)), backoff.WithMaxElapsedTime(2*time.Minute))
	var said *Error
	if errors.As(err, &said) { // without when to ask again
		err = said
	}
	return answer, err
}

func (c *client) once(ctx context.Context, method, path string, payload []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.base.String()+path, bytes.NewReader(payload))
	if err != nil {
		return nil, backoff.Permanent(errors.New("the address of Grafana cannot be asked"))
	}
	if c.cfg.Token != "" { // see isGrafana
		req.Header.Set("Authorization", "Bearer "+c.cfg.Token)
	}
	req.Header.Set("Accept", "application/json")
	if len(payload) > 0 {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.cfg.Editable && strings.HasPrefix(path, "/api/v1/provisioning/") && method != http.MethodGet {
		req.Header.Set("X-Disable-Provenance", "true")
	}
	resp, err := c.http.Do(req)
	if err != nil {
		var u *url.Error
		if errors.As(err, &u) {
			err = u.Err // the rest names the address
		}
		return nil, fmt.Errorf("grafana at %s cannot be reached: %w", c.base.Host, err)
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return nil, fmt.Errorf("grafana's answer to %s %s broke off: %w", method, path, err)
	}
	if resp.StatusCode < 300 {
		return answer, nil
	}
	failed := &Error{Method: method, Path: path, Status: resp.StatusCode, Message: message(answer)}
	if again := later(resp); again != nil {
		return nil, errors.Join(failed, again)
	}
	if resp.StatusCode >= 500 || resp.StatusCode == http.StatusTooManyRequests {
		return nil, failed
	}
	return nil, backoff.Permanent(failed)
}

// later is when Grafana wants to be asked again, where it says so and that is soon.
func later(resp *http.Response) error {
	seconds, err := strconv.Atoi(resp.Header.Get("Retry-After"))
	if err != nil || seconds < 1 || seconds > 30 || resp.StatusCode != http.StatusTooManyRequests && resp.StatusCode < 500 {
		return nil
	}
	return backoff.RetryAfter(seconds)
}

// message is what Grafana says of an error, shortened: pages of proxies are long.
func message(body []byte) string {
	var said struct {
		Message string `json:"message"`
		Msg     string `json:"msg"`
	}
	if json.Unmarshal(body, &said) != nil {
		return ""
	}
	words := []rune(strings.Join(strings.Fields(said.Message+" "+said.Msg), " "))
	return string(words[:min(len(words), 300)])
}
