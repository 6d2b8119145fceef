package engine

import (
	"math"
	"slices"
	"strings"
)

// statement is what the handler must know about SQL text before the engine sees it.
type statement struct {
	count    int       // statements in the text; empty ones do not count
	lead     string    // first keyword in capitals; opening parentheses before it are skipped. Empty: none
	format   string    // the name in the FORMAT clause, as written; empty: none
	head     int       // where an INSERT's FORMAT clause begins; text[:head] is the statement without it
	data     int       // where the inline data of an INSERT begin; -1: it has none
	settings []setting // of all SETTINGS clauses, also those of sub-queries
	outfile  bool      // has INTO OUTFILE or FROM INFILE, which make the client side of libchdb touch files
	calls    []string  // names before an opening bracket, in small letters and without quotes: functions and more
	engines  []string  // names after ENGINE and its = sign, as written
	invalid  bool      // a quote or comment does not end, or a backslash stands outside them
}

// setting is one name = value of a SETTINGS clause. Value is empty where it is not a plain word or number.
type setting struct{ name, value string }

// scan reads SQL text as far as the inline data of an INSERT, if there are any.
func scan(sql []byte) statement {
	s := scanner{lexer: lexer{text: sql}, settingsDepth: noSettings, found: statement{data: -1, head: len(sql)}}
	for s.advance() {
		s.look()
	}
	return s.found
}

// noSettings is deeper than any bracket.
const noSettings = math.MaxInt

// scanner keeps the neighbours of the present token, because what a word means depends on them.
type scanner struct {
	lexer          lexer
	before, now    token
	depth          int  // of open brackets
	started        bool // the present statement has a token
	selects        bool // a SELECT, WITH or FROM stands outside brackets
	found          statement
	formatName     token // what may be the name in a FORMAT clause
	settingsDepth  int   // depth of the SETTINGS list; noSettings outside one
	peeked         bool
	peekedToken    token
	finishedInsert bool
}

func (s *scanner) advance() bool {
	s.before = s.now
	s.now = s.take()
	if s.now.kind == tokenInvalid {
		s.found.invalid = true
	}
	return !s.finishedInsert && s.now.kind != tokenEnd && s.now.kind != tokenInvalid
}

func (s *scanner) take() token {
	if s.peeked {
		s.peeked = false
		return s.peekedToken
	}
	return s.lexer.next()
}

func (s *scanner) peek() token {
	if !s.peeked {
		s.peekedToken, s.peeked = s.lexer.next(), true
	}
	return s.peekedToken
}

// look takes the present token into account.
func (s *scanner) look() {
	text := s.text(s.now)
	if s.before == s.formatName && !s.endsFormat(text) {
		s.found.format = "" // no clause but a column called format
	}
	if s.settingsDepth != noSettings {
		s.noteSetting(text)
	}
	if s.now.kind == tokenSymbol && text == "\\" {
		s.found.invalid = true // \G would end the statement; nothing else begins with a backslash
	}
	if s.now.kind == tokenSymbol && text == ";" {
		s.started, s.settingsDepth = false, noSettings
		return
	}
	if !s.started {
		s.started = true
		s.found.count++
	}
	if s.now.kind == tokenSymbol {
		s.bracket(text)
		return
	}
	if s.found.lead == "" {
		s.found.lead = "?"
		if s.now.kind == tokenWord {
			s.found.lead = strings.ToUpper(text)
		}
		return
	}
	if s.symbolIs("(") && (s.now.kind == tokenWord || s.now.kind == tokenQuoted) {
		s.found.calls = append(s.found.calls, strings.ToLower(unquoted(text)))
	}
	if s.now.kind == tokenWord && !s.follows(".") {
		s.word(strings.ToUpper(text))
	}
}

func (s *scanner) bracket(symbol string) {
	switch symbol {
	case "(", "[", "{":
		s.depth++
	case ")", "]", "}":
		s.depth--
	default:
		if s.found.lead == "" {
			s.found.lead = "?"
		}
	}
}

