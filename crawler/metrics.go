package crawler

import "github.com/prometheus/client_golang/prometheus"

type metrics struct {
	visits   *prometheus.CounterVec
	mentions *prometheus.CounterVec
	dropped  *prometheus.CounterVec
	runs     *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	last     *prometheus.GaugeVec
}

func newMetrics() *metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "feryat", Subsystem: "crawler", Name: name, Help: help}, labels)
	}
	return &metrics{
		visits:   counter("visits_total", "Requests made or refused.", "source", "outcome", "reason"),
		mentions: counter("mentions_total", "Mentions handed to the queue.", "source", "origin"),
		dropped:  counter("dropped_total", "Mentions without text, title or rating.", "source"),
		runs:     counter("runs_total", "Runs of sources that ended.", "source", "outcome", "reason"),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: "feryat", Subsystem: "crawler", Name: "run_seconds",
			Help: "How long runs took.", Buckets: prometheus.ExponentialBuckets(1, 4, 8)}, []string{"source"}),
		last: prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: "feryat", Subsystem: "crawler", Name: "last_good_run_timestamp_seconds",
			Help: "When a run last ended well, in Unix time."}, []string{"source"}),
	}
}

func (m *metrics) register(reg prometheus.Registerer) error {
	for _, c := range []prometheus.Collector{m.visits, m.mentions, m.dropped, m.runs, m.seconds, m.last} {
		if err := reg.Register(c); err != nil {
			return err
		}
	}
	return nil
}

func (m *metrics) run(res Result) {
	m.runs.WithLabelValues(res.Source, string(res.Outcome), res.Reason).Inc()
	m.seconds.WithLabelValues(res.Source).Observe(res.Took.Seconds())
	if res.Outcome == "ok" {
		m.last.WithLabelValues(res.Source).SetToCurrentTime()
	}
}
