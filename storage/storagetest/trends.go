package storagetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"feryat/mention"
	"feryat/storage"
)

// days gives a time that many days after start.
func days(n int) time.Time { return start().AddDate(0, 0, n) }

// complained is an angry mention of brand A in the old shop, changed as wanted.
func complained(key string, written time.Time, topics []string, change ...func(*mention.Scored)) mention.Scored {
	row := judge(review(1, written), "A", "1")
	row.Mention.ID = mention.NewID("site", "shop.example", key)
	row.Mention.Source, row.Mention.Author, row.Mention.Rating = "shop", mention.Author{ID: "u" + key}, nil
	row.Mention.Written.Time, row.Mention.Collected = written, written.Add(10*time.Minute)
	row.Verdict.Mood, row.Verdict.Topics, row.Verdict.Praise = mention.Angry, topics, nil
	for _, c := range change {
		c(&row)
	}
	row.Mention = row.Mention.Revise()
	return row
}

func from(source string) func(*mention.Scored) {
	return func(r *mention.Scored) { r.Mention.Source = source }
}

func origin(o mention.Origin) func(*mention.Scored) {
	return func(r *mention.Scored) { r.Mention.Origin = o }
}

func mood(m mention.Mood) func(*mention.Scored) {
	return func(r *mention.Scored) { r.Verdict.Mood = m }
}

func by(id string) func(*mention.Scored) {
	return func(r *mention.Scored) { r.Mention.Author = mention.Author{ID: id} }
}

// shown changes how exactly the source tells the time and when the mention was seen.
func shown(p mention.Precision, written, seen time.Time) func(*mention.Scored) {
	return func(r *mention.Scored) {
		r.Mention.Written.Time, r.Mention.Written.Precision, r.Mention.Collected = written, p, seen
	}
}

// watchedSince notes a visit a day of sources, from some time on.
func watchedSince(t *testing.T, s *storage.Store, sources map[string]time.Time) {
	t.Helper()
	for source, first := range sources {
		var all []mention.Visit
		for at, n := first, 1; at.Before(days(10)); at, n = at.AddDate(0, 0, 1), n+1 {
			all = append(all, page(source, fmt.Sprint(n), n, at, mention.OutcomeOK, ""))
		}
		visits(t, s, all...)
	}
}

