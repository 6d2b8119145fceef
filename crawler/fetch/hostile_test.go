package fetch

import (
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/andybalholm/brotli"
)

// with sends a body under a Content-Encoding.
func with(coding string, pack func(w io.Writer) io.WriteCloser, size int64) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Encoding", coding)
		z := pack(w)
		defer z.Close()
		line := []byte(strings.Repeat("0", 1<<16))
		for left := size; left > 0 && r.Context().Err() == nil; {
			n, err := z.Write(line[:min(left, int64(len(line)))])
			if err != nil {
				return
			}
			left -= int64(n)
		}
	}
}

func gz(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }
func br(w io.Writer) io.WriteCloser { return brotli.NewWriterLevel(w, 5) }
func zl(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) }
func fl(w io.Writer) io.WriteCloser { f, _ := flate.NewWriter(w, 6); return f }

// raw sends bytes as they are, headers included, and closes the connection.
func raw(answer string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		defer conn.Close()
		io.WriteString(conn, answer)
	}
}

func status(code int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
	}
}

func to(location string) http.HandlerFunc { return status(http.StatusFound, "Location", location) }

// Hostile answers, one a line: what it is, what it says, the reason that comes
// of it ("" for a page), and how often it is asked for.
func TestHostileAnswers(t *testing.T) {
	tests := []struct {
		name   string
		page   http.HandlerFunc
		reason string
		asked  int
	}{
		{"well", say(200, "merhaba"), "", 1},
		{"empty", say(200, ""), "", 1},
		{"no content", status(204), "", 1},
		{"gzip", with("gzip", gz, 1000), "", 1},
		{"brotli", with("br", br, 1000), "", 1},
		{"deflate with zlib's head", with("deflate", zl, 1000), "", 1},
		{"deflate without", with("deflate", fl, 1000), "", 1},
		{"gzip bomb", with("gzip", gz, 1<<27), ReasonTooLarge, 1},
		{"a page of much the same", with("gzip", lines, 3<<20), "", 1},
		{"small bomb", with("gzip", gz, 4<<20), ReasonTooLarge, 1},
		{"brotli bomb", with("br", br, 1<<24), ReasonTooLarge, 1},
		{"deflate bomb", with("deflate", zl, 1<<27), ReasonTooLarge, 1},
		{"bomb within a file", func(w http.ResponseWriter, r *http.Request) { w.Write(packed(make([]byte, 16<<20))) }, ReasonTooLarge, 1},
		{"endless page", with("identity", plain, 1<<40), ReasonTooLarge, 1},
		{"says it is too long", status(200, "Content-Length", "999999999999"), ReasonTooLarge, 1},
		{"coding not understood", status(200, "Content-Encoding", "zstd"), ReasonEncoding, 1},
		{"says gzip and is not", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			io.WriteString(w, strings.Repeat("plain", 100))
		}, ReasonEncoding, 1},
		{"gzip cut short", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			b := packed([]byte(strings.Repeat("yorum ", 1000)))
			w.Write(b[:len(b)/2])
		}, ReasonTruncated, 3},
		{"body cut short", raw("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000\r\n\r\n<p>half"), ReasonTruncated, 3},
		{"chunks cut short", raw("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"), ReasonTruncated, 3},
		{"longer than it says", raw("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\n<p>more than that"), "", 1},
		{"no HTTP", raw("SSH-2.0-OpenSSH_9.6\r\n"), ReasonConnection, 3},
		{"closes at once", raw(""), ReasonConnection, 3},
		{"endless headers", raw("HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 1<<20)), ReasonConnection, 3},
		{"a picture", status(200, "Content-Type", "image/png"), ReasonContentType, 1},
		{"a film without a type", func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Type"] = nil
			io.WriteString(w, "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom")
		}, ReasonContentType, 1},
		{"304 that was not asked for", status(304), ReasonHTTP, 1},
		{"400", status(400), ReasonHTTP, 1},
		{"401", status(401), ReasonForbidden, 1},
		{"403", status(403), ReasonForbidden, 1},
		{"403 challenge", say(403, `<title>Just a moment...</title>`), ReasonChallenge, 1},
		{"503 challenge", say(503, `<title>Attention Required! | Cloudflare</title>`), ReasonChallenge, 1},
		{"404", status(404), ReasonNotFound, 1},
		{"410", status(410), ReasonGone, 1},
		{"418", status(418), ReasonHTTP, 1},
		{"429", status(429), ReasonRateLimited, 3},
		{"451", status(451), ReasonForbidden, 1},
		{"500", status(500), ReasonServer, 3},
		{"503", status(503), ReasonServer, 3},
		{"a pause longer than is waited for", status(429, "Retry-After", "3600"), ReasonHostPaused, 1},
		{"redirect to itself", to("/page"), ReasonRedirectLoop, 1},
		{"redirect to loopback", to("http://127.0.0.2/"), ReasonPrivateNetwork, 1},
		{"redirect to metadata", to("http://169.254.169.254/latest/meta-data/"), ReasonPrivateNetwork, 1},
		{"redirect to a private network", to("http://10.1.2.3/"), ReasonPrivateNetwork, 1},
		{"redirect to a mapped address", to("http://[::ffff:169.254.169.254]/"), ReasonPrivateNetwork, 1},
		{"redirect to an address as a number", to("http://2130706434/"), ReasonPrivateNetwork, 1},
		{"redirect to file", to("file:///etc/passwd"), ReasonScheme, 1},
		{"redirect to another scheme", to("gopher://127.0.0.1/"), ReasonScheme, 1},
		{"redirect with a password", to("http://user:secret@127.0.0.1/"), ReasonCredentials, 1},
		{"redirect to nowhere", to("http://[::1"), ReasonInvalidURL, 1},
		{"redirect without Location", status(302), ReasonHTTP, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := serve(t, nil, tt.page)
			cfg := quick()
			cfg.Timeout = time.Minute // none of these is about time, and bombs take theirs on a busy machine
			resp, err := newClient(t, cfg).Get(t.Context(), Request{URL: s.url + "/page"})
			if got := reasonOf(t, err); got != tt.reason {
				t.Errorf("reason %q, want %q: %v", got, tt.reason, err)
			}
			if n := s.asked("/page"); n != tt.asked {
				t.Errorf("asked for it %d times, want %d", n, tt.asked)
			}
			if err == nil && resp.Attempts != 1 {
				t.Errorf("%d attempts", resp.Attempts)
			}
			if strings.Contains(fmt.Sprint(err), "secret") {
				t.Errorf("a password in %v", err)
			}
		})
	}
}

