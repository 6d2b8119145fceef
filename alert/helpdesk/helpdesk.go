// Package helpdesk lets help desks tell what became of the tickets that our
// webhooks made: an agent took it, answered, solved it.
//
// A desk shows that it is the one of a channel by our own signature with the
// channel's secret, or, where it cannot compute one, by the channel's token. What
// it says acts as a person would (see alert.Desk.Hear): whoever comes second
// hears who has it, and a repeat does nothing. docs/decisions/0016 says why.
package helpdesk

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"feryat/alert"
	"feryat/alert/notify"
	"feryat/mention"
)

const (
	maxBody      = 64 << 10        // bytes
	maxAge       = 5 * time.Minute // of a signature
	answerWithin = 20 * time.Second
	sayEvery     = time.Minute // at most so often a refused caller is logged
)

// desk does what help desks say.
type desk interface {
	Hear(ctx context.Context, id string, w alert.Word) (mention.Escalation, alert.Heard, error)
}

// Hooks answers the requests of help desks. It is safe for concurrent use.
type Hooks struct {
	channels map[string]notify.Config
	desk     desk
	log      *slog.Logger
	words    *prometheus.CounterVec
	now      func() time.Time

	mu      sync.Mutex
	said    time.Time // when the last refused caller was logged
	refused int       // since then
}

// New hears the desks behind those channels that are webhooks.
func New(channels []notify.Config, d desk, reg prometheus.Registerer, log *slog.Logger) *Hooks {
	h := &Hooks{channels: map[string]notify.Config{}, desk: d, log: log, now: time.Now, words: prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "feryat_helpdesk_words_total", Help: "What came of what help desks told, by channel; those that are not let in have none.",
	}, []string{"channel", "outcome"})}
	reg.MustRegister(h.words)
	for _, c := range channels {
		if c.Type == "webhook" {
			h.channels[c.Name] = c
		}
	}
	return h
}

// reply is what a desk is answered.
type reply struct {
	ExternalID string        `json:"external_id,omitempty"`
	Did        alert.Heard   `json:"did,omitempty"`
	State      mention.State `json:"state,omitempty"`
	Holder     string        `json:"holder,omitempty"`
	Error      string        `json:"error,omitempty"`
}

// answer writes what a caller is told, and counts it.
func (h *Hooks) answer(w http.ResponseWriter, channel, outcome string, status int, out reply) {
	h.words.WithLabelValues(channel, outcome).Inc()
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	_ = e.Encode(out) // a caller that has left needs no answer
}

// ServeHTTP takes one push for the channel that the path names as "channel".
func (h *Hooks) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c, known := h.channels[r.PathValue("channel")]
	body, keys, status := h.admit(c, known, w, r)
	switch status {
	case http.StatusOK:
	case http.StatusUnauthorized:
		h.refuse(r.Context(), c.Name)
		w.Header().Set("WWW-Authenticate", "Bearer")
		h.answer(w, "", "unauthorized", status, reply{Error: "the signature or token is not accepted"})
		return
	default:
		h.answer(w, c.Name, "bad", status, reply{Error: "the body could not be read, or is larger than 64 KiB"})
		return
	}
	p, err := parse(body)
	var said alert.Word
	if err == nil {
		said, err = p.word(c, h.now())
	}
	if err != nil {
		h.answer(w, c.Name, "bad", http.StatusBadRequest, reply{Error: err.Error()})
		return
	}
	said.Keys = keysOf(p, r.Header.Get(notify.HeaderKey), keys)
	h.hear(w, r, p.ExternalID, said)
}

// admit reads the body of a caller that may speak for the channel. A wrong token
// is refused before anything is read; that there is no such channel, or that it
// has no token, shows as little as what was wrong.
func (h *Hooks) admit(c notify.Config, known bool, w http.ResponseWriter, r *http.Request) (body []byte, signature string, status int) {
	signature = r.Header.Get(notify.HeaderSignature)
	token, bears := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !known || (bears && !same(token, c.Token)) || (!bears && signature == "") {
		return nil, "", http.StatusUnauthorized
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, "", http.StatusRequestEntityTooLarge
	case err != nil:
		return nil, "", http.StatusBadRequest
	case bears:
		return body, "", http.StatusOK
	case !notify.Verify([]byte(c.Secret), signature, body, h.now(), maxAge):
		return nil, "", http.StatusUnauthorized
	}
	return body, signature, http.StatusOK
}

// same compares in a time that tells nothing of the token; an empty one is nobody's.
func same(got, token string) bool {
	a, b := sha256.Sum256([]byte(got)), sha256.Sum256([]byte(token))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1 && token != ""
}

// keysOf are those by which a repeat is known: the desk's own, and the signature,
// for nobody signs two pushes in one second with the same words.
func keysOf(p push, header, signature string) (keys []string) {
	if p.ID != "" {
		keys = append(keys, "id "+string(p.ID))
	} else if header != "" {
		keys = append(keys, "id "+header[:min(len(header), maxKey)])
	}
	if _, code, ok := strings.Cut(signature, ",v1="); ok {
		keys = append(keys, "signature "+code)
	}
	return keys
}

// hear hands the word over and answers what came of it.
func (h *Hooks) hear(w http.ResponseWriter, r *http.Request, id string, said alert.Word) {
	ctx, cancel := context.WithTimeout(r.Context(), answerWithin)
	defer cancel()
	e, did, err := h.desk.Hear(ctx, id, said)
	out := reply{ExternalID: id, Did: did, State: e.State, Holder: e.Holder}
	var second *alert.TakenError
	switch {
	case err == nil:
		h.answer(w, said.Channel, string(did), http.StatusOK, out)
	case errors.Is(err, alert.ErrUnknown):
		h.answer(w, said.Channel, "unknown", http.StatusNotFound, reply{ExternalID: id, Error: "no such escalation, or it ended long ago"})
	case errors.As(err, &second):
		out.Did, out.Error = "", second.Error()
		h.answer(w, said.Channel, "taken", http.StatusConflict, out)
	default:
		h.log.WarnContext(ctx, "a help desk's word is not stored yet; it is asked to say it again", "channel", said.Channel, "escalation_id", id, "error", err)
		w.Header().Set("Retry-After", "30")
		h.answer(w, said.Channel, "later", http.StatusServiceUnavailable, reply{ExternalID: id, Error: "not stored yet; say it again with the same id"})
	}
}

// refuse logs callers that are not let in, seldom enough that they cannot fill
// the log.
func (h *Hooks) refuse(ctx context.Context, channel string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.refused++
	if now := h.now(); now.Sub(h.said) >= sayEvery {
		h.log.WarnContext(ctx, "a caller of /api/hooks/ was not let in: the signature or token is wrong, or older than five minutes", "channel", channel, "times", h.refused)
		h.said, h.refused = now, 0
	}
}
