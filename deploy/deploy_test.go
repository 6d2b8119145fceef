// Package deploy holds what runs feryat elsewhere: versions, a systemd unit, health checks. Its tests hold them to the rest
// of the repository.
package deploy

import (
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"go.yaml.in/yaml/v3"
)

func read(t *testing.T, path string) string {
	t.Helper()
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// pinned are the versions of versions.env.
func pinned(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for line := range strings.Lines(read(t, "versions.env")) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, version, ok := strings.Cut(line, "=")
		if !ok || !regexp.MustCompile(`^\d[0-9a-z.-]*$`).MatchString(version) || all[name] != "" {
			t.Errorf("versions.env: %q is no version", line)
		}
		all[name] = version
	}
	return all
}

type composed struct {
	Services map[string]struct {
		Image       string
		Build       any
		HealthCheck struct{ Test []string } `yaml:"healthcheck"`
		Environment map[string]string
		Secrets     []string
		Volumes     []string
		Ports       []string
		DependsOn   map[string]struct{ Condition string } `yaml:"depends_on"`
	}
	Secrets map[string]struct{ File string }
	Volumes map[string]any
}

// TestCompose: every image is of one version from one file, every service says whether it is well, every file that is
// mounted is there, and no port is open to others.
func TestCompose(t *testing.T) {
	body := read(t, "../compose.yaml")
	var c composed
	if err := yaml.Unmarshal([]byte(body), &c); err != nil {
		t.Fatal(err)
	}
	if len(c.Services) != 3 {
		t.Errorf("%d services", len(c.Services))
	}
	used := map[string]bool{}
	for _, m := range regexp.MustCompile(`\$\{([A-Z_]+):\?`).FindAllStringSubmatch(body, -1) {
		used[m[1]] = true
	}
	if want := slices.Sorted(maps.Keys(pinned(t))); !slices.Equal(slices.Sorted(maps.Keys(used)), want) {
		t.Errorf("compose.yaml takes %v, versions.env has %v", slices.Sorted(maps.Keys(used)), want)
	}
	for name, s := range c.Services {
		if s.Build == nil && !regexp.MustCompile(`^[a-z/-]+:\$\{[A-Z_]+_VERSION:\?[^}]*\}$`).MatchString(s.Image) {
			t.Errorf("%s: image %q is not pinned by versions.env", name, s.Image)
		}
		if len(s.HealthCheck.Test) < 2 {
			t.Errorf("%s says not whether it is well", name)
		}
		for _, port := range s.Ports {
			if !strings.HasPrefix(port, "127.0.0.1:") {
				t.Errorf("%s: port %s is open to others", name, port)
			}
		}
		for _, secret := range s.Secrets {
			if c.Secrets[secret].File == "" {
				t.Errorf("%s: there is no secret %s", name, secret)
			}
		}
		for key, value := range s.Environment {
			if strings.HasPrefix(value, "/run/secrets/") && !slices.Contains(s.Secrets, strings.TrimPrefix(value, "/run/secrets/")) {
				t.Errorf("%s: %s is a secret that it does not get", name, key)
			}
		}
		for _, v := range s.Volumes {
			from, _, _ := strings.Cut(v, ":")
			_, known := c.Volumes[from]
			if _, err := os.Stat(filepath.Join("..", from)); !known && from != "./feryat.yaml" && err != nil {
				t.Errorf("%s mounts %s: %v", name, from, err)
			}
		}
		for other, on := range s.DependsOn {
			if len(c.Services[other].HealthCheck.Test) == 0 || on.Condition != "service_healthy" {
				t.Errorf("%s does not wait until %s is well", name, other)
			}
		}
	}
}

// TestDockerfile: its defaults are those versions, and go.mod asks for no newer Go.
func TestDockerfile(t *testing.T) {
	body, versions := read(t, "../Dockerfile"), pinned(t)
	args := regexp.MustCompile(`(?m)^ARG ([A-Z_]+)=(\S+)$`).FindAllStringSubmatch(body, -1)
	if len(args) != 2 {
		t.Errorf("%d versions in the Dockerfile", len(args))
	}
	for _, m := range args {
		if versions[m[1]] != m[2] {
			t.Errorf("Dockerfile: %s is %s, versions.env has %s", m[1], m[2], versions[m[1]])
		}
	}
	for _, m := range regexp.MustCompile(`(?m)^FROM (\S+)`).FindAllStringSubmatch(body, -1) {
		if !regexp.MustCompile(`^[a-z]+:\$\{[A-Z_]+\}$`).MatchString(m[1]) {
			t.Errorf("Dockerfile: %s is not pinned", m[1])
		}
	}
	for _, m := range regexp.MustCompile(`(?m)^COPY ([^-]\S*) /`).FindAllStringSubmatch(body, -1) {
		if _, err := os.Stat(filepath.Join("..", m[1])); err != nil {
			t.Error(err)
		}
	}
	if !strings.Contains(read(t, "../go.mod"), "\ngo "+versions["GO_VERSION"]+".") || !strings.Contains(body, "\nUSER feryat\n") {
		t.Error("go.mod asks for another Go than the image has, or the image runs as root")
	}
}

