package customer

import (
	"fmt"
	"slices"
	"time"

	"feryat/mention"
)

// Config is what a company may choose.
type Config struct {
	// HighValue is a value or margin from which a customer is of high value, in the currency of the customer list. 0: only
	// the top tenth of the list is.
	HighValue float64 `yaml:"high_value" mapstructure:"high_value"`
}

// DefaultConfig goes by the list alone.
func DefaultConfig() Config { return Config{} }

// Validate tells what is wrong.
func (c Config) Validate() error {
	if c.HighValue >= 0 { // which is false of what is no number
		return nil
	}
	return fmt.Errorf("high_value %g: say an amount from 0", c.HighValue)
}

// The kinds of customer that can be observed, by the codes of the scorer. All
// others stay what a text claims.
const (
	KindNew        = "new"
	KindReturned   = "returned"
	KindLoyal      = "loyal"
	KindEffortless = "effortless"
	KindHighValue  = "high_value"
	KindAdvocate   = "advocate"
	KindAtRisk     = "at_risk"
)

// The bounds of the kinds.
const (
	newFor        = 60 * day
	loyalSince    = 2 * 365 * day
	loyalMentions = 5 // at least, over the time of loyalSince
	effortless    = 365 * day
	renewalNear   = 60 * day
	longUnseen    = 180 * day
	topTenth      = 0.9
	advocacies    = 3 // satisfied mentions that advise others to buy
)

// Observe is Config.Observe of the default configuration.
func Observe(history []mention.Past, entry *mention.Customer, now time.Time) []string {
	return DefaultConfig().Observe(history, entry, now)
}

// Observe gives the kinds of customer which the history with a brand, and the
// entry in the customer list (nil for none), show:
//
//	new         customer for less than 60 days
//	returned    said that he leaves, and 30 days later or more was content or seen by the list
//	loyal       customer for 2 years, or 5 mentions spread over 2 years
//	effortless  customer for a year, and at most one complaint before the newest mention
//	high_value  in the top tenth of the list by value or margin, or above Config.HighValue
//	advocate    brought others, or was content and advised others to buy in 3 mentions
//	at_risk     unhappy or angry with a renewal in the next 60 days, or not seen for 180 days
//
// Only returned, loyal and advocate can follow from a history alone, and from
// none of an author who may be many people. The order is that of the table.
func (c Config) Observe(history []mention.Past, entry *mention.Customer, now time.Time) []string {
	past := ordered(history, now)
	if isCrowd(past, now) {
		past = nil
	}
	if entry == nil {
		entry = &mention.Customer{}
	}
	standing, _ := Stand(past, now)
	tenure := since(entry.Since, now)
	kinds := []struct {
		code string
		is   bool
	}{
		{KindNew, tenure >= 0 && tenure < newFor},
		{KindReturned, hasReturned(past, entry)},
		{KindLoyal, tenure >= loyalSince || isLongHistory(past)},
		{KindEffortless, tenure >= effortless && before(past) <= 1},
		{KindHighValue, max(entry.ValueAbove, entry.MarginAbove) >= topTenth || c.HighValue > 0 && max(entry.Value, entry.Margin) >= c.HighValue},
		{KindAdvocate, entry.Referrals > 0 || count(past, isAdvocacy) >= advocacies},
		{KindAtRisk, isNear(entry.Renewal, now) && isBad(standing) || since(entry.LastSeen, now) >= longUnseen},
	}
	var found []string
	for _, k := range kinds {
		if k.is {
			found = append(found, k.code)
		}
	}
	return found
}

// since is how long ago t was, below 0 for a time that is not told or to come.
func since(t, now time.Time) time.Duration {
	if t.IsZero() {
		return -1
	}
	return now.Sub(t)
}

// isNear takes a day as lasting until its end.
func isNear(t, now time.Time) bool {
	return !t.IsZero() && t.Add(day).After(now) && t.Before(now.Add(renewalNear))
}

func isBad(s mention.Standing) bool {
	return s == mention.StandingUnhappy || s == mention.StandingAngry
}

func count(past []mention.Past, is func(mention.Past) bool) (n int) {
	for _, p := range past {
		if is(p) {
			n++
		}
	}
	return n
}

// before counts the complaints before the newest mention, which is mostly the
// one at hand.
func before(past []mention.Past) int {
	return count(past[:max(0, len(past)-1)], isComplaint)
}

func isAdvocacy(p mention.Past) bool { return isPeace(p) && slices.Contains(p.Signals, "advocacy") }

func isLongHistory(past []mention.Past) bool {
	return len(past) >= loyalMentions && past[len(past)-1].Written.Sub(past[0].Written) >= loyalSince
}

func hasReturned(past []mention.Past, entry *mention.Customer) bool {
	const away = 30 * day
	for i, p := range past {
		if !isComplaint(p) || !slices.Contains(p.Signals, "churn") {
			continue
		}
		back := func(q mention.Past) bool { return isPeace(q) && q.Written.Sub(p.Written) >= away }
		if slices.ContainsFunc(past[i:], back) || entry.LastSeen.Sub(p.Written) >= away {
			return true
		}
	}
	return false
}
