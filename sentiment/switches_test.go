package sentiment_test

import (
	"slices"
	"testing"
)

// The watched brand is Paytak, پایتک or Parcelo; of the others some are watched
// too, and some are strangers.
func TestSwitches(t *testing.T) {
	s := all(t)
	tr, fa, en := []string{"Paytak", "Kolayca"}, []string{"پایتک", "بازارک"}, []string{"Parcelo", "Boxly"}
	for _, tt := range []struct {
		text     string
		brands   []string
		from, to string
		customer string
	}{
		{"Paytak'tan Kolayca'ya geçtim", tr, "Paytak", "Kolayca", "churned"},
		{"Kolayca'dan Paytak'a geçtim, çok memnunum", tr, "Kolayca", "Paytak", "switcher"},
		{"Kargo rezaletinden sonra paytaktan kolaycaya geçtik", tr, "Paytak", "Kolayca", "churned"},
		{"Paytak'ı bıraktım, Kolayca kullanıyorum", tr, "Paytak", "Kolayca", "churned"},
		{"Paytak’tan Hızlıgel’e geçtim ve rahatladım", tr, "Paytak", "Hızlıgel", "churned"},
		{"Yıllarca Eskimarka'dan alıyordum, Paytak'a geçtim", tr, "Eskimarka", "Paytak", "switcher"},
		{"Paytak'tan vazgeçtim artık", tr, "Paytak", "", "churned"},
		{"Paytak'tan Kolayca'ya geçsem mi?", tr, "", "", ""},
		{"Keşke Paytak'tan Kolayca'ya geçtim diyebilsem", tr, "", "", ""},
		{"Dün İstanbul'dan Ankara'ya taşındım", tr, "", "", ""},
		{"از پایتک اومدم بازارک", fa, "پایتک", "", "churned"},
		{"پایتک خیلی کند بود، رفتم سراغ بازارک", fa, "پایتک", "بازارک", "churned"},
		{"از بازارک اومدم به پایتک", fa, "بازارک", "پایتک", "switcher"},
		{"پایتک رو ول کردم، از بازارک خرید می‌کنم", fa, "پایتک", "", "churned"},
		{"I switched from Parcelo to Boxly", en, "Parcelo", "Boxly", "churned"},
		{"We moved everything to Boxly after Parcelo lost our order", en, "Parcelo", "Boxly", "churned"},
		{"Switched to Parcelo from Boxly last year", en, "Boxly", "Parcelo", "switcher"},
		{"Ditched Parcelo, now using Boxly", en, "Parcelo", "Boxly", "churned"},
		{"I moved from Parcelo to Shipfast", en, "Parcelo", "Shipfast", "churned"},
		{"I have not switched from Parcelo to Boxly", en, "", "", ""},
		{"Should I switch from Parcelo to Boxly?", en, "", "", ""},
	} {
		v := s.Score(about(t, tt.text, tt.brands...))
		from, to := "", ""
		if v.Switches != nil {
			from, to = v.Switches.From, v.Switches.To
		}
		if from != tt.from || to != tt.to {
			t.Errorf("%q: from %q to %q, want %q to %q", tt.text, from, to, tt.from, tt.to)
		}
		for _, c := range []string{"churned", "switcher"} {
			if slices.Contains(v.Customer, c) != (c == tt.customer) {
				t.Errorf("%q: customer %q, want %q", tt.text, v.Customer, tt.customer)
			}
		}
		if !addsUp(&v) {
			t.Errorf("%q: reasons do not add up to %.3f: %+v", tt.text, v.Raw, v.Reasons)
		}
	}
}
