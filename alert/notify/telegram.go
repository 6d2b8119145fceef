package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// telegramAPI is where bots post to, unless the channel names a Bot API server
// of its own.
const telegramAPI = "https://api.telegram.org"

// maxTelegram is the longest message, in UTF-16 units after the markup is read.
const maxTelegram = 4096

// telegram sends by a bot: https://core.telegram.org/bots/api#sendmessage
type telegram struct {
	poster
	renderer
	chat string
}

func (c Config) checkTelegram() error {
	switch {
	case c.Token == "":
		return c.fault("set token_file, or the token in the environment")
	case !regexp.MustCompile(`^[0-9]+:[A-Za-z0-9_-]+$`).MatchString(c.Token):
		return c.fault("token is not of the form that BotFather gives: digits, a colon, letters")
	case !regexp.MustCompile(`^(-?[0-9]+|@[A-Za-z0-9_]+)$`).MatchString(c.ChatID):
		return c.fault("chat_id must be a number or the @name of a public channel")
	case c.URL != "":
		return c.checkURL()
	}
	return nil
}

// A token that was revoked is answered 401, one that is no token 404.
func newTelegram(c Config, r renderer, _ *slog.Logger) (Notifier, error) {
	base := telegramAPI
	if c.URL != "" {
		base = strings.TrimSuffix(c.URL, "/")
	}
	p := newPoster(c, base+"/bot"+c.Token+"/sendMessage", http.StatusNotFound)
	p.denied = []int{http.StatusUnauthorized, http.StatusNotFound} // 403: the bot was thrown out of this chat
	return telegram{p, r, c.ChatID}, nil
}

type telegramMessage struct {
	Chat    string          `json:"chat_id"`
	Text    string          `json:"text"`
	Mode    string          `json:"parse_mode"`
	Preview telegramPreview `json:"link_preview_options"`
}

type telegramPreview struct {
	Disabled bool `json:"is_disabled"`
}

// telegramAnswer is what every method answers.
type telegramAnswer struct {
	OK         bool `json:"ok"`
	Parameters struct {
		RetryAfter int   `json:"retry_after"` // seconds
		MigrateTo  int64 `json:"migrate_to_chat_id"`
	} `json:"parameters"`
}

// Notify sends the message; only "ok": true is success.
func (t telegram) Notify(ctx context.Context, m Message) error {
	body, err := encode(telegramMessage{t.chat, t.fitted(t.document(m)).telegram(), "HTML", telegramPreview{Disabled: true}})
	if err != nil {
		return err
	}
	a, err := t.post(ctx, body, nil)
	if err != nil {
		return err
	}
	return t.read(a)
}

func (t telegram) read(a answer) error {
	var said telegramAnswer
	err := json.Unmarshal(a.body, &said)
	switch {
	case a.ok() && (err != nil || !said.OK):
		return t.odd()
	case a.ok():
		return nil
	case said.Parameters.MigrateTo != 0:
		return fmt.Errorf("channel %s: the group has become a supergroup; set chat_id to %d: %w", t.name, said.Parameters.MigrateTo, ErrRefused)
	case said.Parameters.RetryAfter > 0 && mayRecover(a.status):
		a.header = nil
		return after(t.judge(a), time.Duration(said.Parameters.RetryAfter)*time.Second)
	}
	return t.judge(a)
}

// fitted counts what is left when the markup is read. In Telegram every @name is
// a mention, so the text is made silent first.
func (t telegram) fitted(d document) document {
	tag := regexp.MustCompile(`<[^>]*>`)
	return t.fit(d.silent(), maxTelegram, func(d document) int {
		return units(html.UnescapeString(tag.ReplaceAllString(d.telegram(), "")))
	})
}

// telegram writes the document in the HTML that Telegram knows: b, a and
// blockquote here. https://core.telegram.org/bots/api#html-style
func (d document) telegram() string {
	var b strings.Builder
	text := html.EscapeString
	fmt.Fprintf(&b, "<b>%s</b>\n", text(d.Heading))
	if d.Line != "" {
		fmt.Fprintf(&b, "%s\n", text(d.Line))
	}
	for _, f := range d.Facts {
		fmt.Fprintf(&b, "\n<b>%s:</b> %s", text(f.Label), text(f.Value))
	}
	d.telegramQuote(&b, d.Quotes)
	if len(d.Advice.Lines) > 0 {
		fmt.Fprintf(&b, "\n\n<b>%s:</b>", text(d.Advice.Label))
	}
	for _, line := range d.Advice.Lines {
		fmt.Fprintf(&b, "\n%s", text(d.start("• "+line)))
	}
	d.telegramQuote(&b, d.Draft)
	for _, it := range d.Items {
		fmt.Fprintf(&b, "\n%s %s\n%s\n", d.start("•"), telegramLink(it.Line, it.URL), text(d.start(it.Quote)))
	}
	if d.Rest != "" {
		fmt.Fprintf(&b, "\n%s", text(d.Rest))
	}
	var links []string
	for _, l := range d.Links {
		links = append(links, telegramLink(l.Label, l.URL))
	}
	if len(links) > 0 {
		fmt.Fprintf(&b, "\n\n%s", strings.Join(links, " · "))
	}
	return strings.TrimSpace(b.String())
}

func (d document) telegramQuote(b *strings.Builder, l list) {
	if len(l.Lines) == 0 {
		return
	}
	lines := html.EscapeString(strings.Join(d.starts(l.Lines), "\n"))
	fmt.Fprintf(b, "\n\n<b>%s:</b>\n<blockquote>%s</blockquote>", html.EscapeString(l.Label), lines)
}

// telegramLink is a link in the text, not a button: Telegram refuses a message
// whose button leads to an address that it cannot reach, such as a local one.
func telegramLink(label, url string) string {
	if url == "" {
		return html.EscapeString(label)
	}
	return fmt.Sprintf(`<a href="%s">%s</a>`, html.EscapeString(url), html.EscapeString(label))
}
