package web

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	cookieName = "feryat_session"
	// sessionFor is how long a login lasts.
	sessionFor = 12 * time.Hour
	// wrongPause is how long the answer to a wrong password takes.
	wrongPause = 500 * time.Millisecond
)

// policy forbids all but our own style, script, pictures and forms.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// guarded sets the headers of every answer and refuses requests for a foreign
// host name (DNS rebinding) and writes from a foreign page.
func (s *Server) guarded(next http.Handler) http.Handler {
	crossOrigin := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if !s.knownHost(r.Host) {
			http.Error(w, "this name is not served here; add it to web.hosts", http.StatusMisdirectedRequest)
			return
		}
		crossOrigin.Handler(next).ServeHTTP(w, r)
	})
}

// knownHost takes loopback names, addresses, the hosts of Listen and PublicURL,
// and what is configured. A bare address cannot be rebound to another.
func (s *Server) knownHost(hostport string) bool {
	host := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		host = h
	}
	host = strings.ToLower(strings.Trim(host, "[]"))
	own, _, _ := splitAddress(s.cfg.Listen)
	public, _ := url.Parse(s.cfg.PublicURL) // validated
	return host == "localhost" || strings.EqualFold(host, own) || strings.EqualFold(host, public.Hostname()) || net.ParseIP(host) != nil || slices.ContainsFunc(s.cfg.Hosts, func(known string) bool { return strings.EqualFold(known, host) })
}

// sessionKeys sign the cookies of this process; a restart signs everyone out.
type sessionKeys struct {
	password [sha256.Size]byte // digest, so that lengths do not show in the time of comparing
	key      []byte
	open     bool // no password is asked for
}

func newSessionKeys(password string) sessionKeys {
	return sessionKeys{password: sha256.Sum256([]byte(password)), key: []byte(rand.Text()), open: password == ""}
}

func (k sessionKeys) right(password string) bool {
	sum := sha256.Sum256([]byte(password))
	return subtle.ConstantTimeCompare(sum[:], k.password[:]) == 1
}

func (k sessionKeys) sign(until time.Time) string {
	t := strconv.FormatInt(until.Unix(), 10)
	m := hmac.New(sha256.New, k.key)
	m.Write([]byte(t))
	return t + "." + hex.EncodeToString(m.Sum(nil))
}

func (k sessionKeys) valid(cookie string, now time.Time) bool {
	t, _, _ := strings.Cut(cookie, ".")
	unix, err := strconv.ParseInt(t, 10, 64)
	return err == nil && now.Before(time.Unix(unix, 0)) && hmac.Equal([]byte(cookie), []byte(k.sign(time.Unix(unix, 0))))
}

// signedIn lets a request through that needs no login or has one. A person is
// led to the login, a program is refused.
func (s *Server) signedIn(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := r.Cookie(cookieName)
		if s.keys.open || (err == nil && s.keys.valid(c.Value, s.now())) {
			next(w, r)
			return
		}
		if strings.HasPrefix(r.URL.Path, "/api/") {
			http.Error(w, "sign in at /login", http.StatusUnauthorized)
			return
		}
		way := "/login"
		if l := r.URL.Query().Get("lang"); l != "" {
			way += "?lang=" + url.QueryEscape(l)
		}
		http.Redirect(w, r, way, http.StatusSeeOther)
	})
}

func (s *Server) loginPage(w http.ResponseWriter, r *http.Request) {
	if s.keys.open {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	s.render(w, r, http.StatusOK, "login.html", map[string]any{"Wrong": false})
}

func (s *Server) login(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	if !s.keys.right(r.PostFormValue("password")) {
		time.Sleep(s.pause)
		s.render(w, r, http.StatusForbidden, "login.html", map[string]any{"Wrong": true})
		return
	}
	s.setCookie(w, r, s.keys.sign(s.now().Add(sessionFor)), int(sessionFor.Seconds()))
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (s *Server) logout(w http.ResponseWriter, r *http.Request) {
	s.setCookie(w, r, "", -1)
	http.Redirect(w, r, "/login", http.StatusSeeOther)
}

func (s *Server) setCookie(w http.ResponseWriter, r *http.Request, value string, maxAge int) {
	http.SetCookie(w, &http.Cookie{
		Name: cookieName, Value: value, Path: "/", MaxAge: maxAge, HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https",
	})
}
