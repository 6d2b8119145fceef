package recipe

import (
	"context"
	"fmt"
	"io/fs"
	"time"

	"feryat/crawler/walk"
	"feryat/mention"
)

// Expect says what a saved page must yield.
type Expect struct {
	Page   string     `yaml:"page"`   // file name beside the recipe, in the folder of its name
	URL    string     `yaml:"url"`    // address under which the page is read
	At     time.Time  `yaml:"at"`     // time of the visit, for relative dates
	Follow []string   `yaml:"follow"` // links that must be found, in order
	Reason string     `yaml:"reason"` // soft fail, if there must be one
	Items  []Expected `yaml:"items"`
}

// Expected is one mention as a page yields it. All that is not named must be empty.
type Expected struct {
	Key      string       `yaml:"key"` // the site's key; empty: the ID must be weak
	Parent   string       `yaml:"parent"`
	Kind     mention.Kind `yaml:"kind"`
	URL      string       `yaml:"url"`
	Author   string       `yaml:"author"`
	AuthorID string       `yaml:"author_id"` // the name again where the site shows no key
	Own      bool         `yaml:"own"`
	Title    string       `yaml:"title"`
	Text     string       `yaml:"text"`
	Product  string       `yaml:"product"`
	Thread   string       `yaml:"thread"`
	Language string       `yaml:"language"`
	Written  string       `yaml:"written"` // RFC 3339, UTC, then a space and the precision
	Edited   string       `yaml:"edited"`  // RFC 3339, UTC
	Rating   string       `yaml:"rating"`  // value/worst/best
	Likes    int64        `yaml:"likes"`
	Replies  int64        `yaml:"replies"`
	Views    int64        `yaml:"views"`
	Verified bool         `yaml:"verified"`
}

// Read reads one saved page of pages by the recipe: what came out, in the same
// form as what is expected, so that a test can compare the two.
func (r *Recipe) Read(pages fs.FS, e Expect) (Expect, error) {
	body, err := fs.ReadFile(pages, e.Page)
	if err != nil {
		return Expect{}, fmt.Errorf("expect %s: %w", e.Page, err)
	}
	x := &Extractor{recipes: []*Recipe{r}}
	found, err := x.Extract(context.Background(), walk.Page{URL: e.URL, Body: body, Fetched: e.At})
	if err != nil {
		return Expect{}, err
	}
	got := Expect{Page: e.Page, URL: e.URL, At: e.At, Follow: found.Links, Reason: found.Reason}
	names := r.names(e)
	for _, m := range found.Mentions {
		got.Items = append(got.Items, expected(m, names))
	}
	return got, nil
}

// names gives the keys that the expectation speaks of by the IDs they lead to.
func (r *Recipe) names(e Expect) map[mention.ID]string {
	rd := &reading{recipe: r, page: walk.Page{URL: e.URL}}
	names := map[mention.ID]string{}
	for _, item := range e.Items {
		for _, key := range []string{item.Key, item.Parent} {
			names[mention.NewID(sourceKind, rd.site(), key)] = key
		}
	}
	return names
}

func expected(m mention.Mention, names map[mention.ID]string) Expected {
	x := Expected{
		Kind: m.Kind, URL: m.URL, Author: m.Author.Name, AuthorID: m.Author.ID, Own: m.Author.Own, Title: m.Title, Text: m.Text,
		Product: m.Product, Thread: m.ThreadID, Language: m.Language, Likes: m.Likes, Replies: m.Replies, Views: m.Views, Verified: m.Verified,
	}
	name := func(id mention.ID) string {
		if key, ok := names[id]; ok || id == "" {
			return key
		}
		return "id " + string(id)
	}
	if !m.WeakID {
		x.Key = name(m.ID)
	}
	x.Parent = name(m.ParentID)
	if m.Written.Precision != mention.PrecisionUnknown {
		x.Written = m.Written.Time.Format(time.RFC3339) + " " + string(m.Written.Precision)
	}
	if !m.Edited.IsZero() {
		x.Edited = m.Edited.Format(time.RFC3339)
	}
	if m.Rating != nil {
		x.Rating = fmt.Sprintf("%g/%g/%g", m.Rating.Value, m.Rating.Worst, m.Rating.Best)
	}
	return x
}
