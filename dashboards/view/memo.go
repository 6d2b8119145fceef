package view

import (
	"slices"
	"sync"
	"time"
)

const (
	// remembered is how long the values of variables are taken as they were: whoever goes from one dashboard to the next is
	// asked for the same again and again.
	remembered = time.Minute
	// maxMemo bounds the questions that are remembered.
	maxMemo = 300
)

// memo remembers the values of variables by the SQL that gave them.
type memo struct {
	mu   sync.Mutex
	asks map[string]known
}

type known struct {
	options []Option
	until   time.Time
}

// of gives what is known, or asks; the caller may mark the options, they are his own. Errors are not remembered.
func (m *memo) of(sql string, ask func() ([]Option, error)) ([]Option, error) {
	m.mu.Lock()
	k, ok := m.asks[sql]
	m.mu.Unlock()
	if ok && time.Now().Before(k.until) {
		return slices.Clone(k.options), nil
	}
	options, err := ask()
	if err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.asks == nil || len(m.asks) >= maxMemo {
		m.asks = map[string]known{}
	}
	m.asks[sql] = known{options, time.Now().Add(remembered)}
	return slices.Clone(options), nil
}
