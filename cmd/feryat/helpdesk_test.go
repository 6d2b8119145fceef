package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"feryat/alert/notify"
	"feryat/queue"
)

// helpDesk is one on this machine: it makes a ticket of each escalation, and its
// automation tells feryat the status of a ticket whenever a message comes in.
type helpDesk struct {
	*httptest.Server
	t      *testing.T
	feryat chan string // address of the page, once it is known

	mu      sync.Mutex
	status  map[string]string // of tickets, by external_id
	told    map[string]int
	numbers map[string]int
	answers []string // to what it pushed
}

const deskSecret = "only-for-tests"

func newHelpDesk(t *testing.T) *helpDesk {
	d := &helpDesk{t: t, feryat: make(chan string, 1), status: map[string]string{}, told: map[string]int{}, numbers: map[string]int{}}
	d.Server = httptest.NewServer(http.HandlerFunc(d.receive))
	t.Cleanup(d.Close)
	return d
}

func (d *helpDesk) receive(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	var m struct {
		ExternalID string `json:"external_id"`
	}
	if err != nil || json.Unmarshal(body, &m) != nil || !notify.Verify([]byte(deskSecret), r.Header.Get(notify.HeaderSignature), body, time.Now(), time.Minute) {
		http.Error(w, "not signed", http.StatusUnauthorized)
		return
	}
	d.mu.Lock()
	d.told[m.ExternalID]++
	if d.status[m.ExternalID] == "" {
		d.status[m.ExternalID], d.numbers[m.ExternalID] = "Açık", 4711+len(d.numbers)
	}
	d.mu.Unlock()
	d.push(m.ExternalID, "")
}

// push tells feryat how a ticket stands, signed.
func (d *helpDesk) push(id, note string) {
	url := <-d.feryat
	d.feryat <- url
	d.mu.Lock()
	defer d.mu.Unlock()
	body, _ := json.Marshal(map[string]any{"external_id": id, "status": d.status[id], "agent": "ayse", "note": note,
		"ticket": d.numbers[id], "url": fmt.Sprintf("https://desk.example.com/tickets/%d", d.numbers[id])})
	req, err := http.NewRequestWithContext(d.t.Context(), http.MethodPost, url+"api/hooks/desk", strings.NewReader(string(body)))
	if err != nil {
		d.t.Error(err)
		return
	}
	req.Header.Set(notify.HeaderSignature, notify.Sign([]byte(deskSecret), time.Now(), body))
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		d.t.Error(err)
		return
	}
	defer resp.Body.Close()
	answer, _ := io.ReadAll(resp.Body)
	d.answers = append(d.answers, fmt.Sprint(resp.StatusCode, " ", string(answer)))
}

// counts are how many escalations it was told of, and how often in all.
func (d *helpDesk) counts() (tickets, messages int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, n := range d.told {
		messages += n
	}
	return len(d.told), messages
}

// TestAHelpDeskSolvesAnEscalation: feryat tells a help desk, an agent there takes
// and solves it, and that is how it stands in feryat, with its clocks stopped.
func TestAHelpDeskSolvesAnEscalation(t *testing.T) {
	t.Parallel()
	desk := newHelpDesk(t)
	s := newShop(t, 1, 1, 8)
	s.fresh = true
	config := strings.Replace(s.config(desk.URL, 500), "promise: {answer: 0s}", "promise: {answer: 1h}", 1)
	config = strings.Replace(config, `url: "`+desk.URL+`"}`, `url: "`+desk.URL+`", statuses: {Açık: acknowledged, Çözüldü: solved}}`, 1)
	f := serve(t, writeConfig(t, config))
	desk.feryat <- f.run.WebURL
	f.until(t, "SELECT count() >= 2 AND countIf(state = 'acknowledged') >= 2 FROM feryat.v_escalations", "1")
	settleDesk(t, f)

	desk.mu.Lock()
	id := slices.Sorted(maps.Keys(desk.numbers))[0]
	ticket := desk.numbers[id]
	desk.status[id] = "ÇÖZÜLDÜ"
	desk.mu.Unlock()
	tickets, messages := desk.counts()
	for range 3 { // its automation says so more than once
		desk.push(id, "para iade edildi")
	}
	settleDesk(t, f)

	shown := feryat(t, exitOK, "alert", "show", id[:8], "--config", f.config)
	for want, n := range map[string]int{
		"resolved  Paytak  ayse": 1, fmt.Sprintf("resolved       ayse desk #%d: para iade edildi", ticket): 1, "acknowledged   ayse": 1,
		fmt.Sprintf("ticket         desk %d https://desk.example.com/tickets/%d", ticket, ticket): 1, "notified       desk": 1,
	} {
		if strings.Count(shown, want) != n {
			t.Errorf("%q stands %d times in\n%s", want, strings.Count(shown, want), shown)
		}
	}
	clocks := f.rows(t, "SELECT state, counted, answered > opened AS answered, resolved > opened AS resolved, answered_in_time AS in_time FROM feryat.v_sla WHERE id = '"+id+"'")
	if want := `{"state":"resolved","counted":true,"answered":1,"resolved":1,"in_time":true}`; len(clocks) != 1 || clocks[0] != want {
		t.Errorf("its clocks are %v, want %s", clocks, want)
	}
	if again, after := desk.counts(); again != tickets || after != messages || messages != tickets {
		t.Errorf("told of %d escalations %d times, then of %d %d times: it hears its own echo", tickets, messages, again, after)
	}
	for _, a := range desk.answers {
		if !strings.HasPrefix(a, "200 ") {
			t.Errorf("feryat answered %s", a)
		}
	}
	_, metrics := get(t, f.run.WebURL+"metrics")
	if !strings.Contains(metrics, fmt.Sprintf(`feryat_helpdesk_words_total{channel="desk",outcome="done"} %d`, tickets+1)) { // each taken, one solved
		t.Error("what the desk said is not counted")
	}
	if strings.Contains(f.out.String()+f.err.String()+metrics, deskSecret) {
		t.Error("the log shows the secret")
	}
	feryat(t, exitOK, "alert", "reopen", id[:8], "--by", "veli", "--config", f.config)
	settleDesk(t, f)
	if _, after := desk.counts(); after != messages {
		t.Errorf("what is done here came back: %d messages, then %d", messages, after)
	}
	http.DefaultClient.CloseIdleConnections()
}

// settleDesk waits until nothing is on its way to the desk.
func settleDesk(t *testing.T, f *server) {
	t.Helper()
	q := f.queue(t)
	for _, stream := range []string{queue.Mentions, queue.Stored, queue.Outbox} {
		if err := q.Drained(t.Context(), stream); err != nil {
			t.Fatal(err)
		}
	}
}
