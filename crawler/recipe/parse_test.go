package recipe

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestMistakes parses each testdata/mistakes/*.yaml and compares all that it is
// told with the "# want:" lines of the file.
func TestMistakes(t *testing.T) {
	files, _ := filepath.Glob("testdata/mistakes/*.yaml")
	if len(files) < 5 {
		t.Fatalf("only %d cases", len(files))
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			_, got := Parse("site.yaml", data)
			if got == nil {
				t.Fatal("no mistake was found")
			}
			var wants int
			for line := range strings.Lines(string(data)) {
				if want, ok := strings.CutPrefix(strings.TrimSpace(line), "# want: "); ok {
					wants++
					if !strings.Contains(got.Error(), want) {
						t.Errorf("missing %q in\n%v", want, got)
					}
				}
			}
			if n := len(strings.Split(got.Error(), "\n")); n != wants {
				t.Errorf("%d mistakes told, want %d:\n%v", n, wants, got)
			}
		})
	}
}

func TestBundledAreFound(t *testing.T) {
	for _, name := range []string{"phpbb", "xenforo2", "vbulletin3", "vbulletin4", "vbulletin5", "discourse", "auto"} {
		cfg := DefaultConfig()
		cfg.Recipe, cfg.Start = name, []string{"https://forum.example/"}
		if err := cfg.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestConfigTellsEverything(t *testing.T) {
	cfg := DefaultConfig()
	cfg.Recipe, cfg.Start, cfg.Zone, cfg.Language = "phpb", []string{"forum.example"}, "Mars/Base", "turkish"
	err := cfg.Validate()
	if err == nil {
		t.Fatal("no mistake was found")
	}
	for _, want := range []string{`no "phpb" among discourse, phpbb,`, `start: `, "zone: ", "two-letter"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("missing %q in\n%v", want, err)
		}
	}
}

func TestSplitAttr(t *testing.T) {
	for in, want := range map[string][2]string{
		"a.x@href":              {"a.x", "href"},
		"@id":                   {"", "id"},
		"a.x":                   {"a.x", ""},
		`a[href*="@"]`:          {`a[href*="@"]`, ""},
		`a[href*='x@y']@title`:  {`a[href*='x@y']`, "title"},
		"time.posted @datetime": {"time.posted", "datetime"},
	} {
		if css, attr := splitAttr(in); css != want[0] || attr != want[1] {
			t.Errorf("splitAttr(%q) = %q, %q", in, css, attr)
		}
	}
}

func TestNumber(t *testing.T) {
	for in, want := range map[string]float64{
		"12": 12, "1.234": 1234, "1,234": 1234, "12.345.678": 12345678, "1,2K": 1200, "3.4k": 3400, "2 bin": 2000, "۱۲": 12, "۱٬۲۳۴": 1234, "+7": 7,
		"۳ هزار": 3000, "14 Likes": 14, "5M": 5e6,
	} {
		if got, err := number(in, false); err != nil || got != want {
			t.Errorf("number(%q) = %v, %v; want %v", in, got, err, want)
		}
	}
	for in, want := range map[string]float64{"4,5": 4.5, "4.5": 4.5, "۴٫۵": 4.5, "4.125": 4.125, "5/5": 5} {
		if got, err := number(in, true); err != nil || got != want {
			t.Errorf("rating %q = %v, %v; want %v", in, got, err, want)
		}
	}
	for _, in := range []string{"", "-", "x", "."} {
		if got, err := number(in, false); err == nil {
			t.Errorf("number(%q) = %v, want an error", in, got)
		}
	}
}
