package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"feryat/mention"
)

// viaReflection is what encoding/json writes of a verdict.
func viaReflection(t interface{ Fatal(...any) }, id any, v mention.Verdict) string {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(scoreOutput{id, v}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// A field that is added to the verdict, a string or a number of any kind: both
// ways write the same bytes.
func TestVerdictIsWrittenAsJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Make[mention.Verdict]().Draw(t, "verdict")
		if v.Topics == nil || v.Customer == nil || v.Signals == nil || v.Reasons == nil {
			v.Topics, v.Customer, v.Signals, v.Reasons = []string{}, []string{}, []string{}, []mention.Reason{}
		}
		for _, f := range []*float64{&v.Score, &v.Anger, &v.Coverage, &v.Raw} {
			if math.IsNaN(*f) || math.IsInf(*f, 0) {
				*f = 0
			}
		}
		for i := range v.Reasons {
			if w := v.Reasons[i].Weight; math.IsNaN(w) || math.IsInf(w, 0) {
				v.Reasons[i].Weight = 0
			}
		}
		id := rapid.SampledFrom([]any{"a<b>\"\\\u2028", 7.0, 1e21, 1e-7, -0.5, math.Copysign(0, -1), nil, true, []any{1.0, "x"}, map[string]any{"k": "<"}}).Draw(t, "id")
		got, err := appendVerdict(nil, id, &v)
		if want := viaReflection(t, id, v); err != nil || string(got) != want {
			t.Fatalf("%s%s%v", got, want, err)
		}
	})
}

func FuzzJSONString(f *testing.F) {
	f.Add("a\"\\\n\r\t\b\f\x00\x1f\x7f<&>\u2028\u2029\xff\ufffd😡ğ", 1e-7)
	f.Fuzz(func(t *testing.T, s string, n float64) {
		if math.IsNaN(n) || math.IsInf(n, 0) {
			return
		}
		v := mention.Verdict{Topics: []string{s}, Customer: []string{}, Signals: []string{}, Reasons: []mention.Reason{{Rule: s, Text: s, Weight: n}}, Raw: n}
		got, err := appendVerdict(nil, s, &v)
		if want := viaReflection(t, s, v); err != nil || string(got) != want {
			t.Fatalf("%s%s%v", got, want, err)
		}
	})
}

// The order of 100,000 lines stays though several workers score them; a bad line
// among them is told by its number and holds up nothing.
func TestScoreManyLines(t *testing.T) {
	n := 100_000
	if underRace {
		n = 10_000
	}
	texts := []string{"Kargo gelmedi, rezalet!", "ürün çok güzel", "never again", "خیلی خوب بود", ""}
	var in strings.Builder
	for i := range n {
		if i == n/2 {
			in.WriteString("{broken\n")
			continue
		}
		fmt.Fprintf(&in, `{"id":%d,"text":%q}`+"\n", i, strings.Repeat(texts[i%len(texts)]+" ", i%7))
	}
	var out, trouble bytes.Buffer
	a := app{in: strings.NewReader(in.String()), out: &out, err: &trouble}
	if err := a.score(t.Context()); !errors.Is(err, errTrouble) {
		t.Fatalf("%v, want %v", err, errTrouble)
	}
	if want := fmt.Sprintf("line %d refused: ", n/2+1); strings.Count(trouble.String(), "\n") != 1 || !strings.HasPrefix(trouble.String(), want) {
		t.Errorf("told %q, want %q", trouble.String(), want)
	}
	i := 0
	for line := range bytes.Lines(out.Bytes()) {
		if i == n/2 {
			i++
		}
		if !bytes.HasPrefix(line, fmt.Appendf(nil, `{"id":%d,`, i)) {
			t.Fatalf("verdict %d is %.60s", i, line)
		}
		i++
	}
	if i != n {
		t.Errorf("%d verdicts, want %d", i, n)
	}
}
