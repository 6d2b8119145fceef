package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
)

// everything uses each kind of source and channel.
const everything = `
brands: [{name: Acme}]
sources:
  - {name: a, type: site, start: ["https://a.example/"]}
  - {name: b, type: recipe, recipe: phpbb, start: ["https://b.example/"]}
  - {name: c, type: feed, urls: ["https://c.example/feed"]}
  - {name: d, type: twitter, query: acme, consumer_key: k, access_token: t}
web: {users: [{name: ayse, role: support, password_hash: "$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNo"}]}
alert:
  channels: [{name: desk, type: webhook, url: "https://desk.example/"}, {name: mail, type: email, host: localhost, tls: none, from: a@example.com, to: [b@example.com]}]
  digests: [{name: day, period: daily, channel: mail}]
`

// Every key that a package's configuration declares is one of feryat's.
func TestEveryConfigFieldIsShown(t *testing.T) {
	for _, secret := range []string{"FERYAT_WEB_PASSWORD", "FERYAT_QUEUE_TOKEN", "FERYAT_QUEUE_PASSWORD", "FERYAT_STORAGE_PASSWORD", "FERYAT_STORAGE_READER_PASSWORD",
		"FERYAT_SOURCE_D_CONSUMER_SECRET", "FERYAT_SOURCE_D_ACCESS_SECRET", "FERYAT_SOURCE_D_BEARER_TOKEN", "FERYAT_CHANNEL_DESK_SECRET"} {
		t.Setenv(secret, "only-for-tests")
	}
	cfg, err := loadConfig(writeConfig(t, everything), nil)
	if err != nil && !strings.Contains(err.Error(), "queue") { // token and password together
		t.Fatal(err)
	}
	text, err := yaml.Marshal(shown(cfg))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "only-for-tests") {
		t.Error("a secret is shown")
	}
	found := 0
	for where, keys := range declaredKeys(t) {
		for _, key := range keys {
			found++
			if !regexp.MustCompile(`(?m)^[ -]*` + key + `:`).Match(text) {
				t.Errorf("%s: key %s is not in config show", where, key)
			}
		}
	}
	if found < 80 {
		t.Errorf("only %d keys were found in the packages", found)
	}
}

// declaredKeys are the yaml tags of all structs named Config, Limits or Brand, by package.
func declaredKeys(t *testing.T) map[string][]string {
	t.Helper()
	keys := map[string][]string{}
	eachGoFile(t, func(path string, file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok || spec.Name.Name != "Config" && spec.Name.Name != "Limits" && spec.Name.Name != "Brand" {
				return true
			}
			if s, ok := spec.Type.(*ast.StructType); ok {
				keys[filepath.Dir(path)] = append(keys[filepath.Dir(path)], tagsOf(s)...)
			}
			return false
		})
	})
	return keys
}

func tagsOf(s *ast.StructType) (keys []string) {
	for _, f := range s.Fields.List {
		if f.Tag == nil {
			continue
		}
		raw, _ := strconv.Unquote(f.Tag.Value) // it compiled
		if key, _, _ := strings.Cut(reflect.StructTag(raw).Get("yaml"), ","); key != "" && key != "-" {
			keys = append(keys, key)
		}
	}
	return keys
}

// top is the repository's folder.
const top = "../.."

// eachFile hands out every file of the repository that is ours.
func eachFile(t *testing.T, do func(path string)) {
	t.Helper()
	err := filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == ".git" || d.Name() == "node_modules" || d.Name() == "bin" || d.Name() == "data" || d.Name() == ".cache"):
			return filepath.SkipDir
		case d.Type().IsRegular():
			do(path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// eachGoFile hands out every Go file that is no test.
func eachGoFile(t *testing.T, do func(path string, file *ast.File)) {
	t.Helper()
	eachFile(t, func(path string) {
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		do(path, file)
	})
}

// Any bytes are a configuration or are refused, each fault with its place; what
// is shown of one that is taken is a configuration as well, and the same.
func FuzzConfig(f *testing.F) {
	t := f
	for _, seed := range []string{everything, sampleConfig, "", "a: [", "- x", "a: &a [*a]", "data_dir: x\n---\nlog: {}", "crawler: {timeout: 5, allow_private: [::/0]}",
		"log: {level: {x: y}}", "sources: [{type: site, start: [1, ~, {a: b}]}]", "web: {days: !!binary aGk=}", "? [a, b]\n: c", "brands: [~, {name: !!int 5}]", "\ufeffdata_dir: x", "\xff\xfe"} {
		f.Add([]byte(seed))
	}
	file := filepath.Join(t.TempDir(), "feryat.yaml")
	placed := regexp.MustCompile(`^` + regexp.QuoteMeta(file) + `:[1-9][0-9]*: .`)
	f.Fuzz(func(t *testing.T, body []byte) {
		if len(body) > 1<<13 || strings.Contains(string(body), "_file") {
			return // files of secrets are not shown
		}
		if err := os.WriteFile(file, body, 0o600); err != nil {
			t.Fatal(err)
		}
		cfg, err := loadConfig(file, nil)
		if err != nil {
			var all faults
			if !errors.As(err, &all) {
				t.Fatalf("no faults but %v", err)
			}
			for _, one := range all {
				if !placed.MatchString(one.Error()) {
					t.Fatalf("no place in %q", one.Error())
				}
			}
			return
		}
		first := showAgain(t, file, cfg)
		again, err := loadConfig(file, nil)
		if err != nil {
			t.Fatalf("%v of what was shown:\n%s", err, first)
		}
		if second := showAgain(t, file, again); second != first {
			t.Fatalf("shown first:\n%s\nand then:\n%s", first, second)
		}
	})
}

// showAgain makes what config show prints the configuration.
func showAgain(t *testing.T, file string, cfg config) string {
	t.Helper()
	text, err := yaml.Marshal(shown(cfg))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A source without an interval is collected all the same: a watch that nobody
// winds up must not look like a quiet day.
func TestASourceWithoutAnIntervalIsCollected(t *testing.T) {
	for line, want := range map[string]time.Duration{"": time.Hour, ", every: 10m": 10 * time.Minute, ", every: 0s": 0} {
		cfg, err := loadConfig(writeConfig(t, "\nbrands: [{name: Acme}]\nsources: [{name: a, type: feed, urls: [\"https://a.example/\"]"+line+"}]\n"), nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := cfg.Sources[0].Every; got != want {
			t.Errorf("every %q is %v, want %v", line, got, want)
		}
	}
}

// A variable that is nearly a known one is refused, one of somebody else is not.
func TestMisspeltVariables(t *testing.T) {
	for name, want := range map[string]string{
		"FERYAT_WEB_PASWORD":         "FERYAT_WEB_PASWORD in the environment sets no key; did you mean FERYAT_WEB_PASSWORD?",
		"FERYAT_CHANEL_DESK_SECRET":  "did you mean FERYAT_CHANNEL_DESK_SECRET?",
		"FERYAT_DATADIR":             "did you mean FERYAT_DATA_DIR?",
		"FERYAT_PORT_8080_TCP":       "",
		"FERYAT_SERVICE_HOST":        "",
		"FERYAT_CHANNEL_DESK_SECRET": "",
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(name, "value-nobody-sees")
			_, err := loadConfig(writeConfig(t, everything), nil) // wants secrets, too
			if got := fmt.Sprint(err); want == "" && strings.Contains(got, "did you mean") || !strings.Contains(got, want) || strings.Contains(got, "nobody-sees") {
				t.Errorf("got %s, want %q", got, want)
			}
		})
	}
}
