package recipe

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSites walks all recipes, bundled ones and examples, and checks what each
// must yield from the pages saved beside it. A new site needs no Go.
func TestSites(t *testing.T) {
	bundled, _ := filepath.Glob("sites/*.yaml")
	examples, _ := filepath.Glob("../../examples/*-forum.yaml")
	if len(bundled) < 6 || len(examples) < 1 {
		t.Fatalf("found %d bundled recipes and %d examples", len(bundled), len(examples))
	}
	for _, file := range append(bundled, examples...) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			r, err := Parse(file, data)
			if err != nil {
				t.Fatal(err)
			}
			if r.Title == "" || len(r.Expect) == 0 {
				t.Fatal("a recipe needs a title and an expect")
			}
			pages := os.DirFS(file[:len(file)-len(".yaml")])
			for _, want := range r.Expect {
				got, err := r.Read(pages, want)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", want.Page, diff)
				}
			}
		})
	}
}
