package alert

import "github.com/prometheus/client_golang/prometheus"

// Metrics counts what alert does.
type Metrics struct {
	opened *prometheus.CounterVec
	sent   *prometheus.CounterVec
	failed *prometheus.CounterVec
	tooOld prometheus.Counter
	up     *prometheus.GaugeVec
	// refused are the rules that do not run, expected the false alarms of those on a clock.
	refused  prometheus.Gauge
	expected *prometheus.GaugeVec
}

// NewMetrics registers alert's counters with reg.
func NewMetrics(reg prometheus.Registerer) *Metrics {
	m := &Metrics{
		opened:   prometheus.NewCounterVec(prometheus.CounterOpts{Name: "feryat_escalations_opened_total", Help: "Escalations opened, by rule and severity."}, []string{"rule", "severity"}),
		sent:     prometheus.NewCounterVec(prometheus.CounterOpts{Name: "feryat_notifications_sent_total", Help: "Messages that a channel has taken."}, []string{"channel"}),
		failed:   prometheus.NewCounterVec(prometheus.CounterOpts{Name: "feryat_notifications_failed_total", Help: "Messages that a channel did not take, by whether they are tried again."}, []string{"channel", "reason"}),
		tooOld:   prometheus.NewCounter(prometheus.CounterOpts{Name: "feryat_alerts_too_old_total", Help: "Mentions that no rule looked at because they were written too long ago."}),
		refused:  prometheus.NewGauge(prometheus.GaugeOpts{Name: "feryat_alert_rules_refused", Help: "Faults for which rules do not run; feryat config check tells them."}),
		expected: prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "feryat_alert_false_alarms_expected", Help: "False alarms a month that a rule on a clock is expected to give at most."}, []string{"rule"}),
		up:       prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "feryat_channel_up", Help: "Whether a channel takes messages: 0 from when it refuses us, or fails several times in a row, to the next that it takes."}, []string{"channel"}),
	}
	reg.MustRegister(m.opened, m.sent, m.failed, m.tooOld, m.up, m.refused, m.expected)
	return m
}

// Refused says for how many faults rules do not run.
func (m *Metrics) Refused(faults int) { m.refused.Set(float64(faults)) }
