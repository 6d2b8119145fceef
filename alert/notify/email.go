package notify

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net"
	"net/mail"
	"net/textproto"
	"os"
	"strconv"
	"strings"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

//go:embed email.html
var emailPage string

// email sends mails by SMTP.
type email struct {
	renderer
	cfg  Config
	from *mail.Address
	page *template.Template
	tls  *tls.Config
	log  *slog.Logger
}

func (c Config) checkEmail() error {
	var faults []error
	if c.Host == "" {
		faults = append(faults, c.fault("host is empty"))
	}
	if c.Port < 0 || c.Port > 65535 {
		faults = append(faults, c.fault("port %d is not between 0 and 65535", c.Port))
	}
	switch ip := net.ParseIP(c.Host); {
	case c.TLS != "" && c.TLS != "starttls" && c.TLS != "tls" && c.TLS != "none":
		faults = append(faults, c.fault("tls %q is not starttls, tls or none", c.TLS))
	case c.TLS == "none" && c.Host != "localhost" && (ip == nil || !ip.IsLoopback()):
		faults = append(faults, c.fault("tls none would show the mails on the way: it is for this machine only"))
	case c.TLS == "none" && c.User != "":
		faults = append(faults, c.fault("a password needs tls"))
	}
	if c.User != "" && c.Password == "" {
		faults = append(faults, c.fault("user is set: set password_file, or the password in the environment"))
	}
	if len(c.To) == 0 {
		faults = append(faults, c.fault("to names nobody"))
	}
	for i, address := range append([]string{c.From}, c.To...) {
		if _, err := mail.ParseAddress(address); err != nil {
			faults = append(faults, c.fault("%s: %q is no mail address", map[bool]string{true: "from", false: "to"}[i == 0], address))
		}
	}
	return errors.Join(faults...)
}

func newEmail(c Config, r renderer, log *slog.Logger) (Notifier, error) {
	page, err := template.New("email").Parse(emailPage)
	if err != nil {
		return nil, err
	}
	from, err := mail.ParseAddress(c.From)
	if err != nil {
		return nil, err // was checked
	}
	if c.Port == 0 {
		c.Port = map[string]int{"tls": 465, "none": 25}[c.TLS]
		c.Port = cmp.Or(c.Port, 587)
	}
	return &email{renderer: r, cfg: c, from: from, page: page, log: log, tls: &tls.Config{ServerName: c.Host, MinVersion: tls.VersionTLS12}}, nil
}

// Notify sends one mail to all receivers. It is success when the server takes
// it for at least one and would never take it for the others, who are logged.
func (e *email) Notify(ctx context.Context, m Message) error {
	letter, err := e.letter(m)
	if err != nil {
		return fmt.Errorf("channel %s: write the mail: %w", e.cfg.Name, err)
	}
	ctx, cancel := context.WithTimeout(ctx, e.cfg.Timeout)
	defer cancel()
	s, err := e.open(ctx)
	if err != nil {
		return err
	}
	defer s.end()
	return e.send(ctx, s, letter)
}

// session is a conversation with a mail server, cut when its context ends.
type session struct {
	*smtp.Client
	conn net.Conn
	stop func() bool
}

func (s session) end() {
	s.stop()
	_ = s.conn.Close() // what was to be said is said
}

// open connects, secures the connection and signs in.
func (e *email) open(ctx context.Context) (s session, err error) {
	address := net.JoinHostPort(e.cfg.Host, strconv.Itoa(e.cfg.Port))
	if s.conn, err = new(net.Dialer).DialContext(ctx, "tcp", address); err != nil {
		return s, e.judge("connect", err)
	}
	conn := s.conn
	s.stop = context.AfterFunc(ctx, func() { _ = conn.Close() })
	if err := e.greet(ctx, &s); err != nil {
		s.end()
		return s, err
	}
	return s, nil
}

func (e *email) greet(ctx context.Context, s *session) (err error) {
	conn := s.conn
	if deadline, ok := ctx.Deadline(); ok {
		_ = conn.SetDeadline(deadline) // fails only on a closed connection, which the next step tells
	}
	if e.cfg.TLS == "tls" {
		conn = tls.Client(conn, e.tls)
	}
	if s.Client, err = smtp.NewClient(conn, e.cfg.Host); err != nil {
		return e.judge("greeting", err)
	}
	if err := s.Hello(helo()); err != nil {
		return e.judge("greeting", err)
	}
	if ok, _ := s.Extension("STARTTLS"); e.cfg.TLS != "tls" && e.cfg.TLS != "none" && !ok {
		return fmt.Errorf("channel %s: the mail server offers no STARTTLS: %w", e.cfg.Name, ErrRefused)
	} else if e.cfg.TLS != "tls" && e.cfg.TLS != "none" {
		if err := s.StartTLS(e.tls); err != nil {
			return e.judge("starttls", err)
		}
	}
	return e.signIn(s)
}

// helo is the name that we greet with.
func helo() string {
	if name, err := os.Hostname(); err == nil && !strings.ContainsAny(name, " \r\n") && name != "" {
		return name
	}
	return "localhost"
}

