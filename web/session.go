package web

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	cookieName = "feryat_session"
	// sessionFor is how long a login lasts.
	sessionFor = 12 * time.Hour
	// maxSessions bounds those of all users; the oldest ends for one too many.
	maxSessions = 10_000
	// guesses at a password may be made at once by one address for one name, then one
	// every guessEvery: a person who mistypes is not held up, a program is.
	guesses    = 5
	guessEvery = 12 * time.Second
	// maxGuessers bounds how many are remembered.
	maxGuessers = 10_000
	// checkedAtOnce bounds the memory that checking passwords takes.
	checkedAtOnce = 2
)

// session is who is signed in, until when.
type session struct {
	user  User
	until time.Time
}

// account is a user and his password's hash.
type account struct {
	User
	hash hash
}

// gate knows who may come in. Sessions are kept in memory, so that signing out
// ends one at once; a restart ends all.
type gate struct {
	accounts map[string]account
	password [sha256.Size]byte // of the password that all share; digest, so that lengths do not show in the time of comparing
	shared   bool              // there is such a password
	now      func() time.Time
	checking chan struct{}

	mu       sync.Mutex
	sessions map[string]session
	guessers map[string]*rate.Limiter
}

// newGate needs a valid configuration.
func newGate(c Config, now func() time.Time) *gate {
	g := &gate{
		accounts: map[string]account{}, password: sha256.Sum256([]byte(c.Password)), shared: c.Password != "",
		now: now, checking: make(chan struct{}, checkedAtOnce), sessions: map[string]session{}, guessers: map[string]*rate.Limiter{},
	}
	for _, u := range c.Users {
		h, _ := readHash(u.PasswordHash)
		g.accounts[u.Name] = account{u, h}
	}
	return g
}

// open reports that nobody has to sign in.
func (g *gate) open() bool { return !g.shared && len(g.accounts) == 0 }

// mayGuess counts a try from an address at a name, and tells how long to wait
// where there were too many.
func (g *gate) mayGuess(address, name string) (wait time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	key, now := guesser(address, name), g.now()
	l := g.guessers[key]
	if l == nil {
		if len(g.guessers) >= maxGuessers {
			g.forgetGuessers(now)
		}
		l = rate.NewLimiter(rate.Every(guessEvery), guesses)
		g.guessers[key] = l
	}
	r := l.ReserveN(now, 1)
	if wait = r.DelayFrom(now); wait > 0 {
		r.CancelAt(now)
	}
	return wait
}

// forgive forgets the wrong tries of who gave the right password in the end.
func (g *gate) forgive(address, name string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.guessers, guesser(address, name))
}

func guesser(address, name string) string { return neighbourhood(address) + " " + name }

// forgetGuessers makes room: those go who have all their tries again, or else all.
func (g *gate) forgetGuessers(now time.Time) {
	for key, l := range g.guessers {
		if l.TokensAt(now) >= guesses {
			delete(g.guessers, key)
		}
	}
	if len(g.guessers) >= maxGuessers {
		clear(g.guessers)
	}
}

// neighbourhood is what one guesser has at hand: an address, or a /64 of IPv6.
func neighbourhood(remote string) string {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		host = remote
	}
	a, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	if a = a.Unmap(); a.Is6() {
		p, _ := a.WithZone("").Prefix(64) // it has as many bits
		return p.String()
	}
	return a.String()
}

// check tells whose password it is. The shared one opens the pages to somebody
// without a name, for a name that nobody has it takes as long as for others.
func (g *gate) check(name, password string) (User, bool) {
	g.checking <- struct{}{}
	defer func() { <-g.checking }()
	if a, known := g.accounts[name]; known {
		return a.User, a.hash.fits(password)
	}
	for _, any := range g.accounts {
		any.hash.fits(password) // for the time it takes
		break
	}
	sum := sha256.Sum256([]byte(password))
	return User{Role: Admin}, g.shared && subtle.ConstantTimeCompare(sum[:], g.password[:]) == 1
}

// begin answers the cookie of a new session.
func (g *gate) begin(u User) string {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	oldest := ""
	for id, s := range g.sessions {
		if !now.Before(s.until) {
			delete(g.sessions, id)
		} else if oldest == "" || s.until.Before(g.sessions[oldest].until) {
			oldest = id
		}
	}
	if len(g.sessions) >= maxSessions {
		delete(g.sessions, oldest)
	}
	cookie := rand.Text()
	g.sessions[digest(cookie)] = session{u, now.Add(sessionFor)}
	return cookie
}

// digest is what a session is known by here: looking it up tells nothing about
// others' cookies.
func digest(cookie string) string {
	sum := sha256.Sum256([]byte(cookie))
	return string(sum[:])
}

// end ends the session of a cookie, if there is one.
func (g *gate) end(cookie string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.sessions, digest(cookie))
}

// who is signed in by a request; where nobody has to, somebody without a name.
func (g *gate) who(r *http.Request) (User, bool) {
	if g.open() {
		return User{Role: Admin}, true
	}
	c, err := r.Cookie(cookieName)
	if err != nil {
		return User{}, false
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	s, ok := g.sessions[digest(c.Value)]
	return s.user, ok && g.now().Before(s.until)
}
