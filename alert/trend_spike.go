package alert

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"feryat/alert/trend"
	"feryat/calendar"
	"feryat/mention"
)

const (
	// learnEvery is how often what is usual is learnt again.
	learnEvery = time.Hour
	// growth is how many times as large a spike must be to be told again.
	growth = 2
	// ofTotal is the share of a brand's spike that a topic must explain for it to
	// be named first.
	ofTotal = 0.5
)

// spiking is the spike of a brand: one for the brand's total and all its
// topics, because most complaints name several and are in the total anyway.
type spiking struct {
	Start time.Time `json:"start"`
	Size  float64   `json:"size"` // mentions above the usual when it was last told
	// Peak is what leads when it is largest, Most by how much, Topics those of it then.
	Peak   trend.Finding `json:"peak,omitzero"`
	Most   float64       `json:"most,omitempty"`
	Topics []string      `json:"topics,omitempty"`
	// Series are the spikes by topic, "" for the total.
	Series map[string]trend.Spike `json:"series"`
}

// spikeRule looks for spikes.
type spikeRule struct {
	of      Rule
	markets map[string]calendar.Market
	counts  complaintCounts
	held    func(ctx context.Context, now time.Time) ([]string, error)

	learnt         time.Time
	usual          map[string]map[string]trend.Baseline // by brand and topic
	since          map[string]time.Time                 // when the brand's series begin
	totals, topics trend.Plan
}

func (r *spikeRule) rule() Rule { return r.of }

func (r *spikeRule) due(last, now time.Time) bool {
	return now.Sub(last) >= r.of.Trend.spike(1).Every
}

func (r *spikeRule) promised() float64 { return r.totals.FalseAlarms + r.topics.FalseAlarms }

func (r *spikeRule) outlook(ctx context.Context, now time.Time) (Outlook, error) {
	err := r.learn(ctx, now)
	return Outlook{r.of.Name, r.of.Trend.promised(len(r.since)), r.promised(), r.totals.Series + r.topics.Series, r.totals.Young + r.topics.Young}, err
}

// learn learns what is usual, unless it did so within the hour.
func (r *spikeRule) learn(ctx context.Context, now time.Time) error {
	if age := now.Sub(r.learnt); age >= 0 && age < learnEvery {
		return nil
	}
	usual, since := map[string]map[string]trend.Baseline{}, map[string]time.Time{}
	var totals, topics []trend.Baseline
	err := r.counts.HourlyComplaints(ctx, now.Add(-trend.History), now, func(s mention.Series) error {
		market, ours := r.markets[s.Brand]
		if !ours {
			return nil
		}
		b := trend.Learn(s, market, now)
		if usual[s.Brand] == nil {
			usual[s.Brand] = map[string]trend.Baseline{}
		}
		usual[s.Brand][s.Topic], since[s.Brand] = b, s.Since
		if s.Topic == "" {
			totals = append(totals, b)
		} else {
			topics = append(topics, b)
		}
		return nil
	})
	if err != nil {
		return err
	}
	r.learnt, r.usual, r.since = now, usual, since
	rule := r.of.Trend.spike(len(since))
	r.totals, r.topics = trend.Calibrate(rule, totals), trend.Calibrate(rule, topics)
	return nil
}

func (r *spikeRule) look(ctx context.Context, now time.Time, s *seen) error {
	if err := r.learn(ctx, now); err != nil {
		return err
	}
	bursting, err := r.held(ctx, now)
	if err != nil {
		return err
	}
	recent, gaps, err := r.counts.RecentComplaints(ctx, now, r.learnt, trend.Windows(), bursting)
	if err != nil {
		return err
	}
	counts := map[string]map[string][]mention.WindowCount{}
	for _, c := range recent {
		if counts[c.Brand] == nil {
			counts[c.Brand] = map[string][]mention.WindowCount{}
		}
		counts[c.Brand][c.Topic] = c.Windows
	}
	for _, brand := range slices.Sorted(maps.Keys(r.markets)) {
		if !r.since[brand].IsZero() {
			r.lookAt(brand, counts[brand], gaps, now, s)
		}
	}
	return nil
}

