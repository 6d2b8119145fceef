package text_test

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"feryat/text"
)

// Three complaints of the length that people write.
const (
	lateTR = "Kargom on gündür dağıtımda görünüyor, müşteri hizmetleri telefonu açmıyor. Paramı geri istiyorum, bir daha buradan alışveriş yapmam!"
	lateFA = "سفارش من ده روز است که ارسال نشده و پشتیبانی هم جواب نمی\u200cدهد. پولم را پس بدهید، دیگر از این فروشگاه خرید نمی\u200cکنم!"
	lateEN = "My parcel has been out for delivery for ten days and nobody answers the phone. I want my money back, never ordering here again!"
)

// swapped changes the places of the two sentences of a text.
func swapped(s string) string {
	first, second, _ := strings.Cut(s, ". ")
	return second + " " + first + "."
}

func TestNearKnowsEditedCopies(t *testing.T) {
	for name, pair := range map[string][2]string{
		"the same":                           {lateTR, lateTR},
		"tr: shouted":                        {lateTR, strings.ToUpper(lateTR)},
		"tr: without Turkish letters":        {lateTR, "kargom on gundur dagitimda gorunuyor musteri hizmetleri telefonu acmiyor parami geri istiyorum bir daha buradan alisveris yapmam"},
		"tr: a word changed":                 {lateTR, strings.Replace(lateTR, "telefonu", "telefonları", 1)},
		"tr: two words changed":              {lateTR, strings.NewReplacer("dağıtımda", "yolda", "Paramı", "Ücreti").Replace(lateTR)},
		"tr: greeting, tag, address, number": {lateTR, "Merhaba arkadaşlar, " + lateTR + " @paytak #rezalet https://example.org/s/1?x=2 sipariş 4711"},
		"tr: sentences swapped":              {lateTR, swapped(lateTR)},
		"tr: emoji and marks":                {lateTR, "😡😡 " + strings.ReplaceAll(lateTR, ",", " ...") + " 🤬!!!"},
		"tr: apostrophes":                    {"Paytak’ın kargosu yine kırık geldi, iade almıyorlar, çok kızgınım", "Paytak'ın kargosu yine kırık geldi iade almıyorlar çok kızgınım"},
		"fa: a word changed":                 {lateFA, strings.Replace(lateFA, "فروشگاه", "سایت", 1)},
		"fa: greeting":                       {lateFA, "سلام و خسته نباشید. " + lateFA},
		"fa: Arabic letters":                 {lateFA, strings.NewReplacer("ی", "ي", "ک", "ك").Replace(lateFA)},
		"fa: no joiner":                      {lateFA, strings.ReplaceAll(lateFA, "\u200c", "")},
		"fa: a space for the joiner":         {lateFA, strings.ReplaceAll(lateFA, "\u200c", " ")},
		"fa: endings apart or joined":        {"این گوشی\u200cها خراب شده\u200cاند و سریع\u200cترین راه پس دادن آن\u200cها است", "این گوشی ها خراب شده اند و سریع ترین راه پس دادن انها است"},
		"fa: sentences swapped, emoji":       {lateFA, swapped(lateFA) + " 😡"},
		"en: a word changed":                 {lateEN, strings.Replace(lateEN, "parcel", "package", 1)},
		"en: greeting, handle, other number": {lateEN, "Hi @shop, " + strings.Replace(lateEN, "ten days", "10 days", 1)},
		"en: sentences swapped":              {lateEN, swapped(lateEN)},
		"en: cut at the end":                 {lateEN, strings.TrimSuffix(lateEN, ", never ordering here again!")},
		"short: equal after folding":         {"Kargo GELMEDİ!!!", "kargo gelmedi 😡"},
		"short: equal but for the joiner":    {"جواب نمی\u200cدهند", "جواب نمی دهند"},
	} {
		a, b := text.NewFingerprint(pair[0]), text.NewFingerprint(pair[1])
		if !text.Near(a, b) {
			t.Errorf("%s: %.2f alike, no copy\n%s\n%s", name, text.Similarity(a, b), pair[0], pair[1])
		}
	}
}

