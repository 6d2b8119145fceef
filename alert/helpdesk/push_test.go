package helpdesk

import (
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"feryat/alert"
	"feryat/alert/notify"
)

const escalation = "0123456789abcdef0123456789abcdef"

func noon() time.Time { return time.Date(2026, 11, 6, 12, 0, 0, 0, time.UTC) }

func channel() notify.Config {
	return notify.Config{Name: "desk", Type: "webhook", Statuses: map[string]string{
		"open": "acknowledged", "çözüldü": "solved", "4": "solved", "answered": "none", "reassigned": "assigned", "kapandı": "not_winnable",
	}}
}

// said reads a body that must be good; its external_id is added.
func said(t *testing.T, rest string) alert.Word {
	t.Helper()
	p, err := parse([]byte(`{"external_id":"` + escalation + `",` + rest + `}`))
	if err != nil {
		t.Fatalf("%s: %v", rest, err)
	}
	w, err := p.word(channel(), noon())
	if err != nil {
		t.Fatalf("%s: %v", rest, err)
	}
	return w
}

func TestWhatAPushSays(t *testing.T) {
	word := func(kind, by, note, remark, ticket string) alert.Word {
		return alert.Word{Channel: "desk", Act: alert.Act{Type: kind, By: by, Note: note}, Remark: remark, Ticket: ticket}
	}
	for rest, want := range map[string]alert.Word{
		`"status":"solved"`:                                       word("resolved", "desk", "desk", "desk: solved", ""),
		`"status":"Resolved","agent":" ayse "`:                    word("resolved", "ayse", "desk", "desk: Resolved", ""),
		`"status":"ÇÖZÜLDÜ","note":"para iade"`:                   word("resolved", "desk", "desk: para iade", "desk: ÇÖZÜLDÜ: para iade", ""),
		`"status":"COZULDU"`:                                      word("resolved", "desk", "desk", "desk: COZULDU", ""),
		`"status":4,"ticket":4711`:                                word("resolved", "desk", "desk #4711", "desk #4711: 4", "4711"),
		`"status":"4","ticket":"INC-7"`:                           word("resolved", "desk", "desk #INC-7", "desk #INC-7: 4", "INC-7"),
		`"status":"OPEN","agent":"ayse"`:                          word("acknowledged", "ayse", "desk", "desk: OPEN", ""),
		`"status":"reassigned","agent":"veli"`:                    word("assigned", "veli", "desk", "desk: reassigned", ""),
		`"status":"answered"`:                                     word("", "desk", "desk", "", ""), // the configuration comes first
		`"status":"Kapandı"`:                                      word("not_winnable", "desk", "desk", "desk: Kapandı", ""),
		`"status":"not_winnable"`:                                 word("not_winnable", "desk", "desk", "desk: not_winnable", ""),
		`"status":"reopened"`:                                     word("reopened", "desk", "desk", "desk: reopened", ""),
		`"status":"Pending","note":"parça bekle"`:                 word("", "desk", "desk: parça bekle", "desk: Pending: parça bekle", ""),
		`"status":"expired"`:                                      word("", "desk", "desk", "desk: expired", ""), // that is ours alone
		`"status":"a","ticket":null,"agent":null`:                 word("", "desk", "desk", "desk: a", ""),
		`"status":"a","url":"https://d.example.com/t/1?a=b"`:      word("", "desk", "desk", "desk: a", "https://d.example.com/t/1?a=b"),
		`"status":"a","ticket":"7","url":"http://d.example.com/"`: word("", "desk", "desk #7", "desk #7: a", "7 http://d.example.com/"),
		`"status":"a\u202eb","agent":"x\r\nlevel=ERROR\u0000"`:    word("", "x level=ERROR", "desk", "desk: ab", ""),
	} {
		if got := said(t, rest); !reflect.DeepEqual(got, want) {
			t.Errorf("%s\n got %+v\nwant %+v", rest, got, want)
		}
	}
	if w := said(t, `"status":"solved","at":"2026-11-06T14:30:00+03:00"`); !w.Act.At.Equal(noon().Add(-30 * time.Minute)) {
		t.Errorf("solved at %s", w.Act.At)
	}
	if w := said(t, `"status":"solved","at":"2026-11-06T12:04:00Z"`); !w.Act.At.Equal(noon()) {
		t.Errorf("a clock that is a little ahead: %s", w.Act.At)
	}
	if w := said(t, `"status":"solved","at":"2026-11-06T11:05Z"`); !w.Act.At.Equal(noon().Add(-55*time.Minute + 59*time.Second)) {
		t.Errorf("a desk that shows the minute: %s", w.Act.At)
	}
	long := said(t, `"status":"solved","note":"`+strings.Repeat("ş", 9000)+`","agent":"`+strings.Repeat("a", 9000)+`"`)
	if n := utf8.RuneCountInString(long.Act.Note); n != maxNote+len("desk: ") || utf8.RuneCountInString(long.Act.By) != maxName {
		t.Errorf("a note of %d runes by one of %d", n, utf8.RuneCountInString(long.Act.By))
	}
}

