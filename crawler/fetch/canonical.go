package fetch

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	whatwg "github.com/nlnwa/whatwg-url/url"
)

// maxURL bounds the URLs that are parsed at all, in bytes.
const maxURL = 16 << 10

// Canonical returns the one spelling of an http or https URL under which a page
// is fetched and stored: scheme and host in lower case, no default port, no
// fragment, dot segments resolved, escapes in one form, tracking parameters and
// session ids left out. The order of the query stays, for some sites read it.
// The error is an *Error with ReasonScheme, ReasonCredentials or ReasonInvalidURL.
func Canonical(raw string) (string, error) {
	u, err := parse(raw)
	if err != nil {
		return "", err
	}
	path := dropSession(tidyEscapes(u.Pathname()))
	if path == "" {
		path = "/"
	}
	out := u.Protocol() + "//" + u.Host() + path
	if query := cleanQuery(u.Query()); query != "" {
		out += "?" + query
	}
	if _, err := url.Parse(out); err != nil {
		return "", &Error{URL: shown(raw), Reason: ReasonInvalidURL, Detail: "does not parse", Err: err}
	}
	return out, nil
}

// Resolve returns the absolute form of a link found on the page base, in any
// scheme, without judging it.
func Resolve(base, link string) (string, error) {
	if len(link) > maxURL {
		return "", fmt.Errorf("link of %d bytes", len(link))
	}
	u, err := whatwg.ParseRef(base, strings.TrimSpace(link))
	if err != nil {
		return "", fmt.Errorf("resolve %q: %w", shown(link), err)
	}
	return u.Href(true), nil
}

// Key returns what two spellings of one page have in common: their canonical
// URL with the parameters of the query in order. Use it to tell pages apart,
// never to fetch one.
func Key(canonical string) string {
	path, query, ok := strings.Cut(canonical, "?")
	if !ok {
		return canonical
	}
	parts := strings.Split(query, "&")
	slices.SortStableFunc(parts, func(a, b string) int {
		ka, _, _ := strings.Cut(a, "=")
		kb, _, _ := strings.Cut(b, "=")
		return strings.Compare(ka, kb)
	})
	return path + "?" + strings.Join(parts, "&")
}

func parse(raw string) (*whatwg.Url, error) {
	if len(raw) > maxURL {
		return nil, &Error{URL: shown(raw), Reason: ReasonInvalidURL, Detail: "longer than 16 KiB"}
	}
	u, err := whatwg.Parse(strings.TrimSpace(raw))
	switch {
	case err != nil:
		return nil, &Error{URL: shown(raw), Reason: ReasonInvalidURL, Detail: "does not parse", Err: err}
	case u.Protocol() != "http:" && u.Protocol() != "https:":
		return nil, &Error{URL: shown(raw), Reason: ReasonScheme, Detail: "only http and https are fetched"}
	case u.Username() != "" || u.Password() != "":
		return nil, &Error{URL: u.Protocol() + "//" + u.Host() + u.Pathname(), Reason: ReasonCredentials, Detail: "a user name or password in a URL is not sent"}
	case u.Host() == "":
		return nil, &Error{URL: shown(raw), Reason: ReasonInvalidURL, Detail: "no host"}
	}
	return u, nil
}

// wire returns the URL as it is asked for: only the fragment is left out and
// the spelling of scheme, host and path made regular.
func wire(raw string) (*url.URL, error) {
	w, err := parse(raw)
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(w.Protocol() + "//" + w.Host() + tidyEscapes(w.Pathname()) + w.Search())
	if err != nil {
		return nil, &Error{URL: shown(raw), Reason: ReasonInvalidURL, Detail: "does not parse", Err: err}
	}
	return u, nil
}

// shown cuts a URL for messages, and takes a password out of it.
func shown(raw string) string {
	raw = strings.ToValidUTF8(raw, "?")
	if at := strings.LastIndexByte(raw, '@'); at >= 0 {
		if scheme := strings.Index(raw, "://"); scheme >= 0 && scheme < at {
			raw = raw[:scheme+3] + "…" + raw[at:]
		}
	}
	if len(raw) > 300 {
		raw = strings.ToValidUTF8(raw[:300], "") + "…"
	}
	return raw
}

func cleanQuery(query string) string {
	if query == "" {
		return ""
	}
	kept := make([]string, 0, strings.Count(query, "&")+1)
	for p := range strings.SplitSeq(query, "&") {
		p = tidyEscapes(p)
		name, value, _ := strings.Cut(p, "=")
		if p != "" && !tracking(strings.ToLower(name)) && !session(strings.ToLower(name), value) {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, "&")
}

// tracking tells parameters that say where a visitor came from.
func tracking(name string) bool {
	switch name {
	case "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "fbclid", "msclkid", "yclid", "ysclid", "twclid", "ttclid",
		"igshid", "igsh", "mc_cid", "mc_eid", "_ga", "_gl", "_hsenc", "_hsmi", "mkt_tok", "srsltid", "vero_id",
		"oly_enc_id", "oly_anon_id", "wickedid":
		return true
	}
	return strings.HasPrefix(name, "utm_")
}

// session tells parameters that name a visit. Short names also stand for other
// things (a story, a section), so their value must look like one.
func session(name, value string) bool {
	switch name {
	case "phpsessid", "jsessionid", "aspsessionid", "oscsid", "zenid", "cftoken":
		return true
	case "sid", "s", "session", "sessionid", "session_id", "sess":
		return looksRandom(value)
	}
	return false
}

// looksRandom holds for 20 or more hexadecimal digits, as phpBB and vBulletin
// make them.
func looksRandom(v string) bool {
	for i := range len(v) {
		if !isHex(v[i]) {
			return false
		}
	}
	return len(v) >= 20
}

// dropSession cuts ";jsessionid=…" off the end of a path.
func dropSession(path string) string {
	for {
		i := strings.LastIndexByte(path, ';')
		if i < 0 || strings.Contains(path[i:], "/") || !strings.HasPrefix(strings.ToLower(path[i+1:]), "jsessionid=") {
			return path
		}
		path = path[:i]
	}
}

// tidyEscapes writes percent escapes in one form: upper-case digits, none for
// unreserved characters, and a bare percent sign escaped.
func tidyEscapes(s string) string {
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			b.WriteByte(s[i])
			continue
		}
		if i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2]) {
			b.WriteString("%25")
			continue
		}
		if c := unhex(s[i+1])<<4 | unhex(s[i+2]); unreserved(c) {
			b.WriteByte(c)
		} else {
			b.WriteString(strings.ToUpper(s[i : i+3]))
		}
		i += 2
	}
	return b.String()
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

func unhex(c byte) byte {
	switch {
	case c >= 'a':
		return c - 'a' + 10
	case c >= 'A':
		return c - 'A' + 10
	}
	return c - '0'
}

func unreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.' || c == '_' || c == '~'
}