// unit reads a systemd unit: its settings by section and name, in order.
func unit(t *testing.T, path string) map[string]map[string][]string {
	t.Helper()
	all, section := map[string]map[string][]string{}, ""
	for line := range strings.Lines(read(t, path)) {
		line = strings.TrimSpace(line)
		name, value, ok := strings.Cut(line, "=")
		switch {
		case line == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(line, ";"):
		case strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]"):
			section = strings.Trim(line, "[]")
			all[section] = map[string][]string{}
		case !ok || section == "" || strings.ContainsAny(name, " \t"):
			t.Errorf("%s: %q is no setting", path, line)
		default:
			all[section][name] = append(all[section][name], value)
		}
	}
	return all
}

// TestUnit: what keeps the rest of the machine safe is there, and secrets come as credentials.
func TestUnit(t *testing.T) {
	u := unit(t, "feryat.service")
	service := u["Service"]
	for name, want := range map[string]string{
		"User": "feryat", "StateDirectory": "feryat", "Restart": "on-failure", "KillMode": "mixed", "NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes",
		"PrivateDevices": "yes", "CapabilityBoundingSet": "", "SystemCallFilter": "@system-service", "UMask": "0077",
	} {
		if got := service[name]; len(got) != 1 || got[0] != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if len(u["Unit"]["Description"]) != 1 || len(u["Install"]["WantedBy"]) != 1 || !strings.HasPrefix(service["ExecStart"][0], "/opt/feryat/bin/feryat serve --config /etc/feryat/") {
		t.Errorf("%v", u)
	}
	for _, credential := range service["LoadCredential"] {
		name, _, _ := strings.Cut(credential, ":")
		if !slices.ContainsFunc(service["Environment"], func(e string) bool { return strings.HasSuffix(e, "_FILE=%d/"+name) }) {
			t.Errorf("nobody reads credential %s", name)
		}
	}
	for _, e := range append(service["Environment"], strings.Fields(read(t, "feryat.env.example"))...) {
		if name, value, ok := strings.Cut(e, "="); ok && regexp.MustCompile(`PASSWORD|SECRET|TOKEN`).MatchString(name) && !strings.HasSuffix(name, "_FILE") {
			t.Errorf("%s=%s is a secret in the open", name, value)
		}
	}
	if !strings.HasPrefix(read(t, "feryat.sysusers"), "u feryat ") {
		t.Error("nobody makes the user")
	}
}

// TestUnitBySystemd: where systemd is installed it understands every line.
func TestUnitBySystemd(t *testing.T) {
	if _, err := exec.LookPath("systemd-analyze"); err != nil {
		t.Skip("systemd is not installed; TestUnit looks at the unit in any case")
	}
	file := filepath.Join(t.TempDir(), "feryat.service")
	body := strings.ReplaceAll(read(t, "feryat.service"), "/opt/feryat/bin/feryat", "/bin/true") // is not installed here
	if err := os.WriteFile(file, []byte(body), 0o644); err != nil {
		t.Fatal(err)
	}
	said, err := exec.CommandContext(t.Context(), "systemd-analyze", "verify", "--man=no", file).CombinedOutput()
	if bad := regexp.MustCompile(`(?m)^.*feryat\.service:?.*$`).FindString(string(said)); bad != "" {
		t.Errorf("systemd-analyze verify: %s (%v)", bad, err)
	}
}

// TestHealthCheck runs the check of the image against a page that is well, one that is not, and none.
func TestHealthCheck(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("bash is not installed; the image has it")
	}
	var status atomic.Int64
	status.Store(http.StatusOK)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/readyz" || r.Host != "localhost" {
			t.Errorf("asked for %s of %s", r.URL, r.Host)
		}
		w.WriteHeader(int(status.Load()))
	}))
	host, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	check := func(want bool) {
		t.Helper()
		if out, err := exec.CommandContext(t.Context(), "./healthcheck", host, port).CombinedOutput(); (err == nil) != want {
			t.Errorf("with %d the check says %v %s", status.Load(), err, out)
		}
	}
	check(true)
	status.Store(http.StatusServiceUnavailable)
	check(false)
	s.Close()
	check(false)
	if info, err := os.Stat("healthcheck"); err != nil || info.Mode()&0o111 == 0 {
		t.Error(fmt.Sprint("healthcheck cannot be run: ", err))
	}
}
