package incident

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"feryat/mention"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// start is when the stories of the tests begin.
func start() time.Time { return time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC) }

// row is a complaint by an author, so many minutes after the start.
func row(author, minutes int, edit func(*mention.Scored)) mention.Scored {
	at := start().Add(time.Duration(minutes) * time.Minute)
	r := mention.Scored{Brand: "Paytak", Mention: mention.Mention{
		ID: mention.NewID("site", "example.org", fmt.Sprint(author, " ", minutes)), Source: "shop", Text: said(author, minutes),
		Author:    mention.Author{ID: fmt.Sprint("id", author), Name: fmt.Sprint("Author ", author), Followers: 10},
		Written:   mention.Written{Time: at, Precision: mention.PrecisionMinute},
		Collected: at.Add(time.Minute),
	}, Verdict: mention.Verdict{Language: "tr", Topics: []string{"delivery", "delay"}}}
	if edit != nil {
		edit(&r)
	}
	return r
}

// said is a text of words that those of other numbers do not have.
func said(author, minutes int) string {
	words := make([]string, 12)
	for i := range words {
		words[i] = fmt.Sprintf("söz%dx%dx%d", i, author, minutes)
	}
	return strings.Join(words, " ")
}

func member(t *testing.T, r mention.Scored) Member {
	t.Helper()
	m, ok := NewMember([]byte("secret"), r)
	if !ok {
		t.Fatalf("no member of %+v", r)
	}
	return m
}

func TestNewMember(t *testing.T) {
	of := func(edit func(*mention.Scored)) Member { return member(t, row(1, 0, edit)) }
	plain := of(nil)
	if plain.Cause != (Cause{Brand: "Paytak", Topic: "delivery"}) || !plain.At.Equal(start()) || plain.Reach != 10 || plain.Source != "shop" || plain.Language != "tr" {
		t.Errorf("got %+v", plain)
	}
	if got := of(func(r *mention.Scored) { r.Mention.Written.Precision = mention.PrecisionDay }); !got.At.Equal(start().Add(time.Minute)) {
		t.Errorf("a day is no time of writing: %s", got.At)
	}
	seen := of(func(r *mention.Scored) {
		r.Mention.Written, r.Mention.SeenFirst = mention.Written{}, start().Add(time.Hour)
	})
	if !seen.At.Equal(start().Add(time.Hour)) {
		t.Errorf("without a time the first sight counts: %s", seen.At)
	}
	elsewhere := of(func(r *mention.Scored) { r.Mention.Source, r.Mention.Author.Name = "forum", "AUTHOR 1" })
	if elsewhere.Author == plain.Author || elsewhere.Name != plain.Name {
		t.Error("the same name in another source is another author of the same name")
	}
	nobody := of(func(r *mention.Scored) { r.Mention.Author = mention.Author{} })
	other := of(func(r *mention.Scored) { r.Mention.Author, r.Mention.ID = mention.Author{}, "x" })
	if nobody.Name != 0 || nobody.Author == other.Author {
		t.Error("two who are not named are two authors without a name")
	}
	if key := of(func(r *mention.Scored) { r.Mention.Author.Name = "" }); key.Name == 0 {
		t.Error("one with a key and no name was taken for unnamed")
	}
	if again, _ := NewMember([]byte("other"), row(1, 0, nil)); again.Author == plain.Author || again.Name == plain.Name {
		t.Error("the hashes do not depend on the secret")
	}
	if _, ok := NewMember(nil, row(1, 0, func(r *mention.Scored) { r.Verdict.Topics = nil })); ok {
		t.Error("a mention of no topic is no member")
	}
}

func TestTheProductCountsWhereTheGoodsAreAtFault(t *testing.T) {
	for topic, want := range map[string]string{"defective": "Kettle", "size_fit": "Kettle", "delivery": "", "outage": "", "staff_rude": ""} {
		c, ok := CauseOf(row(1, 0, func(r *mention.Scored) { r.Verdict.Topics, r.Mention.Product = []string{topic}, "Kettle" }))
		if !ok || c.Product != want || c.Topic != topic {
			t.Errorf("%s: %+v", topic, c)
		}
	}
}

func TestNeverDemoted(t *testing.T) {
	for _, signal := range []string{"legal_threat", "authority_filed", "publicity_threat", "fraud_claim", "safety_hazard", "safety"} {
		if !NeverDemoted(mention.Escalation{Signals: []string{"churn", signal}}) {
			t.Errorf("%s may be demoted", signal)
		}
	}
	if !NeverDemoted(mention.Escalation{Topics: []string{"quality", "safety"}}) {
		t.Error("the topic safety may be demoted")
	}
	if NeverDemoted(mention.Escalation{Topics: []string{"delay"}, Signals: []string{"churn", "refund_demand"}}) {
		t.Error("a churn is never demoted")
	}
}

func TestConfigs(t *testing.T) {
	if err := errorsOf(DefaultConfig(), DefaultStormConfig()); err != nil {
		t.Errorf("the defaults are refused: %v", err)
	}
	for want, c := range map[string]Config{
		"authors is 1":   edited(func(c *Config) { c.Authors = 1 }),
		"window":         edited(func(c *Config) { c.Quiet = time.Minute }),
		"longest":        edited(func(c *Config) { c.Longest = time.Hour }),
		"campaign_share": edited(func(c *Config) { c.CampaignShare = 1.5 }),
		"keep":           edited(func(c *Config) { c.Keep = 5 }),
		"room":           edited(func(c *Config) { c.Room = 5 }),
	} {
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", want, err)
		}
	}
	err := StormConfig{}.Validate()
	for _, want := range []string{"pages", "window"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", want, err)
		}
	}
}

func errorsOf(c Config, s StormConfig) error { return errors.Join(c.Validate(), s.Validate()) }

func edited(edit func(*Config)) Config {
	c := DefaultConfig()
	edit(&c)
	return c
}
