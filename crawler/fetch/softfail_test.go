package fetch

import (
	"strings"
	"testing"
)

func TestChallenge(t *testing.T) {
	long := strings.Repeat("<p>Ürün elime hasarlı ulaştı, iade süreci de uzun sürdü.</p>", 60)
	tests := []struct{ name, page, want string }{
		{"Cloudflare's title", "<title>Just a moment...</title>", ReasonChallenge},
		{"Cloudflare's old title", "<html><head><title>Attention Required! | Cloudflare</title>", ReasonChallenge},
		{"Cloudflare's form", `<title>shop.example</title><form id="challenge-form" action="/x?__cf_chl_f_tk=1">`, ReasonChallenge},
		{"Turkish", "<title>Lütfen bekleyiniz...</title>", ReasonChallenge},
		{"Turkish in capitals", "<title>LÜTFEN BEKLEYİNİZ</title>", ReasonChallenge},
		{"Turkish robot", "<title>Robot olmadığınızı doğrulayın</title>", ReasonChallenge},
		{"Persian", "<title>لطفا صبر کنید</title>", ReasonChallenge},
		{"Persian with Arabic letters", "<title>لطفا صبر كنيد</title>", ReasonChallenge},
		{"DataDome", `<title>shop.example</title><script src="https://geo.captcha-delivery.com/c.js"></script>`, ReasonChallenge},
		{"hCaptcha", `<div class="h-captcha" data-sitekey="x"></div>`, ReasonChallenge},
		{"reCAPTCHA", `<form><div class=g-recaptcha></div></form>`, ReasonChallenge},
		{"PerimeterX", `<title>Access to this page has been denied</title><div id="px-captcha">`, ReasonChallenge},
		{"log-in wall", `<title>Üye Girişi</title><form><input name=u><input type="password">`, ReasonLogin},
		{"Persian log-in wall", `<title>ورود به حساب</title><form><input type=password>`, ReasonLogin},
		{"a page with a protected form", "<title>Yorumlar</title>" + long + `<form><div class="g-recaptcha"></div></form>`, ""},
		{"a page with a log-in box", `<title>Çaydanlık yorumları</title><input type=password>`, ""},
		{"a bare captcha", "<title>CAPTCHA</title>", ReasonChallenge},
		{"a review of captchas", "<title>Yorumlar</title><p>Her girişte captcha soruyor, just a moment deyip duruyor</p>", ""},
		{"scripts are no text", "<title>x</title><script>" + long + `</script><div id="cf-chl-widget">`, ReasonChallenge},
		{"nothing", "", ""},
		{"an empty list", "<title>Yorumlar</title><p>Henüz yorum yok", ""},
	}
	for _, tt := range tests {
		if got := Challenge([]byte(tt.page)); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// FuzzChallenge: any bytes are judged without a panic, and the same in any case
// of ASCII letters of the title.
func FuzzChallenge(f *testing.F) {
	f.Add("<title>Just a moment</title>", "İI")
	f.Fuzz(func(t *testing.T, page, title string) {
		Challenge([]byte(page))
		if strings.ContainsAny(title, "<&\x00") {
			return
		}
		a := Challenge([]byte("<title>" + title + "</title>"))
		if b := Challenge([]byte("<title>  " + title + "</title>")); a != b {
			t.Errorf("%q: %q and %q", title, a, b)
		}
	})
}
