package digest

import (
	"time"

	"feryat/mention"
)

const zone = "Europe/Istanbul"

func istanbul() *time.Location {
	z, err := time.LoadLocation(zone)
	if err != nil {
		panic(err)
	}
	return z
}

// monday is when the weekly digest of the golden files is sent.
func monday() time.Time { return time.Date(2026, 11, 23, 9, 0, 0, 0, istanbul()) }

// said is a mention that was written some hours before monday.
func said(text, author, source string, followers int64, hours int, topics ...string) mention.Scored {
	return mention.Scored{Brand: "Paytak", Verdict: mention.Verdict{Topics: topics}, Mention: mention.Mention{
		ID: mention.ID(text), Text: text, Source: source, URL: "https://" + source + ".example.com/1?a=b&c=d", Author: mention.Author{ID: author, Name: author, Followers: followers},
		Written: mention.Written{Time: monday().Add(-time.Duration(hours) * time.Hour).UTC(), Precision: mention.PrecisionMinute},
	}}
}

// sample is a week of two brands and a rival, with all that may be told.
func sample() mention.Digest {
	ask := Config{Period: Weekly}.Ask(monday())
	f := mention.Figures{Kind: mention.FiguresSpike, Observed: 41, Expected: 6.2, Hours: 2, People: 38}
	return mention.Digest{
		From: ask.From.UTC(), To: ask.To.UTC(), Before: ask.Before().UTC(), Zone: zone, AsOf: monday().UTC(), Watched: 6,
		Now: mention.Tally{Mentions: 1290, Unhappy: 418, Angry: 131, Ratings: 212, Rating: 0.61}, Past: mention.Tally{Mentions: 1104, Unhappy: 265, Angry: 70, Ratings: 190, Rating: 0.72},
		Brands: []mention.BrandDigest{busy(ask, f), small(ask)},
		Rivals: []mention.RivalDigest{{Brand: "Getirgötür", Now: mention.Tally{Mentions: 300, Unhappy: 87}, Topics: []mention.TopicChange{{Topic: "delay", Now: 40, Past: 30}, {Topic: "refund_return", Now: 12, Past: 15}},
			Unhappy: []mention.Scored{said("Bu son, bir daha Getirgötür'den alışveriş yapmam. İki haftadır iade bekliyorum.", "deniz", "forum", 120, 20, "refund_return", "delay"),
				said("سه بار سفارش دادم و هر سه بار دیر رسید، دیگر سراغش نمی‌روم.", "Author 5", "store", 0, 31, "delay")}}},
		Listed: []mention.RuleCount{{Rule: "spike", Count: 7}},
		Gaps:   []mention.SourceGap{{Source: "forum", Blind: 31 * time.Hour, Reason: "challenge"}, {Source: "store", Blind: 7 * 24 * time.Hour}, {Source: "app", Blind: 60 * time.Hour, New: true}},
	}
}

func busy(ask mention.DigestAsk, f mention.Figures) mention.BrandDigest {
	b := mention.BrandDigest{
		Brand: "Paytak", Now: mention.Tally{Mentions: 1274, Unhappy: 414, Angry: 130, Ratings: 212, Rating: 0.61}, Past: mention.Tally{Mentions: 1091, Unhappy: 262, Angry: 69, Ratings: 190, Rating: 0.72},
		Topics: []mention.TopicChange{{Topic: "delay", Now: 190, Past: 81}, {Topic: "delivery", Now: 122, Past: 110}, {Topic: "support_unreachable", Now: 75, Past: 70}, {Topic: "refund_return", Now: 20, Past: 66}, {Topic: "price", Now: 18, Past: 20}, {Topic: "app", Now: 3, Past: 4}},
		Cases:  mention.CaseTally{Opened: 46, Past: 31, Promised: 44, InTime: 33, Late: 9, FalseAlarms: 2, Waiting: 5, Oldest: monday().Add(-70 * time.Hour).UTC()},
		Incidents: []mention.Escalation{
			{ID: "i1", Rule: "spike", Brand: "Paytak", Topics: []string{"delay"}, State: mention.StateResolved, Opened: monday().Add(-90 * time.Hour).UTC(), Excerpt: f.String(), Figures: &f},
			{ID: "i2", Rule: "incident", Brand: "Paytak", Topics: []string{"app"}, Product: "Paytak Android", State: mention.StateAcknowledged, Opened: monday().Add(-40 * time.Hour).UTC(), Excerpt: "Ödeme ekranı açılmıyor", URL: "https://store.example.com/2"},
		},
		Praised: 61, Praise: []mention.Scored{said("Sabah verdiğim sipariş akşam elimdeydi, paketleme de çok özenliydi. Teşekkürler!", "ayse", "shop", 230, 12),
			said("پشتیبانی خیلی مؤدب بود و همان روز مشکلم را حل کرد 🙏", "Author 5", "store", 0, 30), said("Third order this month, always on time.", "Author 9", "forum", 18, 50)},
		Asked: 4, Questions: []mention.Scored{said("Yurt dışına gönderim var mı, varsa kaç günde gelir?", "mehmet", "forum", 0, 15)},
		Advocated: 9, Advocates: []mention.Scored{said("Herkese tavsiye ederim, gözüm kapalı alışveriş yapıyorum.", "zeynep", "shop", 48200, 60)},
		Returned: 2, WonBack: []mention.Scored{said("Geçen ay çok kızmıştım ama aradılar, çözdüler. Yine buradayım.", "can", "shop", 75, 70)},
	}
	for i, day := 0, ask.From; day.Before(ask.To); i, day = i+1, day.AddDate(0, 0, 1) {
		n := int64(20 + 11*i%37)
		b.Days = append(b.Days, mention.DayMoods{Day: day.UTC(), Counts: map[mention.Mood]int64{mention.Angry: n, mention.Dissatisfied: 2 * n, mention.Mixed: 10, mention.Neutral: 40, mention.Satisfied: 60 + 3*n, mention.Unknown: 5}})
	}
	return b
}

// small is a brand of which little is said.
func small(ask mention.DigestAsk) mention.BrandDigest {
	b := mention.BrandDigest{Brand: "اکمی", Now: mention.Tally{Mentions: 16, Unhappy: 4, Angry: 1, Ratings: 3, Rating: 0.5}, Past: mention.Tally{Mentions: 13, Unhappy: 3, Angry: 1},
		Cases: mention.CaseTally{Opened: 1, Promised: 1, InTime: 1}}
	for day := ask.From; day.Before(ask.To); day = day.AddDate(0, 0, 1) {
		b.Days = append(b.Days, mention.DayMoods{Day: day.UTC(), Counts: map[mention.Mood]int64{}})
	}
	b.Days[2].Counts[mention.Angry], b.Days[2].Counts[mention.Neutral], b.Days[5].Counts[mention.Dissatisfied], b.Days[6].Counts[mention.Satisfied] = 1, 4, 3, 8
	return b
}
