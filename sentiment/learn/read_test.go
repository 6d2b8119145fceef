package learn_test

import (
	"io"
	"strings"
	"testing"

	"feryat/sentiment/learn"
)

type reader func(io.Reader, string, string) ([]learn.Text, int, error)

func TestRead(t *testing.T) {
	tests := []struct {
		name   string
		read   reader
		in     string
		labels []learn.Label
		left   int
		fault  string
	}{
		{"labels", learn.ReadJSON, `{"text":"a","label":"pos"}` + "\n\n" + `{"text":"b","label":"Negative"}` + "\n" + `{"text":"c","label":"neutral"}`, []learn.Label{1, -1, 0}, 0, ""},
		{"stars", learn.ReadJSON, `{"text":"a","stars":1}` + "\n" + `{"text":"b","stars":3}` + "\n" + `{"text":"c","stars":4}`, []learn.Label{-1, 0, 1}, 0, ""},
		{"rating", learn.ReadJSON, `{"text":"a","rating":0}` + "\n" + `{"text":"b","rating":0.5}` + "\n" + `{"text":"c","rating":1}`, []learn.Label{-1, 0, 1}, 0, ""},
		{"left out", learn.ReadJSON, `{"text":"a"}` + "\n" + `{"label":"pos"}` + "\n" + `{"text":"b","label":"pos","lang":"tr"}` + "\n" + `{"text":"c","label":"pos","language":"en"}`, []learn.Label{1}, 3, ""},
		{"no JSON", learn.ReadJSON, "{}\n{", nil, 0, "line 2"},
		{"unknown label", learn.ReadJSON, `{"text":"a","label":"blue"}`, nil, 0, `line 1: label "blue"`},
		{"six stars", learn.ReadJSON, `{"text":"a","stars":6}`, nil, 0, "line 1: 6 stars"},
		{"rating of five", learn.ReadJSON, `{"text":"a","rating":5}`, nil, 0, "line 1: rating 5"},
		{"table", learn.ReadCSV, "\ufeffid,Text,Stars\n1,\"a, b\",5\n2,c,1\n", []learn.Label{1, -1}, 0, ""},
		{"semicolons, decimal comma", learn.ReadCSV, "rating;text\n0,9;a\n0,1;b\n", []learn.Label{1, -1}, 0, ""},
		{"tabs", learn.ReadCSV, "label\ttext\nneg\ta\n", []learn.Label{-1}, 0, ""},
		{"short rows", learn.ReadCSV, "text,label\na\nb,pos\n", []learn.Label{1}, 1, ""},
		{"no number", learn.ReadCSV, "text,stars\na,five\n", nil, 0, "line 2: column stars"},
		{"empty", learn.ReadCSV, "", nil, 0, "first line"},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			got, left, err := c.read(strings.NewReader(c.in), "set", "en")
			if (err == nil) != (c.fault == "") || err != nil && !strings.Contains(err.Error(), c.fault) {
				t.Fatalf("error %v, want %q", err, c.fault)
			}
			if len(got) != len(c.labels) || left != c.left {
				t.Fatalf("%+v, %d left out", got, left)
			}
			for i, text := range got {
				if text.Label != c.labels[i] || text.Set != "set" {
					t.Errorf("%d: %+v, want label %d", i, text, c.labels[i])
				}
			}
		})
	}
}

// Whatever the bytes: texts that are valid and not empty, or an error.
func FuzzRead(f *testing.F) {
	f.Add("{\"text\":\"a\",\"stars\":5}\n")
	f.Add("text,label\n\"a\nb\",pos\n\xff,neg")
	f.Fuzz(func(t *testing.T, in string) {
		for _, read := range []reader{learn.ReadJSON, learn.ReadCSV} {
			got, _, err := read(strings.NewReader(in), "s", "en")
			if err != nil && len(got) > 0 {
				t.Error("texts beside an error")
			}
			for _, text := range got {
				if strings.TrimSpace(text.Text) == "" || strings.ToValidUTF8(text.Text, "") != text.Text || text.Label < -1 || text.Label > 1 {
					t.Errorf("%+v", text)
				}
			}
		}
	})
}
