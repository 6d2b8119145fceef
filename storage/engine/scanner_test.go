package engine

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestScan(t *testing.T) {
	for _, c := range []struct {
		sql  string
		want statement
	}{
		{"", statement{}},
		{" -- x\n;;", statement{}},
		{"select 1", statement{count: 1, lead: "SELECT"}},
		{"((SELECT 1))", statement{count: 1, lead: "SELECT"}},
		{"SELECT 1;", statement{count: 1, lead: "SELECT"}},
		{"SELECT 1; ;SELECT 2", statement{count: 2, lead: "SELECT"}},
		{"SELECT ';' `;` \";\" $a$;$a$ /* ; /* ; */ ; */ -- ;", statement{count: 1, lead: "SELECT"}},
		{"# SELECT\n#! x\nSHOW TABLES // y", statement{count: 1, lead: "SHOW"}},
		{"1 + 1", statement{count: 1, lead: "1"}},
		{"'SELECT'", statement{count: 1, lead: "?"}},
		{"`SELECT` 1", statement{count: 1, lead: "?"}},
		{"-1", statement{count: 1, lead: "?"}},
		{"SELECT 'x", statement{count: 1, lead: "SELECT", invalid: true}},
		{"SELECT /* x", statement{count: 1, lead: "SELECT", invalid: true}},
		{"SELECT 1\\G", statement{count: 1, lead: "SELECT", invalid: true}},
		{"SELECT 1 FORMAT JSON", statement{count: 1, lead: "SELECT", format: "JSON"}},
		{"SELECT 1 FORMAT JSON SETTINGS max_threads = 2", statement{count: 1, lead: "SELECT", format: "JSON", settings: []setting{{"max_threads", "2"}}}},
		{"SELECT format FROM t", statement{count: 1, lead: "SELECT"}},
		{"SELECT a format, b FROM t format JSON;", statement{count: 1, lead: "SELECT", format: "JSON"}},
		{"SELECT format('{}', 1)", statement{count: 1, lead: "SELECT", calls: []string{"format"}}},
		{"SELECT t.format x", statement{count: 1, lead: "SELECT"}},
		{"SELECT * FROM system.settings WHERE 1", statement{count: 1, lead: "SELECT"}},
		{"SELECT 1 SETTINGS a = 1, `b` = 'x', “c” = 2, d, \"e\"=-1", statement{count: 1, lead: "SELECT",
			settings: []setting{{"a", "1"}, {"b", ""}, {"c", "2"}, {"d", ""}, {"e", ""}}}},
		{"SELECT * FROM (SELECT 1 settings a = 1) settings b = 2", statement{count: 1, lead: "SELECT", settings: []setting{{"a", "1"}, {"b", "2"}}, calls: []string{"from"}}},
		{"SELECT 1 SETTINGS a = [1, x = 2], b = {'k': 1}, c = 1.5, d = 5e3, e = disk(type = local, b = 1), g = 2 UNION ALL SELECT x, y = 2",
			statement{count: 1, lead: "SELECT", calls: []string{"disk"},
				settings: []setting{{"a", ""}, {"b", ""}, {"c", "1.5"}, {"d", "5e3"}, {"e", ""}, {"g", "2"}}}},
		{"SELECT 1 SETTINGS a = 'x', select = 1, b = 2", statement{count: 1, lead: "SELECT", settings: []setting{{"a", ""}, {"select", "1"}, {"b", "2"}}}},
		{"SELECT File ('x'), `FILE`('x')", statement{count: 1, lead: "SELECT", calls: []string{"file", "file"}}},
		{"CREATE TABLE t (a UInt8) engine MergeTree ORDER BY a", statement{count: 1, lead: "CREATE", calls: []string{"t"}, engines: []string{"MergeTree"}}},
		{"SELECT 1 into OutFile 'x'", statement{count: 1, lead: "SELECT", outfile: true}},
	} {
		want := c.want
		want.data, want.head = -1, len(c.sql)
		if diff := cmp.Diff(want, scan([]byte(c.sql)), cmp.AllowUnexported(statement{}, setting{})); diff != "" {
			t.Errorf("%q: (-want +got)\n%s", c.sql, diff)
		}
	}
}

