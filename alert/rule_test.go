package alert

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

func TestEveryBundledRuleKeepsItsOwnExamples(t *testing.T) {
	rules, err := Bundled()
	if err != nil {
		t.Fatal(err)
	}
	if len(rules) == 0 {
		t.Fatal("no rule is bundled")
	}
	for _, r := range rules {
		if err := r.Check(); err != nil {
			t.Error(err)
		}
	}
}

func TestCheckSeesAnExampleThatGoesWrong(t *testing.T) {
	r := rule(t, "all: [{say: angry, if: mood == \"angry\"}]\ntest: {fire: [{name: calm, facts: {mood: neutral}}], quiet: [{name: cross, facts: {mood: angry}}]}")
	err := r.Check()
	if err == nil || !strings.Contains(err.Error(), `"calm": fires false`) || !strings.Contains(err.Error(), `"cross": fires true`) {
		t.Errorf("got %v, want both examples named", err)
	}
}

func TestLoadWantsRules(t *testing.T) {
	for name, dir := range map[string]fs.FS{"empty": fstest.MapFS{}, "other files": fstest.MapFS{"a.txt": {}}, "no folder": os.DirFS(filepath.Join(t.TempDir(), "none"))} {
		if rules, err := Load(dir); err == nil {
			t.Errorf("%s: %d rules and no error", name, len(rules))
		}
	}
}

func TestLoadTellsAllFaultsOfAllFiles(t *testing.T) {
	_, err := Load(fstest.MapFS{
		"a.yaml": {Data: []byte("rule: a\ntitel: {en: x}")},
		"b.yaml": {Data: []byte("rule: b\ntitle: {tr: x, fa: x, en: x}\nall: [{say: x, if: moood == \"angry\"}]")},
		"c.yaml": {Data: []byte("")},
		"e.yaml": {Data: []byte("rule: e\ntitle: {tr: x, fa: x, en: x}\nall: [{say: x, if: coverage > 0.2}]")},
		"f.yaml": {Data: []byte("rule: e\ntitle: {tr: x, fa: x, en: x}\nall: [{say: x, if: coverage > 0.2}]")},
		"d.yaml": {Data: []byte("rule: d\ntitle: {tr: x, fa: x, en: x}\nall: [{say: x, if: mood}]\nseverity: loud\nmax_age: -1h")},
	})
	if err == nil {
		t.Fatal("no fault was told")
	}
	for _, want := range []string{"a.yaml", "line 2: field titel not found", "b.yaml", "moood", "c.yaml", "a name is missing", "title.fa is missing", "no condition", "d.yaml", `severity "loud"`, "max_age", `f.yaml: line 1: another file has rule "e"`, "c.yaml: line 1: title.fa is missing", "d.yaml: line 3: condition \"mood\"", "d.yaml: line 4: severity", "d.yaml: line 5: max_age"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q:\n%v", want, err)
		}
	}
}

func TestConditionsMustBeTrueOrFalse(t *testing.T) {
	_, err := Parse([]byte("rule: x\ntitle: {tr: x, fa: x, en: x}\nall: [{say: x, if: mood}]"))
	if err == nil || !strings.Contains(err.Error(), "bool") {
		t.Errorf("got %v", err)
	}
}

func TestHolds(t *testing.T) {
	r := rule(t, `
all: [{say: angry, if: mood == "angry"}, {say: sure, if: coverage > 0.2}]
any: [{say: reach, if: followers > 100}, {say: repeat, if: complaints() > 1}]`)
	for _, c := range []struct {
		name  string
		facts Facts
		why   string
		ok    bool
		asked bool
	}{
		{"nothing holds", Facts{Mood: "neutral", Past: 9}, "", false, false},
		{"one of all fails", Facts{Mood: "angry", Coverage: 0.1, Followers: 500}, "", false, false},
		{"none of any", Facts{Mood: "angry", Coverage: 0.5, Past: 1}, "", false, true},
		{"one of any", Facts{Mood: "angry", Coverage: 0.5, Past: 2}, "angry sure repeat", true, true},
		{"both of any are told", Facts{Mood: "angry", Coverage: 0.5, Past: 2, Followers: 101}, "angry sure reach repeat", true, true},
	} {
		asked := false
		c.facts.Complaints = func() (int, error) { asked = true; return c.facts.Past, nil }
		why, ok, err := r.Holds(c.facts)
		if err != nil || ok != c.ok || (ok && strings.Join(why, " ") != c.why) {
			t.Errorf("%s: got %v %t %v", c.name, why, ok, err)
		}
		if asked != c.asked {
			t.Errorf("%s: history was asked: %t, want %t", c.name, asked, c.asked)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("rule: x\ntitle: {tr: x, fa: x, en: x}\nall: [{say: x, if: mood == \"angry\" and any(signals, # == \"a\")}]"))
	f.Fuzz(func(t *testing.T, body []byte) {
		r, err := Parse(body)
		if err != nil {
			return
		}
		f := Facts{Complaints: func() (int, error) { return 0, nil }}
		if _, ok, err := r.Holds(f); ok && err != nil {
			t.Errorf("a rule holds although it failed: %v", err)
		}
	})
}

// rule parses a rule of which only the given keys matter.
func rule(t *testing.T, body string) Rule {
	t.Helper()
	r, err := Parse([]byte("rule: test\ntitle: {tr: x, fa: x, en: x}\n" + body))
	if err != nil {
		t.Fatal(err)
	}
	if r.MaxAge != 24*time.Hour {
		t.Fatalf("default of max_age is %s", r.MaxAge)
	}
	return r
}
