package engine

import (
	"context"
	"crypto/subtle"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// handler is ClickHouse's HTTP interface.
type handler struct {
	runner   *runner
	cfg      Config
	password string // of the writer
	slots    map[role]chan struct{}
}

// WriterUser and ReaderUser are the names of the two users.
const (
	WriterUser = "feryat"
	ReaderUser = "default"
)

func newHandler(r *runner, cfg Config, password string) *handler {
	return &handler{
		runner: r, cfg: cfg, password: password,
		slots: map[role]chan struct{}{
			reader: make(chan struct{}, cfg.MaxStatements),
			writer: make(chan struct{}, cfg.MaxStatements),
		},
	}
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-ClickHouse-Server-Display-Name", "feryat")
	w.Header().Set("X-ClickHouse-Timezone", "UTC")
	if refusal := h.stranger(r); refusal != "" {
		http.Error(w, refusal, http.StatusForbidden)
		return
	}
	if r.URL.Path == "/ping" || r.Method == http.MethodGet && r.URL.RawQuery == "" {
		_, _ = w.Write([]byte("Ok.\n")) // the client is gone if this fails
		return
	}
	if err := h.serve(w, r); err != nil {
		failPlain(w, asException(err))
	}
}

// stranger tells why a request is not answered at all. A web page that a user of this machine looks at can post to a
// loopback port: its requests carry an Origin, or after DNS rebinding a foreign Host.
func (h *handler) stranger(r *http.Request) string {
	if r.Header.Get("Origin") != "" {
		return "requests from web pages (with an Origin header) are refused"
	}
	if !h.hostAllowed(r.Host) {
		return "the Host header names neither this machine nor one of the allowed hosts"
	}
	return ""
}

func (h *handler) hostAllowed(hostPort string) bool {
	host := hostPort
	if name, _, err := net.SplitHostPort(hostPort); err == nil {
		host = name
	}
	host = strings.Trim(host, "[]")
	if host == "localhost" || slices.Contains(h.cfg.AllowedHosts, host) {
		return true
	}
	listen, _, _ := net.SplitHostPort(h.cfg.Listen) // checked by Validate
	address, err := netip.ParseAddr(host)
	if err != nil {
		return host != "" && host == listen
	}
	everywhere, err := netip.ParseAddr(listen)
	return address.IsLoopback() || host == listen || listen == "" || err == nil && everywhere.IsUnspecified()
}

// serve answers one statement. It returns an error only if nothing was sent yet.
func (h *handler) serve(w http.ResponseWriter, r *http.Request) error {
	if r.Method != http.MethodGet && r.Method != http.MethodPost && r.Method != http.MethodHead {
		return refuse(codeNotImplemented, "NOT_IMPLEMENTED", "method %s is not supported", r.Method)
	}
	who, err := h.authenticate(r)
	if err != nil {
		return err
	}
	req, err := parse(r)
	if err != nil {
		return err
	}
	release, err := h.slot(r.Context(), who)
	if err != nil {
		return err
	}
	defer release()
	if req.id == "" {
		req.id = randomHex(16)
	}
	w.Header().Set("X-ClickHouse-Query-Id", req.id)
	h.answer(w, r, who, req)
	return nil
}

func (h *handler) answer(w http.ResponseWriter, r *http.Request, who role, req *request) {
	a := newAnswer(w, req)
	written, err := h.runner.run(r.Context(), who, req, a.emit)
	if err == nil {
		err = a.finish(written)
	}
	if err != nil {
		a.fail(asException(err))
	}
}

// authenticate tells who asks: by the headers of ClickHouse, by Basic authentication or by query parameters.
func (h *handler) authenticate(r *http.Request) (role, error) {
	user, password := r.Header.Get("X-ClickHouse-User"), r.Header.Get("X-ClickHouse-Key")
	if basicUser, basicPassword, ok := r.BasicAuth(); ok && user == "" {
		user, password = basicUser, basicPassword
	}
	if query := r.URL.Query(); user == "" {
		user, password = query.Get("user"), query.Get("password")
	}
	switch {
	case user == WriterUser && subtle.ConstantTimeCompare([]byte(password), []byte(h.password)) == 1:
		return writer, nil
	case (user == "" || user == ReaderUser) && password == "" && h.cfg.Reader:
		return reader, nil
	}
	return reader, refuse(codeAuthentication, "AUTHENTICATION_FAILED", "Authentication failed: password is incorrect, or there is no user with such name")
}

// slot waits for a place among the statements that run.
func (h *handler) slot(ctx context.Context, who role) (release func(), err error) {
	const patience = 30 * time.Second
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	select {
	case h.slots[who] <- struct{}{}:
		return func() { <-h.slots[who] }, nil
	case <-ctx.Done():
		return nil, refuse(codeTooBusy, "TOO_MANY_SIMULTANEOUS_QUERIES", "%d statements are running; try again later", h.cfg.MaxStatements)
	}
}

func asException(err error) *exception {
	var e *exception
	if errors.As(err, &e) {
		return e
	}
	return refuse(codeUnknown, "UNKNOWN_EXCEPTION", "%v", err)
}