func TestScanInserts(t *testing.T) {
	for _, c := range []struct{ sql, head, format, data string }{
		{"INSERT INTO t VALUES (1), ('FORMAT x;')", "INSERT INTO t ", "Values", " (1), ('FORMAT x;')"},
		{"INSERT INTO t (a, values) FORMAT TSV\n1\t'", "INSERT INTO t (a, values) ", "TSV", "\n1\t'"},
		{"insert into values format Native\x00'", "insert into values ", "Native", "\x00'"},
		{"INSERT INTO TABLE format VALUES (1)", "INSERT INTO TABLE format ", "Values", " (1)"},
		{"INSERT INTO db.values SETTINGS a = 1 FORMAT CSV", "INSERT INTO db.values SETTINGS a = 1 ", "CSV", ""},
		{"INSERT INTO t SELECT 1 FORMAT x", "", "x", ""},
		{"INSERT INTO t WITH 1 AS values SELECT values", "", "", ""},
		{"INSERT INTO t (SELECT 1)", "", "", ""},
	} {
		got := scan([]byte(c.sql))
		if c.head == "" {
			if got.data != -1 || got.head != len(c.sql) {
				t.Errorf("%q: data found at %d", c.sql, got.data)
			}
			continue
		}
		if got.data < 0 || c.sql[:got.head] != c.head || got.format != c.format || c.sql[got.data:] != c.data {
			t.Errorf("%q: %+v", c.sql, got)
		}
	}
}

func TestReaderWords(t *testing.T) {
	for sql, allowed := range map[string]bool{
		"SELECT 1": true, "with 1 as x select x": true, "SHOW TABLES": true, "DESC t": true, "EXISTS t": true, "EXPLAIN SELECT 1": true,
		"SELECT 1 SETTINGS max_threads = 2, final = 1": true, "SELECT 1 SETTINGS max_execution_time = 5": true,
		"SELECT file FROM t": true, "SELECT `settings` FROM t": true,
		"DROP TABLE t": false, "INSERT INTO t VALUES (1)": false, "SET a = 1": false, "ATTACH TABLE t": false, "1": false, ";": false,
		"SELECT 1; DROP TABLE t": false, "/* SELECT */ DROP TABLE t": false, "TRUNCATE TABLE t": false, "CHECK TABLE t": false,
		"SELECT 1 SETTINGS max_execution_time = 500": false, "SELECT 1 SETTINGS max_execution_time": false, "SELECT 1 SETTINGS max_execution_time = 5.9e9": false,
		"SELECT 1 SETTINGS log_comment = 'x', max_execution_time = 500": false, "SELECT 1 SETTINGS log_comment = 'x' , `allow_ddl` = 1": false,
		"SELECT 1 SETTINGS format_schema = 'x'": false, "SELECT 1 SETTINGS final = 1, allow_ddl = 1": false,
		"SELECT 1 INTO /**/ OUTFILE 'x'": false, "SELECT file('x')": false, "VALUES (1)": false, "FROM t SELECT 1": false,
	} {
		if err := ReaderMay(sql); (err == nil) != allowed {
			t.Errorf("%q: %v", sql, err)
		}
	}
}

// reference cuts SQL text into tokens in another, slower way than the lexer: one regular expression after the other.
// It gives the strings, quoted names and words, and whether the text ends within one.
func reference(sql string) (tokens []string, unended bool) {
	before, owned := "", false
	for at := 0; at < len(sql); {
		rest := sql[at:]
		size, kept, ok := referenceNumber(before, owned, rest)
		if at == 0 && rest[0] == '.' && size == 0 {
			size, kept = 1+referenceExponent(rest[1:], "eE"), true // so ClickHouse has it
		}
		if size == 0 {
			size, kept, ok = referenceToken(rest)
		}
		if !ok {
			return tokens, true
		}
		token := rest[:size]
		if kept {
			tokens = append(tokens, token)
		}
		if kept || blankPattern.FindString(token) == "" && !strings.HasPrefix(token, "/*") {
			before, owned = token, kept && !referenceString(token) || token == ")" || token == "]"
		}
		at += size
	}
	return tokens, false
}

// referenceString tells whether a token that is kept is a string.
func referenceString(token string) bool {
	tag := tagPattern.FindString(token)
	return strings.HasPrefix(token, "'") || strings.HasPrefix(token, "‘") || digitsPattern.MatchString(token) ||
		tag != "" && len(token) >= 2*len(tag) && strings.HasSuffix(token, tag)
}

