package sentiment_test

import (
	"slices"
	"testing"

	"feryat/sentiment"
)

// Who will apply threatens, who has applied has filed; judges and penalties of
// sport and news are neither.
func TestThreats(t *testing.T) {
	s := all(t)
	for _, tt := range []struct{ text, want string }{
		{"Paramı vermezseniz tüketici hakem heyetine başvuracağım", "legal_threat"},
		{"Tüketici hakem heyetine başvurdum, sonucu bekliyorum", "authority_filed"},
		{"Dava açacağım, bu kadar rezalet olmaz", "legal_threat"},
		{"Maçta hakem çok kötüydü, penaltı vermedi", ""},
		{"Trafik cezası kesmişler, moralim bozuk", ""},
		{"از دستتون به تعزیرات شکایت می‌کنم", "legal_threat"},
		{"به تعزیرات شکایت کردم و منتظر جوابم", "authority_filed"},
		{"داور بازی افتضاح بود و پنالتی نگرفت", ""},
		{"I will take you to small claims court over this", "legal_threat"},
		{"I have filed a complaint with Trading Standards", "authority_filed"},
		{"The referee was awful and the penalty was a joke", ""},
		{"The court case was on the news all day, awful story", ""},
	} {
		v := s.Score(sentiment.Input{Text: tt.text})
		for _, code := range []string{"legal_threat", "authority_filed"} {
			if slices.Contains(v.Signals, code) != (code == tt.want) {
				t.Errorf("%q: signals %q, want %q", tt.text, v.Signals, tt.want)
			}
		}
	}
}