func (e *email) signIn(s *session) error {
	if e.cfg.User == "" {
		return nil
	}
	auth := smtp.PlainAuth("", e.cfg.User, e.cfg.Password, e.cfg.Host, false)
	if _, offered := s.Extension("AUTH"); !strings.Contains(offered, "PLAIN") && strings.Contains(offered, "LOGIN") {
		auth = smtp.LoginAuth(e.cfg.User, e.cfg.Password, e.cfg.Host, false)
	}
	err := s.Auth(auth)
	var said *textproto.Error
	if errors.As(err, &said) && said.Code >= 500 {
		return fmt.Errorf("channel %s: sign-in: the mail server answered %d: %w", e.cfg.Name, said.Code, ErrUnauthorized)
	}
	return e.judge("sign-in", err)
}

// send hands the letter over. A receiver that is refused for now is a reason to
// try the whole letter again: the Message-ID lets the others see the repeat.
func (e *email) send(ctx context.Context, s session, letter []byte) error {
	if err := s.Mail("<" + e.from.Address + ">"); err != nil {
		return e.judge("sender", err)
	}
	taken := 0
	var refused error
	for i, to := range e.cfg.To {
		address, err := mail.ParseAddress(to)
		if err != nil {
			return err // was checked
		}
		err = e.judge("receiver", s.Rcpt("<"+address.Address+">"))
		switch {
		case err == nil:
			taken++
		case !errors.Is(err, ErrRefused):
			return err
		default:
			refused = err
			e.log.WarnContext(ctx, "the mail server refuses a receiver", "position", i+1, "error", err)
		}
	}
	if taken == 0 {
		return refused
	}
	return e.judge("letter", write(s, letter))
}

func write(s session, letter []byte) error {
	w, err := s.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(letter); err != nil {
		return err
	}
	return w.Close()
}

// judge keeps the code of what the server said and leaves out its words, which
// may repeat what we sent.
func (e *email) judge(stage string, err error) error {
	var said *textproto.Error
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &said) && stage == "letter": // the end of which it may have got
		return fmt.Errorf("channel %s: %s: %w", e.cfg.Name, stage, cause(err))
	case !errors.As(err, &said):
		return notTakenError{fmt.Errorf("channel %s: %s: %w", e.cfg.Name, stage, cause(err))}
	case said.Code == 530 || said.Code == 535:
		return fmt.Errorf("channel %s: %s: the mail server answered %d: %w", e.cfg.Name, stage, said.Code, ErrUnauthorized)
	case said.Code >= 500 && said.Code < 600:
		return fmt.Errorf("channel %s: %s: the mail server answered %d: %w", e.cfg.Name, stage, said.Code, ErrRefused)
	}
	return notTakenError{fmt.Errorf("channel %s: %s: the mail server answered %d", e.cfg.Name, stage, said.Code)}
}

// letter writes the mail: plain text, and HTML with its direction.
func (e *email) letter(m Message) ([]byte, error) {
	subject, text, page, err := e.parts(m)
	if err != nil {
		return nil, err
	}
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(e.from)
	if err := msg.To(e.cfg.To...); err != nil {
		return nil, err
	}
	msg.Subject(subject)
	msg.SetDateWithValue(e.now())
	e.thread(msg, m)
	// RFC 3834: no out-of-office note in answer to this.
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetBodyString(gomail.TypeTextPlain, text)
	msg.AddAlternativeString(gomail.TypeTextHTML, page)
	var letter bytes.Buffer
	_, err = msg.WriteTo(&letter)
	return letter.Bytes(), err
}

// parts are the subject and the two bodies of a mail.
func (e *email) parts(m Message) (subject, text, page string, err error) {
	if l := m.Letter; l != nil {
		return cut(strings.Join(strings.Fields(l.Subject), " "), maxSubject), l.Text, l.HTML, nil
	}
	d := e.document(m)
	var html bytes.Buffer
	err = e.page.Execute(&html, d)
	return d.Subject, d.text(), html.String(), err
}

// maxSubject is the longest subject of a letter, in runes.
const maxSubject = 200

// thread makes the Message-ID of the idempotency key, so that a repeat can be
// told, and lets all mails of an escalation, or of its incident, answer one
// mail that was never sent, so that they are shown together.
func (e *email) thread(msg *gomail.Msg, m Message) {
	_, domain, _ := strings.Cut(e.from.Address, "@")
	if key := idPart(m.Key); key != "" {
		msg.SetMessageIDWithValue(key + "@" + domain)
	}
	root := idPart(cmp.Or(m.Escalation.Incident, m.Escalation.ID))
	if root == "" || m.Kind == KindDigest {
		return
	}
	for _, header := range []gomail.Header{gomail.HeaderInReplyTo, gomail.HeaderReferences} {
		msg.SetGenHeader(header, "<"+root+".thread@"+domain+">")
	}
}

// idPart keeps what may stand before the @ of a Message-ID.
func idPart(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' {
			return r
		}
		return -1
	}, s)
}