var (
	blankPattern  = regexp.MustCompile(`^(?:[ \t-\r\x{85}\x{A0}\x{1680}\x{180E}\x{2000}-\x{200D}\x{2028}\x{2029}\x{202F}\x{205F}\x{2060}\x{3000}\x{FEFF}]+|(?:--|//|#[ !])[^\n]*\n?)`)
	quotedPattern = regexp.MustCompile("(?s)^(?:'(?:''|\\\\.|[^'\\\\])*'|\"(?:\"\"|\\\\.|[^\"\\\\])*\"|`(?:``|\\\\.|[^`\\\\])*`|‘.*?’|“.*?”)")
	tagPattern    = regexp.MustCompile(`(?s)^\$[^$]*\$`)
	wordPattern   = regexp.MustCompile(`^(?:[a-zA-Z_][\w$]*|\$\w[\w$]*)`)
	digitsPattern = regexp.MustCompile(`^(?:[xX]'[0-9a-fA-F]*'|[bB]'[01]*')`)
	hexPattern    = regexp.MustCompile(`^0[xX][0-9a-fA-F]+(?:_[0-9a-fA-F]+)*(?:\.(?:[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*)?)?`)
	binaryPattern = regexp.MustCompile(`^0[bB][01][0-9]*(?:_[0-9]+)*(?:\.(?:[0-9]+(?:_[0-9]+)*)?)?`)
	numberPattern = regexp.MustCompile(`^[0-9]+(?:_[0-9]+)*(?:\.(?:[0-9]+(?:_[0-9]+)*)?)?`)
	pointPattern  = regexp.MustCompile(`^\.[0-9]+(?:_[0-9]+)*`)
	digitPattern  = regexp.MustCompile(`^[0-9]+(?:_[0-9]+)*`)
	partPattern   = regexp.MustCompile(`^[0-9]\w*`)
	tailPattern   = regexp.MustCompile(`^\w*`)
)

// referenceNumber measures a number, or a name that begins with a digit, after the token before.
func referenceNumber(before string, owned bool, sql string) (size int, kept, ok bool) {
	if before == "." && !owned && sql[0] != '.' {
		return len(partPattern.FindString(sql)), true, true
	}
	if number := pointPattern.FindString(sql); number != "" && !owned {
		return len(number) + referenceExponent(sql[len(number):], "eE"), true, true
	}
	number, exponent := hexPattern.FindString(sql), "pP"
	if number == "" {
		number, exponent = binaryPattern.FindString(sql), "eE"
	}
	if number == "" {
		number = numberPattern.FindString(sql)
	}
	if number == "" {
		return 0, false, true
	}
	number = sql[:len(number)+referenceExponent(sql[len(number):], exponent)]
	tail := tailPattern.FindString(sql[len(number):])
	return len(number) + len(tail), true, tail == "" || !strings.ContainsAny(number, ".+-")
}

// referenceExponent measures an e that anything follows, a sign that anything follows, and digits.
func referenceExponent(sql, letters string) (size int) {
	if len(sql) < 2 || !strings.Contains(letters, sql[:1]) {
		return 0
	}
	size = 1
	if strings.Contains("+-", sql[1:2]) && len(sql) > 2 {
		size++
	}
	return size + len(digitPattern.FindString(sql[size:]))
}

// referenceToken measures what stands at the start; kept tells whether it is more than blank or a symbol.
func referenceToken(sql string) (size int, kept, ok bool) {
	if blank := blankPattern.FindString(sql); blank != "" {
		return len(blank), false, true
	}
	if strings.HasPrefix(sql, "/*") {
		size, ok := referenceComment(sql)
		return size, false, ok
	}
	if quoted := quotedPattern.FindString(sql); quoted != "" {
		// The expression gives up a doubled quote at the end, which does not end the text.
		doubled := quoted[0] < 0x80 && strings.HasPrefix(sql[len(quoted):], quoted[:1])
		return len(quoted), true, !doubled
	}
	if strings.ContainsRune("'\"`‘“", []rune(sql)[0]) {
		return 0, false, false
	}
	if tag := tagPattern.FindString(sql); tag != "" {
		if body, _, found := strings.Cut(sql[len(tag):], tag); found {
			return len(body) + 2*len(tag), true, true
		}
	}
	if digits := digitsPattern.FindString(sql); digits != "" {
		return len(digits), true, true
	}
	if len(sql) > 1 && strings.ContainsRune("xXbB", rune(sql[0])) && sql[1] == '\'' {
		return 0, false, false
	}
	if word := wordPattern.FindString(sql); word != "" {
		return len(word), true, true
	}
	return 1, false, true
}

