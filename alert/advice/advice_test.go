package advice

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"feryat/i18n"
	"feryat/mention"
	"feryat/sentiment"
)

func book(t testing.TB) *Book {
	t.Helper()
	b, err := Bundled()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestEveryCodeHasAdvice fails for a new code of the scorer that has no text; the
// loader sees to it that a text stands in all three languages.
func TestEveryCodeHasAdvice(t *testing.T) {
	b := book(t)
	for section, codes := range map[string][]string{
		"topic": sentiment.Topics(), "kind": sentiment.Customers(), "signal": sentiment.Signals(), "blamed": sentiment.Blamed(),
		"standing": {"happy", "good", "unhappy", "angry"},
	} {
		for _, code := range codes {
			for _, field := range []string{"advice", "problem", "next"} {
				withheld := code == "safety" || code == "fraud"
				needed := field == "advice" || section == "topic" && !withheld
				if key := section + "." + code + "." + field; (b.texts[key] != nil) != needed {
					t.Errorf("%s: there is one: %t, needed: %t", key, !needed, needed)
				}
			}
		}
	}
	for key := range b.texts {
		section, code, _ := strings.Cut(strings.TrimSuffix(key, ".advice"), ".")
		known := map[string][]string{"kind": kinds(), "signal": signals()}[section]
		if known != nil && !slices.Contains(known, code) && !slices.Contains(slices.Concat(guards()...), section+"."+code) {
			t.Errorf("%s stands in no order, nobody will ever see it", key)
		}
	}
}

func TestEveryReasonHasAWord(t *testing.T) {
	x, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range Reasons() {
		if !x.Has("withheld." + code) {
			t.Errorf("withheld.%s has no word", code)
		}
	}
}

// TestTextsAreWellWritten looks at every text of the book for slips of the hand.
func TestTextsAreWellWritten(t *testing.T) {
	said := map[string]string{}
	for key, texts := range book(t).texts {
		for lang, s := range texts {
			if other, ok := said[lang+s]; ok && !strings.HasSuffix(key, ".next") {
				t.Errorf("%s and %s say the same in %s", key, other, lang)
			}
			said[lang+s] = key
			for _, fault := range slips(s, lang) {
				t.Errorf("%s in %s: %s: %s", key, lang, fault, s)
			}
			if line := strings.HasSuffix(key, ".advice") || strings.HasSuffix(key, ".next"); line && !strings.HasSuffix(s, ".") {
				t.Errorf("%s in %s is no sentence: %s", key, lang, s)
			}
		}
	}
}

// slips are faults of writing that a machine can see.
func slips(s, lang string) (found []string) {
	if strings.Contains(s, "  ") || strings.Contains(s, " .") || strings.Contains(s, " ,") || strings.Contains(s, "..") {
		found = append(found, "spaces or points")
	}
	if lang != "fa" {
		return found
	}
	if strings.ContainsAny(s, "يكة,;?") {
		found = append(found, "Arabic letters or Latin marks")
	}
	if m := loose.FindString(s); m != "" {
		found = append(found, "no joiner in "+m)
	}
	if joiner.MatchString(s) {
		found = append(found, "a joiner without letters")
	}
	return found
}

// "می شود" and "کتاب ها" want the joiner, which stands between letters only.
var (
	loose  = regexp.MustCompile(`(^|[\s«(])(ن?می) |[\p{L}] (ها|های|تر|ترین|ام|اید|ایم|اند)([\s.،؛]|$)`)
	joiner = regexp.MustCompile(`\x{200c}([^\p{L}]|$)|(^|[^\p{L}\p{M}])\x{200c}|[اآدذرزژو]\x{200c}\x{200c}`)
)

// never are words that admit a fault, promise amounts or dates, or ask for what
// nobody must ask for, by language.
func never() map[string][]string {
	return map[string][]string{
		"tr": {"hatamız", "hatalıyız", "kusurumuz", "suçumuz", "bizim yüzümüzden", "sorumluluğu kabul", "telafi ed", "tazmin", "garanti", "kesinlikle", "söz veriyoruz",
			"en kısa", "hemen", "derhal", "bugün", "yarın", "iş günü", "saat içinde", "ücretsiz", "hediye", "tl", "t.c.", "kimlik n", "cvv", "kart numara"},
		"fa": {"مقصریم", "تقصیر", "اشتباه ما", "کوتاهی ما", "قصور", "مسئولیت آن", "جبران", "تضمین", "گارانتی", "حتما", "حتماً", "قول می", "فورا", "اسرع", "به‌زودی", "امروز", "فردا",
			"روز کاری", "تومان", "ریال", "رایگان", "هدیه", "کد ملی", "شمارهٔ کارت", "رمز دوم"},
		"en": {"our fault", "our mistake", "we were wrong", "our error", "liab", "guarantee", "promise", "compensat", "certainly", "definitely", "immediately", "at once",
			"as soon as", "shortly", "today", "tomorrow", "within", "working day", "free of charge", "gift", "$", "£", "€", "card number", "passport"},
	}
}

func TestDraftsAdmitAndPromiseNothing(t *testing.T) {
	b := book(t)
	words := map[string]*regexp.Regexp{}
	for lang, list := range never() {
		for i, word := range list {
			list[i] = regexp.QuoteMeta(word)
		}
		words[lang] = regexp.MustCompile(`(^|[^\p{L}])(` + strings.Join(list, "|") + ")")
	}
	private := map[string]string{"tr": "özel mesajla", "fa": "پیام خصوصی", "en": "private message"}
	for key, texts := range b.texts {
		if strings.HasSuffix(key, ".advice") {
			continue
		}
		for lang, s := range texts {
			low := strings.ToLower(s)
			if word := words[lang].FindString(low); word != "" {
				t.Errorf("%s in %s says %q: %s", key, lang, word, s)
			}
			if strings.ContainsFunc(s, unicode.IsDigit) || strings.Contains(s, "!") {
				t.Errorf("%s in %s has a number or an exclamation mark: %s", key, lang, s)
			}
			if strings.HasSuffix(key, "next") && !strings.Contains(low, private[lang]) {
				t.Errorf("%s in %s does not say that the message is private: %s", key, lang, s)
			}
		}
	}
}

// TestEveryDraftIsWhole writes a draft for every pair of topics with the longest
// names that a draft takes.
func TestEveryDraftIsWhole(t *testing.T) {
	b := book(t)
	longest := 0
	for _, lang := range Languages() {
		name := map[bool]string{true: "الف" + strings.Repeat("ب", 17) + " " + strings.Repeat("پ", 19), false: "Ab" + strings.Repeat("c", 17) + " D" + strings.Repeat("e", 19)}[lang == "fa"]
		for _, one := range sentiment.Topics() {
			for _, two := range sentiment.Topics() {
				e := mention.Escalation{Mention: "m", Mood: mention.Angry, Language: lang, Topics: []string{one, two}, Author: mention.Author{Name: name},
					Brand: "B" + strings.Repeat("r", maxBrand-1), Product: "P" + strings.Repeat("q", maxProduct-1)}
				a := b.For(e)
				if a.Withheld == WithheldSafety || a.Withheld == WithheldFraud {
					continue
				}
				n := utf8.RuneCountInString(a.Draft)
				longest = max(longest, n)
				if a.Withheld != "" || n > MaxDraft || strings.ContainsAny(a.Draft, "{}") || strings.Count(a.Draft, "\n") != 2 || !strings.Contains(a.Draft, name) {
					t.Fatalf("%s, %s and %s: withheld %q, %d characters:\n%s", lang, one, two, a.Withheld, n, a.Draft)
				}
				if one != "promo" { // the parts were looked at one by one; one topic shows how they join
					continue
				}
				for _, fault := range slips(a.Draft, lang) {
					t.Errorf("%s: %s", fault, a.Draft)
				}
			}
		}
	}
	t.Logf("the longest has %d characters", longest)
}

// TestBoundsKeepADraftShort adds up the longest texts that the loader takes.
func TestBoundsKeepADraftShort(t *testing.T) {
	sum := maxName + maxBrand + 4 // two line ends, two spaces
	for _, key := range []string{"draft.greeting_name.text", "draft.one_problem.text", "topic.lost.problem", "draft.regret.text", "topic.lost.next", "draft.closing.text"} {
		most, holders := bounds(key)
		sum += most - len(strings.Join(holders, ""))
	}
	if sum > MaxDraft {
		t.Errorf("a draft may have %d characters", sum)
	}
}

var update = flag.Bool("update", false, "write the golden file")

// TestCasesAreAsRead compares with what a person has read and found right.
func TestCasesAreAsRead(t *testing.T) {
	var got strings.Builder
	read := book(t)
	for _, c := range cases() {
		tell(&got, read, c)
	}
	const file = "testdata/cases.golden.txt"
	if *update {
		if err := os.WriteFile(file, []byte(got.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	a, b := strings.Split(got.String(), "\n"), strings.Split(string(want), "\n")
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || a[i] != b[i] {
			t.Fatalf("%s line %d differs; read it, then go test ./alert/advice -update", file, i+1)
		}
	}
}

func tell(out *strings.Builder, b *Book, c namedCase) {
	fmt.Fprintf(out, "# %s\n", c.name)
	c.e.Mention, c.e.Brand = mention.ID("m"), "Paytak"
	if c.nobody {
		c.e.Mention = ""
	}
	for _, lang := range Languages() {
		e := c.e
		e.Language, e.Author.Name = lang, c.names[lang]
		if c.language != "" {
			e.Language = c.language
		}
		a := b.For(e)
		for _, line := range a.Lines[lang] {
			fmt.Fprintf(out, "%s  - %s\n", lang, line)
		}
		for _, line := range strings.Split(a.Draft, "\n") {
			if a.Withheld == "" {
				fmt.Fprintf(out, "%s  > %s\n", lang, line)
			}
		}
		if a.Withheld != "" {
			fmt.Fprintf(out, "%s  no draft: %s\n", lang, a.Withheld)
		}
	}
	fmt.Fprintln(out)
}
