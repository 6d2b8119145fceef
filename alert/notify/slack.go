package notify

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
)

// maxSlack bounds all text of a message: from some 11,000 characters on Slack
// has refused blocks (msg_blocks_too_long), without a limit that is documented.
const maxSlack = 9000

// slack posts to an incoming webhook of Slack.
type slack struct {
	poster
	renderer
}

// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks:
// 403 invalid_token and 404 no_service or no_team mean that the address is no
// longer good, 410 that the channel is archived.
func newSlack(c Config, r renderer, _ *slog.Logger) (Notifier, error) {
	return slack{newPoster(c, c.URL, http.StatusNotFound, http.StatusGone), r}, nil
}

// Notify posts the message; only "ok" is success.
func (s slack) Notify(ctx context.Context, m Message) error {
	body, err := encode(s.fitted(s.document(m)).slack())
	if err != nil {
		return err
	}
	a, err := s.post(ctx, body, nil)
	if err != nil {
		return err
	}
	if a.ok() && strings.TrimSpace(string(a.body)) != "ok" {
		return s.odd()
	}
	return s.judge(a)
}

// fitted counts the text with its addresses, which is more than Slack does.
func (s slack) fitted(d document) document {
	return s.fit(d, maxSlack, func(d document) int { return len([]rune(d.text())) })
}

// slackMessage is the body of an incoming webhook.
type slackMessage struct {
	Text        string       `json:"text"` // for the notification on a phone; this alone is markup
	Blocks      []slackBlock `json:"blocks"`
	UnfurlLinks bool         `json:"unfurl_links"`
	UnfurlMedia bool         `json:"unfurl_media"`
}

// slackBlock is a rich_text block or anything below it. Text in it is taken
// letter by letter: no markup, no mention, nothing to escape.
// https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
type slackBlock struct {
	Type     string       `json:"type"`
	Style    any          `json:"style,omitempty"` // slackStyle of a text, "bullet" of a list
	Text     string       `json:"text,omitempty"`
	URL      string       `json:"url,omitempty"`
	Elements []slackBlock `json:"elements,omitempty"`
}

type slackStyle struct {
	Bold bool `json:"bold,omitempty"`
}

func slackText(s string) slackBlock { return slackBlock{Type: "text", Text: s} }

func slackBold(s string) slackBlock {
	return slackBlock{Type: "text", Text: s, Style: slackStyle{Bold: true}}
}

func slackSection(of ...slackBlock) slackBlock {
	return slackBlock{Type: "rich_text_section", Elements: of}
}

func (d document) slack() slackMessage {
	head := slackSection(slackBold(d.Heading))
	if d.Line != "" {
		head.Elements = append(head.Elements, slackText("\n"+d.Line))
	}
	for _, f := range d.Facts {
		head.Elements = append(head.Elements, slackText("\n"), slackBold(f.Label+": "), slackText(f.Value))
	}
	all := []slackBlock{head}
	for _, part := range []struct {
		kind string
		list list
	}{{"rich_text_quote", d.Quotes}, {"rich_text_list", d.Advice}, {"rich_text_quote", d.Draft}} {
		if len(part.list.Lines) > 0 {
			all = append(all, slackSection(slackText("\n"), slackBold(part.list.Label)), d.slackList(part.kind, part.list.Lines))
		}
	}
	for _, it := range d.Items {
		all = append(all, slackItem(it))
	}
	if d.Rest != "" {
		all = append(all, slackSection(slackText(d.Rest)))
	}
	if len(d.Links) > 0 {
		all = append(all, slackLinks(d.Links))
	}
	return slackMessage{Text: slackEscape(d.Subject), Blocks: []slackBlock{{Type: "rich_text", Elements: all}}}
}

func (d document) slackList(kind string, lines []string) slackBlock {
	b := slackBlock{Type: kind}
	if kind == "rich_text_quote" {
		b.Elements = []slackBlock{slackText(strings.Join(d.starts(lines), "\n"))}
		return b
	}
	b.Style = "bullet"
	for _, line := range d.starts(lines) {
		b.Elements = append(b.Elements, slackSection(slackText(line)))
	}
	return b
}

func slackItem(it item) slackBlock {
	b := slackSection(slackText("\n• "), slackText(it.Line))
	if it.URL != "" {
		b.Elements[1] = slackBlock{Type: "link", URL: it.URL, Text: it.Line}
	}
	if it.Quote != "" {
		b.Elements = append(b.Elements, slackText("\n"+it.Quote))
	}
	return b
}

func slackLinks(links []link) slackBlock {
	b := slackSection(slackText("\n"))
	for i, l := range links {
		if i > 0 {
			b.Elements = append(b.Elements, slackText(" · "))
		}
		b.Elements = append(b.Elements, slackBlock{Type: "link", URL: l.URL, Text: l.Label})
	}
	return b
}

// slackEscape makes text of what would be markup:
// https://docs.slack.dev/messaging/formatting-message-text#escaping
func slackEscape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(quiet(s))
}
