package notify

import (
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"
)

// A letter reaches the mail server as it was written, with its key as its ID.
func TestALetterIsMailedAsItIs(t *testing.T) {
	s := newMailServer(t, nil)
	e := mailTo(t, s, nil, io.Discard)
	l := Letter{Subject: "Haftalık özet\r\nBcc: evil@example.com", Text: "Şikâyet\n.\nson\n", HTML: "<p dir=\"rtl\">خلاصهٔ هفته " + strings.Repeat("۱۲", 20_000) + "</p>"}
	if err := e.Notify(t.Context(), Message{Key: "digest.week.2026-W47", Kind: KindLetter, Letter: &l}); err != nil {
		t.Fatal(err)
	}
	s.Lock()
	defer s.Unlock()
	if len(s.letters) != 1 {
		t.Fatalf("%d letters", len(s.letters))
	}
	header, text, page := parts(t, []byte(s.letters[0].body))
	if subject(t, header) != "Haftalık özet Bcc: evil@example.com" || header.Get("Bcc") != "" || header.Get("Message-Id") != "<digestweek2026-W47@example.com>" || header.Get("References") != "" {
		t.Errorf("headers %v", header)
	}
	if text != l.Text || page != l.HTML {
		t.Errorf("text %q, page %.80q", text, page)
	}
}

// Every other type of channel refuses a letter for good, without a request.
func TestOtherChannelsRefuseLetters(t *testing.T) {
	tried := 0
	for name, c := range valid() {
		if TakesLetters(c.Type) {
			continue
		}
		tried++
		n, err := New(c, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		if err := n.Notify(t.Context(), Message{Key: "k", Kind: KindLetter, Letter: &Letter{Subject: "s"}}); !errors.Is(err, ErrRefused) || errors.Is(err, ErrUnauthorized) {
			t.Errorf("%s: %v", name, err)
		} else {
			shows(t, "the error", err.Error())
		}
	}
	if tried < 6 {
		t.Errorf("only %d types", tried)
	}
}
