package web

import (
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"feryat/storage"
)

const password = "bir parola 42"

func locked(c *Config) { c.Password = password }

// TestHeaders: every answer carries them, errors included.
func TestHeaders(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	site := serve(t, newServer(t, store, nil))
	closed := serve(t, newServer(t, store, locked))
	away := serve(t, newServer(t, gone(t), nil))
	for name, a := range map[string]answer{
		"overview": get(t, site+"/"), "JSON": get(t, site+"/api/overview"), "style": get(t, site+"/static/style.css"), "script": get(t, site+"/static/refresh.js"), "extra": get(t, site+"/healthz"),
		"no mention": get(t, site+"/m/x"), "no page": get(t, site+"/nope"), "no file": get(t, site+"/static/nope"), "folder": get(t, site+"/static/"), "dots": get(t, site+"/static/../templates/layout.html"),
		"method": send(t, http.MethodDelete, site+"/", ""), "foreign host": get(t, site+"/", "Host: evil.example"), "foreign origin": send(t, http.MethodPost, site+"/login", "", "Origin: https://evil.example"),
		"to the login": get(t, closed+"/"), "login": get(t, closed+"/login"), "refused": get(t, closed+"/api/overview"), "store down": get(t, away+"/"), "store down, JSON": get(t, away+"/api/overview"),
	} {
		for header, want := range map[string]string{
			"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got := a.header.Get(header); got != want {
				t.Errorf("%s (%d): %s is %q", name, a.status, header, got)
			}
		}
		if got := a.header.Get("Access-Control-Allow-Origin"); got != "" {
			t.Errorf("%s: other origins may read it: %q", name, got)
		}
		if cache := a.header.Get("Cache-Control"); name != "style" && name != "script" && cache != "no-store" {
			t.Errorf("%s (%d): Cache-Control is %q", name, a.status, cache)
		}
	}
	if strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") || !strings.HasPrefix(policy, "default-src 'none'") {
		t.Errorf("the policy allows too much: %s", policy)
	}
}

// TestHost: another name for this machine is how a foreign page would reach it.
func TestHost(t *testing.T) {
	t.Parallel()
	site := serve(t, newServer(t, openStore(t), func(c *Config) { c.Hosts = []string{"Feryat.example"} }))
	for host, want := range map[string]int{
		"127.0.0.1": 200, "127.0.0.1:9999": 200, "localhost:1": 200, "LOCALHOST": 200, "[::1]:80": 200, "[::1]": 200, "10.0.0.7:8080": 200, "feryat.example": 200, "FERYAT.example:443": 200,
		"evil.example": 421, "localhost.evil.example": 421, "feryat.example.evil.example": 421, "127.0.0.1.evil.example": 421, "xlocalhost": 421, "localhost.": 421, "0x7f000001": 421,
	} {
		if a := get(t, site+"/healthz", "Host: "+host); a.status != want {
			t.Errorf("Host %s: status %d, want %d", host, a.status, want)
		}
	}
}

func TestCrossOrigin(t *testing.T) {
	t.Parallel()
	site := serve(t, newServer(t, openStore(t), locked))
	form := []string{"Content-Type: application/x-www-form-urlencoded"}
	right := url.Values{"password": {password}}.Encode()
	for name, c := range map[string]struct {
		head []string
		want int
	}{
		"own page":          {[]string{"Origin: " + site, "Sec-Fetch-Site: same-origin"}, 303},
		"a program":         {nil, 303},
		"foreign page":      {[]string{"Sec-Fetch-Site: cross-site"}, 403},
		"old browser":       {[]string{"Origin: https://evil.example"}, 403},
		"a page of a file":  {[]string{"Origin: null"}, 403},
		"another port":      {[]string{"Origin: http://127.0.0.1:1"}, 403},
		"beside our domain": {[]string{"Sec-Fetch-Site: same-site"}, 403},
	} {
		for _, path := range []string{"/login", "/logout"} {
			if a := send(t, http.MethodPost, site+path, right, append(form, c.head...)...); a.status != c.want {
				t.Errorf("%s, %s: status %d, want %d", name, path, a.status, c.want)
			} else if a.status == 403 && a.header.Get("Set-Cookie") != "" {
				t.Errorf("%s, %s: sets a cookie", name, path)
			}
		}
	}
}

func TestLogin(t *testing.T) {
	t.Parallel()
	s := newServer(t, openStore(t), locked)
	site := serve(t, s)
	for path, want := range map[string]int{"/": 303, "/?brand=x": 303, "/static/": 404, "/m/x": 303, "/api/overview": 401, "/static/style.css": 200, "/login": 200, "/healthz": 200} {
		a := get(t, site+path)
		if a.status != want || want == 303 && a.header.Get("Location") != "/login" || strings.Contains(a.body, "figures") && path != "/static/style.css" {
			t.Errorf("%s without a session: %d to %q", path, a.status, a.header.Get("Location"))
		}
	}
	for i, wrong := range []string{"", "bir parola 4", password + "2", strings.ToUpper(password), strings.Repeat("x", 8<<10)} {
		s.now = func() time.Time { return now().Add(time.Duration(i) * guessEvery) }
		a := send(t, http.MethodPost, site+"/login?lang=en", url.Values{"password": {wrong}}.Encode(), "Content-Type: application/x-www-form-urlencoded")
		if a.status != 403 || !strings.Contains(a.body, "The password is wrong.") || strings.Contains(a.header.Get("Set-Cookie"), cookieName) {
			t.Errorf("password of %d letters: %d %v", len(wrong), a.status, a.header)
		}
	}
	a := signIn(t, site)
	cookie := strings.Join(a.header.Values("Set-Cookie"), "\n")
	for _, flag := range []string{"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=43200"} {
		if !strings.Contains(cookie, flag) {
			t.Errorf("the cookie has no %s: %s", flag, cookie)
		}
	}
	if strings.Contains(cookie, "Secure") || strings.Contains(cookie, password) {
		t.Errorf("cookie %s", cookie)
	}
	if a := signIn(t, site, "X-Forwarded-Proto: https"); !strings.Contains(a.header.Get("Set-Cookie"), "; Secure") {
		t.Errorf("behind TLS the cookie is not Secure: %s", a.header.Get("Set-Cookie"))
	}
}

