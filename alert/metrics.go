package alert

import "github.com/prometheus/client_golang/prometheus"

// Metrics counts what alert does.
type Metrics struct {
	opened *prometheus.CounterVec
	sent   *prometheus.CounterVec
	failed *prometheus.CounterVec
	tooOld prometheus.Counter
	up     *prometheus.GaugeVec
}

// NewMetrics registers alert's counters with reg.
func NewMetrics(reg prometheus.Registerer) *Metrics {
	m := &Metrics{
		opened: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "feryat_escalations_opened_total", Help: "Escalations opened, by rule and severity."}, []string{"rule", "severity"}),
		sent:   prometheus.NewCounterVec(prometheus.CounterOpts{Name: "feryat_notifications_sent_total", Help: "Messages that a channel has taken."}, []string{"channel"}),
		failed: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "feryat_notifications_failed_total", Help: "Messages that a channel did not take, by whether they are tried again."}, []string{"channel", "reason"}),
		tooOld: prometheus.NewCounter(prometheus.CounterOpts{Name: "feryat_alerts_too_old_total", Help: "Mentions that no rule looked at because they were written too long ago."}),
		up:     prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "feryat_channel_up", Help: "Whether a channel takes messages: 0 from when it refuses us, or fails several times in a row, to the next that it takes."}, []string{"channel"}),
	}
	reg.MustRegister(m.opened, m.sent, m.failed, m.tooOld, m.up)
	return m
}
