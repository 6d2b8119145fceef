package pipeline

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"feryat/mention"
)

// post is what somebody wrote in thread 7 of a forum, some minutes after its
// opening; an author "brand" is the brand itself, one in capitals complains.
func post(author string, minute int, words string) mention.Scored {
	m := mention.Mention{
		ID: mention.NewID("recipe", "forum.example", fmt.Sprint(author, minute)), Source: "forum", SourceKind: "recipe", Kind: mention.KindPost,
		Product: "Paytak kargo", ThreadID: "7", Author: mention.Author{ID: "id of " + author, Name: author, Own: author == "brand"}, Text: words,
		Written: mention.Written{Time: time.Date(2026, 3, 2, 8, minute, 0, 0, time.UTC), Precision: mention.PrecisionMinute},
	}
	r := mention.Scored{Mention: m, Brand: "Paytak", Verdict: mention.Verdict{Mood: mention.Neutral}}
	if strings.ToUpper(author) == author {
		r.Verdict.Mood = mention.Dissatisfied
	}
	return r
}

// thread7 is a line a post: author, minute, words.
func thread7(lines string) (rows []mention.Scored) {
	for line := range strings.Lines(lines) {
		var author string
		var minute int
		if _, err := fmt.Sscan(line, &author, &minute); err != nil {
			panic(err)
		}
		_, words, _ := strings.Cut(strings.TrimSpace(line), ": ")
		rows = append(rows, post(strings.ReplaceAll(author, "_", " "), minute, words))
	}
	return rows
}

func TestWhomALooseReplyAnswers(t *testing.T) {
	const two = "AYŞE 1\nVELI 5\n"
	for name, c := range map[string]struct {
		said, reply string
		want        string // author and minute; empty for nobody
	}{
		"the only customer":                      {"AYŞE 1\n", "İnceliyoruz.", "AYŞE 1"},
		"his newest complaint":                   {"AYŞE 1\nAYŞE 4\n", "İnceliyoruz.", "AYŞE 4"},
		"who spoke last":                         {two, "İnceliyoruz.", "VELI 5"},
		"who spoke last, not who speaks after":   {"AYŞE 1\nVELI 40\n", "İnceliyoruz.", "AYŞE 1"},
		"the opening, below a calm remark":       {"AYŞE 1\nveli 5\n", "İnceliyoruz.", "AYŞE 1"},
		"not the opening, if it was answered":    {"AYŞE 1\nbrand 3\nveli 5\n", "İnceliyoruz.", ""},
		"not the opening, if others complain":    {two + "can 6\n", "İnceliyoruz.", ""},
		"not a calm opening":                     {"ali 0\n" + two + "can 6\n", "İnceliyoruz.", ""},
		"whom it names with an @":                {two, "Konuyu inceliyoruz, lütfen siz de bize yazın @ayşe", "AYŞE 1"},
		"whom it greets":                         {two, "Merhaba Ayşe Hanım, inceliyoruz.", "AYŞE 1"},
		"whom it greets with a suffix":           {two, "Ayşe'ye yanıtımız: inceliyoruz.", "AYŞE 1"},
		"whom it greets in Persian":              {"رضایی 1\nVELI 5\n", "سلام آقای رضایی، پیگیری می‌کنیم", "رضایی 1"},
		"whom it names, though no brand is":      {"AYŞE 1\nVELI 5\n", "!Merhaba Ayşe Hanım", "AYŞE 1"},
		"the whole name":                         {"AYŞE 1\nAYŞE_YILMAZ 2\ncan 3\n", "Merhaba Ayşe Yılmaz, inceliyoruz", "AYŞE YILMAZ 2"},
		"one who was calm":                       {"AYŞE 1\nveli 5\n", "Merhaba @veli, inceliyoruz", "veli 5"},
		"not two at once":                        {two, "@ayşe @veli inceliyoruz", ""},
		"not by a signature":                     {two, "Merhaba, siparişinizle ilgili sorunu hemen inceliyoruz. Ayşe, Paytak", "VELI 5"},
		"not by who speaks":                      {two, "Merhaba, ben Ayşe, Paytak destek", "VELI 5"},
		"nobody, if it names a stranger":         {"AYŞE 1\n", "@kemal inceliyoruz", ""},
		"nobody, if it greets a stranger":        {two, "Merhaba Kemal Bey, inceliyoruz", ""},
		"the only customer by another name":      {"AYŞE 1\n", "Merhaba Fatma Hanım, inceliyoruz", "AYŞE 1"},
		"its own name is nobody's":               {"AYŞE 1\n", "@brand hesabımıza yazın", "AYŞE 1"},
		"an address is no name":                  {"AYŞE 1\n", "Bize destek@veli.example adresinden yazın", "AYŞE 1"},
		"nobody, where the thread is no brand's": {"AYŞE 1\n", "!İnceliyoruz.", ""},
		"nobody, where nobody spoke":             {"brand 1\n", "Duyuru", ""},
		"nobody, in a crowd":                     {crowdOf(21), "İnceliyoruz.", ""},
		"somebody, in a small crowd":             {crowdOf(20), "İnceliyoruz.", "A20 20"},
		"no guest by name":                       {"MISAFIR 1\nVELI 5\ncan 6\n", "Merhaba Misafir, inceliyoruz", ""},
	} {
		words, unnamed := strings.CutPrefix(c.reply, "!")
		named := []string{"Paytak"}
		if unnamed {
			named = nil
		}
		checkParent(t, name, post("brand", 30, words).Mention, thread7(c.said), named, c.want)
	}
}

