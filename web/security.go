package web

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// wrongPause is how long the answer to a wrong password takes.
const wrongPause = 500 * time.Millisecond

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

// userKey is where a request's context keeps its User.
type userKey struct{}

// userOf is who makes a request that went through signedIn; else nobody, who may
// do nothing.
func userOf(r *http.Request) User {
	u, _ := r.Context().Value(userKey{}).(User)
	return u
}

// signedIn lets a request through that needs no login or has one. A person is
// led to the login, a program is refused.
func (s *Server) signedIn(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if u, ok := s.gate.who(r); ok {
			next(w, r.WithContext(context.WithValue(r.Context(), userKey{}, u)))
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
	if s.gate.open() {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	s.askPassword(w, r, http.StatusOK, "")
}

// askPassword shows the form; said is a message above it.
func (s *Server) askPassword(w http.ResponseWriter, r *http.Request, status int, said string) {
	s.render(w, r, status, "login.html", map[string]any{"Said": said, "Named": len(s.cfg.Users) > 0, "Shared": s.cfg.Password != "", "Name": brieflyFrom(r, "username")})
}

func (s *Server) login(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	name, l := brieflyFrom(r, "username"), s.language(r)
	if wait := s.gate.mayGuess(r.RemoteAddr, name); wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(wait.Seconds())+1))
		s.askPassword(w, r, http.StatusTooManyRequests, s.texts.T(l, "ui.too_many_guesses"))
		return
	}
	u, ok := s.gate.check(name, r.PostFormValue("password"))
	if !ok {
		s.log.WarnContext(r.Context(), "a wrong password was given", "address", r.RemoteAddr)
		time.Sleep(s.pause)
		said := "ui.wrong_password"
		if len(s.cfg.Users) > 0 {
			said = "ui.wrong_login"
		}
		s.askPassword(w, r, http.StatusForbidden, s.texts.T(l, said))
		return
	}
	s.gate.forgive(r.RemoteAddr, name)
	s.setCookie(w, r, s.gate.begin(u), int(sessionFor.Seconds()))
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (s *Server) logout(w http.ResponseWriter, r *http.Request) {
	if c, err := r.Cookie(cookieName); err == nil {
		s.gate.end(c.Value)
		s.news.wake() // pages of that session that are open follow nothing any more
	}
	s.setCookie(w, r, "", -1)
	http.Redirect(w, r, "/login", http.StatusSeeOther)
}

func (s *Server) setCookie(w http.ResponseWriter, r *http.Request, value string, maxAge int) {
	http.SetCookie(w, &http.Cookie{
		Name: cookieName, Value: value, Path: "/", MaxAge: maxAge, HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https",
	})
}
