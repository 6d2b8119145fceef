package notify

import (
	"context"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/nicholas-fedor/shoutrrr/pkg/router"
	"github.com/nicholas-fedor/shoutrrr/pkg/types"
)

// shoutrrr sends plain text to one of the services that the library of that
// name knows: Discord, PagerDuty, Opsgenie, ntfy, Pushover, Matrix and more.
type shoutrrr struct {
	renderer
	cfg Config
	// busy holds the one try that may be under way: the library takes no
	// context, and a service that hangs must not gather goroutines.
	busy    chan struct{}
	service types.Service // made at the first try, by the holder of busy
}

// checkShoutrrr reads the address as the library will. A Matrix address is only
// looked at: reading it would sign in.
func (c Config) checkShoutrrr() error {
	if c.URL == "" {
		return c.fault("set url_file, or the url in the environment")
	}
	u, err := url.Parse(c.URL)
	scheme := shoutrrrScheme(c.URL)
	if scheme != "matrix" && err == nil {
		_, err = locate(c.URL)
	}
	if err != nil || scheme == "logger" || u.Host == "" && scheme == "matrix" { // logger tells nobody
		return c.fault("url is no address of a service that shoutrrr knows, or lacks a part: see https://shoutrrr.nickfedor.com")
	}
	return nil
}

// locate makes the service of an address, which logs to nowhere. An error quotes
// the address and must not be passed on.
func locate(address string) (types.Service, error) {
	quiet := log.New(io.Discard, "", 0)
	r, err := router.New(quiet)
	if err != nil {
		return nil, err
	}
	service, err := r.Locate(address)
	if err == nil {
		service.SetLogger(quiet)
	}
	return service, err
}

// shoutrrrScheme names the service; it is no secret.
func shoutrrrScheme(url string) string {
	scheme, _, _ := strings.Cut(url, ":")
	scheme, _, _ = strings.Cut(scheme, "+")
	return strings.ToLower(scheme)
}

func newShoutrrr(c Config, r renderer, _ *slog.Logger) (Notifier, error) {
	return &shoutrrr{renderer: r, cfg: c, busy: make(chan struct{}, 1)}, nil
}

// Notify sends the message. A try that outlasts its time goes on by itself, and
// until it ends no other begins.
func (s *shoutrrr) Notify(ctx context.Context, m Message) error {
	ctx, cancel := context.WithTimeout(ctx, s.cfg.Timeout)
	defer cancel()
	select {
	case s.busy <- struct{}{}:
	case <-ctx.Done():
		return s.fault("an earlier try still hangs")
	}
	text := s.document(m).silent().text()
	done := make(chan error, 1)
	go func() {
		defer func() { <-s.busy }()
		done <- s.send(text)
	}()
	select {
	case err := <-done:
		return s.judge(err)
	case <-ctx.Done():
		return s.fault("no answer in time")
	}
}

// send needs busy.
func (s *shoutrrr) send(text string) error {
	if s.service == nil {
		service, err := locate(s.cfg.URL)
		if err != nil {
			return err
		}
		s.service = service
	}
	return s.service.Send(text, &types.Params{})
}

func (s *shoutrrr) fault(why string) error {
	return fmt.Errorf("channel %s: shoutrrr (%s): %s", s.cfg.Name, shoutrrrScheme(s.cfg.URL), why)
}

// judge keeps the status of HTTP of an error, which quotes the address and what
// was answered, and no more.
func (s *shoutrrr) judge(err error) error {
	if err == nil {
		return nil
	}
	status := statusIn(err.Error())
	switch {
	case status == 0:
		return s.fault("it could not be sent")
	case mayRecover(status):
		return s.fault(fmt.Sprintf("the receiver answered %d", status))
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return fmt.Errorf("%w: %w", s.fault(fmt.Sprintf("the receiver answered %d", status)), ErrUnauthorized)
	}
	return fmt.Errorf("%w: %w", s.fault(fmt.Sprintf("the receiver answered %d", status)), ErrRefused)
}

// statusIn finds a refusal such as "404 Not Found" or "status code 404" in an
// error of the library, which has no type for it; 0 if there is none. What
// could stand in an address alone is none.
func statusIn(text string) int {
	for _, found := range regexp.MustCompile(`(?i)(status(?: code)?:? "?|http )?\b([45][0-9]{2})\b( [a-z]+)?`).FindAllStringSubmatch(text, -1) {
		status, _ := strconv.Atoi(found[2]) // three digits
		word, _, _ := strings.Cut(http.StatusText(status), " ")
		if word != "" && (found[1] != "" || strings.EqualFold(strings.TrimSpace(found[3]), word)) {
			return status
		}
	}
	return 0
}
