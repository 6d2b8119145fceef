package web

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Role says what a user may do.
type Role string

// The roles, each may do what those before it may.
const (
	Viewer  Role = "viewer"  // look at everything
	Support Role = "support" // act on escalations
	Admin   Role = "admin"   // whatever the pages offer
)

// roles lists them in order.
func roles() []Role { return []Role{Viewer, Support, Admin} }

// may reports whether r may do what needs a role.
func (r Role) may(need Role) bool { return slices.Index(roles(), r) >= slices.Index(roles(), need) }

// User is one person who may sign in.
type User struct {
	Name string `yaml:"name" mapstructure:"name"` // stands in the journal beside what he does
	Role Role   `yaml:"role" mapstructure:"role"`
	// PasswordHash is what HashPassword answers; `feryat user hash` makes one.
	PasswordHash string `yaml:"password_hash" mapstructure:"password_hash"`
}

func (u User) validate() error {
	switch {
	case strings.TrimSpace(u.Name) == "" || len(u.Name) > 100:
		return errors.New("a user needs a name of at most 100 bytes")
	case !slices.Contains(roles(), u.Role):
		return fmt.Errorf("user %q: role %q is none of viewer, support, admin", u.Name, u.Role)
	}
	if _, err := readHash(u.PasswordHash); err != nil {
		return fmt.Errorf("user %q: password_hash: %w; make one with: feryat user hash", u.Name, err)
	}
	return nil
}

// The cost of a new hash: 64 MiB and some hundred milliseconds, the second
// choice of RFC 9106. maxMemory bounds what a hash of the configuration may ask
// for; two are reckoned at a time.
const (
	hashTime    = 3
	hashMemory  = 64 << 10 // KiB
	hashThreads = 1
	hashBytes   = 32
	maxMemory   = 1 << 20 // KiB
	maxTime     = 20
)

// hash is an argon2id hash and how it was reckoned.
type hash struct {
	time, memory uint32
	threads      uint8
	salt, sum    []byte
}

// HashPassword answers the argon2id hash of a password with a fresh salt, in the
// usual form: $argon2id$v=19$m=65536,t=3,p=1$salt$hash.
func HashPassword(password string) (string, error) {
	if len(password) < minPassword {
		return "", fmt.Errorf("the password is shorter than %d bytes", minPassword)
	}
	h := hash{time: hashTime, memory: hashMemory, threads: hashThreads, salt: make([]byte, 16)}
	_, _ = rand.Read(h.salt) // it never fails
	h.sum = make([]byte, hashBytes)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.memory, h.time, h.threads, b64(h.salt), b64(h.of(password))), nil
}

func b64(b []byte) string { return base64.RawStdEncoding.EncodeToString(b) }

// of is the hash of a password, reckoned as h was.
func (h hash) of(password string) []byte {
	return argon2.IDKey([]byte(password), h.salt, h.time, h.memory, h.threads, uint32(len(h.sum)))
}

func (h hash) fits(password string) bool {
	return subtle.ConstantTimeCompare(h.of(password), h.sum) == 1
}

func readHash(text string) (h hash, err error) {
	parts := strings.Split(text, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return h, errors.New("is no argon2id hash")
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.memory, &h.time, &h.threads); err != nil {
		return h, errors.New("has no cost like m=65536,t=3,p=1")
	}
	if h.memory < 8*uint32(h.threads) || h.memory > maxMemory || h.time < 1 || h.time > maxTime || h.threads < 1 {
		return h, fmt.Errorf("its cost %s is out of bounds: m up to %d, t from 1 to %d, p at least 1", parts[3], maxMemory, maxTime)
	}
	if h.salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err == nil {
		h.sum, err = base64.RawStdEncoding.DecodeString(parts[5])
	}
	if err != nil || len(h.salt) < 8 || len(h.sum) < 16 || len(h.sum) > 128 {
		return h, errors.New("its salt or hash is cut off or no base64")
	}
	return h, nil
}
