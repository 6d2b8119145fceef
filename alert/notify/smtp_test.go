package notify

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"math/big"
	"net"
	"net/textproto"
	"strings"
	"sync"
	"testing"
	"time"
)

// mailServer is a small SMTP server on this machine (RFC 5321, 3207, 4954).
type mailServer struct {
	sync.Mutex
	listener net.Listener
	cert     tls.Certificate
	roots    *x509.CertPool
	implicit bool   // TLS from the first byte
	offers   string // what EHLO answers, a line each
	// says overrides the answer to a command, or to one with its argument:
	// "RCPT TO:<b@example.com>".
	says    map[string]string
	cut     string // the command at which the line goes dead
	letters []letterTaken
	users   []string
	open    sync.WaitGroup
}

type letterTaken struct {
	from, body string
	to         []string
	secure     bool
}

// newMailServer starts one, after edit if there is one.
func newMailServer(t testing.TB, edit func(*mailServer)) *mailServer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &mailServer{listener: l, offers: "STARTTLS\nAUTH PLAIN LOGIN", says: map[string]string{}}
	s.cert, s.roots = certificate(t)
	if edit != nil {
		edit(s)
	}
	s.open.Go(s.serve)
	t.Cleanup(func() { _ = l.Close(); s.open.Wait() })
	return s
}

// certificate is one for 127.0.0.1 that nobody else trusts.
func certificate(t testing.TB) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, roots
}

func (s *mailServer) port() int { return s.listener.Addr().(*net.TCPAddr).Port }

func (s *mailServer) serve() {
	for {
		c, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.open.Go(func() {
			defer c.Close()
			_ = c.SetDeadline(time.Now().Add(20 * time.Second))
			if s.implicit {
				c = tls.Server(c, &tls.Config{Certificates: []tls.Certificate{s.cert}})
			}
			talk := &talk{mailServer: s, conn: c, r: bufio.NewReader(c)}
			talk.say("220 ready")
			for talk.step() {
			}
		})
	}
}

// talk is one connection.
type talk struct {
	*mailServer
	conn net.Conn
	r    *bufio.Reader
	now  letterTaken
}

func (k *talk) say(text string) { fmt.Fprintf(k.conn, "%s\r\n", text) }

func (k *talk) line() string {
	line, err := k.r.ReadString('\n')
	if err != nil {
		return ""
	}
	return strings.TrimRight(line, "\r\n")
}

func (k *talk) step() bool {
	line := k.line()
	verb, _, _ := strings.Cut(line, " ")
	if line == "" || verb == k.cut {
		return false
	}
	for _, command := range []string{line, verb} {
		if answer, ok := k.says[command]; ok {
			k.say(strings.ReplaceAll(answer, "%s", line))
			return true
		}
	}
	return k.obey(verb, line)
}

func (k *talk) obey(verb, line string) bool {
	switch verb {
	case "EHLO":
		k.say("250-here\r\n250-" + strings.ReplaceAll(k.offers, "\n", "\r\n250-") + "\r\n250 SIZE 10000000")
	case "STARTTLS":
		k.say("220 go on")
		k.conn = tls.Server(k.conn, &tls.Config{Certificates: []tls.Certificate{k.cert}})
		k.r, k.now.secure = bufio.NewReader(k.conn), true
	case "AUTH":
		k.auth(line)
	case "MAIL":
		k.now.from, k.now.to = line, nil
		k.say("250 sender ok")
	case "RCPT":
		k.now.to = append(k.now.to, line)
		k.say("250 receiver ok")
	case "DATA":
		k.say("354 go ahead")
		body, err := textproto.NewReader(k.r).ReadDotBytes()
		if err != nil {
			return false
		}
		k.now.body = string(body)
		k.Lock()
		k.letters = append(k.letters, k.now)
		k.Unlock()
		k.say("250 taken")
	case "QUIT":
		k.say("221 bye")
		return false
	default:
		k.say("250 ok")
	}
	return true
}

// auth takes PLAIN and LOGIN and notes user and password.
func (k *talk) auth(line string) {
	fields := strings.Fields(line)
	var said []byte
	if words, ok := k.says["LOGIN"]; ok { // asks on and on, with these words
		for line != "" && line != "*" {
			k.say("334 " + base64.StdEncoding.EncodeToString([]byte(words)))
			line = k.line()
		}
		k.say("501 aborted")
		return
	}
	if fields[1] == "PLAIN" {
		said, _ = base64.StdEncoding.DecodeString(fields[2])
	} else {
		for _, ask := range []string{"VXNlcm5hbWU6", "UGFzc3dvcmQ6"} {
			k.say("334 " + ask)
			one, _ := base64.StdEncoding.DecodeString(k.line())
			said = append(append(said, 0), one...)
		}
	}
	k.Lock()
	k.users = append(k.users, string(said))
	k.Unlock()
	k.say("235 welcome")
}
