package storage

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math"
	"time"

	"feryat/mention"
)

// row is a row of mentions. mention_versions and verdicts hold some of its columns under the same names.
type row struct {
	Brand            string      `ch:"brand"`
	Day              time.Time   `ch:"day"`
	ID               string      `ch:"id"`
	Version          uint64      `ch:"version"`
	Gone             uint8       `ch:"gone"`
	GoneWhy          string      `ch:"gone_why"`
	GoneSeen         time.Time   `ch:"gone_seen"`
	Revision         string      `ch:"revision"`
	WeakID           bool        `ch:"weak_id"`
	Source           string      `ch:"source"`
	SourceKind       string      `ch:"source_kind"`
	Kind             string      `ch:"kind"`
	URL              string      `ch:"url"`
	Product          string      `ch:"product"`
	ThreadID         string      `ch:"thread_id"`
	ParentID         string      `ch:"parent_id"`
	About            []string    `ch:"about"`
	AuthorID         string      `ch:"author_id"`
	Author           string      `ch:"author"`
	Followers        int64       `ch:"followers"`
	Own              bool        `ch:"own"`
	Title            string      `ch:"title"`
	Text             string      `ch:"text"`
	Truncated        bool        `ch:"truncated"`
	LanguageClaimed  string      `ch:"language_claimed"`
	Rating           *float64    `ch:"rating"`
	RatingValue      float64     `ch:"rating_value"`
	RatingWorst      float64     `ch:"rating_worst"`
	RatingBest       float64     `ch:"rating_best"`
	Likes            int64       `ch:"likes"`
	Replies          int64       `ch:"replies"`
	Shares           int64       `ch:"shares"`
	Views            int64       `ch:"views"`
	Verified         bool        `ch:"verified"`
	Written          time.Time   `ch:"written"`
	WrittenPrecision string      `ch:"written_precision"`
	WrittenZone      string      `ch:"written_zone"`
	WrittenClamped   bool        `ch:"written_clamped"`
	WrittenShown     string      `ch:"written_shown"`
	Edited           time.Time   `ch:"edited"`
	SeenFirst        time.Time   `ch:"seen_first"`
	Collected        time.Time   `ch:"collected"`
	Origin           string      `ch:"origin"`
	Language         string      `ch:"language"`
	Score            float64     `ch:"score"`
	Raw              float64     `ch:"raw"`
	Mood             string      `ch:"mood"`
	Anger            float64     `ch:"anger"`
	Topics           []string    `ch:"topics"`
	Praise           []string    `ch:"praise"`
	Blamed           []string    `ch:"blamed"`
	Customer         []string    `ch:"customer"`
	Signals          []string    `ch:"signals"`
	SwitchFrom       string      `ch:"switch_from"`
	SwitchTo         string      `ch:"switch_to"`
	Priority         uint8       `ch:"priority"`
	Coverage         float64     `ch:"coverage"`
	Reasons          []reasonRow `ch:"reasons"`
	Lexicon          string      `ch:"lexicon"`
	Fingerprint      string      `ch:"fingerprint"`
	Scored           time.Time   `ch:"scored"`
	Search           string      `ch:"search"`
}

type reasonRow struct {
	Rule   string  `ch:"rule"`
	Text   string  `ch:"text"`
	Start  uint32  `ch:"start"`
	End    uint32  `ch:"end"`
	Weight float64 `ch:"weight"`
}

// newRow is s at first sight: what is known of the mention from before is laid over it later.
func newRow(s mention.Scored) *row {
	r := &row{Brand: s.Brand, Search: s.Search, GoneSeen: epoch()}
	r.setMention(s.Mention)
	r.setRating(s.Mention.Rating)
	r.setVerdict(s.Verdict)
	r.Scored = r.Collected
	return r
}

func (r *row) setMention(m mention.Mention) {
	r.ID, r.Version, r.Revision, r.WeakID = string(m.ID), version(m.Collected), string(m.Revision), m.WeakID
	r.Source, r.SourceKind, r.Kind = m.Source, m.SourceKind, string(m.Kind)
	r.URL, r.Product, r.ThreadID, r.ParentID, r.About = m.URL, m.Product, m.ThreadID, string(m.ParentID), m.About
	r.AuthorID, r.Author, r.Followers, r.Own = m.Author.ID, m.Author.Name, m.Author.Followers, m.Author.Own
	r.Title, r.Text, r.Truncated, r.LanguageClaimed = m.Title, m.Text, m.Truncated, m.Language
	r.Likes, r.Replies, r.Shares, r.Views, r.Verified = m.Likes, m.Replies, m.Shares, m.Views, m.Verified
	r.Edited, r.Collected, r.Origin = second(m.Edited), micro(m.Collected), string(m.Origin)
	r.setFirst(firstSight(m))
}

func (r *row) setRating(rating *mention.Rating) {
	if rating == nil {
		return
	}
	r.RatingValue, r.RatingWorst, r.RatingBest = rating.Value, rating.Worst, rating.Best
	if share, ok := rating.Share(); ok && !math.IsNaN(share) {
		r.Rating = &share
	}
}