func TestNearLeavesHonestTextsApart(t *testing.T) {
	for name, pair := range map[string][2]string{
		"tr: same matter":             {lateTR, "Kargom hâlâ gelmedi, müşteri hizmetleri telefona bakmıyor, paramı geri istiyorum."},
		"tr: two on a late parcel":    {"Kargom beş gündür gelmedi, arıyorum açan yok", "Siparişim on gündür yolda, arıyorum kimse bakmıyor"},
		"tr: short, a word differs":   {"Kargom bir haftadır hâlâ gelmedi", "Siparişim bir haftadır hâlâ gelmedi"},
		"tr: shorter, a word differs": {"Kargom gelmedi hâlâ", "Kargom gelmedi"},
		"tr: no and yes":              {"Tavsiye ederim", "Tavsiye etmem"},
		"fa: same matter":             {lateFA, "سفارشم هنوز نرسیده و پشتیبانی جواب نمی\u200cدهد. لطفاً پولم را برگردانید."},
		"fa: short, a word differs":   {"سفارش من هنوز به دستم نرسیده", "بسته من هنوز به دستم نرسیده"},
		"fa: want and do not want":    {"این را می\u200cخواهم", "این را نمی\u200cخواهم"},
		"en: same matter":             {lateEN, "Parcel still not here after a week and nobody answers my mails. Please give me my money back."},
		"en: short, a word differs":   {"My parcel still has not arrived", "My refund still has not arrived"},
		"words in another order":      {"the shop said the courier lost it and the courier said the shop lost my things", "my things it lost said courier shop the the and courier shop the lost said the"},
		"languages":                   {lateTR, lateEN},
		"nothing":                     {"", ""},
		"emoji alone":                 {"😡😡😡", "😡😡😡"},
		"addresses alone":             {"https://example.org/1", "https://example.org/1"},
		"numbers alone":               {"10", "10"},
	} {
		a, b := text.NewFingerprint(pair[0]), text.NewFingerprint(pair[1])
		if text.Near(a, b) {
			t.Errorf("%s: %.2f alike, taken for copies\n%s\n%s", name, text.Similarity(a, b), pair[0], pair[1])
		}
	}
}

// A long text changed in one word of ten is known by its sample.
func TestNearOfLongTexts(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for n := 40; n <= 640; n *= 2 {
		words, other := pick(random, n), pick(random, n)
		edited := strings.Fields(words)
		for i := 5; i < n; i += 10 {
			edited[i] = "başka"
		}
		a, b := text.NewFingerprint(words), text.NewFingerprint(strings.Join(edited, " "))
		if got := text.Similarity(a, b); got < 0.5 || got > 0.95 {
			t.Errorf("%d words, every tenth changed: %.2f alike", n, got)
		}
		if text.Near(a, text.NewFingerprint(other)) {
			t.Errorf("%d words: two that have nothing to do with each other are copies", n)
		}
	}
}

// pick makes a text of n words out of some ten thousand.
func pick(random *rand.Rand, n int) string {
	syllables := strings.Fields("ka la ma pa ra sa ta ya ba da")
	words := make([]string, n)
	for i := range words {
		for range 4 {
			words[i] += syllables[random.IntN(len(syllables))]
		}
	}
	return strings.Join(words, " ")
}

func TestFingerprintIsKeptAsJSON(t *testing.T) {
	for _, s := range []string{"", "kargo gelmedi", lateFA, strings.Repeat(lateEN+" ", 9)} {
		f := text.NewFingerprint(s)
		body, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		var back text.Fingerprint
		if err := json.Unmarshal(body, &back); err != nil || text.Near(f, back) != (s != "") || len(body) > 200 {
			t.Errorf("%.20q: %d bytes of JSON, %v", s, len(body), err)
		}
	}
}

func FuzzNear(f *testing.F) {
	f.Add(lateTR, lateFA, []byte{1, 2, 3, 4, 5}, 7)
	f.Add("می می ها", "a\xff #a'b", []byte(nil), -1)
	f.Fuzz(func(t *testing.T, s, other string, least []byte, words int) {
		a, b, foreign := text.NewFingerprint(s), text.NewFingerprint(other), text.Fingerprint{Words: words, Least: least}
		for _, pair := range [][2]text.Fingerprint{{a, b}, {a, foreign}, {foreign, foreign}} {
			got := text.Similarity(pair[0], pair[1])
			if back := text.Similarity(pair[1], pair[0]); got < 0 || got > 1 || got != back {
				t.Errorf("%q and %q: %f, the other way %f", s, other, got, back)
			}
		}
		if a.Words > 0 && text.Similarity(a, a) != 1 {
			t.Errorf("%q is not like itself", s)
		}
		if again := text.NewFingerprint(text.Fold(s, "")); a.Words > 0 && text.Similarity(a, again) != 1 {
			t.Errorf("%q is not like its folded form", s)
		}
	})
}

func BenchmarkNewFingerprint(b *testing.B) {
	b.SetBytes(int64(len(lateTR)))
	for b.Loop() {
		text.NewFingerprint(lateTR)
	}
}

func BenchmarkNear(b *testing.B) {
	x, y := text.NewFingerprint(lateTR), text.NewFingerprint(swapped(lateTR))
	for b.Loop() {
		text.Near(x, y)
	}
}
