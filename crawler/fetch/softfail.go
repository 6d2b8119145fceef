package fetch

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
)

// challengeTitles begin the titles of pages that stand between a visitor and
// the page, folded.
func challengeTitles() []string {
	return []string{
		"attention required", "just a moment", "access denied", "are you a robot", "are you human", "bot verification",
		"checking your browser", "ddos-guard", "human verification", "one more step", "pardon our interruption",
		"please wait", "robot check", "security check", "verify you are human", "you have been blocked", "captcha",
		"lütfen bekleyin", "bir dakika lütfen", "güvenlik kontrolü", "robot olmadiğinizi", "robot değilim",
		"erişim engellendi", "doğrulama gerekli", "لطفا صبر کنید", "لطفاً صبر کنید", "من ربات نیستم", "بررسی امنیتی",
		"دسترسی غیرمجاز",
	}
}

// challengeMarks stand in the names and addresses of such pages' elements, and
// in no others.
func challengeMarks() []string {
	return []string{
		"challenge-form", "challenge-platform", "cf-chl", "cf_chl", "cf-turnstile", "cf-browser-verification",
		"captcha-delivery.com", "geo.captcha-delivery", "g-recaptcha", "h-captcha", "hcaptcha.com/1/api", "recaptcha/api",
		"px-captcha", "_incapsula_resource", "ddos-guard", "arkoselabs", "captcha-form", "captchaform", "awswaf",
		"challenge-container", "arcaptcha",
	}
}

func loginTitles() []string {
	return []string{
		"log in", "login", "sign in", "giriş yap", "üye girişi", "oturum aç", "kullanici girişi", "ورود", "وارد شوید",
	}
}

// Challenge tells a page that is a captcha or bot check (ReasonChallenge) or a
// log-in form (ReasonLogin) instead of what was asked for; "" otherwise. Ask it
// of pages that gave nothing: a page with reviews may well hold a captcha too.
func Challenge(body []byte) (reason string) {
	m := scanMarks(body)
	title := foldTitle(m.title)
	for _, t := range challengeTitles() {
		if strings.HasPrefix(title, t) {
			return ReasonChallenge
		}
	}
	if m.captcha && m.text < maxChallengeText {
		return ReasonChallenge
	}
	for _, t := range loginTitles() {
		if m.password && strings.Contains(title, t) {
			return ReasonLogin
		}
	}
	return ""
}

const (
	// maxMarks is how much of a page is searched; such pages are small.
	maxMarks = 256 << 10
	// maxChallengeText is the most text that stands beside a challenge, in
	// bytes: a page with more of it merely holds a protected form.
	maxChallengeText = 2000
)

type marks struct {
	title    string
	captcha  bool // an element of challengeMarks
	password bool // a field for a password
	text     int  // bytes of words outside scripts and styles
}

func scanMarks(body []byte) (m marks) {
	z := html.NewTokenizer(bytes.NewReader(body[:min(len(body), maxMarks)]))
	within := ""
	for {
		switch z.Next() {
		case html.ErrorToken:
			return m
		case html.TextToken:
			switch within {
			case "script", "style":
			case "title":
				m.title += string(z.Text())
			default:
				m.text += len(bytes.TrimSpace(z.Text()))
			}
		case html.EndTagToken:
			within = ""
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			within = string(name)
			for more {
				var key, value []byte
				key, value, more = z.TagAttr()
				m.attribute(string(key), strings.ToLower(string(value)))
			}
		}
	}
}

func (m *marks) attribute(key, value string) {
	switch key {
	case "id", "class", "src", "action":
		m.captcha = m.captcha || hasMark(value)
	case "type":
		m.password = m.password || value == "password"
	}
}

func hasMark(v string) bool {
	for _, m := range challengeMarks() {
		if strings.Contains(v, m) {
			return true
		}
	}
	return false
}

// foldTitle lowers a title for comparison, with all four Turkish
// letters i becoming one, and Arabic letters in their Persian form.
func foldTitle(s string) string {
	s = strings.NewReplacer("İ", "i", "ي", "ی", "ك", "ک", "\u200c", " ").Replace(s)
	s = strings.ReplaceAll(strings.ToLower(s), "ı", "i")
	return strings.Join(strings.Fields(s), " ")
}
