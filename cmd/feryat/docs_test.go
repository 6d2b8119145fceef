package main

import (
	"bytes"
	"go/ast"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

func newRoot() *cobra.Command {
	a := &app{in: strings.NewReader(""), out: io.Discard, err: io.Discard, flags: map[string]any{}}
	return a.root()
}

func eachCommand(c *cobra.Command, do func(*cobra.Command)) {
	do(c)
	for _, below := range c.Commands() {
		eachCommand(below, do)
	}
}

// Every command says what it does and shows how it is called, by itself.
func TestEveryCommandIsExplained(t *testing.T) {
	n := 0
	eachCommand(newRoot(), func(c *cobra.Command) {
		if c.HasSubCommands() && c.HasParent() || c.Name() == "engine" || c.Name() == "help" || c.Name() == "completion" {
			return
		}
		n++
		if c.Short == "" || strings.HasSuffix(c.Short, ".") || !strings.Contains(c.Example, strings.Fields(c.CommandPath())[0]) {
			t.Errorf("%s: short %q, example %q", c.CommandPath(), c.Short, c.Example)
		}
		for _, line := range strings.Split(c.Example, "\n") {
			checkCall(t, c.CommandPath(), line)
		}
	})
	if n < 18 {
		t.Errorf("only %d commands", n)
	}
}

// checkCall wants every call of feryat in text to name a command and flags that there are.
func checkCall(t *testing.T, where, text string) (calls int) {
	t.Helper()
	for _, m := range regexp.MustCompile("(?m)(?:^|[\\s`|(=\"])(?:bin/)?feryat ((?:[a-z]+ ?|--?[a-z-]+[ =]?)[^`\n|#]*)").FindAllStringSubmatch(text, -1) {
		words := strings.Fields(strings.NewReplacer("[", " ", "]", " ", "…", " ", "\"", " ").Replace(m[1]))
		c, rest, err := newRoot().Find(words)
		switch {
		case err != nil, !c.HasParent() && !strings.HasPrefix(words[0], "-"), c.Name() != "config" && c.RunE == nil && c.Run == nil && c.HasParent():
			t.Errorf("%s: %q is no command: %v", where, m[0], err)
			continue
		}
		calls++
		for _, word := range rest {
			name, _, _ := strings.Cut(word, "=")
			if long, ok := strings.CutPrefix(name, "--"); ok && c.Flags().Lookup(long) == nil && c.InheritedFlags().Lookup(long) == nil && long != "help" && long != "version" {
				t.Errorf("%s: %q has no flag %s", where, c.CommandPath(), name)
			}
		}
	}
	return calls
}

// What the documents tell people to type exists.
func TestDocumentedCommandsExist(t *testing.T) {
	calls, targets := 0, makeTargets(t)
	eachFile(t, func(path string) {
		if filepath.Ext(path) != ".md" && filepath.Base(path) != "compose.yaml" && filepath.Base(path) != "feryat.yaml" && filepath.Base(path) != "Dockerfile" && filepath.Ext(path) != ".service" {
			return
		}
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, code := range regexp.MustCompile("(?s:```.*?```)|`[^`\n]+`|bin/feryat [^\n]*|\"feryat [^\"\n]*|with: feryat [^\n]*").FindAllString(string(body), -1) {
			calls += checkCall(t, path, code)
			for _, m := range regexp.MustCompile("(?m)(?:^|`)make ([a-z]+)").FindAllStringSubmatch(code, -1) {
				if !targets[m[1]] {
					t.Errorf("%s: there is no make %s", path, m[1])
				}
			}
		}
	})
	if calls < 15 {
		t.Errorf("only %d calls of feryat were found in the documents", calls)
	}
	readme, err := os.ReadFile(top + "/README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`\]\(([^):]+)\)`).FindAllStringSubmatch(string(readme), -1) {
		if _, err := os.Stat(filepath.Join(top, m[1])); err != nil {
			t.Errorf("README.md links to %s: %v", m[1], err)
		}
	}
}

func makeTargets(t *testing.T) map[string]bool {
	body, err := os.ReadFile(top + "/Makefile")
	if err != nil {
		t.Fatal(err)
	}
	targets := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^([a-z]+):`).FindAllSubmatch(body, -1) {
		targets[string(m[1])] = true
	}
	return targets
}

// The repository names no host of a registry: where packages come from is the
// user's own setting.
func TestNoRegistryHostIsNamed(t *testing.T) {
	var hosts []string
	for _, name := range []string{"npmjs", "yarnpkg", "golang", "debian", "ubuntu", "pypi", "docker", "gcr", "ghcr", "jsdelivr", "unpkg", "npmmirror"} {
		for _, service := range []string{"registry.", "proxy.", "sum.", "deb.", "archive.", "cdn.", "files."} {
			hosts = append(hosts, service+name+".")
		}
		hosts = append(hosts, name+".io/")
	}
	files := 0
	eachFile(t, func(path string) {
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files++
		for _, host := range hosts {
			if bytes.Contains(body, []byte(host)) {
				t.Errorf("%s names %s", path, host)
			}
		}
	})
	if files < 300 {
		t.Errorf("only %d files were read", files)
	}
}

func TestEveryPackageHasAComment(t *testing.T) {
	explained := map[string]bool{}
	eachGoFile(t, func(path string, file *ast.File) {
		dir := filepath.Dir(path)
		explained[dir] = explained[dir] || file.Doc != nil && len(file.Doc.Text()) > 40
	})
	for dir, ok := range explained {
		if !ok {
			t.Errorf("%s has no package comment", dir)
		}
	}
	if len(explained) < 25 {
		t.Errorf("only %d packages", len(explained))
	}
}

// TestDeployedVariablesExist: what the unit, its example and compose.yaml set are keys of the configuration.
func TestDeployedVariablesExist(t *testing.T) {
	doc, _, err := readFile("")
	if err != nil {
		t.Fatal(err)
	}
	v, err := layers(defaultConfig(), doc, nil)
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{grafanaEmail: true, grafanaToken: true}
	for _, key := range v.AllKeys() {
		known[variable(key)] = true
	}
	found := 0
	for _, file := range []string{"compose.yaml", "Dockerfile", "deploy/feryat.service", "deploy/feryat.env.example"} {
		body, err := os.ReadFile(filepath.Join(top, file))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range regexp.MustCompile(`\bFERYAT_[A-Z_]+`).FindAllString(string(body), -1) {
			found++
			if !known[strings.TrimSuffix(name, "_FILE")] {
				t.Errorf("%s: %s is no key of the configuration", file, name)
			}
		}
	}
	if found < 10 {
		t.Errorf("only %d variables were found", found)
	}
}