func (r *row) setVerdict(v mention.Verdict) {
	r.Language, r.Score, r.Raw, r.Mood, r.Anger = v.Language, v.Score, v.Raw, string(v.Mood), v.Anger
	r.Topics, r.Praise, r.Blamed = v.Topics, v.Praise, v.Blamed
	r.Customer, r.Signals, r.Lexicon, r.Coverage = v.Customer, v.Signals, v.Lexicon, v.Coverage
	r.Priority = uint8(min(max(v.Priority, 0), math.MaxUint8))
	if v.Switches != nil {
		r.SwitchFrom, r.SwitchTo = v.Switches.From, v.Switches.To
	}
	r.Reasons = make([]reasonRow, len(v.Reasons))
	for i, x := range v.Reasons {
		r.Reasons[i] = reasonRow{x.Rule, x.Text, position(x.Start), position(x.End), x.Weight}
	}
	r.Fingerprint = fingerprint(v)
}

// first is what never moves after first sight.
type first struct {
	Day              time.Time `ch:"day"`
	Written          time.Time `ch:"written"`
	WrittenPrecision string    `ch:"written_precision"`
	WrittenZone      string    `ch:"written_zone"`
	WrittenClamped   bool      `ch:"written_clamped"`
	WrittenShown     string    `ch:"written_shown"`
	SeenFirst        time.Time `ch:"seen_first"`
	Origin           string    `ch:"origin"`
}

func firstSight(m mention.Mention) first {
	f := first{
		Written: second(m.Written.Time), WrittenPrecision: string(m.Written.Precision), WrittenZone: m.Written.Zone,
		WrittenClamped: m.Written.Clamped, WrittenShown: m.Written.Shown, SeenFirst: micro(m.SeenFirst), Origin: string(m.Origin),
	}
	if m.SeenFirst.IsZero() {
		f.SeenFirst = micro(m.Collected)
	}
	if f.Written.Equal(epoch()) || m.Written.Precision == mention.PrecisionUnknown {
		f.Written, f.WrittenPrecision = second(f.SeenFirst), string(mention.PrecisionUnknown)
	}
	f.Day = f.Written.Truncate(24 * time.Hour)
	return f
}

func (r *row) setFirst(f first) {
	r.Day, r.Written, r.WrittenPrecision, r.WrittenZone = f.Day, f.Written, f.WrittenPrecision, f.WrittenZone
	r.WrittenClamped, r.WrittenShown, r.SeenFirst, r.Origin = f.WrittenClamped, f.WrittenShown, f.SeenFirst, f.Origin
}

// record is the way back.
func (r *row) record() mention.Scored {
	return mention.Scored{Mention: r.mention(), Brand: r.Brand, Verdict: r.verdict(), Search: r.Search}
}

func (r *row) mention() mention.Mention {
	m := mention.Mention{
		ID: mention.ID(r.ID), WeakID: r.WeakID, Revision: mention.Revision(r.Revision),
		Source: r.Source, SourceKind: r.SourceKind, Kind: mention.Kind(r.Kind), URL: r.URL,
		Product: r.Product, ThreadID: r.ThreadID, ParentID: mention.ID(r.ParentID), About: filled(r.About),
		Author: mention.Author{ID: r.AuthorID, Name: r.Author, Followers: r.Followers, Own: r.Own},
		Title:  r.Title, Text: r.Text, Truncated: r.Truncated, Language: r.LanguageClaimed,
		Likes: r.Likes, Replies: r.Replies, Shares: r.Shares, Views: r.Views, Verified: r.Verified,
		Written: mention.Written{Time: r.Written, Precision: mention.Precision(r.WrittenPrecision), Zone: r.WrittenZone, Clamped: r.WrittenClamped, Shown: r.WrittenShown},
		Edited:  orZero(r.Edited), Gone: r.Gone != 0, SeenFirst: orZero(r.SeenFirst), Collected: orZero(r.Collected), Origin: mention.Origin(r.Origin),
	}
	if m.Written.Precision == mention.PrecisionUnknown {
		m.Written.Time = time.Time{}
	}
	if r.RatingValue != 0 || r.RatingWorst != 0 || r.RatingBest != 0 {
		m.Rating = &mention.Rating{Value: r.RatingValue, Worst: r.RatingWorst, Best: r.RatingBest}
	}
	return m
}

func (r *row) verdict() mention.Verdict {
	v := mention.Verdict{
		Language: r.Language, Score: r.Score, Mood: mention.Mood(r.Mood), Anger: r.Anger,
		Topics: r.Topics, Praise: filled(r.Praise), Blamed: filled(r.Blamed), Customer: r.Customer, Signals: r.Signals,
		Priority: int(r.Priority), Coverage: r.Coverage, Raw: r.Raw, Lexicon: r.Lexicon,
		Reasons: make([]mention.Reason, len(r.Reasons)),
	}
	if r.SwitchFrom != "" || r.SwitchTo != "" {
		v.Switches = &mention.Switch{From: r.SwitchFrom, To: r.SwitchTo}
	}
	for i, x := range r.Reasons {
		v.Reasons[i] = mention.Reason{Rule: x.Rule, Text: x.Text, Start: int(x.Start), End: int(x.End), Weight: x.Weight}
	}
	return v
}

// fingerprint tells two verdicts apart.
func fingerprint(v mention.Verdict) string {
	text, err := json.Marshal(v)
	if err != nil { // a score that is no number
		text = []byte(v.Lexicon)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

func position(n int) uint32 { return uint32(min(max(n, 0), math.MaxInt32)) }

// filled is nil for an empty list, as the records leave it out of JSON then.
func filled(list []string) []string {
	if len(list) == 0 {
		return nil
	}
	return list
}
