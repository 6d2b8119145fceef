package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// quick is the hash of a password at a cost that tests can pay.
func quick(t testing.TB, password string) string {
	t.Helper()
	whole, err := HashPassword(password)
	if err != nil {
		t.Fatal(err)
	}
	h, err := readHash(whole)
	if err != nil {
		t.Fatal(err)
	}
	h.memory, h.time = 64, 1
	salt, _, _ := strings.Cut(strings.TrimPrefix(whole, "$argon2id$v=19$m=65536,t=3,p=1$"), "$")
	return fmt.Sprintf("$argon2id$v=19$m=64,t=1,p=1$%s$%s", salt, b64(h.of(password)))
}

func staff(t testing.TB) func(*Config) {
	return func(c *Config) {
		c.Users = []User{
			{"ayse", Support, quick(t, "ayse's password")}, {"مدیر", Admin, quick(t, "رمز مدیر")}, {"guest", Viewer, quick(t, "only looking")},
		}
	}
}

// come signs in and answers the cookie line, empty when refused.
func come(t testing.TB, site, name, password string) (int, string) {
	t.Helper()
	a := send(t, http.MethodPost, site+"/login", url.Values{"username": {name}, "password": {password}}.Encode(), "Content-Type: application/x-www-form-urlencoded")
	cookie, _, _ := strings.Cut(a.header.Get("Set-Cookie"), ";")
	return a.status, cookie
}

func TestUsersSignIn(t *testing.T) {
	t.Parallel()
	site := serve(t, newServer(t, openStore(t), staff(t)))
	for _, c := range []struct {
		name, password string
		want           int
	}{
		{"ayse", "ayse's password", 303}, {"مدیر", "رمز مدیر", 303}, {" guest ", "only looking", 303}, {"guest", "ayse's password", 403}, {"ayse", "", 403}, {"", "", 403}, {"nobody", "only looking", 403}, {"Guest", "only looking", 403},
	} {
		status, cookie := come(t, site, c.name, c.password)
		if status != c.want || (status == 303) != strings.HasPrefix(cookie, cookieName+"=") {
			t.Errorf("%q, %q: %d %s", c.name, c.password, status, cookie)
		}
	}
}

// A person acts under the own name; a viewer does not act.
func TestRoles(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	row := fill(t, store)[0]
	row.Mention.Written.Time, row.Stored = now().Add(-10*time.Minute), now()
	s := newServer(t, store, staff(t))
	f, id := openFront(t, store, row)
	s.office = f
	site := serve(t, s)
	_, viewer := come(t, site, "guest", "only looking")
	_, support := come(t, site, "ayse", "ayse's password")
	act := func(cookie string) answer {
		return send(t, http.MethodPost, site+"/e/"+id+"?lang=en", url.Values{"do": {"acknowledged"}, "by": {"somebody else"}}.Encode(), "Content-Type: application/x-www-form-urlencoded", "Cookie: "+cookie)
	}
	if a := get(t, site+"/e/"+id, "Cookie: "+viewer); a.status != 200 || strings.Contains(a.body, "<button name=\"do\"") {
		t.Errorf("a viewer is shown buttons, or nothing: %d", a.status)
	}
	if a := act(viewer); a.status != http.StatusForbidden || !strings.Contains(a.body, "may only look") {
		t.Errorf("a viewer acted: %d", a.status)
	}
	if a := get(t, site+"/e/"+id, "Cookie: "+support); !strings.Contains(a.body, "<button name=\"do\"") || strings.Contains(a.body, `name="by"`) {
		t.Error("somebody of support is shown no buttons, or asked for a name")
	}
	if a := act(""); a.status != http.StatusSeeOther || !strings.HasPrefix(a.header.Get("Location"), "/login") {
		t.Errorf("without a session: %d to %q", a.status, a.header.Get("Location"))
	}
	if a := act(support); a.status != http.StatusSeeOther || a.header.Get("Location") != "/e/"+id {
		t.Errorf("somebody of support could not act: %d", a.status)
	}
	if a := get(t, site+"/e/"+id, "Cookie: "+support); !strings.Contains(a.body, "ayse") || strings.Contains(a.body, "somebody else") {
		t.Error("the act is under another name than that of the session")
	}
}

