package alert

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"feryat/alert/digest"
	"feryat/alert/notify"
	"feryat/mention"
)

// counted answers figures that are the day's number, or an error while it is down.
type counted struct {
	down  atomic.Bool
	asked atomic.Int64
}

func (c *counted) Digest(_ context.Context, ask mention.DigestAsk) (mention.Digest, error) {
	c.asked.Add(1)
	if c.down.Load() {
		return mention.Digest{}, mention.ErrUnavailable
	}
	return mention.Digest{From: ask.From, To: ask.To, Before: ask.Before(), Zone: ask.Zone, AsOf: ask.To, Now: mention.Tally{Mentions: int64(ask.To.YearDay())},
		Brands: []mention.BrandDigest{{Brand: "Paytak"}}}, nil
}

// press is a desk with digests, on a clock of its own.
type press struct {
	*desk
	*counted
	now atomic.Pointer[time.Time]
	log bytes.Buffer
	mu  sync.Mutex
}

func (p *press) at(t *testing.T, local string) time.Time {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Istanbul")
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", local, zone)
	if err != nil {
		t.Fatal(err)
	}
	p.now.Store(&at)
	return at
}

func newPress(t *testing.T) *press {
	p := &press{desk: newDesk(t), counted: &counted{}}
	p.deps.Now = func() time.Time { return p.now.Load().UTC() }
	p.deps.Log = slog.New(slog.NewTextHandler(p, nil))
	return p
}

// Write makes the log safe for several processes.
func (p *press) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.Write(b)
}

// process is one that sends the digests of configs.
func (p *press) process(t *testing.T, configs ...digest.Config) *Digests {
	t.Helper()
	r, err := digest.NewRenderer(nil, "")
	if err != nil {
		t.Fatal(err)
	}
	deps := p.deps
	deps.Timers = NewTimers(bucket(t, p.q, "timers"))
	zone := p.now.Load().Location()
	return NewDigests(digest.NewSender(configs, digest.Watching{Zone: zone, Languages: map[string]string{"desk": "tr"}}, p.counted, r, bucket(t, p.q, "escalations"), p.q, p.deps.Log), deps)
}

