package pipeline

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"feryat/mention"
)

// metrics count what moves; Metrics registers them.
type metrics struct {
	mentions, unmatched prometheus.Counter
	rows, visits        *prometheus.CounterVec
	seconds             prometheus.Histogram
}

func newMetrics() *metrics {
	opts := func(name, help string) prometheus.CounterOpts {
		return prometheus.CounterOpts{Namespace: "feryat", Subsystem: "pipeline", Name: name, Help: help}
	}
	return &metrics{
		mentions:  prometheus.NewCounter(opts("mentions_total", "Mentions handled.")),
		unmatched: prometheus.NewCounter(opts("unmatched_total", "Mentions that name no brand and were dropped.")),
		rows:      prometheus.NewCounterVec(opts("rows_total", "Rows stored that were new or changed."), []string{"brand", "language", "mood"}),
		visits:    prometheus.NewCounterVec(opts("visits_total", "Rows of the coverage ledger stored."), []string{"outcome"}),
		seconds: prometheus.NewHistogram(prometheus.HistogramOpts{
			Namespace: "feryat", Subsystem: "pipeline", Name: "batch_seconds", Help: "Time from a batch to its end, failed ones included.",
			Buckets: []float64{.01, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
		}),
	}
}

// Metrics registers the counters.
func (p *Pipeline) Metrics(reg prometheus.Registerer) error {
	m := p.metrics
	for _, c := range []prometheus.Collector{m.mentions, m.unmatched, m.rows, m.visits, m.seconds} {
		if err := reg.Register(c); err != nil {
			return err
		}
	}
	return nil
}

func (m *metrics) took(since time.Time) { m.seconds.Observe(time.Since(since).Seconds()) }

func (m *metrics) batch(batch []mention.Delivery[mention.Mention], rows []mention.Scored, fresh []bool) {
	m.mentions.Add(float64(len(batch)))
	for i, r := range rows {
		switch {
		case r.Brand == "" && !r.Mention.Gone:
			m.unmatched.Inc()
		case fresh[i] && r.Brand != "":
			m.rows.WithLabelValues(r.Brand, r.Verdict.Language, string(r.Verdict.Mood)).Inc()
		}
	}
}

func (m *metrics) visited(visits []mention.Visit) {
	for _, v := range visits {
		m.visits.WithLabelValues(string(v.Outcome)).Inc()
	}
}
