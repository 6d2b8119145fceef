package twitter

import (
	"html"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	api "github.com/dghubble/go-twitter/twitter" //nolint:staticcheck // archived, and the one library that speaks v1.1

	"feryat/crawler/htmltext"
	"feryat/mention"
)

const (
	sourceKind = "twitter"
	// siteKey is the site in IDs. It stays although the site has another name now.
	siteKey = "twitter.com"
)

// mention turns a tweet into a mention. ok is false for a retweet, which says
// nothing of its own, and for one that was withheld.
func (c Config) mention(t *api.Tweet, now time.Time) (m mention.Mention, ok bool) {
	if t.RetweetedStatus != nil || t.ID <= 0 {
		return m, false
	}
	m = mention.Mention{
		ID: mention.NewID(sourceKind, siteKey, tweetKey(t.ID, t.IDStr)), SourceKind: sourceKind, Kind: mention.KindPost,
		Author: c.author(t.User), Language: language(t.Lang),
		Likes: count(t.FavoriteCount), Replies: count(t.ReplyCount), Shares: count(t.RetweetCount) + count(t.QuoteCount),
		Written: mention.Written{Precision: mention.PrecisionUnknown, Shown: clean(t.CreatedAt)},
	}
	m.URL = "https://x.com/" + handle(t.User) + "/status/" + tweetKey(t.ID, t.IDStr)
	m.Text, m.Truncated = cut(text(t), mention.MaxText)
	switch {
	case t.InReplyToStatusID > 0:
		m.Kind = mention.KindComment
		m.ParentID = mention.NewID(sourceKind, siteKey, tweetKey(t.InReplyToStatusID, t.InReplyToStatusIDStr))
	case t.QuotedStatusID > 0:
		m.ParentID = mention.NewID(sourceKind, siteKey, tweetKey(t.QuotedStatusID, t.QuotedStatusIDStr))
	}
	if at, err := t.CreatedAtTime(); err == nil && at.Year() >= 2006 {
		m.Written.Time, m.Written.Precision, m.Written.Zone = at.UTC(), mention.PrecisionSecond, "UTC"
		m.Written = m.Written.Clamp(now)
	}
	return m, m.Text != ""
}

// tweetKey prefers the string, which no JSON reader rounds.
func tweetKey(id int64, s string) string {
	if s != "" && strings.Trim(s, "0123456789") == "" {
		return s
	}
	return strconv.FormatInt(id, 10)
}

func (c Config) author(u *api.User) mention.Author {
	if u == nil {
		return mention.Author{}
	}
	name := clean(u.ScreenName)
	id := u.IDStr
	if id == "" && u.ID > 0 {
		id = strconv.FormatInt(u.ID, 10)
	}
	if id == "" {
		id = name
	}
	own := slices.ContainsFunc(c.OwnAuthors, func(o string) bool { return name != "" && strings.EqualFold(strings.TrimPrefix(o, "@"), name) })
	return mention.Author{ID: clean(id), Name: name, Followers: count(u.FollowersCount), Own: own}
}

// handle is the author's part of a tweet's address; "i" leads there without it.
func handle(u *api.User) string {
	if u == nil || u.ScreenName == "" || strings.Trim(u.ScreenName, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != "" {
		return "i"
	}
	return u.ScreenName
}

// text is the whole text with short links expanded and those of pictures taken out.
func text(t *api.Tweet) string {
	raw, entities := t.FullText, t.Entities
	if e := t.ExtendedTweet; e != nil && e.FullText != "" {
		raw, entities = e.FullText, e.Entities
	}
	if raw == "" {
		raw = t.Text
	}
	if entities != nil {
		raw = expand(raw, entities)
	}
	return htmltext.Plain(html.UnescapeString(raw))
}

// expand replaces the short links of a text. It goes by the links themselves,
// for the positions count letters of the text before it was escaped. One pass
// over a text that was cut before bounds what comes out.
func expand(s string, e *api.Entities) string {
	s, _ = cut(s, mention.MaxText)
	var pairs []string
	for _, m := range e.Media {
		if strings.HasPrefix(m.URL, "http") {
			pairs = append(pairs, m.URL, "")
		}
	}
	for _, u := range e.Urls {
		if strings.HasPrefix(u.URL, "http") && u.ExpandedURL != "" && len(u.ExpandedURL) <= 2000 {
			pairs = append(pairs, u.URL, html.EscapeString(u.ExpandedURL))
		}
	}
	return strings.NewReplacer(pairs...).Replace(s)
}

// language is the two-letter code; X says "und" where it does not know.
func language(tag string) string {
	tag, _, _ = strings.Cut(strings.ToLower(tag), "-")
	if len(tag) != 2 || strings.Trim(tag, "abcdefghijklmnopqrstuvwxyz") != "" {
		return ""
	}
	return tag
}

func count(n int) int64 { return int64(max(0, n)) }

// cut shortens s to at most n bytes at a rune boundary.
func cut(s string, n int) (string, bool) {
	if len(s) <= n {
		return s, false
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return strings.TrimSpace(s[:n]), true
}