func (s *scanner) word(word string) {
	switch word {
	case "OUTFILE", "INFILE":
		s.found.outfile = true
	case "SETTINGS":
		if next := s.peek().kind; next == tokenWord || next == tokenQuoted {
			s.settingsDepth = s.depth
		}
	case "SELECT", "WITH":
		s.selects = s.selects || s.depth == 0
	case "FORMAT":
		s.formatClause()
	case "VALUES":
		s.values()
	case "ENGINE":
		s.engine()
	}
}

// engine reads the name in ENGINE = name; the = sign may be left out.
func (s *scanner) engine() {
	if s.symbolIs("=") {
		s.advance()
	}
	if name := s.peek(); name.kind == tokenWord || name.kind == tokenQuoted {
		s.found.engines = append(s.found.engines, unquoted(s.text(name)))
	}
}

// formatClause notes FORMAT name outside brackets; in an INSERT without SELECT the data begin after it.
func (s *scanner) formatClause() {
	name := s.peek()
	if s.depth != 0 || name.kind != tokenWord || s.followsTarget() {
		return
	}
	start := s.now.start
	s.found.format, s.formatName = s.text(name), name
	if s.found.lead == "INSERT" && !s.selects {
		s.found.head, s.found.data, s.finishedInsert = start, name.end, true
	}
}

// endsFormat: only these may follow a FORMAT clause.
func (s *scanner) endsFormat(text string) bool {
	return s.now.kind == tokenSymbol && text == ";" ||
		s.now.kind == tokenWord && (strings.EqualFold(text, "SETTINGS") || strings.EqualFold(text, "INTO"))
}

func (s *scanner) values() {
	if s.depth == 0 && s.found.lead == "INSERT" && !s.selects && !s.followsTarget() {
		s.found.format, s.found.head, s.found.data, s.finishedInsert = "Values", s.now.start, s.now.end, true
	}
}

// noteSetting keeps the list after SETTINGS: name = value, name = value. A name follows SETTINGS or a comma outside further
// brackets. The value matters only if it is a single word or number.
func (s *scanner) noteSetting(text string) {
	name := s.now.kind == tokenWord || s.now.kind == tokenQuoted
	switch {
	case s.depth < s.settingsDepth, s.now.kind == tokenWord && s.endsSettings(text):
		s.settingsDepth = noSettings
	case name && s.depth == s.settingsDepth && s.follows("SETTINGS", ","):
		s.found.settings = append(s.found.settings, setting{name: unquoted(text)})
	case s.now.kind == tokenWord && s.depth == s.settingsDepth && s.follows("=") && !s.continues():
		s.found.settings[len(s.found.settings)-1].value = text
	}
}

// endsSettings: the words begin another query, whose commas separate something else.
func (s *scanner) endsSettings(word string) bool {
	return slices.Contains([]string{"SELECT", "UNION", "EXCEPT", "INTERSECT"}, strings.ToUpper(word)) && !s.follows("SETTINGS", ",")
}

// continues tells whether the present word is only the beginning of a value, such as 1.5 or disk(…).
func (s *scanner) continues() bool {
	return s.peek().kind == tokenSymbol && !s.symbolIs(",") && !s.symbolIs(")") && !s.symbolIs(";")
}

func (s *scanner) symbolIs(symbol string) bool {
	next := s.peek()
	return next.kind == tokenSymbol && s.text(next) == symbol
}

// follows tells whether the token before the present one is this word or symbol.
func (s *scanner) follows(words ...string) bool {
	for _, word := range words {
		if strings.EqualFold(s.text(s.before), word) {
			return true
		}
	}
	return false
}

// followsTarget: the word names the table of an INSERT rather than a clause.
func (s *scanner) followsTarget() bool { return s.follows("INTO", "TABLE", ".") }

func (s *scanner) text(t token) string { return string(s.lexer.text[t.start:t.end]) }

// unquoted takes the quotes off an identifier. Escapes inside it stay, so that such a name equals no known one.
func unquoted(name string) string {
	for _, pair := range [][2]string{{"`", "`"}, {`"`, `"`}, {"“", "”"}} {
		if inner, ok := strings.CutPrefix(name, pair[0]); ok {
			return strings.TrimSuffix(inner, pair[1])
		}
	}
	return name
}
