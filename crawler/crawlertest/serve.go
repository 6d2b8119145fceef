package crawlertest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"mime"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"
)

// Site is a served folder. Its fields besides URL may be set at any time
// through its methods.
type Site struct {
	URL string // without a slash at the end

	dir string

	mu       sync.Mutex
	asked    []string
	statuses []int
	instead  http.HandlerFunc
}

// Serve serves the files of dir over real HTTP on loopback until the test ends.
// "/a/b?c=1" is the file "a/b?c=1", else "a/b", "a/b.html" or "a/b/index.html".
// The text {{base}} within a file stands for the site's own address. Answers
// bear an ETag and are conditional. The Content-Type follows the extension;
// for HTML without a charset, so that pages in any encoding can be served.
// robots.txt is 404 unless dir has one.
func Serve(t testing.TB, dir string) *Site {
	t.Helper()
	s := &Site{dir: dir}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.URL = server.URL
	return s
}

// ServeHTTP answers with a file.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.asked = append(s.asked, r.URL.RequestURI())
	instead, dir := s.instead, s.dir
	s.mu.Unlock()
	sw := &statusWriter{ResponseWriter: w, status: http.StatusOK}
	if instead != nil && r.URL.Path != "/robots.txt" {
		instead(sw, r)
	} else {
		s.file(sw, r, dir)
	}
	s.mu.Lock()
	s.statuses = append(s.statuses, sw.status)
	s.mu.Unlock()
}

func (s *Site) file(w http.ResponseWriter, r *http.Request, dir string) {
	name, body, ok := find(dir, r)
	if !ok {
		http.NotFound(w, r)
		return
	}
	if utf8.Valid(body) {
		body = bytes.ReplaceAll(body, []byte("{{base}}"), []byte(s.URL))
	}
	sum := sha256.Sum256(body)
	etag := `"` + hex.EncodeToString(sum[:8]) + `"`
	w.Header().Set("ETag", etag)
	if r.Header.Get("If-None-Match") == etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("Content-Type", typeOf(name, body))
	_, _ = w.Write(body)
}

func find(dir string, r *http.Request) (name string, body []byte, ok bool) {
	at := strings.Trim(path.Clean(r.URL.Path), "/")
	for _, name := range []string{at + "?" + r.URL.RawQuery, at, at + ".html", path.Join(at, "index.html")} {
		if body, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name))); err == nil {
			return name, body, true
		}
	}
	return "", nil, false
}

func typeOf(name string, body []byte) string {
	name, _, _ = strings.Cut(name, "?")
	switch ext := path.Ext(name); ext {
	case ".html", ".htm", ".php", "":
		if bytes.HasPrefix(bytes.TrimSpace(body), []byte("<")) || ext != "" {
			return "text/html"
		}
		return "text/plain"
	case ".xml", ".rss", ".atom":
		return "application/xml"
	case ".json":
		return "application/json"
	default:
		return mime.TypeByExtension(ext)
	}
}

// Change serves another folder from now on: the site as it is later.
func (s *Site) Change(dir string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dir = dir
}

// Instead answers everything but robots.txt with h from now on; nil ends it.
func (s *Site) Instead(h http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.instead = h
}

// Asked returns what was asked for since the last call: path and query, in
// order, with the statuses that were answered in an order of their own.
func (s *Site) Asked() (uris []string, statuses []int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	uris, statuses = slices.Clone(s.asked), slices.Clone(s.statuses)
	s.asked, s.statuses = nil, nil
	return uris, statuses
}

type statusWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader notes the status.
func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}