// lines packs to a thirtieth or so, like a long page of much the same.
func lines(w io.Writer) io.WriteCloser { return &numbered{z: gzip.NewWriter(w)} }

type numbered struct {
	z *gzip.Writer
	n int
}

func (l *numbered) Write(p []byte) (int, error) {
	for written := 0; written < len(p); l.n++ {
		n, err := fmt.Fprintf(l.z, "<div class=\"yorum\" id=\"y%d\"><b>user%d</b><p>Kargo geç geldi, ürün iyi.</p></div>\n", l.n, l.n*7919%10000)
		if err != nil {
			return written, err
		}
		written += n
	}
	return len(p), nil
}

func (l *numbered) Close() error { return l.z.Close() }

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

func plain(w io.Writer) io.WriteCloser { return nopCloser{w} }

// A site is down for a while and then answers.
func TestRetries(t *testing.T) {
	for _, bad := range []http.HandlerFunc{status(500), status(429), status(503, "Retry-After", "0"), raw(""), raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx")} {
		var n atomic.Int32
		s := serve(t, nil, func(w http.ResponseWriter, r *http.Request) {
			if n.Add(1) < 3 {
				bad(w, r)
				return
			}
			say(200, "at last")(w, r)
		})
		resp, err := newClient(t, quick()).Get(t.Context(), Request{URL: s.url})
		if err != nil || string(resp.Body) != "at last" || resp.Attempts != 3 {
			t.Errorf("%+v, %v", resp, err)
		}
	}
}

func TestRedirects(t *testing.T) {
	hops := func(n int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			var at int
			fmt.Sscanf(r.URL.Path, "/%d", &at)
			if at >= n {
				say(200, "arrived")(w, r)
				return
			}
			http.Redirect(w, r, fmt.Sprintf("/%d", at+1), http.StatusMovedPermanently)
		}
	}
	s := serve(t, nil, hops(10))
	resp, err := newClient(t, quick()).Get(t.Context(), Request{URL: s.url + "/0"})
	if err != nil || resp.URL != s.url+"/10" {
		t.Errorf("ten redirects: %+v, %v", resp, err)
	}
	s = serve(t, nil, hops(11))
	if _, err := newClient(t, quick()).Get(t.Context(), Request{URL: s.url + "/0"}); reasonOf(t, err) != ReasonRedirectLoop {
		t.Errorf("eleven redirects: %v", err)
	}
	s = serve(t, say(200, "User-agent: *\nDisallow: /private"), to("/private/x"))
	if _, err := newClient(t, quick()).Get(t.Context(), Request{URL: s.url + "/0"}); reasonOf(t, err) != ReasonRobots || s.asked("/private/x") != 0 {
		t.Errorf("redirect to a path that is forbidden: %v", err)
	}
}

