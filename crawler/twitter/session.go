package twitter

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

	api "github.com/dghubble/go-twitter/twitter" //nolint:staticcheck // archived, and the one library that speaks v1.1
	"github.com/dghubble/oauth1"

	"feryat/crawler"
	"feryat/crawler/fetch"
	"feryat/mention"
)

// perPage is the most that the search gives at once.
const perPage = 100

// session is the library's client with transports of ours around it: one that
// sends requests to the configured address, one that signs, one that notes what
// came back, and fetch's own at the bottom.
type session struct {
	client *api.Client
	last   *recorder
}

func (s *Source) session(ctx context.Context) *session {
	last := &recorder{ctx: ctx, next: s.web.API()}
	var signed http.RoundTripper = bearer{s.keys.bearer, last}
	if s.keys.bearer == "" {
		inner := context.WithValue(ctx, oauth1.HTTPClient, &http.Client{Transport: last})
		signed = oauth1.NewClient(inner, oauth1.NewConfig(s.keys.consumer, s.keys.consumerSecret), oauth1.NewToken(s.keys.token, s.keys.secret)).Transport
	}
	return &session{last: last, client: api.NewClient(&http.Client{
		Transport: rebase{s.cfg.BaseURL, signed},
		Timeout:   s.cfg.Timeout,
		// A redirect would carry the keys to wherever it leads.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	})}
}

// rebase sends the library's requests, which all go to X, to the configured address.
type rebase struct {
	base string
	next http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (t rebase) RoundTrip(r *http.Request) (*http.Response, error) {
	_, path, _ := strings.Cut(r.URL.Path, "/1.1/")
	u, err := url.Parse(strings.TrimSuffix(t.base, "/") + "/" + path)
	if err != nil {
		return nil, err
	}
	u.RawQuery = r.URL.RawQuery
	r = r.Clone(r.Context())
	r.URL, r.Host = u, u.Host
	return t.next.RoundTrip(r)
}

// bearer signs with an app's token.
type bearer struct {
	token string
	next  http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (t bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+t.token)
	return t.next.RoundTrip(r)
}

// recorder ends a request with the collection's context, which the library does
// not know, and keeps what the library throws away: status, headers, size, time.
type recorder struct {
	ctx  context.Context
	next http.RoundTripper

	at     time.Time
	took   time.Duration
	status int
	header http.Header
	bytes  int64
}

// RoundTrip implements http.RoundTripper.
func (t *recorder) RoundTrip(r *http.Request) (*http.Response, error) {
	t.at, t.status, t.header, t.bytes = time.Now().UTC(), 0, nil, 0
	defer func() { t.took = time.Since(t.at) }()
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(t.ctx, cancel)()
	resp, err := t.next.RoundTrip(r.WithContext(ctx))
	if err != nil {
		return nil, err
	}
	t.status, t.header = resp.StatusCode, resp.Header
	body, err := io.ReadAll(resp.Body)
	if err = errors.Join(err, resp.Body.Close()); err != nil {
		return nil, err
	}
	t.bytes = int64(len(body))
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return resp, nil
}

// exchange is one request and what came of it.
type exchange struct {
	*recorder
	found *api.Search
	err   error
}

// search asks for the page at the run's place.
func (r *run) search(ctx context.Context) exchange {
	params := &api.SearchTweetParams{Query: r.cfg.Query, Lang: r.cfg.Language, ResultType: "recent", Count: perPage,
		SinceID: r.place.Since, MaxID: r.place.Max, TweetMode: "extended", IncludeEntities: api.Bool(true)}
	*r.session.last = recorder{ctx: ctx, next: r.session.last.next, at: r.now().UTC()}
	found, _, err := r.session.client.Search.Tweets(params) //nolint:bodyclose // the library closes it
	return exchange{r.session.last, found, err}
}

// trouble says why there is no page; nil when there is one.
func (x exchange) trouble() *crawler.Trouble {
	t := &crawler.Trouble{Outcome: mention.OutcomeFailed}
	var said api.APIError
	code := 0
	if errors.As(x.err, &said) && !said.Empty() {
		code, t.Detail = said.Errors[0].Code, fmt.Sprintf("X says %d: %s", said.Errors[0].Code, clean(said.Errors[0].Message))
	}
	switch {
	case x.status == 0 && x.err != nil:
		t.Outcome, t.Reason, t.Detail = unanswered(x.err)
	case code == 453, x.status == http.StatusGone, x.status == http.StatusNotFound:
		t.Outcome, t.Reason = mention.OutcomeRefused, fetch.ReasonGone
		t.Detail = join("X has retired search of API v1.1 for this access level; use a source of API v2, or an account that still has v1.1", t.Detail)
	case x.status == http.StatusUnauthorized:
		t.Reason, t.Detail = fetch.ReasonForbidden, join("X does not accept the keys: check bearer_token, or the four values of OAuth 1.0a", t.Detail)
	case x.status == http.StatusForbidden:
		t.Reason, t.Detail = fetch.ReasonForbidden, join("the keys may not search by API v1.1: X has closed it to most accounts", t.Detail)
	case x.status == http.StatusTooManyRequests, code == 88:
		t.Reason, t.Detail = fetch.ReasonRateLimited, join("the rate limit is used up", t.Detail)
	case x.status >= 500:
		t.Reason, t.Detail = fetch.ReasonServer, join(http.StatusText(x.status), t.Detail)
	case x.status != http.StatusOK:
		t.Reason, t.Detail = fetch.ReasonHTTP, join(fmt.Sprintf("status %d", x.status), t.Detail)
	case x.err != nil:
		t.Outcome, t.Reason, t.Detail = mention.OutcomeSoftFail, "parse", "the answer is no result of a search: "+clean(x.err.Error())
	case x.found == nil || x.found.Metadata == nil && len(x.found.Statuses) == 0:
		t.Outcome, t.Reason, t.Detail = mention.OutcomeSoftFail, "shape_changed", "the answer has neither statuses nor search_metadata"
	default:
		return nil
	}
	return t
}

// unanswered tells of a request that had no answer.
func unanswered(err error) (o mention.Outcome, reason, detail string) {
	var fe *fetch.Error
	var timeout interface{ Timeout() bool }
	switch {
	case errors.As(err, &fe):
		return fe.Outcome(), fe.Reason, clean(fe.Error())
	case errors.As(err, &timeout) && timeout.Timeout():
		return mention.OutcomeFailed, fetch.ReasonTimeout, "no answer in time"
	}
	return mention.OutcomeFailed, fetch.ReasonConnection, clean(err.Error())
}

func join(a, b string) string {
	if b == "" {
		return a
	}
	return a + " (" + b + ")"
}

func clean(s string) string {
	s, _ = cut(strings.Join(strings.Fields(strings.ToValidUTF8(s, "?")), " "), 200)
	return s
}

// visit is the ledger row of one request.
func (x exchange) visit(url string, t *crawler.Trouble, attempt, mentions int) mention.Visit {
	v := mention.Visit{URL: url, At: x.at, Took: x.took, Status: x.status, Bytes: x.bytes, Outcome: mention.OutcomeOK, Attempt: attempt, Mentions: mentions}
	if t != nil {
		v.Outcome, v.Reason, v.Detail = t.Outcome, t.Reason, t.Detail
	}
	return v
}

// limit is what X said of the requests that are left.
type limit struct {
	told      bool
	remaining int
	reset     time.Time
}

// limit reads x-rate-limit-remaining and x-rate-limit-reset (seconds since 1970).
func (x exchange) limit() limit {
	remaining, err1 := strconv.Atoi(x.header.Get("x-rate-limit-remaining"))
	reset, err2 := strconv.ParseInt(x.header.Get("x-rate-limit-reset"), 10, 64)
	if err1 != nil && x.status == http.StatusTooManyRequests {
		remaining, err1 = 0, nil
	}
	if err1 != nil || err2 != nil {
		return limit{}
	}
	return limit{told: true, remaining: remaining, reset: time.Unix(reset, 0).UTC()}
}

// wait is how long to wait for the next request; limited is false when it may
// go at once.
func (l limit) wait(now time.Time) (d time.Duration, limited bool) {
	if !l.told || l.remaining > 0 || !l.reset.After(now) {
		return 0, false
	}
	return l.reset.Sub(now) + time.Second, true // clocks differ
}
