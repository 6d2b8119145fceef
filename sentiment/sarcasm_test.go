package sentiment_test

import (
	"slices"
	"testing"

	"feryat/mention"
	"feryat/sentiment"
)

// Thanks turn round beside a problem, and nowhere else.
func TestSarcasm(t *testing.T) {
	s := all(t)
	for _, tt := range []struct {
		text    string
		turned  bool
		unhappy bool
	}{
		{"Tebrikler, kargom 15 gündür gelmedi", true, true},
		{"Bravo size, yine bozuk ürün göndermişsiniz", true, true},
		{"Çok teşekkürler, sorunum çözüldü", false, false},
		{"Ürün çok güzel, kargo biraz gecikti ama teşekkürler, tavsiye ederim", false, false},
		{"Hızlı kargo için teşekkürler", false, false},
		{"دستتون درد نکنه، گوشی خراب فرستادین", true, true},
		{"دستتون درد نکنه، خیلی سریع رسید", false, false},
		{"Great job, you lost my bag again", true, true},
		{"Thanks for nothing, my parcel never arrived", false, true},
		{"Thank you so much, the issue is resolved now", false, false},
		{"Brilliant, another cancelled train.", true, true},
		{"Great. Now my refund takes 3 more weeks", true, true},
		{"Excellent, but it arrived broken", false, true},
		{"Excellent phone, it arrived broken", false, false},
		{"Brilliant, no problems at all", false, false},
		{"Harika, paketim kaybolmuş", true, true},
		{"Ne güzel, yine hat çekmiyor", true, true},
		{"عالی، باز هم قطع شد", true, true},
		{"مرسی واقعا، سه هفته\u200cست بسته\u200cم نرسیده", true, true},
		{"My order arrived broken. I would like a refund. Thank you.", false, true},
		{"My order arrived broken. Well done.", true, true}, // applause is no good manners
		{"Kargom kayboldu. Bravo.", true, true},
	} {
		v := s.Score(sentiment.Input{Text: tt.text})
		turned := slices.ContainsFunc(v.Reasons, func(r mention.Reason) bool { return r.Rule == "sarcasm" })
		if turned != tt.turned || v.Mood.Unhappy() != tt.unhappy {
			t.Errorf("%q: sarcasm %v, mood %s; want %v, unhappy %v; reasons %+v", tt.text, turned, v.Mood, tt.turned, tt.unhappy, v.Reasons)
		}
	}
}