// What is meant for one site does not reach another, and nothing keeps cookies.
func TestCrossSite(t *testing.T) {
	seen := make(chan http.Header, 4)
	other := serve(t, nil, func(w http.ResponseWriter, r *http.Request) { seen <- r.Header; say(200, "there")(w, r) })
	s := serve(t, nil, func(w http.ResponseWriter, r *http.Request) {
		seen <- r.Header
		w.Header().Set("Set-Cookie", "visit=1; Domain=localhost; Path=/")
		http.Redirect(w, r, other.url+"/", http.StatusFound)
	})
	c := newClient(t, quick())
	_, err := c.Get(t.Context(), Request{URL: s.url, Header: http.Header{"authorization": {"Bearer secret"}}, Referer: s.url + "/from", ETag: `"x"`})
	if err != nil {
		t.Fatal(err)
	}
	first, second := <-seen, <-seen
	if first.Get("Authorization") == "" || first.Get("Referer") == "" || first.Get("If-None-Match") == "" || !strings.HasPrefix(first.Get("User-Agent"), "feryat/") {
		t.Errorf("first hop: %v", first)
	}
	for _, key := range []string{"Authorization", "Cookie", "Referer", "If-None-Match"} {
		if second.Get(key) != "" {
			t.Errorf("%s reached another site: %v", key, second)
		}
	}
	c.Get(t.Context(), Request{URL: s.url})
	if again := <-seen; again.Get("Cookie") != "" {
		t.Errorf("a cookie came back: %v", again)
	}
}

func TestRefusedWithoutAsking(t *testing.T) {
	c := newClient(t, quick())
	c.dial = func(_ context.Context, _, addr string) (net.Conn, error) {
		t.Errorf("dialled %s", addr)
		return nil, net.ErrClosed
	}
	for url, reason := range map[string]string{
		"file:///etc/passwd":          ReasonScheme,
		"ftp://shop.example/":         ReasonScheme,
		"javascript:alert(1)":         ReasonScheme,
		"http://u:p@shop.example/":    ReasonCredentials,
		"http://":                     ReasonInvalidURL,
		"":                            ReasonInvalidURL,
		"http://169.254.169.254/":     ReasonPrivateNetwork,
		"http://0x7f.2/":              ReasonPrivateNetwork,
		"http://[fd00::1]/":           ReasonPrivateNetwork,
		"http://[64:ff9b::a9fe:a9fe]": ReasonPrivateNetwork,
		"http://0.0.0.0/":             ReasonPrivateNetwork,
		"http://100.64.0.1/":          ReasonPrivateNetwork,
	} {
		_, err := c.Get(t.Context(), Request{URL: url})
		if got := reasonOf(t, err); got != reason {
			t.Errorf("%q: %q, want %q", url, got, reason)
		}
		if got := c.Refuses(url); got != reason {
			t.Errorf("Refuses(%q) = %q, want %q", url, got, reason)
		}
	}
	if got := c.Refuses("https://shop.example/"); got != "" {
		t.Errorf("refuses a public site: %s", got)
	}
}

// A name may change its address between look-ups: the address that is dialled
// counts. Here it is always loopback, which is listed by name, by address, not.
func TestGuardJudgesTheAddressDialled(t *testing.T) {
	s := serve(t, nil, say(200, "in"))
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(s.url, "http://"))
	for name, tt := range map[string]struct {
		allow  []string
		reason string
	}{
		"not listed": {nil, ReasonPrivateNetwork}, "another listed": {[]string{"10.0.0.0/8", "db.internal"}, ReasonPrivateNetwork},
		"by address": {[]string{"127.0.0.1", "::1"}, ""}, "by prefix": {[]string{"127.0.0.0/8", "::/64"}, ""}, "by name": {[]string{"LOCALHOST"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := quick()
			cfg.AllowPrivate = tt.allow
			if _, err := newClient(t, cfg).Get(t.Context(), Request{URL: "http://localhost:" + port}); reasonOf(t, err) != tt.reason {
				t.Errorf("%v, want %q", err, tt.reason)
			}
		})
	}
}

func TestIPv6Only(t *testing.T) {
	l, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		t.Skip("no IPv6 here: ", err)
	}
	server := &httptest.Server{Listener: l, Config: &http.Server{Handler: say(200, "six")}}
	server.Start()
	t.Cleanup(server.Close)
	cfg := quick()
	cfg.AllowPrivate = []string{"::1"}
	if resp, err := newClient(t, cfg).Get(t.Context(), Request{URL: server.URL}); err != nil || string(resp.Body) != "six" {
		t.Errorf("%+v, %v", resp, err)
	}
}

