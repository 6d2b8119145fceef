package engine_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2"

	"feryat/storage/engine"
	"feryat/storage/engine/enginetest"
)

// TestLexerAgrees compares the lexer with ClickHouse's own, which the function tokenizeQuery shows, on texts put together at
// random from pieces that are hard to tell apart.
func TestLexerAgrees(t *testing.T) {
	access := enginetest.Start(t)
	conn := open(t, access, clickhouse.CompressionNone)
	ctx := t.Context()
	if err := conn.Exec(ctx, "CREATE TABLE texts (n UInt32, sql String) ENGINE = MergeTree ORDER BY n"); err != nil {
		t.Fatal(err)
	}
	texts := append(randomTexts(5000), numbers("")...)
	batch, err := conn.PrepareBatch(ctx, "INSERT INTO texts")
	if err != nil {
		t.Fatal(err)
	}
	for n, text := range texts {
		if err := batch.Append(uint32(n), text); err != nil {
			t.Fatal(err)
		}
	}
	if err := batch.Send(); err != nil {
		t.Fatal(err)
	}
	answer := count(t, access, "SELECT tokenizeQuery(sql) FROM texts ORDER BY n FORMAT JSONCompactEachRow SETTINGS output_format_json_named_tuples_as_objects = 0, output_format_json_quote_64bit_integers = 0")
	lines := strings.Split(answer, "\n")
	if len(lines) != len(texts) {
		t.Fatalf("%d lines for %d texts", len(lines), len(texts))
	}
	for n, line := range lines {
		var row [][][3]any
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Fatal(err)
		}
		if complaint := compare(engine.Tokens(texts[n]), row[0]); complaint != "" {
			t.Errorf("%q: %s\nours %v\ntheirs %v", texts[n], complaint, engine.Tokens(texts[n]), row[0])
		}
	}
}

// compare looks for a place up to ClickHouse's first error where one lexer sees a string, quoted name or word and the other
// does not. Behind an error ClickHouse runs nothing.
func compare(ours []engine.Token, theirs [][3]any) string {
	kinds := map[string]string{"StringLiteral": "string", "HereDoc": "string", "QuotedIdentifier": "quoted", "BareWord": "word"}
	mine := map[string]bool{}
	invalid := math.MaxInt // from here on nothing is accepted
	for _, token := range ours {
		if token.Kind == "invalid" {
			invalid = token.Start
		}
		mine[fmt.Sprint(token.Kind, token.Start, token.End)] = true
	}
	end := 0
	seen := map[string]bool{}
	for _, token := range theirs {
		from, to, name := int(token[0].(float64)), int(token[1].(float64)), token[2].(string)
		if strings.HasPrefix(name, "Error") || from >= invalid {
			break
		}
		end = to
		kind := kinds[name]
		key := fmt.Sprint(kind, from, to)
		seen[key] = true
		if kind != "" && !mine[key] {
			return fmt.Sprintf("missed %s %d-%d", name, from, to)
		}
		for _, token := range ours {
			if (name == "Whitespace" || name == "Comment") && token.Start < to && token.End > from {
				return fmt.Sprintf("%s %d-%d is no token", name, from, to)
			}
		}
	}
	for _, token := range ours {
		if token.End <= end && (token.Kind == "string" || token.Kind == "quoted") && !seen[fmt.Sprint(token.Kind, token.Start, token.End)] {
			return fmt.Sprintf("invented %v", token)
		}
	}
	return ""
}

func randomTexts(n int) []string {
	pieces := engine.Fragments()
	random := rand.New(rand.NewPCG(1, 2))
	texts := make([]string, n)
	for i := range texts {
		var text strings.Builder
		for range 1 + random.IntN(10) {
			text.WriteString(pieces[random.IntN(len(pieces))])
		}
		texts[i] = text.String()
	}
	return texts
}

// numbers are all texts of up to five pieces that a number may be made of, or end at.
func numbers(begin string) []string {
	const most = 5
	if len(begin) == most {
		return nil
	}
	var texts []string
	for _, piece := range []string{"5", ".", "e", "+", "_", "\x17", "("} {
		texts = append(append(texts, begin+piece), numbers(begin+piece)...)
	}
	return texts
}