func signIn(t *testing.T, site string, head ...string) answer {
	t.Helper()
	a := send(t, http.MethodPost, site+"/login", url.Values{"password": {password}}.Encode(), append(head, "Content-Type: application/x-www-form-urlencoded")...)
	if a.status != http.StatusSeeOther || a.header.Get("Location") != "/" {
		t.Fatalf("login: %d to %q", a.status, a.header.Get("Location"))
	}
	return a
}

func TestSessions(t *testing.T) {
	t.Parallel()
	s := newServer(t, openStore(t), locked)
	site := serve(t, s)
	value := func(a answer) string {
		v, _, _ := strings.Cut(strings.TrimPrefix(a.header.Get("Set-Cookie"), cookieName+"="), ";")
		return v
	}
	good := value(signIn(t, site))
	other := newServer(t, openStore(t), locked).gate.begin(User{Role: Admin})
	for name, c := range map[string]struct {
		cookie string
		want   int
	}{
		"right": {good, 200}, "none": {"", 303}, "of another process": {other, 303}, "longer": {good + "A", 303}, "cut off": {good[:len(good)-1], 303},
		"garbage": {"x.y.z", 303}, "lower case": {strings.ToLower(good), 303}, "long": {strings.Repeat("9", 5000), 303}, "its digest": {url.QueryEscape(digest(good)), 303},
	} {
		if a := get(t, site+"/", "Cookie: "+cookieName+"="+c.cookie); a.status != c.want {
			t.Errorf("%s: status %d, want %d", name, a.status, c.want)
		}
	}
	second := value(signIn(t, site))
	send(t, http.MethodPost, site+"/logout", "", "Cookie: "+cookieName+"="+second)
	for cookie, want := range map[string]int{good: http.StatusOK, second: http.StatusSeeOther} {
		if a := get(t, site+"/", "Cookie: "+cookieName+"="+cookie); a.status != want {
			t.Errorf("after one of two sessions was ended: status %d, want %d", a.status, want)
		}
	}
	later := now().Add(sessionFor)
	s.now = func() time.Time { return later }
	if a := get(t, site+"/", "Cookie: "+cookieName+"="+good); a.status != http.StatusSeeOther {
		t.Errorf("after twelve hours: status %d", a.status)
	}
}

// TestLoginInTheBrowser goes the way of a person: in, and out again.
func TestLoginInTheBrowser(t *testing.T) {
	t.Parallel()
	site := serve(t, newServer(t, openStore(t), locked))
	p := openTab(t)
	p.open(site + "/?lang=tr")
	if got := eval[string](p, "location.pathname + document.activeElement.name"); got != "/loginpassword" {
		t.Errorf("the way in is %q", got)
	}
	p.set("input[name=password]", "yanlış parola")
	if status := p.click("main button"); status != http.StatusForbidden || p.text("[role=alert]") != "Parola yanlış." {
		t.Errorf("wrong password: %d, %q", status, p.text("main"))
	}
	p.set("input[name=password]", password)
	if status := p.click("main button"); status != http.StatusOK || len(p.texts(".figures b")) != 4 {
		t.Errorf("right password: %d, %q", status, p.text("main"))
	}
	if cookies := eval[string](p, "document.cookie"); cookies != "" {
		t.Errorf("scripts can read %q", cookies)
	}
	p.click("header form button")
	if got := eval[string](p, "location.pathname"); got != "/login" {
		t.Errorf("signed out, one is at %q", got)
	}
	p.open(site + "/")
	if got := eval[string](p, "location.pathname"); got != "/login" {
		t.Errorf("after signing out %q can be seen", got)
	}
}

// TestOpen: without a password there is nothing to sign in to.
func TestOpen(t *testing.T) {
	t.Parallel()
	site := serve(t, newServer(t, openStore(t), nil))
	if a := get(t, site+"/login"); a.status != http.StatusSeeOther || a.header.Get("Location") != "/" {
		t.Errorf("login: %d", a.status)
	}
	if a := get(t, site+"/"); a.status != http.StatusOK || strings.Contains(a.body, "/logout") {
		t.Errorf("overview: %d", a.status)
	}
}

// TestLanguageCookie: a choice lasts, nonsense does not.
func TestLanguageCookie(t *testing.T) {
	t.Parallel()
	site := serve(t, newServer(t, openStore(t), nil))
	jar, _ := cookiejar.New(nil)
	client := &http.Client{Jar: jar}
	defer client.CloseIdleConnections()
	for _, step := range []struct{ path, want string }{{"/", "en"}, {"/?lang=fa", "fa"}, {"/", "fa"}, {"/?lang=%3Cscript%3E", "en"}, {"/", "fa"}, {"/?lang=tr", "tr"}, {"/m/x", "tr"}} {
		resp, err := client.Get(site + step.path)
		if err != nil {
			t.Fatal(err)
		}
		a := answer{status: resp.StatusCode, header: resp.Header}
		a.body = readAll(t, resp)
		if !strings.Contains(a.body, fmt.Sprintf(`<html lang=%q`, step.want)) {
			t.Errorf("%s: %.80s", step.path, a.body)
		}
	}
}

// gone is a store whose ClickHouse is not there.
func gone(t *testing.T) *storage.Store {
	t.Helper()
	s := openStore(t)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return s
}
