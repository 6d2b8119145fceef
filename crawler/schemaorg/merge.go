package schemaorg

import (
	"hash/maphash"
	"strings"
	"unicode/utf8"
)

// merge makes one of what the page tells twice: the same statement in JSON-LD
// and in microdata (known by key, or by author and text), or the same one shown
// at two places. Indices of parents move along.
func merge(all []found) []Statement {
	m := merger{byKey: map[string]int{}, byText: map[uint64][]int{}, seed: maphash.MakeSeed(), byAuthor: map[string][]int{}, place: make([]int, len(all))}
	for i := range all {
		m.place[i] = m.add(&all[i])
	}
	return m.out
}

type merger struct {
	out      []Statement
	both     []bool // out[i] was told in both syntaxes
	html     []bool // out[i] was first found in HTML
	byKey    map[string]int
	byText   map[uint64][]int
	byAuthor map[string][]int
	place    []int // where the i-th statement went
	seed     maphash.Seed
}

func (m *merger) add(f *found) int {
	if f.Parent >= 0 {
		f.Parent = m.place[f.Parent]
	}
	words, author := m.signature(&f.Statement), fold(f.Author.Name)
	if at, ok := m.same(f, words, author); ok {
		m.out[at].fill(&f.Statement)
		m.both[at] = m.both[at] || f.html != m.html[at]
		return at
	}
	at := len(m.out)
	m.out = append(m.out, f.Statement)
	m.both, m.html = append(m.both, false), append(m.html, f.html)
	if key := f.key(); key != "" {
		m.byKey[key] = at
	}
	m.byText[words] = append(m.byText[words], at)
	if len(m.byAuthor[author]) < maxCandidates {
		m.byAuthor[author] = append(m.byAuthor[author], at)
	}
	return at
}

// maxCandidates bounds how many statements of one author are compared.
const maxCandidates = 50

// same finds the statement that f repeats.
func (m *merger) same(f *found, words uint64, author string) (int, bool) {
	key := f.key()
	if at, ok := m.byKey[key]; ok && key != "" && fold(m.out[at].Author.Name) == author {
		o := &m.out[at]
		if m.other(at, f) || m.signature(o) == words || o.Text != "" && within(o.Text, f.Text) || f.Text != "" && within(f.Text, o.Text) {
			return at, true
		}
	}
	for _, at := range m.byText[words] {
		o := &m.out[at]
		repeated := key == o.key()
		if o.Parent == f.Parent && (m.other(at, f) || repeated && equalTimes(o.Written, f.Written)) {
			return at, true
		}
	}
	for _, at := range m.byAuthor[author] {
		if o := &m.out[at]; o.Parent == f.Parent && m.other(at, f) && (shortened(o.Text, f.Text) || shortened(f.Text, o.Text)) {
			return at, true
		}
	}
	return 0, false
}

// other reports whether f tells in the other syntax what out[at] could be.
func (m *merger) other(at int, f *found) bool { return m.html[at] != f.html && !m.both[at] }

func (s *Statement) key() string { return first(s.Address, s.Name) }

// shortened tells a text that was cut off, with dots in place of the rest.
func shortened(short, text string) bool {
	const least = 30
	return len(short) >= least && len(short) < len(text) &&
		(strings.HasSuffix(short, "…") || strings.HasSuffix(short, "...")) && within(short, text)
}

func equalTimes(a, b []string) bool {
	return len(a) == 0 || len(b) == 0 || a[0] == b[0]
}

// signature is what two tellings of one statement have in common: author and
// words, whatever the white space.
func (m *merger) signature(s *Statement) uint64 {
	var h maphash.Hash
	h.SetSeed(m.seed)
	h.WriteString(fold(s.Author.Name))
	words := s.Text
	if words == "" {
		words = s.Title
		if s.Rating != nil {
			words += " " + strings.Join(s.Written, " ")
		}
	}
	for w := range strings.FieldsSeq(words) {
		h.WriteByte(' ')
		h.WriteString(w)
	}
	return h.Sum64()
}

func fold(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// fill takes over what the other telling knows better.
func (s *Statement) fill(o *Statement) {
	s.Anchor, s.Item, s.Title = first(s.Anchor, o.Anchor), first(s.Item, o.Item), first(s.Title, o.Title)
	s.Name, s.Address, s.Language = first(s.Name, o.Name), first(s.Address, o.Address), first(s.Language, o.Language)
	if utf8.RuneCountInString(o.Text) > utf8.RuneCountInString(s.Text) {
		s.Text = o.Text
	}
	if s.Rating == nil {
		s.Rating = o.Rating
	}
	for _, t := range o.Written {
		if !contains(s.Written, t) {
			s.Written = append(s.Written, t)
		}
	}
	if len(s.Edited) == 0 {
		s.Edited = o.Edited
	}
	s.Author.ID = first(s.Author.ID, o.Author.ID)
	s.Author.Organization = s.Author.Organization || o.Author.Organization
	s.Author.Owner = s.Author.Owner || o.Author.Owner
	s.Likes, s.Replies = max(s.Likes, o.Likes), max(s.Replies, o.Replies)
	s.Shares, s.Views = max(s.Shares, o.Shares), max(s.Views, o.Views)
}