// A program that guesses is held up, a person who mistypes is not, and nobody
// else is kept out by either.
func TestGuessing(t *testing.T) {
	t.Parallel()
	s := newServer(t, openStore(t), staff(t))
	at := now()
	s.now = func() time.Time { return at }
	site := serve(t, s)
	for i := range guesses {
		if status, _ := come(t, site, "ayse", fmt.Sprint("guess ", i)); status != http.StatusForbidden {
			t.Fatalf("guess %d: %d", i, status)
		}
	}
	a := send(t, http.MethodPost, site+"/login?lang=en", url.Values{"username": {"ayse"}, "password": {"ayse's password"}}.Encode(), "Content-Type: application/x-www-form-urlencoded")
	if a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") != "13" || !strings.Contains(a.body, "Too many tries") {
		t.Errorf("the sixth: %d, again after %q", a.status, a.header.Get("Retry-After"))
	}
	if status, _ := come(t, site, "guest", "only looking"); status != http.StatusSeeOther {
		t.Errorf("another user is kept out: %d", status)
	}
	at = at.Add(guessEvery)
	for range guesses + 1 {
		if status, _ := come(t, site, "ayse", "ayse's password"); status != http.StatusSeeOther {
			t.Fatalf("after a while: %d", status)
		}
	}
}

func TestGuessersAreForgotten(t *testing.T) {
	t.Parallel()
	g := newGate(Config{Password: password}, now)
	for i := range maxGuessers + 10 {
		g.mayGuess(fmt.Sprintf("10.%d.%d.%d:1", i>>16, i>>8&255, i&255), "")
	}
	if n := len(g.guessers); n > maxGuessers {
		t.Errorf("%d are remembered", n)
	}
	for range guesses {
		g.mayGuess("[2001:db8::1]:1", "")
	}
	if wait := g.mayGuess("[2001:db8::2]:9", ""); wait == 0 {
		t.Error("another address of the same /64 may go on")
	}
	if wait := g.mayGuess("[2001:db8:0:1::2]:9", ""); wait != 0 {
		t.Error("another network has to wait")
	}
}

func TestSessionsAreBounded(t *testing.T) {
	t.Parallel()
	at := now()
	g := newGate(Config{Password: password}, func() time.Time { return at })
	first := g.begin(User{})
	for range maxSessions {
		at = at.Add(time.Millisecond)
		g.begin(User{})
	}
	if _, there := g.sessions[digest(first)]; there || len(g.sessions) != maxSessions {
		t.Errorf("%d sessions, the oldest there: %t", len(g.sessions), there)
	}
	at = at.Add(sessionFor)
	g.begin(User{})
	if len(g.sessions) != 1 {
		t.Errorf("%d sessions, all but one are over", len(g.sessions))
	}
}

func TestUsersAreChecked(t *testing.T) {
	t.Parallel()
	good := quick(t, "long enough")
	for name, c := range map[string]struct {
		user User
		want string
	}{
		"good":           {User{"a", Viewer, good}, ""},
		"no name":        {User{" ", Viewer, good}, "needs a name"},
		"no role":        {User{"a", "", good}, `role "" is none of`},
		"another role":   {User{"a", "root", good}, `role "root" is none of`},
		"no hash":        {User{"a", Viewer, ""}, "is no argon2id hash"},
		"a password":     {User{"a", Viewer, "hunter22"}, "is no argon2id hash"},
		"bcrypt":         {User{"a", Viewer, "$2y$10$abcdefghijklmnopqrstuv"}, "is no argon2id hash"},
		"argon2i":        {User{"a", Viewer, strings.Replace(good, "argon2id", "argon2i", 1)}, "is no argon2id hash"},
		"no cost":        {User{"a", Viewer, strings.Replace(good, "m=64,t=1,p=1", "cheap", 1)}, "has no cost"},
		"all the memory": {User{"a", Viewer, strings.Replace(good, "m=64", "m=4294967295", 1)}, "out of bounds"},
		"all the time":   {User{"a", Viewer, strings.Replace(good, "t=1", "t=4000000", 1)}, "out of bounds"},
		"no thread":      {User{"a", Viewer, strings.Replace(good, "p=1", "p=0", 1)}, "out of bounds"},
		"cut off":        {User{"a", Viewer, good[:len(good)-30]}, "is cut off"},
		"no base64":      {User{"a", Viewer, good[:len(good)-1] + "!"}, "no base64"},
	} {
		cfg := DefaultConfig()
		cfg.Users = []User{c.user}
		err := cfg.Validate()
		if (err == nil) != (c.want == "") || err != nil && (!strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "hunter22")) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	cfg := DefaultConfig()
	cfg.Users = []User{{"a", Viewer, good}, {"a", Admin, good}}
	if err := cfg.Validate(); err == nil || !strings.Contains(err.Error(), `two are called "a"`) {
		t.Errorf("%v", err)
	}
	if _, err := HashPassword("short"); err == nil {
		t.Error("a short password is taken")
	}
}

func FuzzReadHash(f *testing.F) {
	f.Add("$argon2id$v=19$m=65536,t=3,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNo")
	f.Add("$argon2id$v=19$m=8,t=1,p=255$$")
	f.Fuzz(func(t *testing.T, text string) {
		if h, err := readHash(text); err == nil && h.memory <= 64 && h.time == 1 {
			h.fits("x") // must not panic
		}
	})
}
