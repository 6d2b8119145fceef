package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"net/textproto"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"feryat/mention"
)

// mailbox is a mail server on this machine that takes everything.
type mailbox struct {
	sync.Mutex
	net.Listener
	letters []string
	first   int // answered "later" so many times before
}

func newMailbox(t *testing.T, busy int) *mailbox {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m := &mailbox{Listener: l, first: busy}
	var open sync.WaitGroup
	open.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			open.Go(func() { m.talk(c) })
		}
	})
	t.Cleanup(func() { _ = l.Close(); open.Wait() })
	return m
}

func (m *mailbox) talk(c net.Conn) {
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	r := bufio.NewReader(c)
	fmt.Fprint(c, "220 ready\r\n")
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		switch verb, _, _ := strings.Cut(strings.TrimSpace(line), " "); verb {
		case "MAIL":
			fmt.Fprint(c, m.welcome())
		case "DATA":
			fmt.Fprint(c, "354 go on\r\n")
			body, err := textproto.NewReader(r).ReadDotBytes()
			if err != nil {
				return
			}
			m.Lock()
			m.letters = append(m.letters, string(body))
			m.Unlock()
			fmt.Fprint(c, "250 taken\r\n")
		default:
			fmt.Fprint(c, "250 ok\r\n")
		}
	}
}

func (m *mailbox) welcome() string {
	m.Lock()
	defer m.Unlock()
	if m.first > 0 {
		m.first--
		return "451 later\r\n"
	}
	return "250 ok\r\n"
}

func (m *mailbox) count() int {
	m.Lock()
	defer m.Unlock()
	return len(m.letters)
}

func (m *mailbox) letter(i int) string {
	m.Lock()
	defer m.Unlock()
	return m.letters[i]
}

// keep forgets all but the first letters.
func (m *mailbox) keep(n int) {
	m.Lock()
	defer m.Unlock()
	m.letters = m.letters[:n]
}

// A digest that was due while nothing ran is mailed once by serve, after the mail
// server was busy; one by hand goes at once; a preview sends nothing.
func TestDigest(t *testing.T) {
	box := newMailbox(t, 2)
	zone, err := time.LoadLocation("Europe/Istanbul")
	if err != nil {
		t.Fatal(err)
	}
	due := time.Now().In(zone).Add(-time.Hour)
	config := writeConfig(t, fmt.Sprintf(`
brands: [{name: Paytak}, {name: Rakip, rival: true}]
web: {listen: "127.0.0.1:0"}
storage: {embedded: {listen: "127.0.0.1:0"}}
queue: {retry_first: 10ms, retry_max: 50ms}
alert:
  channels: [{name: mail, type: email, language: fa, host: 127.0.0.1, port: %d, tls: none, from: feryat@example.com, to: [team@example.com]}]
  digests: [{name: day, period: daily, at: "%s", channel: mail}]
`, box.Addr().(*net.TCPAddr).Port, due.Format("15:04")))
	yesterday := due.AddDate(0, 0, -1)
	seedDigest(t, config, time.Date(yesterday.Year(), yesterday.Month(), yesterday.Day(), 12, 0, 0, 0, zone))
	p := start(t, nil, "serve", "--config", config)
	p.says(t, "letter sent")
	text := checkPreview(t, config, yesterday.Format(time.DateOnly))
	file := filepath.Join(t.TempDir(), "report.html")
	day := yesterday.Format(time.DateOnly)
	feryat(t, exitOK, "report", "--from", day, "--to", day, "--language", "fa", "--out", file, "--config", config)
	if page, err := os.ReadFile(file); err != nil || !strings.Contains(string(page), "<svg") || !strings.Contains(string(page), `dir="rtl"`) || !strings.Contains(string(page), "Paytak") {
		t.Errorf("the report: %v %.300s", err, page)
	}
	if box.count() != 1 {
		t.Fatalf("%d letters: a preview was sent, or the digest twice", box.count())
	}
	if said := feryat(t, exitOK, "report", "--from", day, "--mail", "mail", "--config", config); !strings.HasPrefix(said, "sent through mail: ") || box.count() != 2 || !strings.Contains(box.letter(1), "multipart/alternative") {
		t.Errorf("the report by mail: %q, %d letters", said, box.count())
	}
	box.keep(1)
	said := feryat(t, exitOK, "alert", "digest", "day", "--send", "--config", config, "--date", yesterday.Format(time.DateOnly))
	if !strings.HasPrefix(said, "sent through mail: ") || box.count() != 2 {
		t.Errorf("said %q, %d letters", said, box.count())
	}
	for i, id := range []string{"<digestday" + yesterday.Format(time.DateOnly) + "@example.com>", "<digestdayby-hand"} {
		checkDigestMail(t, box.letter(i), id, text)
	}
}

