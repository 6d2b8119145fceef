package text_test

import (
	"strings"
	"testing"

	"feryat/text"
)

func TestDetect(t *testing.T) {
	tests := []struct{ in, want string }{
		{"Kargo 10 gündür gelmedi, rezalet", "tr"},
		{"urun cok kotu cikti iade etmek istiyorum", "tr"},
		{"hic memnun kalmadim, tavsiye etmem", "tr"},
		{"KARGO HALA GELMEDI", "tr"},
		{"My parcel never arrived and nobody answers the phone", "en"},
		{"best coffee in town", "en"},
		{"A waste of a fine cast", "en"}, // Portuguese has the small word "a", too
		{"بسته من هنوز نرسیده و کسی جواب نمی\u200cدهد", "fa"},
		{"از اين كالا راضي نيستم", "fa"},
		{"خیلی خوب بود ممنون", "fa"},
		{"kheyli bad bood, javab nemidan", "fa"},
		{"salam sefaresh man hanooz nareside", "fa"},
		{"Die Lieferung ist nicht angekommen und der Service war sehr schlecht", "und"},
		{"Le colis n'est jamais arrivé et le service est très mauvais", "und"},
		{"El pedido no llegó y nadie contesta el teléfono, muy mal servicio", "und"},
		{"Het pakket is niet aangekomen en de service was slecht", "und"},
		{"Il pacco non è arrivato e il servizio è pessimo", "und"},
		{"Посылка не пришла, ужасный сервис", "und"},
		{"الشحنة لم تصل حتى الآن والخدمة سيئة جدا", "und"},
		{"荷物が届きません", "und"},
		{"", "und"},
		{"😡😡", "und"},
		{"12345 !!!", "und"},
		{"https://example.com/the/and/of", "und"},
		{"@turkcell merhaba hattım çekmiyor", "tr"},
		{"Trendyol'dan aldığım iPhone case very bad geldi, iade edeceğim", "tr"},
	}
	for _, tt := range tests {
		if got, sure := text.Detect(tt.in); got != tt.want {
			t.Errorf("Detect(%q) = %s (%.2f), want %s", tt.in, got, sure, tt.want)
		}
	}
}

// A single word that several languages share is a guess, a sentence is not.
func TestDetectConfidence(t *testing.T) {
	if _, sure := text.Detect("super"); sure >= 0.5 {
		t.Errorf("super: confidence %.2f, want a guess", sure)
	}
	if _, sure := text.Detect("müşteri hizmetlerine ulaşamıyorum"); sure < 0.9 {
		t.Errorf("Turkish sentence: confidence %.2f, want near 1", sure)
	}
}

func FuzzDetect(f *testing.F) {
	f.Add("abc çğ \xff می\u200cخواهم")
	f.Fuzz(func(t *testing.T, s string) {
		lang, sure := text.Detect(s)
		if !strings.Contains(" tr fa en und ", " "+lang+" ") || sure < 0 || sure > 1 {
			t.Fatalf("Detect(%q) = %q, %v", s, lang, sure)
		}
	})
}

func BenchmarkDetect(b *testing.B) {
	for name, s := range map[string]string{
		"tr": "Kargo 10 gündür gelmedi, müşteri hizmetleri telefona çıkmıyor, rezalet!",
		"en": "My parcel never arrived and nobody answers the phone, what a joke!",
		"fa": "بسته من هنوز نرسیده و کسی جواب نمی\u200cدهد، افتضاح!",
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				text.Detect(s)
			}
		})
	}
}
