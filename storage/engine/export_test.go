package engine

// Token is a token for tests outside the package: its kind is "word", "quoted", "string", "symbol" or "invalid".
type Token struct {
	Kind       string
	Start, End int
}

// Tokens cuts a text into tokens.
func Tokens(sql string) []Token {
	l := lexer{text: []byte(sql)}
	var tokens []Token
	for {
		t := l.next()
		if t.kind == tokenEnd {
			return tokens
		}
		kind := [...]string{"end", "word", "quoted", "string", "symbol", "invalid"}[t.kind]
		tokens = append(tokens, Token{kind, t.start, t.end})
	}
}

// ReaderMay tells whether the words of a statement are allowed to a reader.
func ReaderMay(sql string) error {
	return newPolicy(DefaultConfig(), nil).check(reader, scan([]byte(sql)))
}

// Fragments are pieces of SQL that are hard to tell apart.
func Fragments() []string { return fragments() }
