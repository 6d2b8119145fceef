package notify

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// valid is one working configuration of each type.
func valid() map[string]Config {
	return map[string]Config{
		"alertmanager": {Name: "pager", Type: "alertmanager", URL: "http://127.0.0.1:9093"},
		"email":        {Name: "mail", Type: "email", Host: "smtp.example.com", From: "Feryat <feryat@example.com>", To: []string{"team@example.com"}},
		"log":          {Name: "log", Type: "log"},
		"shoutrrr":     {Name: "phone", Type: "shoutrrr", URL: "ntfy://ntfy.example.com/topic"},
		"slack":        {Name: "team", Type: "slack", URL: "https://hooks.example.com/services/T0"},
		"teams":        {Name: "office", Type: "teams", URL: "https://teams.example.com/webhook"},
		"telegram":     {Name: "group", Type: "telegram", Token: "12:ab-C_d", ChatID: "-1001"},
		"webhook":      {Name: "desk", Type: "webhook", URL: "https://desk.example.com/hook", Secret: "s"},
	}
}

func TestEveryTypeOfChannelIsBuilt(t *testing.T) {
	all := valid()
	for name, k := range kinds() {
		c, ok := all[name]
		if !ok {
			t.Errorf("no configuration of %s is tried", name)
			continue
		}
		if _, err := New(c, slog.New(slog.DiscardHandler)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if Idempotent(c) != k.idempotent || SecretURL(name) != k.secretURL {
			t.Errorf("%s: idempotent %t, secret address %t", name, Idempotent(c), SecretURL(name))
		}
	}
	if SecretURL("pigeon") || Idempotent(Config{}) || !Idempotent(all["webhook"]) || Idempotent(all["email"]) || !SecretURL("slack") || SecretURL("webhook") {
		t.Error("what has a key or a secret address is told wrongly")
	}
}

// Matrix signs in when the library reads its address: that must wait until
// there is something to tell.
func TestMatrixIsNotCalledBeforeItIsTold(t *testing.T) {
	calls := make(chan string, 9)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls <- r.URL.Path
		w.WriteHeader(http.StatusForbidden)
	}))
	defer s.Close()
	n, err := New(Config{Name: "room", Type: "shoutrrr", URL: "matrix://me:" + hush[9:] + "@" + strings.TrimPrefix(s.URL, "http://") + "/?disableTLS=yes&rooms=r"}, slog.New(slog.DiscardHandler))
	if err != nil || len(calls) != 0 {
		t.Fatalf("%v, %d calls", err, len(calls))
	}
	err = n.Notify(t.Context(), full(KindOpened))
	if err == nil || len(calls) == 0 {
		t.Fatalf("%v, %d calls", err, len(calls))
	}
	shows(t, "the error", err.Error())
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
}

func TestValidate(t *testing.T) {
	for _, c := range []struct {
		of, want string
		edit     func(*Config)
	}{
		{"log", "needs a name", func(c *Config) { c.Name = "" }},
		{"log", `type "pigeon" is not alertmanager, email`, func(c *Config) { c.Type = "pigeon" }},
		{"log", "timeout is negative", func(c *Config) { c.Timeout = -1 }},
		{"log", `language "de" is not`, func(c *Config) { c.Language = "de" }},
		{"webhook", "must be an http or", func(c *Config) { c.URL = "ftp://x" }},
		{"webhook", "must not hold a password", func(c *Config) { c.URL = "https://me:very-secret@x" }},
		{"webhook", "unsigned webhook", func(c *Config) { c.Secret = "" }},
		{"webhook", "shorter than 16", func(c *Config) { c.Token = "very-secret" }},
		{"webhook", `statuses: "kapandı" means "closed", which is not acknowledged, assigned, answered, solved`, func(c *Config) { c.Statuses = map[string]string{"kapandı": "closed"} }},
		{"webhook", `statuses: "COZULDU" and "çözüldü" are the same word`, func(c *Config) { c.Statuses = map[string]string{"çözüldü": "solved", "COZULDU": "none"} }},
		{"webhook", `statuses: "" and " " are the same word`, func(c *Config) { c.Statuses = map[string]string{" ": "solved"} }},
		{"slack", "statuses are for a webhook", func(c *Config) { c.Statuses = map[string]string{"closed": "solved"} }},
		{"alertmanager", "must be an http or", func(c *Config) { c.URL = "" }},
		{"slack", "set url_file", func(c *Config) { c.URL = "" }},
		{"teams", "must be an http or", func(c *Config) { c.URL = "very-secret" }},
		{"telegram", "set token_file", func(c *Config) { c.Token = "" }},
		{"telegram", "token is not of the form", func(c *Config) { c.Token = "very-secret/../" }},
		{"telegram", "chat_id must be", func(c *Config) { c.ChatID = "a b" }},
		{"telegram", "must be an http or", func(c *Config) { c.URL = "localhost" }},
		{"shoutrrr", "set url_file", func(c *Config) { c.URL = "" }},
		{"shoutrrr", "no address of a service", func(c *Config) { c.URL = "pigeon://very-secret" }},
		{"shoutrrr", "no address of a service", func(c *Config) { c.URL = "logger://" }},
		{"shoutrrr", "no address of a service", func(c *Config) { c.URL = "ntfy://very-secret:%zz" }},
		{"shoutrrr", "no address of a service", func(c *Config) { c.URL = "matrix://" }},
		{"email", "host is empty", func(c *Config) { c.Host = "" }},
		{"email", "port 70000", func(c *Config) { c.Port = 70000 }},
		{"email", `tls "maybe" is not`, func(c *Config) { c.TLS = "maybe" }},
		{"email", "for this machine only", func(c *Config) { c.TLS = "none" }},
		{"email", "a password needs tls", func(c *Config) { c.Host, c.TLS, c.User, c.Password = "localhost", "none", "u", "p" }},
		{"email", "set password_file", func(c *Config) { c.User = "u" }},
		{"email", "to names nobody", func(c *Config) { c.To = nil }},
		{"email", `from: "feryat" is no mail address`, func(c *Config) { c.From = "feryat" }},
		{"email", `to: "a\r\nBcc: b@c.d" is no mail address`, func(c *Config) { c.To = []string{"a\r\nBcc: b@c.d"} }},
	} {
		cfg := valid()[c.of]
		c.edit(&cfg)
		err := cfg.Validate()
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "very-secret") {
			t.Errorf("%s: want %q, got %v", c.of, c.want, err)
		}
		if _, err := New(cfg, slog.New(slog.DiscardHandler)); err == nil {
			t.Errorf("%s: built in spite of %q", c.of, c.want)
		}
	}
}

func TestMeaning(t *testing.T) {
	c := Config{Statuses: map[string]string{"Çözüldü": "solved", "4": "solved", "in progress": "acknowledged", "بسته‌شده": "solved", "reopened": "none"}}
	for status, want := range map[string]string{
		"çözüldü": "solved", "ÇÖZÜLDÜ": "solved", "COZULDU": "solved", " In  Progress ": "acknowledged", "IN PROGRESS": "acknowledged", "4": "solved", "۴": "solved",
		"بسته‌شده": "solved", "بستهشده": "solved", "reopened": "none", "answered": "answered", "Solved": "solved", "resolved": "solved", "not_winnable": "not_winnable",
		"pending": "", "": "", "none": "none", "opened": "", "44": "",
	} {
		if got := c.Meaning(status); got != want {
			t.Errorf("%q means %q, want %q", status, got, want)
		}
	}
}
