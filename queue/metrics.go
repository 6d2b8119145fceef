package queue

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics count what moves; Metrics registers them.
type metrics struct {
	published, duplicates, waits, done, holds, retries, dead *prometheus.CounterVec
}

func newMetrics() *metrics {
	counter := func(name, help string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "feryat", Subsystem: "queue", Name: name, Help: help}, []string{"stream"})
	}
	return &metrics{
		published:  counter("published_total", "Messages that JetStream has acknowledged."),
		duplicates: counter("duplicates_total", "Messages that JetStream has dropped as duplicates."),
		waits:      counter("publish_waits_total", "Pauses of a writer because a stream was full or the server away."),
		done:       counter("done_total", "Messages handled and gone from their stream."),
		holds:      counter("holds_total", "Pauses of a consumer because a part behind it was down."),
		retries:    counter("retries_total", "Messages handed back after an error."),
		dead:       counter("dead_total", "Messages set aside in DEAD, by the stream that they came from."),
	}
}

func (m *metrics) count(stream string, duplicate bool) {
	if duplicate {
		m.duplicates.WithLabelValues(stream).Inc()
		return
	}
	m.published.WithLabelValues(stream).Inc()
}

func (m *metrics) all() []prometheus.Collector {
	return []prometheus.Collector{m.published, m.duplicates, m.waits, m.done, m.holds, m.retries, m.dead}
}

// Metrics registers the counters, and gauges that ask the server at each scrape.
func (q *Queue) Metrics(reg prometheus.Registerer) error {
	for _, c := range append(q.metrics.all(), gauges{q}) {
		if err := reg.Register(c); err != nil {
			return err
		}
	}
	return nil
}

// gauges is a collector of the streams' Stats.
type gauges struct{ q *Queue }

func desc(name, help string) *prometheus.Desc {
	return prometheus.NewDesc("feryat_queue_"+name, help, []string{"stream"}, nil)
}

// Describe sends the descriptions of all gauges.
func (g gauges) Describe(ch chan<- *prometheus.Desc) {
	for d := range g.values(Stats{}) {
		ch <- d
	}
}

// Collect asks for the state of the streams; when the server is away there are no gauges.
func (g gauges) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	stats, err := g.q.Stats(ctx)
	if err != nil {
		g.q.log.Warn("metrics of the queue", "error", err)
		return
	}
	for _, s := range stats {
		for d, v := range g.values(s) {
			ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, s.Stream)
		}
	}
}

func (gauges) values(s Stats) map[*prometheus.Desc]float64 {
	return map[*prometheus.Desc]float64{
		desc("messages", "Messages in the stream."):                       float64(s.Messages),
		desc("bytes", "Size of the stream on disk."):                      float64(s.Bytes),
		desc("max_bytes", "Size at which writers wait."):                  float64(s.MaxBytes),
		desc("in_hand", "Messages handed over and not yet acknowledged."): float64(s.InHand),
		desc("retried", "Messages in hand that were handed over before."): float64(s.Retried),
	}
}
