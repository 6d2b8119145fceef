package notify

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The headers of a webhook request.
const (
	HeaderKey       = "Idempotency-Key"
	HeaderSignature = "Feryat-Signature" // "t=<unix seconds>,v1=<hex HMAC-SHA256 of t + "." + body>"
)

// webhook posts a Message as JSON, signed, to a help desk or a program of one's
// own. The README of this package has the shape.
type webhook struct {
	poster
	renderer
	secret []byte
}

// hookBody is a Message with what a help desk files it under. Nothing in it
// depends on the time of the try: a repeat has the same body.
type hookBody struct {
	// ExternalID is the escalation's, so that all messages of one make one
	// ticket; a digest tells of many and has none.
	ExternalID string `json:"external_id,omitempty"`
	Subject    string `json:"subject"` // in the channel's language
	Message
}

// minToken is the shortest token that lets a help desk in, in bytes.
const minToken = 16

func (c Config) checkWebhook() error {
	faults := []error{c.checkURL(), c.checkStatuses()}
	if c.Secret == "" && faults[0] == nil {
		faults = append(faults, c.fault("set secret_file, or the secret in the environment: an unsigned webhook could be forged"))
	}
	if c.Token != "" && len(c.Token) < minToken {
		faults = append(faults, c.fault("the token is shorter than %d characters: it could be guessed", minToken))
	}
	return errors.Join(faults...)
}

func newWebhook(c Config, r renderer, _ *slog.Logger) (Notifier, error) {
	return webhook{newPoster(c, c.URL), r, []byte(c.Secret)}, nil
}

// Notify posts the message. Answers 2xx and 409 (the receiver has the key
// already) are success; other 4xx but 408, 425 and 429 are refused for good.
func (w webhook) Notify(ctx context.Context, m Message) error {
	h := hookBody{ExternalID: m.Escalation.ID, Subject: w.document(m).Subject, Message: m}
	if m.Kind == KindDigest {
		h.ExternalID = ""
	}
	body, err := json.Marshal(h)
	if err != nil {
		return err
	}
	a, err := w.post(ctx, body, map[string]string{HeaderKey: m.Key, HeaderSignature: Sign(w.secret, w.now(), body)})
	if err != nil || a.status == http.StatusConflict {
		return err
	}
	return w.judge(a)
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