func (p *press) tick(t *testing.T, of ...*Digests) {
	t.Helper()
	for _, d := range of {
		if err := d.Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// keys delivers what is in the outbox and lists the letters that came by now.
func (p *press) keys(t *testing.T, n int) (keys []string) {
	t.Helper()
	p.carry(t, n)
	for _, m := range p.told {
		if m.Kind != notify.KindLetter || m.Letter == nil || m.Letter.HTML == "" || m.Letter.Text == "" {
			t.Errorf("told %+v", m)
		}
		keys = append(keys, m.Key)
	}
	slices.Sort(keys)
	return keys
}

func daily() digest.Config {
	return digest.Config{Name: "day", Period: "daily", At: "09:00", Channel: "desk"}
}
func weekly() digest.Config {
	return digest.Config{Name: "week", Period: "weekly", At: "09:00", Channel: "desk"}
}

// A digest is sent when it is due, once, and begins with the first after it was
// configured.
func TestADigestIsSentWhenItIsDue(t *testing.T) {
	t.Parallel()
	p := newPress(t)
	p.at(t, "2026-11-20 12:00") // Friday
	d := p.process(t, daily(), weekly())
	p.tick(t, d, d)
	for _, at := range []string{"2026-11-21 08:59", "2026-11-21 09:00", "2026-11-21 09:01", "2026-11-22 09:00", "2026-11-23 08:59", "2026-11-23 09:00", "2026-11-23 21:00"} {
		p.at(t, at)
		p.tick(t, d, d)
	}
	want := []string{"digest.day.2026-11-20", "digest.day.2026-11-21", "digest.day.2026-11-22", "digest.week.2026-W47"}
	got := p.keys(t, 4)
	if !slices.Equal(got, want) {
		t.Errorf("sent %v, want %v", got, want)
	}
	i := slices.IndexFunc(p.told, func(m notify.Message) bool { return m.Key == want[3] })
	if s := p.told[i].Letter.Subject; s != "[Paytak] Haftalık özet: 16 Kas – 22 Kas 2026" {
		t.Errorf("subject %q", s)
	}
	if len(p.events) != 0 {
		t.Errorf("the journal has %v", p.types())
	}
}

// Who was down when it was due sends it when back, unless it is old news.
func TestADigestThatWasDueWhileNobodyLooked(t *testing.T) {
	t.Parallel()
	p := newPress(t)
	p.at(t, "2026-11-20 12:00")
	p.tick(t, p.process(t, daily()))
	p.at(t, "2026-11-21 15:30")
	back := p.process(t, daily())
	p.tick(t, back, back, p.process(t, daily()))
	p.at(t, "2026-11-22 21:01") // twelve hours and a minute late
	p.tick(t, p.process(t, daily()))
	p.at(t, "2026-11-23 09:00")
	p.tick(t, p.process(t, daily()))
	if got, want := p.keys(t, 2), []string{"digest.day.2026-11-20", "digest.day.2026-11-22"}; !slices.Equal(got, want) {
		t.Errorf("sent %v, want %v", got, want)
	}
	if !strings.Contains(p.log.String(), "edition=2026-11-21") {
		t.Errorf("nobody is told of what was left out:\n%s", p.log.String())
	}
}

// Two processes that find it due at once send one.
func TestTwoProcessesSendOneDigest(t *testing.T) {
	t.Parallel()
	p := newPress(t)
	p.at(t, "2026-11-20 12:00")
	var both []*Digests
	for range 4 {
		both = append(both, p.process(t, daily(), weekly()))
	}
	p.tick(t, both...)
	for day := range 3 {
		p.at(t, []string{"2026-11-21 09:00", "2026-11-22 09:00", "2026-11-23 09:00"}[day])
		var g sync.WaitGroup
		for _, d := range both {
			g.Go(func() {
				if err := d.Tick(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		g.Wait()
	}
	if got := p.keys(t, 4); len(got) != 4 {
		t.Errorf("sent %v", got)
	}
}

// What cannot be counted now is sent later; a digest that is no longer wanted is
// not.
func TestADigestWaitsForTheStore(t *testing.T) {
	t.Parallel()
	p := newPress(t)
	p.at(t, "2026-11-20 12:00")
	d := p.process(t, daily(), weekly())
	p.tick(t, d)
	p.down.Store(true)
	p.at(t, "2026-11-23 09:00")
	for range 3 {
		if err := d.Tick(t.Context()); err == nil {
			t.Error("nothing is said of the store")
		}
	}
	p.down.Store(false)
	p.at(t, "2026-11-23 09:10")
	p.tick(t, p.process(t, daily()))
	if got, want := p.keys(t, 1), []string{"digest.day.2026-11-22"}; !slices.Equal(got, want) {
		t.Errorf("sent %v, want %v", got, want)
	}
}

// A channel that takes no letters is told so once, and the desk's clock leaves
// digests alone.
func TestALetterThatIsRefused(t *testing.T) {
	t.Parallel()
	p := newPress(t)
	p.at(t, "2026-11-20 12:00")
	slack, err := notify.New(notify.Config{Name: "desk", Type: "log"}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	p.Courier = NewCourier(map[string]notify.Notifier{"desk": slack}, p.deps, p.Courier.metrics)
	d := p.process(t, daily())
	p.tick(t, d)
	p.at(t, "2026-11-21 09:00")
	p.pass(t, 0)
	if p.asked.Load() != 0 {
		t.Error("the desk rings for digests")
	}
	p.tick(t, d)
	p.carry(t, 0)
	if got := p.log.String(); !strings.Contains(got, "takes no letters") || p.count() != 0 || len(p.events) != 0 {
		t.Errorf("logged %s, told %d, events %v", got, p.count(), p.types())
	}
}