// seedDigest stores a day of two brands, and that an older digest was sent.
func seedDigest(t *testing.T, config string, noon time.Time) {
	t.Helper()
	h := ownHome(t, config)
	var rows []mention.Scored
	for i := range 30 {
		rows = append(rows, complaint("Paytak", fmt.Sprint(i), noon.Add(time.Duration(i)*time.Minute), "delay"), complaint("Rakip", fmt.Sprint(i), noon, "price"))
	}
	glad := complaint("Paytak", "glad", noon, "delay")
	glad.Mention.Text, glad.Verdict.Mood, glad.Verdict.Topics = "Teşekkürler <b>Paytak</b>!", mention.Satisfied, nil
	glad.Mention = glad.Mention.Revise()
	if _, err := h.store.Insert(t.Context(), append(rows, glad)); err != nil {
		t.Fatal(err)
	}
	states, err := h.queue.Bucket(t.Context(), "escalations", 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := states.Put(t.Context(), "digest.day.daily", []byte(`{"edition":"2001-01-01"}`)); err != nil {
		t.Fatal(err)
	}
	if err := h.close(); err != nil {
		t.Fatal(err)
	}
}

// checkPreview looks at what the command writes, in every form, and answers the text.
func checkPreview(t *testing.T, config, date string) string {
	t.Helper()
	preview := func(args ...string) string {
		return feryat(t, exitOK, append([]string{"alert", "digest", "day", "--config", config, "--date", date}, args...)...)
	}
	d := decodeLine[mention.Digest](t, preview("--format", "json"))
	if b := d.Brands[0]; b.Brand != "Paytak" || b.Now.Mentions != 31 || b.Now.Unhappy != 30 || len(b.Praise) != 1 || d.Rivals[0].Now.Unhappy != 30 {
		body, _ := json.Marshal(d)
		t.Errorf("figures %s", body)
	}
	file := filepath.Join(t.TempDir(), "digest.html")
	if out := preview("--out", file); out != "" {
		t.Errorf("--out says %q", out)
	}
	page, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(page), `dir="rtl"`) || !strings.Contains(string(page), "&lt;b&gt;Paytak") {
		t.Errorf("%v, page %.300s", err, page)
	}
	if out := feryat(t, exitOK, "alert", "digest", "--period", "day", "--brand", "Paytak", "--language", "en", "--config", config, "--date", date); !strings.Contains(out, "Unhappy: 97% (30 of 31; angry: 0)") {
		t.Errorf("in English: %s", out)
	}
	return preview()
}

func checkDigestMail(t *testing.T, letter, id, text string) {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(letter))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if first, _, _ := strings.Cut(text, "\n"); err != nil || subject != first || !strings.HasPrefix(m.Header.Get("Message-Id"), id) {
		t.Errorf("subject %q, want %q; headers %v", subject, first, m.Header)
	}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	var bodies []string
	for r := multipart.NewReader(m.Body, params["boundary"]); ; {
		p, err := r.NextRawPart()
		if err != nil {
			break
		}
		body, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil {
			t.Fatal(err)
		}
		bodies = append(bodies, strings.ReplaceAll(string(body), "\r\n", "\n"))
	}
	if len(bodies) != 2 || !strings.Contains(bodies[0], "۹۷٪ (۳۰ از ۳۱؛ عصبانی: ۰)") || !strings.Contains(bodies[1], `<html lang="fa" dir="rtl">`) {
		t.Errorf("bodies %q", bodies)
	}
}
