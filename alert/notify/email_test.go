package notify

import (
	"bytes"
	"io"
	"log/slog"
	"maps"
	"net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"feryat/i18n"
)

// mailTo is a channel that trusts and knows the server.
func mailTo(t testing.TB, s *mailServer, edit func(*Config), log io.Writer) *email {
	t.Helper()
	c := Config{Name: "chan", Type: "email", Language: "fa", Host: "127.0.0.1", Port: s.port(), User: "feryat", Password: hush, From: "Feryat <feryat@example.com>",
		To: []string{"Ayşe <a@example.com>", "b@example.com"}, Timeout: 5 * time.Second}
	if edit != nil {
		edit(&c)
	}
	n, err := New(c, slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	e := n.(*email)
	e.tls.RootCAs = s.roots
	return e
}

func TestMailArrives(t *testing.T) {
	for name, c := range map[string]struct {
		server func(*mailServer)
		edit   func(*Config)
		user   string
		secure bool
	}{
		"starttls":       {user: "\x00feryat\x00" + hush, secure: true},
		"starttls login": {server: func(s *mailServer) { s.offers = "STARTTLS\nAUTH LOGIN" }, user: "\x00feryat\x00" + hush, secure: true},
		"tls":            {server: func(s *mailServer) { s.implicit = true }, edit: func(c *Config) { c.TLS = "tls" }, user: "\x00feryat\x00" + hush},
		"none":           {edit: func(c *Config) { c.TLS, c.User, c.Password = "none", "", "" }},
	} {
		t.Run(name, func(t *testing.T) {
			s := newMailServer(t, c.server)
			e := mailTo(t, s, c.edit, io.Discard)
			if err := e.Notify(t.Context(), full(KindOpened)); err != nil {
				t.Fatal(err)
			}
			s.Lock()
			defer s.Unlock()
			if len(s.letters) != 1 || s.letters[0].secure != c.secure || c.user != "" && !slices.Equal(s.users, []string{c.user}) {
				t.Fatalf("%d letters, users %q", len(s.letters), s.users)
			}
			got := s.letters[0]
			if !strings.HasPrefix(got.from, "MAIL FROM:<feryat@example.com>") || !slices.Equal(got.to, []string{"RCPT TO:<a@example.com>", "RCPT TO:<b@example.com>"}) {
				t.Errorf("envelope %q %q", got.from, got.to)
			}
			checkLetter(t, got.body)
		})
	}
}

func checkLetter(t *testing.T, body string) {
	t.Helper()
	header, text, page := parts(t, []byte(body))
	to, err := header.AddressList("To")
	if err != nil || len(to) != 2 || to[0].Name != "Ayşe" {
		t.Errorf("to %v, %v", to, err)
	}
	for key, want := range map[string]string{
		"Message-Id": "<0123456789abcdef0123456789abcdef@example.com>", "References": "<e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1.thread@example.com>", "In-Reply-To": "<e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1.thread@example.com>",
		"Auto-Submitted": "auto-generated", "From": `"Feryat" <feryat@example.com>`,
	} {
		if header.Get(key) != want {
			t.Errorf("%s is %q, want %q", key, header.Get(key), want)
		}
	}
	if got := subject(t, header); !strings.Contains(got, "پیگیری فوری: مشتری عصبانی") || !strings.HasPrefix(got, "[\u2068Paytak\u2069 · بحرانی]") {
		t.Errorf("subject %q", got)
	}
	if at, err := header.Date(); err != nil || time.Since(at).Abs() > time.Hour {
		t.Errorf("date %v, %v", at, err)
	}
	if !strings.Contains(text, "از زبان مشتری") || !strings.Contains(page, `<html lang="fa" dir="rtl">`) {
		t.Errorf("text:\n%s\npage:\n%s", text, page)
	}
}

func TestMailsOfAnIncidentAreOneThread(t *testing.T) {
	e := mailer(t, i18n.English)
	header := func(m Message) mail.Header {
		letter, err := e.letter(m)
		if err != nil {
			t.Fatal(err)
		}
		h, _, _ := parts(t, letter)
		return h
	}
	a, b := full(KindGrown), full(KindGrown)
	b.Escalation.ID, b.Key = "another", "another\r\nkey"
	if got := header(b); got.Get("References") != header(a).Get("References") || got.Get("Message-Id") != "<anotherkey@example.com>" {
		t.Errorf("headers %v", got)
	}
	if got := header(full(KindDigest)); got.Get("References") != "" {
		t.Errorf("a digest is in a thread: %v", got)
	}
}

func TestWhatAMailServerMeans(t *testing.T) {
	for name, c := range map[string]struct {
		says  map[string]string
		edit  func(*mailServer)
		want  string
		taken int
	}{
		"wrong password":         {says: map[string]string{"AUTH": "535 5.7.8 no: %s"}, want: "unauthorized"},
		"sign-in down":           {says: map[string]string{"AUTH": "454 later: %s"}, want: "again"},
		"sign-in first":          {says: map[string]string{"MAIL": "530 sign in: %s"}, want: "unauthorized"},
		"sender refused":         {says: map[string]string{"MAIL": "550 no: %s"}, want: "refused"},
		"one receiver refused":   {says: map[string]string{"RCPT TO:<a@example.com>": "550 no such user: %s"}, want: "taken", taken: 1},
		"one receiver not now":   {says: map[string]string{"RCPT TO:<b@example.com>": "450 greylisted"}, want: "again"},
		"all receivers refused":  {says: map[string]string{"RCPT": "550 no such user: %s"}, want: "refused"},
		"letter refused":         {says: map[string]string{"DATA": "554 spam"}, want: "refused"},
		"full":                   {says: map[string]string{"DATA": "452 full"}, want: "again"},
		"nonsense":               {says: map[string]string{"MAIL": "what %s"}, want: "again"},
		"odd sign-in":            {says: map[string]string{"AUTH": "334 !!! %s"}, want: "again"},
		"cut at the sign-in":     {edit: func(s *mailServer) { s.cut = "AUTH" }, want: "again"},
		"cut at the letter":      {edit: func(s *mailServer) { s.cut = "DATA" }, want: "again"},
		"no starttls":            {edit: func(s *mailServer) { s.offers = "AUTH PLAIN" }, want: "refused"},
		"starttls not now":       {says: map[string]string{"STARTTLS": "454 later"}, want: "again"},
		"greets with no":         {says: map[string]string{"EHLO": "554 no: %s", "HELO": "554 no: %s"}, want: "refused"},
		"another's certificate":  {edit: func(s *mailServer) { s.cert, _ = certificate(t) }, want: "again"},
		"says the password back": {edit: func(s *mailServer) { s.offers, s.says["LOGIN"] = "STARTTLS\nAUTH LOGIN", hush }, want: "again"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newMailServer(t, func(s *mailServer) {
				maps.Copy(s.says, c.says)
				if c.edit != nil {
					c.edit(s)
				}
			})
			var logged bytes.Buffer
			err := mailTo(t, s, nil, &logged).Notify(t.Context(), full(KindOpened))
			if got := outcome(err); got != c.want {
				t.Errorf("%s (%v), want %s", got, err, c.want)
			}
			if err != nil {
				shows(t, "the error", err.Error())
			}
			shows(t, "the log", logged.String())
			s.Lock()
			defer s.Unlock()
			if len(s.letters) != c.taken || strings.Contains(name, "refused") && strings.Contains(name, "receiver") != strings.Contains(logged.String(), "refuses a receiver") {
				t.Errorf("%d letters, log %q", len(s.letters), logged.String())
			}
		})
	}
}

func TestASlowMailServerIsTriedAgain(t *testing.T) {
	s := newMailServer(t, func(s *mailServer) { s.implicit = true }) // it waits for a handshake that STARTTLS does not begin with
	e := mailTo(t, s, func(c *Config) { c.Timeout = 30 * time.Millisecond }, io.Discard)
	if err := e.Notify(t.Context(), full(KindOpened)); outcome(err) != "again" {
		t.Errorf("got %v", err)
	}
	_ = s.listener.Close()
	if err := e.Notify(t.Context(), full(KindOpened)); outcome(err) != "again" {
		t.Errorf("nobody there: %v", err)
	} else {
		shows(t, "the error", err.Error())
	}
}