func referenceComment(sql string) (int, bool) {
	size := 2
	for size < len(sql) {
		switch {
		case strings.HasPrefix(sql[size:], "*/"):
			return size + 2, true
		case strings.HasPrefix(sql[size:], "/*"):
			inner, ok := referenceComment(sql[size:])
			if !ok {
				return 0, false
			}
			size += inner
		default:
			size++
		}
	}
	return 0, false
}

// FuzzScan: the lexer agrees with the reference; nothing but the listed statements passes as a reader's; leaving out the
// comments changes nothing.
func FuzzScan(f *testing.F) {
	for _, seed := range append(fragments(), "..0", "a..0", ".5e\xb2", "6.E\x17", "6.E\r", " .", "5_.5_e+", "0x1.fp-2", "SELECT 1 SETTINGS a=1 FORMAT JSON", "INSERT INTO t FORMAT TSV\n1", "$$a$$ ‘x’ /* /* */ */ 'a''\\'' \\G") {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, sql string) {
		tokens := Tokens(sql)
		var kept, all []string
		unended := false
		at := 0
		for _, token := range tokens {
			if token.Start < at || token.End <= token.Start && token.Kind != "invalid" || token.End > len(sql) {
				t.Fatalf("token %+v after %d", token, at)
			}
			at = token.End
			text := sql[token.Start:token.End]
			all = append(all, text)
			switch token.Kind {
			case "invalid":
				unended = true
			case "symbol":
			default:
				kept = append(kept, text)
			}
		}
		want, wantUnended := reference(sql)
		if !slices.Equal(kept, want) || unended != wantUnended {
			t.Fatalf("%q: got %q %v, want %q %v", sql, kept, unended, want, wantUnended)
		}
		checkPolicy(t, sql, want, wantUnended)
		if joined := strings.Join(all, " "); !unended && !strings.ContainsAny(sql, "$#") && !strings.HasPrefix(joined, ".") {
			// Blanks make a heredoc of $a, a comment of #; a point that comes first is a number.
			checkSame(t, sql, joined+" ") // an e at the very end is no exponent
		}
	})
}

// checkPolicy: an accepted text begins with a listed word, and holds no OUTFILE outside strings.
func checkPolicy(t *testing.T, sql string, words []string, unended bool) {
	if ReaderMay(sql) != nil {
		return
	}
	if unended || len(words) == 0 || !slices.Contains(readerStatements(), strings.ToUpper(words[0])) {
		t.Fatalf("accepted: %q", sql)
	}
	for i, word := range words {
		if strings.EqualFold(word, "OUTFILE") && !strings.Contains(sql, "."+word) && !regexp.MustCompile(`(?i)\.\s`).MatchString(sql) && i > 0 {
			t.Fatalf("accepted: %q", sql)
		}
	}
}

// checkSame: the text without comments means the same.
func checkSame(t *testing.T, sql, joined string) {
	a, b := scan([]byte(sql)), scan([]byte(joined))
	if a.data >= 0 || b.data >= 0 {
		if a.data < 0 || b.data < 0 || a.format != b.format {
			t.Fatalf("%q has data %d, %q %d", sql, a.data, joined, b.data)
		}
		return
	}
	a.head, b.head = 0, 0
	if diff := cmp.Diff(a, b, cmp.AllowUnexported(statement{}, setting{})); diff != "" {
		t.Fatalf("%q and %q:\n%s", sql, joined, diff)
	}
}

// fragments are pieces of SQL that are hard to tell apart.
func fragments() []string {
	return []string{
		"SELECT", "select 1", "INTO OUTFILE 'x'", " ", "\n", "'", "''", "\\'", "\\", "\\\\", "\"", "`", "``", "/*", "*/", "/", "*", "--", "-", "#", "# ", "#!", "//",
		"$", "$a$", "$$", "$a", "a$", "‘", "’", "“", "”", "x'41'", "b'01'", ";", "(", ")", "1", "1.5e3", "0x1F", ".", "1_000", "ş", "\u00a0", "\u200b", "\u3000",
		"SETTINGS a = 1", "FORMAT JSON", "VALUES", "INSERT INTO t", "{a:String}", "::", "->", "@@", "\x00", "\xff", "\xe2\x80", "−", "file(", "?", "!", "|", "||",
	}
}