func TestNames(t *testing.T) {
	c := newClient(t, quick())
	down := &net.DNSError{Err: "no such host", Name: "shop.example", IsNotFound: true}
	tries := 0
	c.sites.lookup = nil
	c.sites.addrs["shop.example"] = address{"203.0.113.1", time.Now().Add(time.Hour)}
	s := serve(t, nil, say(200, "back"))
	c.dial = func(ctx context.Context, n, _ string) (net.Conn, error) {
		if tries++; tries < 3 {
			return nil, down
		}
		return (&net.Dialer{}).DialContext(ctx, n, strings.TrimPrefix(s.url, "http://"))
	}
	if resp, err := c.Get(t.Context(), Request{URL: "http://shop.example/"}); err != nil || string(resp.Body) != "back" {
		t.Errorf("a name that comes back: %+v, %v", resp, err)
	}
	c.Close()
	c.dial = func(context.Context, string, string) (net.Conn, error) { return nil, down }
	c.rules.sites = map[string]*robotsEntry{}
	if _, err := c.Get(t.Context(), Request{URL: "http://shop.example/x"}); reasonOf(t, err) != ReasonDNS {
		t.Errorf("a name that is not there: %v", err)
	}
}

func TestCertificates(t *testing.T) {
	for name, tmpl := range map[string]x509.Certificate{
		"expired":    {NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1000, 0), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}},
		"wrong host": {NotBefore: time.Unix(0, 0), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"other.example"}},
		"unknown":    {NotBefore: time.Unix(0, 0), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewUnstartedServer(say(200, "never seen"))
			server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate(t, tmpl)}}
			server.Config.ErrorLog = log.New(io.Discard, "", 0)
			server.StartTLS()
			t.Cleanup(server.Close)
			if _, err := newClient(t, quick()).Get(t.Context(), Request{URL: server.URL}); reasonOf(t, err) != ReasonTLS {
				t.Errorf("%v", err)
			}
		})
	}
}

func certificate(t *testing.T, tmpl x509.Certificate) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl.SerialNumber, tmpl.Subject = big.NewInt(1), pkix.Name{CommonName: "test"}
	der, err := x509.CreateCertificate(rand.Reader, &tmpl, &tmpl, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// One byte a second is given up soon; a slow but steady page is not.
func TestSlowLoris(t *testing.T) {
	drip := func(n, each int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			for range n {
				if _, err := w.Write(make([]byte, each)); err != nil {
					return
				}
				w.(http.Flusher).Flush()
				select {
				case <-time.After(time.Second):
				case <-r.Context().Done():
					return
				}
			}
		}
	}
	synctest.Test(t, func(t *testing.T) {
		cfg := quick()
		cfg.Timeout = time.Minute
		c, s := bubble(t, cfg, nil, drip(1000, 1))
		start := time.Now()
		if _, err := c.Get(t.Context(), Request{URL: s.url + "/"}); reasonOf(t, err) != ReasonTooSlow {
			t.Errorf("%v", err)
		}
		if took := time.Since(start); took > 15*time.Second {
			t.Errorf("given up after %v", took)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		cfg := quick()
		cfg.Timeout = time.Minute
		c, s := bubble(t, cfg, nil, drip(30, 1000))
		if resp, err := c.Get(t.Context(), Request{URL: s.url + "/"}); err != nil || len(resp.Body) != 30_000 {
			t.Errorf("%v", err)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		cfg := quick()
		cfg.Timeout, cfg.Attempts = time.Minute, 2
		c, s := bubble(t, cfg, nil, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		start := time.Now()
		if _, err := c.Get(t.Context(), Request{URL: s.url + "/"}); reasonOf(t, err) != ReasonTimeout || s.asked("/") != 2 {
			t.Errorf("%v after %d attempts", err, s.asked("/"))
		}
		if took := time.Since(start); took < 2*time.Minute || took > 3*time.Minute {
			t.Errorf("given up after %v", took)
		}
	})
}

// Bombs and endless pages, several at once, cost memory within the caps only.
func TestMemoryIsBounded(t *testing.T) {
	s := serve(t, nil, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/bomb" {
			with("gzip", gz, 1<<28)(w, r)
			return
		}
		with("identity", plain, 1<<40)(w, r)
	})
	c := newClient(t, quick())
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 3 {
		for _, path := range []string{"/bomb", "/endless"} {
			if _, err := c.Get(t.Context(), Request{URL: s.url + path}); reasonOf(t, err) != ReasonTooLarge {
				t.Errorf("%s: %v", path, err)
			}
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapSys) - int64(before.HeapSys); grown > 100<<20 {
		t.Errorf("heap grew by %d MiB", grown>>20)
	}
}
