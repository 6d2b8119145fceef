package notify

import (
	"context"
	"log/slog"
	"net/http"
	"regexp"
	"strconv"
)

// maxTeams is the largest message in bytes; Teams takes 28 KB.
const maxTeams = 24 << 10

// teams posts an Adaptive Card to an incoming webhook or workflow of Microsoft
// Teams.
type teams struct {
	poster
	renderer
}

// A workflow answers 401 to a wrong signature in its address; 404 and 410 are
// addresses that were taken back.
func newTeams(c Config, r renderer, _ *slog.Logger) (Notifier, error) {
	return teams{newPoster(c, c.URL, http.StatusNotFound, http.StatusGone), r}, nil
}

// Notify posts the card.
func (t teams) Notify(ctx context.Context, m Message) error {
	body, err := encode(t.fitted(t.document(m)).teams())
	if err != nil {
		return err
	}
	a, err := t.post(ctx, body, nil)
	if err != nil {
		return err
	}
	return t.read(a)
}

// read knows that old webhooks answer 200 when Teams behind them refused, and
// say so in words: "… returned HTTP error 429 …". Workflows answer 202.
func (t teams) read(a answer) error {
	if found := regexp.MustCompile(`HTTP error ([45][0-9]{2})`).FindSubmatch(a.body); a.ok() && found != nil {
		a.status, _ = strconv.Atoi(string(found[1])) // three digits
	} else if a.ok() && a.aPage() {
		return t.odd()
	}
	return t.judge(a)
}

func (t teams) fitted(d document) document {
	return t.fit(d, maxTeams, func(d document) int {
		body, _ := encode(d.teams()) // of strings alone; it cannot fail
		return len(body)
	})
}

// teamsMessage carries one card:
// https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
type teamsMessage struct {
	Type        string            `json:"type"`
	Attachments []teamsAttachment `json:"attachments"`
}

type teamsAttachment struct {
	ContentType string    `json:"contentType"`
	Content     teamsCard `json:"content"`
}

type teamsCard struct {
	Schema  string         `json:"$schema"`
	Type    string         `json:"type"`
	Version string         `json:"version"`
	RTL     bool           `json:"rtl,omitempty"`
	Lang    string         `json:"lang"`
	Wide    teamsWidth     `json:"msteams"`
	Body    []teamsElement `json:"body"`
	Actions []teamsAction  `json:"actions,omitempty"`
}

type teamsWidth struct {
	Width string `json:"width"`
}

// teamsElement is a RichTextBlock with its runs, or a Container of them. Unlike
// a TextBlock neither reads Markdown nor {{DATE()}}, so nothing needs escaping.
// https://learn.microsoft.com/adaptive-cards/create/textfeatures
type teamsElement struct {
	Type    string         `json:"type"`
	Spacing string         `json:"spacing,omitempty"`
	Style   string         `json:"style,omitempty"`
	RTL     bool           `json:"rtl,omitempty"`
	Inlines []teamsRun     `json:"inlines,omitempty"`
	Items   []teamsElement `json:"items,omitempty"`
}

type teamsRun struct {
	Type   string       `json:"type"`
	Text   string       `json:"text"`
	Weight string       `json:"weight,omitempty"`
	Size   string       `json:"size,omitempty"`
	Subtle bool         `json:"isSubtle,omitempty"`
	Select *teamsAction `json:"selectAction,omitempty"`
}

type teamsAction struct {
	Type  string `json:"type"`
	Title string `json:"title,omitempty"`
	URL   string `json:"url"`
}

func teamsRuns(spacing string, runs ...teamsRun) teamsElement {
	for i := range runs {
		runs[i].Type = "TextRun"
	}
	return teamsElement{Type: "RichTextBlock", Spacing: spacing, Inlines: runs}
}

func (d document) teams() teamsMessage {
	card := teamsCard{
		Schema: "http://adaptivecards.io/schemas/adaptive-card.json", Type: "AdaptiveCard", Version: "1.5",
		RTL: d.Language.Dir() == "rtl", Lang: string(d.Language), Wide: teamsWidth{"Full"}, Body: d.teamsBody(),
	}
	for _, l := range d.Links {
		card.Actions = append(card.Actions, teamsAction{"Action.OpenUrl", l.Label, l.URL})
	}
	return teamsMessage{"message", []teamsAttachment{{"application/vnd.microsoft.card.adaptive", card}}}
}

func (d document) teamsBody() []teamsElement {
	body := []teamsElement{teamsRuns("", teamsRun{Text: d.Heading, Weight: "Bolder", Size: "Large"})}
	if d.Line != "" {
		body = append(body, teamsRuns("Small", teamsRun{Text: d.Line, Subtle: true}))
	}
	for _, f := range d.Facts {
		body = append(body, teamsRuns("Small", teamsRun{Text: f.Label + ": ", Weight: "Bolder"}, teamsRun{Text: f.Value}))
	}
	for i, l := range []list{d.Quotes, d.Advice, d.Draft} {
		if len(l.Lines) > 0 {
			body = append(body, d.teamsList(l, i == 1))
		}
	}
	for _, it := range d.Items {
		body = append(body, d.teamsItem(it))
	}
	if d.Rest != "" {
		body = append(body, teamsRuns("Medium", teamsRun{Text: d.Rest}))
	}
	return body
}

// teamsList sets a list apart from the text around it.
func (d document) teamsList(l list, bullets bool) teamsElement {
	e := teamsElement{Type: "Container", Spacing: "Medium", Style: "emphasis", RTL: d.Language.Dir() == "rtl"}
	e.Items = []teamsElement{teamsRuns("", teamsRun{Text: l.Label, Weight: "Bolder"})}
	for _, line := range l.Lines {
		if bullets {
			line = "• " + line
		}
		e.Items = append(e.Items, teamsRuns("Small", teamsRun{Text: d.start(line)}))
	}
	return e
}

func (d document) teamsItem(it item) teamsElement {
	run := teamsRun{Text: d.start("• " + it.Line)}
	if it.URL != "" {
		run.Select = &teamsAction{Type: "Action.OpenUrl", URL: it.URL}
	}
	if it.Quote == "" {
		return teamsRuns("Medium", run)
	}
	return teamsRuns("Medium", run, teamsRun{Text: " " + it.Quote, Subtle: true})
}
