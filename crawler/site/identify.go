package site

import (
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"feryat/crawler/dates"
	"feryat/crawler/fetch"
	"feryat/crawler/schemaorg"
	"feryat/mention"
	"feryat/text"
)

// keys are the statements' names on their site, the same on whichever page of a
// list they stand; "" for one that has none, or none that can be relied on.
func (r *reading) keys() []string {
	keys := make([]string, len(r.doc.Statements))
	holder := map[string]int{}
	for i := range r.doc.Statements {
		keys[i] = r.key(&r.doc.Statements[i])
		if at, ok := holder[keys[i]]; ok && keys[i] != "" { // two statements of one name: it names neither
			keys[at], keys[i] = "", ""
		} else {
			holder[keys[i]] = i
		}
	}
	if positions(r.doc.Statements, keys) {
		clear(keys)
	}
	return keys
}

// key prefers a name to an address: addresses of reviews change with the shape
// of the site. An address is made absolute and loses the page number.
func (r *reading) key(s *schemaorg.Statement) string {
	if s.Name != "" {
		return r.named(s.Name)
	}
	to := r.absolute(s.Address)
	if to == "" {
		return ""
	}
	page, fragment, _ := strings.Cut(to, "#")
	page = listing(page)
	if fragment != "" {
		return r.inSite(page) + "#" + fragment
	}
	if page == r.thread && (s.Parent >= 0 || s.Kind == mention.KindReview || s.Kind == mention.KindRating) {
		return "" // the address of the list, not of the review
	}
	return r.inSite(page)
}

// inSite leaves the page's own scheme and host out of an address: the site's key
// stands for them, and it can be kept when the site moves.
func (r *reading) inSite(address string) string {
	u, err := url.Parse(r.page.URL)
	if err != nil {
		return address
	}
	return strings.TrimPrefix(address, u.Scheme+"://"+u.Host)
}

// absolute is an address of the page in canonical form, with its fragment; "" if
// it is no http address.
func (r *reading) absolute(address string) string {
	page, fragment, _ := strings.Cut(address, "#")
	if page == "" && fragment == "" {
		return ""
	}
	to := r.page.URL // a mere fragment is of the page, whatever its base is
	if page != "" {
		var err error
		if to, err = fetch.Resolve(r.base, page); err != nil {
			return ""
		}
	}
	to, err := fetch.Canonical(to)
	if err != nil || fragment == "" {
		return to
	}
	return to + "#" + fragment
}

// named is a name that is no address. A short one counts within its thread only:
// many sites number the reviews of each product from one.
func (r *reading) named(name string) string {
	const long = 5
	if _, own, _ := strings.Cut(name, ":"); utf8.RuneCountInString(own) < long {
		return r.inSite(r.thread) + " " + name
	}
	return name
}

// positions tells names that only count the places on a page: review-1,
// review-2 and so on from the top, on every page of the list anew.
func positions(list []schemaorg.Statement, keys []string) bool {
	n, first := 0, 0
	for i, key := range keys {
		if list[i].Parent >= 0 || key == "" {
			continue
		}
		digits := key[len(strings.TrimRight(key, "0123456789")):]
		at, err := strconv.Atoi(digits)
		if err != nil || len(digits) > 4 || len(digits) > 1 && digits[0] == '0' {
			return false
		}
		if n == 0 {
			first = at
		}
		if first > 1 || at != first+n {
			return false
		}
		n++
	}
	return n > 0
}

// identify sets the ID: from the site's key, else a weak one in which neither
// position nor page nor a time that moves with the visit takes part.
func (r *reading) identify(m *mention.Mention, s *schemaorg.Statement, key string) {
	if key != "" {
		m.ID = mention.NewID(Kind, r.site(), key)
		return
	}
	shown := ""
	for _, w := range s.Written {
		if dates.Absolute(w, r.clock(m.Language)) {
			shown = w
			break
		}
	}
	within := r.inSite(r.thread)
	if m.ParentID != "" {
		within = string(m.ParentID)
	}
	words := m.Text
	if words == "" {
		words = m.Title
	}
	m.WeakID = true
	m.ID = mention.NewWeakID(Kind, r.site()+" "+within, m.Author.ID, shown, strings.Join(strings.Fields(words), " "))
}

// site is the key of the site: host and port.
func (r *reading) site() string {
	if r.x.cfg.Site != "" {
		return r.x.cfg.Site
	}
	u, err := url.Parse(r.page.URL)
	if err != nil {
		return r.page.URL
	}
	return strings.ToLower(u.Host)
}

// address is where a person finds the statement: its own page, or its place on
// this one.
func (r *reading) address(s *schemaorg.Statement) string {
	fragment := s.Anchor
	if to := r.absolute(s.Address); to != "" {
		page, at, _ := strings.Cut(to, "#")
		switch {
		case listing(page) == r.thread:
			fragment = or(at, fragment)
		case (strings.Contains(s.Address, "://") || strings.HasPrefix(s.Address, "/")) && sameHost(to, r.page.URL):
			return to
		}
	}
	if fragment == "" {
		return r.page.URL
	}
	return r.page.URL + "#" + fragment
}

func sameHost(a, b string) bool {
	ua, err := url.Parse(a)
	if err != nil {
		return false
	}
	ub, err := url.Parse(b)
	return err == nil && strings.EqualFold(ua.Host, ub.Host)
}

// distinct drops what has the ID of one before it.
func distinct(list []mention.Mention) []mention.Mention {
	seen := make(map[mention.ID]bool, len(list))
	out := list[:0]
	for _, m := range list {
		if !seen[m.ID] {
			seen[m.ID] = true
			out = append(out, m)
		}
	}
	return out
}

// fold makes two spellings of a name one.
func fold(name string) string { return text.Fold(strings.Join(strings.Fields(name), " "), "tr") }

// language is the two-letter code of a tag such as "tr-TR", or of a language's
// English name; empty for others.
func language(tag string) string {
	tag, _, _ = strings.Cut(strings.ToLower(strings.ReplaceAll(strings.TrimSpace(tag), "_", "-")), "-")
	switch tag {
	case "turkish", "türkçe", "tur":
		return "tr"
	case "persian", "farsi", "فارسی", "fas", "per":
		return "fa"
	case "english", "eng":
		return "en"
	}
	if len(tag) != 2 || tag[0] < 'a' || tag[0] > 'z' || tag[1] < 'a' || tag[1] > 'z' {
		return ""
	}
	return tag
}

// short is s on one line and no longer than a title can be.
func short(s string) string {
	s, _ = cut(strings.Join(strings.Fields(s), " "), 500)
	return s
}

// cut shortens s to at most n bytes, between two runes.
func cut(s string, n int) (string, bool) {
	if len(s) <= n {
		return s, false
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return strings.TrimSpace(s[:n]), true
}

func or(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