// series are those that are handed out, by brand or source and topic.
func series(t *testing.T, ask func(func(mention.Series) error) error) map[string]mention.Series {
	t.Helper()
	got := map[string]mention.Series{}
	if err := ask(func(s mention.Series) error {
		key, sum := fmt.Sprint(s.Brand, s.Source, "/", s.Topic), int64(0)
		if _, twice := got[key]; twice {
			t.Errorf("%s comes twice", key)
		}
		for _, h := range s.Hours {
			sum += h.N
		}
		for _, p := range s.Parts {
			sum -= p.N
		}
		if sum != 0 {
			t.Errorf("the parts of %s lack %d of its hours", key, sum)
		}
		s.Parts, s.Gaps = nil, nil // see gaps
		got[key] = s
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return got
}

func trends(t *testing.T, open Opener) {
	t.Run("HourlyComplaints", func(t *testing.T) { hourlyComplaints(t, open(t)) })
	t.Run("RecentComplaints", func(t *testing.T) {
		s := open(t)
		recentComplaints(t, s)
		dailyRatings(t, s) // what came before has no stars
	})
	t.Run("Begin", func(t *testing.T) { begin(t, open(t)) })
	t.Run("Gaps", func(t *testing.T) { gaps(t, open(t)) })
	t.Run("HourlySeen", func(t *testing.T) { hourlySeen(t, open(t)) })
}

func hourlyComplaints(t *testing.T, s *storage.Store) {
	watchedSince(t, s, map[string]time.Time{"shop": days(-90), "forum": days(-80), "young": days(-13)})
	midnight := days(-1).Truncate(24 * time.Hour)
	own := func(r *mention.Scored) { r.Mention.Author.Own = true }
	rival := complained("1", hours(-5), []string{"price"}, mood(mention.Satisfied))
	rival.Brand = "B"
	insert(t, s, rival,
		complained("first", days(-70), nil),
		complained("1", hours(-5), []string{"delay", "delay", "price"}), complained("2", hours(-5).Add(59*time.Minute), nil, from("forum")), complained("3", hours(-4), []string{"delay"}),
		complained("content", hours(-4), nil, mood(mention.Satisfied)), complained("own", hours(-4), []string{"delay"}, own),
		complained("young", hours(-4), []string{"delay"}, from("young")), complained("backfill", hours(-4), nil, origin(mention.OriginBackfill)), complained("import", hours(-4), nil, origin(mention.OriginImport)),
		// A source that shows the day: it counts when it was seen, if that was soon.
		complained("day", days(0), nil, shown(mention.PrecisionDay, midnight, hours(-2))), complained("late day", days(0), nil, shown(mention.PrecisionDay, days(-4), hours(-2))),
		complained("no time", days(0), nil, shown(mention.PrecisionUnknown, time.Time{}, hours(-1))),
		complained("future", days(0), nil, func(r *mention.Scored) {
			r.Mention.Written.Time, r.Mention.Written.Clamped, r.Mention.Collected = hours(-1), true, hours(-1)
		}),
		// One that is found late, but tells when it was written, counts for then.
		complained("found late", days(0), nil, shown(mention.PrecisionMinute, days(-3), hours(-1))),
		complained("before", days(-31), nil), complained("after", days(1), nil))
	insert(t, s, complained("silent", days(-60), nil, func(r *mention.Scored) { r.Brand = "C" }))

	got := series(t, func(each func(mention.Series) error) error {
		return s.HourlyComplaints(t.Context(), days(-30), days(0), each)
	})
	at := func(t time.Time, n, of int64) mention.HourCount { return mention.HourCount{At: t, N: n, Of: of} }
	wantEqual(t, "series", got, map[string]mention.Series{
		"A/":      {Brand: "A", Since: days(-30), Hours: []mention.HourCount{at(days(-3), 1, 1), at(hours(-5), 2, 2), at(hours(-4), 1, 2), at(hours(-2), 1, 1), at(hours(-1), 2, 2)}},
		"A/delay": {Brand: "A", Topic: "delay", Since: days(-30), Hours: []mention.HourCount{at(hours(-5), 1, 0), at(hours(-4), 1, 0)}},
		"A/price": {Brand: "A", Topic: "price", Since: days(-30), Hours: []mention.HourCount{at(hours(-5), 1, 0)}},
		"B/":      {Brand: "B", Since: hours(-5).Add(10 * time.Minute)},
		"C/":      {Brand: "C", Since: days(-30)},
	})
	stop := errors.New("enough")
	if err := s.HourlyComplaints(t.Context(), days(-30), days(0), func(mention.Series) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("the error of whoever reads became %v", err)
	}
}

func recentComplaints(t *testing.T, s *storage.Store) {
	watchedSince(t, s, map[string]time.Time{"shop": days(-90), "forum": days(-90), "young": days(-13)})
	now := hours(0)
	var rows []mention.Scored
	for i, minutes := range []int{0, 5, 59, 60, 119, 359, 360, -5} {
		rows = append(rows, complained(fmt.Sprint(minutes), now.Add(-time.Duration(minutes)*time.Minute), []string{"delay"}, by(fmt.Sprint("u", i%2))))
	}
	anybody := func(r *mention.Scored) { r.Mention.Author = mention.Author{} }
	insert(t, s, append(rows, complained("a", hours(-1).Add(time.Minute), nil, anybody), complained("b", hours(-1).Add(time.Minute), nil, anybody), complained("c", hours(-1).Add(time.Minute), nil, by("u0"), from("forum")),
		complained("content", now, nil, mood(mention.Neutral)), complained("young", now, nil, from("young")), complained("back", now, nil, origin(mention.OriginBackfill)))...)
	hour := time.Hour
	ask := func(now time.Time, bursting ...string) []mention.Recent {
		got, _, err := s.RecentComplaints(t.Context(), now, now, []time.Duration{hour, 2 * hour, 6 * hour}, bursting)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	got := ask(now)
	wantEqual(t, "recent", got, []mention.Recent{
		{Brand: "A", Windows: []mention.WindowCount{{Window: hour, N: 6, Authors: 5}, {Window: 2 * hour, N: 8, Authors: 5}, {Window: 6 * hour, N: 9, Authors: 5}}},
		{Brand: "A", Topic: "delay", Windows: []mention.WindowCount{{Window: hour, N: 3, Authors: 2}, {Window: 2 * hour, N: 5, Authors: 2}, {Window: 6 * hour, N: 6, Authors: 2}}},
	})
	insert(t, s, complained("burst", days(8), nil, shown(mention.PrecisionDay, days(8).Truncate(24*time.Hour), days(8)), from("forum")), complained("exact", days(8), nil, from("forum")))
	once := mention.WindowCount{Window: hour, N: 1, Authors: 1}
	wantEqual(t, "a source that is just back", ask(days(8), "forum"),
		[]mention.Recent{{Brand: "A", Windows: []mention.WindowCount{once, {Window: 2 * hour, N: 1, Authors: 1}, {Window: 6 * hour, N: 1, Authors: 1}}}})
	wantEqual(t, "nothing recent", ask(days(9)), []mention.Recent(nil))
}

// begin: a series begins when the first that it is made of was watched.
func begin(t *testing.T, s *storage.Store) {
	watchedSince(t, s, map[string]time.Time{"shop": days(-90), "forum": days(-20)})
	insert(t, s,
		complained("1", days(-40), nil), complained("2", days(-19), nil, from("forum")), complained("3", days(-10), nil),
		complained("unnoted", days(-16), nil, from("feed"), func(r *mention.Scored) { r.Brand = "C" }), complained("new", days(-2), nil, from("new"), func(r *mention.Scored) { r.Brand = "D" }))
	ask := func(since, until time.Time) map[string]mention.Series {
		return series(t, func(each func(mention.Series) error) error {
			return s.HourlyComplaints(t.Context(), since, until, each)
		})
	}
	at := func(t time.Time) mention.HourCount { return mention.HourCount{At: t, N: 1, Of: 1} }
	first := days(-16).Add(10 * time.Minute)
	wantEqual(t, "since the brand", ask(days(-56), days(0)), map[string]mention.Series{
		"A/": {Brand: "A", Since: days(-40).Add(10 * time.Minute), Hours: []mention.HourCount{at(days(-19)), at(days(-10))}}, "C/": {Brand: "C", Since: first}})
	wantEqual(t, "before the forum settled", ask(days(-56), days(-7))["A/"], mention.Series{Brand: "A", Since: days(-40).Add(10 * time.Minute), Hours: []mention.HourCount{at(days(-10))}})
	wantEqual(t, "before anything", len(ask(days(-200), days(-100))), 0)
}

// gaps: the shop is read every hour, but not for five, for which its pages were empty.
func gaps(t *testing.T, s *storage.Store) {
	watchedSince(t, s, map[string]time.Time{"forum": days(-20)})
	var all []mention.Visit
	for h := -30 * 24; h < 24; h++ {
		run, at, outcome := fmt.Sprint(h), hours(h), mention.OutcomeOK
		if h >= -48 && h < -44 || h == -100 { // one run that went wrong is a pause of two hours
			outcome = mention.OutcomeSoftFail
		}
		all = append(all, page("shop", run, 1, at, outcome, ""), ended("shop", run, at, outcome, ""))
	}
	visits(t, s, all...)
	day := func(key string, seen time.Time) mention.Scored {
		return complained(key, seen, nil, shown(mention.PrecisionDay, seen.Truncate(24*time.Hour), seen))
	}
	insert(t, s, complained("brand", days(-25), nil), complained("before", hours(-50), nil), complained("in it", hours(-46), nil), complained("forum", hours(-46), nil, from("forum")),
		day("brought", hours(-44).Add(time.Minute)), complained("back", hours(-44), nil), day("as ever", hours(-30)))
	gap := func(source string, sighted bool, from, to int) mention.Gap {
		return mention.Gap{Source: source, Sighted: sighted, From: hours(from), To: hours(to)}
	}
	var got mention.Series
	if err := s.HourlyComplaints(t.Context(), hours(-400), hours(-20), func(s mention.Series) error { got = s; return nil }); err != nil {
		t.Fatal(err)
	}
	at := func(h int) mention.HourCount { return mention.HourCount{At: hours(h), N: 1, Of: 1} }
	wantEqual(t, "with its gaps", got, mention.Series{Brand: "A", Since: hours(-400), Hours: []mention.HourCount{at(-50), at(-46), at(-44), at(-30)},
		Parts: []mention.Part{{Source: "shop", N: 2}, {Source: "forum", N: 1}, {Source: "shop", Sighted: true, N: 1}},
		Gaps:  []mention.Gap{gap("shop", false, -101, -99), gap("shop", false, -49, -44), gap("shop", true, -101, -97), gap("shop", true, -49, -39)}})
	if err := s.HourlySeen(t.Context(), hours(-400), hours(-20), func(s mention.Series) error { got = s; return nil }); err != nil {
		t.Fatal(err)
	}
	wantEqual(t, "seen", got.Hours, []mention.HourCount{{At: hours(-50), N: 1}, {At: hours(-30), N: 1}})
	for when, want := range map[int]struct {
		n    int64
		gaps []mention.Gap
	}{
		-45: {2, []mention.Gap{gap("shop", false, -49, -45), gap("shop", true, -49, -41)}},
		-43: {3, []mention.Gap{gap("shop", true, -49, -39)}}, // what it brings by the hour of writing is of that hour
	} {
		recent, gaps, err := s.RecentComplaints(t.Context(), hours(when), hours(when), []time.Duration{6 * time.Hour}, nil)
		if err != nil || len(recent) != 1 || recent[0].Windows[0].N != want.n {
			t.Errorf("%d: %+v %v, want %d", when, recent, err, want.n)
		}
		wantEqual(t, fmt.Sprint(when), gaps, want.gaps)
	}
	young, _, err := s.RecentComplaints(t.Context(), hours(-45), days(-7), []time.Duration{6 * time.Hour}, nil)
	if err != nil || len(young) != 1 || young[0].Windows[0].N != 1 { // what is usual was learnt before the forum counted
		t.Errorf("a source that has become old enough meanwhile: %+v %v", young, err)
	}
}

func hourlySeen(t *testing.T, s *storage.Store) {
	watchedSince(t, s, map[string]time.Time{"shop": days(-90), "forum": days(-3), "silent": days(-90)})
	rival := complained("1", hours(-5), nil)
	rival.Brand = "B"
	insert(t, s, complained("1", hours(-5), nil), rival, complained("2", hours(-5), nil, shown(mention.PrecisionDay, days(-9), hours(-4))), complained("3", days(-2), nil, from("forum"), mood(mention.Satisfied)),
		complained("old", days(-40), nil, shown(mention.PrecisionMinute, days(-40), hours(-3))), complained("back", hours(-2), nil, origin(mention.OriginBackfill)))
	got := series(t, func(each func(mention.Series) error) error {
		return s.HourlySeen(t.Context(), days(-30), days(0), each)
	})
	wantEqual(t, "seen", got, map[string]mention.Series{
		"shop/":  {Source: "shop", Since: days(-30), Hours: []mention.HourCount{{At: hours(-5), N: 1}, {At: hours(-4), N: 1}}},
		"forum/": {Source: "forum", Since: days(-3), Hours: []mention.HourCount{{At: days(-2), N: 1}}},
	})
}

func dailyRatings(t *testing.T, s *storage.Store) {
	stars := func(key string, written time.Time, value, best float64, change ...func(*mention.Scored)) mention.Scored {
		return complained("stars "+key, written, nil, append(slices.Clone(change), func(r *mention.Scored) { r.Mention.Rating = &mention.Rating{Value: value, Worst: 1, Best: best} })...)
	}
	istanbul := time.Date(2025, 3, 7, 21, 0, 0, 0, time.UTC) // midnight of the 8th there
	own := func(r *mention.Scored) { r.Mention.Author.Own = true }
	insert(t, s, stars("1", days(-1), 1, 5), stars("2", days(-1), 1, 5), stars("3", days(-1), 4, 5), stars("4", days(-1), 5, 5, from("forum")), complained("none", days(-1), nil),
		stars("5", istanbul, 3, 5, shown(mention.PrecisionDay, istanbul, days(0))), stars("6", days(-3), 10, 11, origin(mention.OriginBackfill)),
		stars("7", days(-1), 1, 5, origin(mention.OriginImport)), stars("8", days(-1), 1, 5, own), stars("9", days(0), 1, 5), stars("10", days(-11), 1, 5))
	day := func(n int) time.Time { return days(n).Truncate(24 * time.Hour) }
	got := must(s.DailyRatings(t.Context(), day(-10), day(0)))(t)
	wantEqual(t, "ratings", got, []mention.RatingDay{
		{Brand: "A", Source: "forum", Day: day(-1), Stars: []mention.StarCount{{Share: 1, N: 1}}},
		{Brand: "A", Source: "shop", Day: day(-3), Stars: []mention.StarCount{{Share: .9, N: 1}}},
		{Brand: "A", Source: "shop", Day: day(-2), Stars: []mention.StarCount{{Share: .5, N: 1}}},
		{Brand: "A", Source: "shop", Day: day(-1), Stars: []mention.StarCount{{Share: 0, N: 2}, {Share: .75, N: 1}}},
	})
}