func crowdOf(n int) string {
	var b strings.Builder
	for i := range n {
		_, _ = fmt.Fprintf(&b, "A%d %d\n", i+1, i+1)
	}
	return b.String()
}

func checkParent(t *testing.T, name string, reply mention.Mention, said []mention.Scored, named []string, want string) {
	t.Helper()
	said = append(said, mention.Scored{Mention: reply, Brand: "Paytak"})
	got := parentOf(reply, said, named)
	if got == "" && want == "" {
		return
	}
	for _, r := range said {
		if m := r.Mention; m.ID == got && fmt.Sprint(m.Author.Name, " ", m.Written.Time.Minute()) == want {
			return
		}
	}
	t.Errorf("%s: %q, want %q", name, got, want)
}

// A reply that names nobody answers no one where threads are not talk.
func TestAPageIsNoTalk(t *testing.T) {
	for name, edit := range map[string]func(reply *mention.Mention, said []mention.Scored){
		"reviews":             func(_ *mention.Mention, said []mention.Scored) { said[0].Mention.Kind = mention.KindReview },
		"a page of a site":    func(reply *mention.Mention, _ []mention.Scored) { reply.SourceKind = "site" },
		"a reply of some day": func(reply *mention.Mention, _ []mention.Scored) { reply.Written.Precision = mention.PrecisionDay },
		"a complaint of some day": func(_ *mention.Mention, said []mention.Scored) {
			said[0].Mention.Written.Precision = mention.PrecisionDay
		},
		"posts that name no brand": func(_ *mention.Mention, said []mention.Scored) { said[0].Brand = "" },
		"posts of a rival alone":   func(_ *mention.Mention, said []mention.Scored) { said[0].Brand = "Rakip" },
		"a complaint of no time":   func(_ *mention.Mention, said []mention.Scored) { said[0].Mention.Written = mention.Written{} },
		"a reply before everything": func(reply *mention.Mention, _ []mention.Scored) {
			reply.Written.Time = reply.Written.Time.Add(-time.Hour)
		},
	} {
		reply, said := post("brand", 30, "İnceliyoruz.").Mention, thread7("AYŞE 1\n")
		checkParent(t, "before: "+name, reply, said, []string{"Paytak"}, "AYŞE 1")
		edit(&reply, said)
		checkParent(t, name, reply, said, []string{"Paytak"}, "")
	}
	// Whom it names it answers everywhere.
	reply, said := post("brand", 30, "Merhaba Ayşe Hanım").Mention, thread7("AYŞE 1\nVELI 5\n")
	said[0].Mention.Kind, said[1].Mention.Kind, reply.SourceKind = mention.KindReview, mention.KindReview, "site"
	checkParent(t, "a page where it names her", reply, said, nil, "AYŞE 1")
}

func FuzzAddressees(f *testing.F) {
	f.Add("Merhaba @ayşe Hanım", "AYŞE", "Veli")
	f.Add("\xff@ @@ @a'", "@", "'")
	f.Fuzz(func(t *testing.T, words, a, b string) {
		said := []mention.Scored{post(a, 1, ""), post(b, 2, "")}
		got := parentOf(post("brand", 30, words).Mention, said, []string{"Paytak"})
		if got != "" && got != said[0].Mention.ID && got != said[1].Mention.ID {
			t.Errorf("%q answers %q, which is not in the thread", words, got)
		}
	})
}
