package helpdesk

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"feryat/alert"
	"feryat/alert/notify"
)

// What is kept of a help desk's texts, in runes.
const (
	maxName   = 100 // an agent, a status, a ticket's number
	maxNote   = 400
	maxAhead  = 5 * time.Minute // how far a desk's clock may be ahead of ours
	maxKey    = 200             // bytes of an id
	keysKnown = "external_id, status, agent, note, ticket, url, id, at"
)

// push is the body of a request: what became of a ticket.
type push struct {
	ExternalID string `json:"external_id"` // of the escalation, as our messages have it
	Status     word   `json:"status"`      // in the desk's words
	Agent      string `json:"agent"`
	Note       string `json:"note"`
	Ticket     word   `json:"ticket"` // its number
	URL        string `json:"url"`    // its page
	ID         word   `json:"id"`     // of this push; a repeat has the same
	At         string `json:"at"`     // when it happened, RFC 3339
}

// word is a text that some desks write as a whole number.
type word string

// UnmarshalJSON takes a string, a whole number or null.
func (w *word) UnmarshalJSON(b []byte) error {
	if wholeNumber(b) {
		*w = word(b)
		return nil
	}
	return json.Unmarshal(b, (*string)(w))
}

func wholeNumber(b []byte) bool {
	return len(b) > 0 && len(bytes.Trim(b, "0123456789")) == 0
}

// parse reads a body. Its errors are for whoever set up the desk, and say what to do.
func parse(body []byte) (p push, err error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		return p, inWords(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return p, errors.New("there is more behind the JSON object; send one")
	}
	p.Status = word(strings.TrimSpace(string(p.Status)))
	switch {
	case !regexp.MustCompile(`^[0-9a-f]{32}$`).MatchString(p.ExternalID):
		return p, errors.New("external_id must be the 32 hex digits that our messages have under that key")
	case p.Status == "":
		return p, errors.New("status is missing")
	case len(p.ID) > maxKey:
		return p, fmt.Errorf("id is longer than %d bytes", maxKey)
	case p.URL != "" && notify.SafeURL(p.URL) == "":
		return p, errors.New("url must be an http or https address without a password")
	}
	return p, nil
}

// inWords says what is wrong with a JSON text.
func inWords(err error) error {
	var wrong *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	field, unknown := strings.CutPrefix(err.Error(), "json: unknown field ")
	switch {
	case unknown:
		return fmt.Errorf("unknown key %s; known are %s", field, keysKnown)
	case errors.As(err, &wrong) && wrong.Field != "":
		return fmt.Errorf("%s must be a text, not a JSON %s", wrong.Field, wrong.Value)
	case errors.As(err, &wrong):
		return fmt.Errorf("a JSON %s stands where a text or the whole object should be", wrong.Value)
	case errors.As(err, &syntax):
		return fmt.Errorf("not valid JSON at byte %d: is a text of the ticket not escaped", syntax.Offset)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the JSON object is cut short")
	}
	return errors.New("not valid JSON")
}

// when reads the time of a push. A desk's clock that is a little ahead counts as now.
func (p push) when(now time.Time) (time.Time, error) {
	if p.At == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339, p.At)
	if err != nil { // some desks show no more than the minute: it was at its end at the latest
		if at, err = time.Parse("2006-01-02T15:04Z07:00", p.At); err == nil {
			at = at.Add(time.Minute - time.Second)
		}
	}
	switch {
	case err != nil:
		return at, errors.New("at is no time such as 2026-03-02T10:15:00+03:00")
	case at.After(now.Add(maxAhead)):
		return at, errors.New("at lies ahead of us: is the clock of the desk right")
	case at.After(now):
		at = now
	}
	return at.UTC(), nil
}

// word is what the push says to the desk of escalations.
func (p push) word(c notify.Config, now time.Time) (w alert.Word, err error) {
	ticket, agent := notify.Clean(string(p.Ticket), maxName), notify.Clean(p.Agent, maxName)
	w = alert.Word{Channel: c.Name, Ticket: strings.TrimSpace(ticket + " " + notify.SafeURL(p.URL))}
	if w.Act.At, err = p.when(now); err != nil {
		return w, err
	}
	if w.Act.By = agent; agent == "" {
		w.Act.By = c.Name
	}
	from, note := c.Name, notify.Clean(p.Note, maxNote)
	if ticket != "" {
		from += " #" + ticket
	}
	w.Act.Note, w.Remark = joined(from, note), joined(from, notify.Clean(string(p.Status), maxName), note)
	switch means := c.Meaning(string(p.Status)); means {
	case "none":
		w.Remark = ""
	case "solved":
		w.Act.Type = "resolved"
	default:
		w.Act.Type = means
	}
	return w, nil
}

// joined puts a colon between what is there.
func joined(parts ...string) string {
	var there []string
	for _, p := range parts {
		if p != "" {
			there = append(there, p)
		}
	}
	return strings.Join(there, ": ")
}
