package advice

import (
	"strings"
	"testing"
	"testing/fstest"
)

func folder(files map[string]string) fstest.MapFS {
	m := fstest.MapFS{}
	for name, body := range files {
		m[name] = &fstest.MapFile{Data: []byte(body)}
	}
	return m
}

const own = "signal:\n  churn:\n    advice:\n      tr: Bizim satır.\n      fa: سطر ما.\n      en: Our line.\ntopic:\n  delay:\n    next:\n      tr: Numaranızı özel mesajla yazın.\n      fa: شماره را با پیام خصوصی بنویسید.\n      en: Send it by private message.\n"

func TestAFolderReplacesSingleTexts(t *testing.T) {
	b, err := Load(folder(map[string]string{"own.yaml": own, "empty.yaml": "# nothing yet\n", "notes.txt": "not read: {"}))
	if err != nil {
		t.Fatal(err)
	}
	e := complaint()
	e.Signals = list("churn")
	a, before := b.For(e), book(t).For(e)
	if !strings.Contains(a.Draft, "Send it by private message.") || a.Lines["tr"][len(a.Lines["tr"])-1] != "Bizim satır." {
		t.Errorf("got %+v", a)
	}
	if a.Lines["en"][0] != before.Lines["en"][0] || len(b.texts) != len(book(t).texts) {
		t.Error("what the folder does not tell of has changed")
	}
	if _, err := Load(fstest.MapFS{}); err != nil {
		t.Errorf("a folder without files changes nothing, got %v", err)
	}
}

// TestBadFilesAreRefused: each is told with its file and line.
func TestBadFilesAreRefused(t *testing.T) {
	entry := func(head, tr, fa, en string) string {
		return head + "\n      tr: " + tr + "\n      fa: " + fa + "\n      en: " + en + "\n"
	}
	churn := "signal:\n  churn:\n    advice:"
	for _, c := range []struct{ name, body, want string }{
		{"unknown code", entry("signal:\n  chrun:\n    advice:", "a", "b", "c"), "own.yaml line 4: signal.chrun.advice is not known"},
		{"unknown section", entry("signals:\n  churn:\n    advice:", "a", "b", "c"), "line 4: signals.churn.advice is not known"},
		{"unknown field", entry("signal:\n  churn:\n    advise:", "a", "b", "c"), "line 4: signal.churn.advise is not known"},
		{"a draft for what is withheld", entry("topic:\n  safety:\n    next:", "a", "b", "c"), "line 4: topic.safety.next is not known"},
		{"language missing", churn + "\n      tr: a\n      en: c\n", "line 4: signal.churn.advice: no text in fa"},
		{"language unknown", entry(churn, "a", "b", "c") + "      de: d\n", `line 7: signal.churn.advice: language "de" is not`},
		{"language twice", entry(churn, "a", "b", "c") + "      en: d\n", "line 7: signal.churn.advice: language en stands twice"},
		{"empty text", entry(churn, "a", `""`, "c"), "line 5: signal.churn.advice in fa: a text is expected"},
		{"a number", entry(churn, "a", "b", "12"), "line 6: signal.churn.advice in en: a text is expected"},
		{"a list", entry(churn, "a", "b", "[c]"), "line 6: signal.churn.advice in en: a text is expected"},
		{"two lines", entry(churn, `"a\nb"`, "b", "c"), "line 4: signal.churn.advice in tr: one line"},
		{"a control character", entry(churn, `"a\x07b"`, "b", "c"), "line 4: signal.churn.advice in tr: one line"},
		{"too long", entry(churn, "a", "b", strings.Repeat("c", 241)), "line 6: signal.churn.advice in en: 241 characters, at most 240"},
		{"a placeholder", entry(churn, "a {name}", "b", "c"), "line 4: signal.churn.advice in tr: a placeholder"},
		{"no placeholder", entry("draft:\n  closing:\n    text:", "a {brand}", "b {brand}", "c"), "line 6: draft.closing.text in en: {brand} must stand there once"},
		{"not a mapping", "signal:\n  churn: yes\n", "own.yaml line 2: fields expected"},
		{"a list at the top", "- a\n", "own.yaml line 1: sections expected"},
		{"no yaml", "signal:\n\t- {\n", "own.yaml: yaml: line 2"},
	} {
		_, err := Load(folder(map[string]string{"own.yaml": c.body}))
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "own.yaml") {
			t.Errorf("%s: want %q, got %v", c.name, c.want, err)
		}
	}
	_, err := Load(folder(map[string]string{"a.yaml": own, "b.yaml": own, "c.yaml": "x: 1"}))
	if err == nil || !strings.Contains(err.Error(), "b.yaml line 4: signal.churn.advice stands in a.yaml line 4 already") || !strings.Contains(err.Error(), "c.yaml line 1") {
		t.Errorf("all faults are told at once, got %v", err)
	}
}

// FuzzLoad: no file crashes the loader, and what it takes makes whole drafts.
func FuzzLoad(f *testing.F) {
	base := book(f)
	f.Add([]byte(own))
	f.Add([]byte("draft:\n  closing:\n    text: &a {tr: \"{brand}\", fa: \"{brand}\", en: \"{brand}\"}\nx: *a\n"))
	f.Fuzz(func(t *testing.T, body []byte) {
		b, err := load(folder(map[string]string{"own.yaml": string(body)}), base)
		if err != nil {
			return
		}
		for _, lang := range Languages() {
			e := complaint()
			e.Language = lang
			if a := b.For(e); a.Draft == "" || strings.ContainsAny(a.Draft, "{}") || len(a.Lines[lang]) < 2 {
				t.Fatalf("%+v", a)
			}
		}
	})
}