func TestABadBodyIsRefusedInWords(t *testing.T) {
	id := `"external_id":"` + escalation + `"`
	for body, want := range map[string]string{
		"":                                       "cut short",
		"{":                                      "cut short",
		"{" + id + `,"status":"solved"`:          "cut short",
		"[]":                                     "a JSON array stands",
		"null":                                   "external_id must be",
		"7":                                      "a JSON number stands",
		"status=solved":                          "not valid JSON at byte 1",
		"{" + id + `,"status":"a` + "\n" + `b"}`: "is a text of the ticket not escaped",
		"{" + id + `,"status":"solved"} {}`:      "more behind",
		"{" + id + `,"status":"solved"}x`:        "more behind",
		"{" + id + `,"status":"s","agnet":"ayse"}`:                                   `unknown key "agnet"; known are external_id`,
		"{" + id + `,"status":"s","agent":7}`:                                        "agent must be a text, not a JSON number",
		"{" + id + `,"status":true}`:                                                 "status must be a text, not a JSON bool",
		"{" + id + `,"status":["solved"]}`:                                           "status must be a text, not a JSON array",
		"{" + id + `,"status":1.5}`:                                                  "status must be a text, not a JSON number",
		"{" + id + `}`:                                                               "status is missing",
		"{" + id + `,"status":"  "}`:                                                 "status is missing",
		`{"status":"solved"}`:                                                        "external_id must be",
		`{"external_id":"author.x","status":"s"}`:                                    "external_id must be",
		`{"external_id":"` + strings.ToUpper(escalation) + `","status":"s"}`:         "external_id must be",
		"{" + id + `,"status":"s","url":"javascript:alert(1)"}`:                      "url must be",
		"{" + id + `,"status":"s","url":"https://me:very-secret@desk.example.com/"}`: "url must be",
		"{" + id + `,"status":"s","id":"` + strings.Repeat("x", maxKey+1) + `"}`:     "id is longer",
		"{" + id + `,"status":"s","at":"yesterday"}`:                                 "at is no time",
		"{" + id + `,"status":"s","at":"2026-11-06T12:06:00Z"}`:                      "lies ahead",
		"{" + id + `,"status":"s","at":1762430400}`:                                  "at must be a text",
	} {
		p, err := parse([]byte(body))
		if err == nil {
			_, err = p.word(channel(), noon())
		}
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "very-secret") {
			t.Errorf("%s: want %q, got %v", body, want, err)
		}
	}
}

// What we send ourselves is signed with the same secret: sent back to us it says
// nothing.
func TestOurOwnMessageIsNoPush(t *testing.T) {
	if _, err := parse([]byte(`{"external_id":"` + escalation + `","subject":"x","idempotency_key":"k","kind":"opened","escalation":{"state":"resolved"}}`)); err == nil {
		t.Error("it was taken for one")
	}
}

// FuzzPush: no body crashes, and what is taken is one line of plain text.
func FuzzPush(f *testing.F) {
	for _, seed := range []string{
		`{"external_id":"` + escalation + `","status":"solved","agent":"ayse","note":"para iade edildi","ticket":4711,"url":"https://desk.example.com/4711","id":"k","at":"2026-11-06T11:00:00Z"}`,
		`{"external_id":"` + escalation + `","status":"\u202e\u0000\ud800","agent":"\n","note":"<script>","ticket":"a http://b","url":"http://\u2028"}`,
		`{"status":1e9,"Status":"x"}`, `[[[[`, "\xff\xfe{}", "",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		p, err := parse(body)
		if err != nil {
			return
		}
		w, err := p.word(channel(), noon())
		if err != nil {
			return
		}
		for what, s := range map[string]string{"by": w.Act.By, "note": w.Act.Note, "remark": w.Remark, "ticket": w.Ticket} {
			if !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) || utf8.RuneCountInString(s) > 3000 {
				t.Errorf("%s is %q", what, s)
			}
		}
		if w.Act.By == "" || w.Channel != "desk" || w.Act.At.After(noon()) || len(w.Act.Note) > 4*(maxNote+2*maxName) {
			t.Errorf("%+v", w)
		}
	})
}