// lookAt moves the spikes of a brand's series on, and tells what that makes of
// the brand's.
func (r *spikeRule) lookAt(brand string, counts map[string][]mention.WindowCount, gaps []mention.Gap, now time.Time, s *seen) {
	have, going := s.Brands[brand]
	if !going {
		have = &spiking{Start: now, Series: map[string]trend.Spike{}}
	}
	for topic := range r.series(brand, counts, have) {
		next, news := have.Series[topic].Next(r.plan(topic).Look(r.baseline(brand, topic, now), now, counts[topic], gaps...))
		switch {
		case news == trend.Over:
			delete(have.Series, topic)
		case next.Going():
			have.Series[topic] = next
		}
	}
	size := have.size()
	if size > have.Most {
		have.Most, have.Peak, have.Topics = size, have.lead().Peak, have.topics()
	}
	switch {
	case len(have.Series) == 0 && going:
		delete(s.Brands, brand)
		s.tell(trend.Over, 0, noteUsual, r.escalation(brand, have, now))
	case len(have.Series) == 0:
	case !going:
		have.Size, s.Brands[brand] = size, have
		s.tell(trend.Begun, size, "", r.escalation(brand, have, now))
	case size >= growth*have.Size:
		have.Size = size
		s.tell(trend.Grown, size, "", r.escalation(brand, have, now))
	}
}

// series are the topics that are known, heard of now, or have a spike.
func (r *spikeRule) series(brand string, counts map[string][]mention.WindowCount, have *spiking) map[string]bool {
	all := map[string]bool{"": true}
	for topic := range r.usual[brand] {
		all[topic] = true
	}
	for topic := range counts {
		all[topic] = true
	}
	for topic := range have.Series {
		all[topic] = true
	}
	return all
}

func (r *spikeRule) plan(topic string) trend.Plan {
	if topic == "" {
		return r.totals
	}
	return r.topics
}

// baseline of what was never complained of is that of silence.
func (r *spikeRule) baseline(brand, topic string, now time.Time) trend.Baseline {
	b, known := r.usual[brand][topic]
	if !known {
		b = trend.Learn(mention.Series{Since: r.since[brand]}, r.markets[brand], now)
		r.usual[brand][topic] = b
	}
	return b
}

// escalation tells of the peak.
func (r *spikeRule) escalation(brand string, s *spiking, now time.Time) mention.Escalation {
	p := s.Peak
	e := about(r.of, brand, "", beginOf(s.Start), now, mention.Figures{
		Kind: mention.FiguresSpike, Observed: float64(p.Observed), Expected: p.Expected, Hours: hoursOf(p.To.Sub(p.From)), People: int64(p.Authors),
	})
	e.Written = p.From
	e.Topics = append(e.Topics, s.Topics...)
	return e
}

// spikeOf is the spike of one topic.
type spikeOf struct {
	topic string
	trend.Spike
}

func (s spikeOf) excess() float64 { return float64(s.Peak.Observed) - s.Peak.Expected }

// ranked are the spikes, the largest first.
func (s *spiking) ranked() (all []spikeOf) {
	for topic, spike := range s.Series {
		all = append(all, spikeOf{topic, spike})
	}
	slices.SortFunc(all, func(a, b spikeOf) int {
		return cmp.Or(cmp.Compare(b.excess(), a.excess()), cmp.Compare(a.topic, b.topic))
	})
	return all
}

// topics are those of the spikes, the largest first.
func (s *spiking) topics() (all []string) {
	for _, x := range s.ranked() {
		if x.topic != "" {
			all = append(all, x.topic)
		}
	}
	return all
}

// size is the largest number of mentions above the usual.
func (s *spiking) size() float64 {
	if all := s.ranked(); len(all) > 0 {
		return all[0].excess()
	}
	return 0
}

// lead is the spike to tell of: the largest of a topic if that explains the
// brand's, else the brand's.
func (s *spiking) lead() spikeOf {
	all := s.ranked()
	for _, x := range all {
		if x.topic != "" && x.excess() >= ofTotal*all[0].excess() {
			return x
		}
	}
	if len(all) > 0 {
		return all[0]
	}
	return spikeOf{}
}
