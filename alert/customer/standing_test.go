package customer

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"feryat/mention"
)

// noon is day 0 of every test.
func noon() time.Time { return time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC) }

func onDay(n float64) time.Time { return noon().Add(time.Duration(n * float64(day))) }

// told writes a history: "12 dissatisfied" is a mention on day 12, "12 angry>14" one answered on day 14, and
// "12 mixed resolved" one with a signal.
func told(t testing.TB, text string) (history []mention.Past) {
	t.Helper()
	for i, line := range strings.Split(text, ",") {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		mood, answered, isAnswered := strings.Cut(words[1], ">")
		p := mention.Past{
			ID: mention.ID(fmt.Sprint(i)), Author: mention.Author{ID: "u1", Name: "Author 1"}, Written: onDay(number(t, words[0])),
			Mood: mention.Mood(mood), Signals: words[2:],
		}
		if isAnswered {
			p.Answered = onDay(number(t, answered))
		}
		history = append(history, p)
	}
	return history
}

func number(t testing.TB, text string) (n float64) {
	t.Helper()
	if _, err := fmt.Sscan(text, &n); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return n
}

// way writes transitions as "day standing why".
func way(changes []Transition) string {
	var out []string
	for _, c := range changes {
		to := c.To
		if to == "" {
			to = "unsaid"
		}
		out = append(out, fmt.Sprintf("%g %s %s", c.At.Sub(noon()).Hours()/24, to, c.Why))
	}
	return strings.Join(out, ", ")
}

func TestTheWayOfACustomer(t *testing.T) {
	for _, c := range []struct{ history, want string }{
		{"", ""},
		{"0 unknown", ""},
		{"0 neutral", "0 good neutral, 365 unsaid silent"},
		{"0 mixed", "0 good neutral, 365 unsaid silent"},
		{"0 satisfied", "0 happy content, 365 unsaid silent"},
		{"0 unknown resolved", "0 happy content, 365 unsaid silent"},
		{"0 neutral win_back", "0 happy content, 365 unsaid silent"},
		// A good customer may complain, and need not be answered.
		{"0 dissatisfied", "0 good complaint, 365 unsaid silent"},
		{"0 satisfied, 10 dissatisfied", "0 happy content, 10 good complaint, 375 unsaid silent"},
		{"0 dissatisfied, 31 dissatisfied", "0 good complaint, 396 unsaid silent"},
		// If complaints go on, he is unhappy; left alone, angry; and anger cools.
		{"0 dissatisfied, 30 dissatisfied", "0 good complaint, 30 unhappy repeated, 33 angry left_alone, 120 unhappy cooled, 210 good complaint, 395 unsaid silent"},
		{"0 dissatisfied, 1 dissatisfied>2", "0 good complaint, 1 unhappy repeated, 91 good complaint, 366 unsaid silent"},
		{"0 dissatisfied>2, 1 dissatisfied", "0 good complaint, 1 unhappy repeated, 91 good complaint, 366 unsaid silent"},
		{"0 dissatisfied>1, 2 dissatisfied", "0 good complaint, 2 unhappy repeated, 5 angry left_alone, 92 unhappy cooled, 182 good complaint, 367 unsaid silent"},
		{"0 dissatisfied, 1 dissatisfied>10", "0 good complaint, 1 unhappy repeated, 4 angry left_alone, 10 unhappy repeated, 91 good complaint, 366 unsaid silent"},
		{"0 dissatisfied, 1 dissatisfied>100", "0 good complaint, 1 unhappy repeated, 4 angry left_alone, 91 unhappy cooled, 100 good complaint, 366 unsaid silent"},
		// Angry words are angry at once, answered or not, until he makes peace.
		{"0 angry>0.1", "0 angry angry_words, 90 unhappy cooled, 180 good complaint, 365 unsaid silent"},
		{"0 angry, 5 satisfied", "0 angry angry_words, 5 good settled, 30 happy content, 370 unsaid silent"},
		{"0 angry, 40 neutral resolved", "0 angry angry_words, 40 happy content, 405 unsaid silent"},
		{"0 angry, 5 dissatisfied resolved", "0 angry angry_words, 95 unhappy cooled, 185 good complaint, 370 unsaid silent"},
		{"0 dissatisfied, 1 satisfied, 2 dissatisfied", "0 good complaint, 367 unsaid silent"},
		{"0 satisfied, 5 neutral, 6 unknown", "0 happy content, 365 good neutral, 370 unsaid silent"},
		{"0 dissatisfied, 400 satisfied", "0 good complaint, 365 unsaid silent, 400 happy content, 765 unsaid silent"},
	} {
		standing, changes := Stand(told(t, c.history), onDay(5000))
		if got := way(changes); got != c.want || standing != mention.StandingUnsaid {
			t.Errorf("%s:\n got %s\nwant %s", c.history, got, c.want)
		}
	}
}

func TestNowCutsTheWayOff(t *testing.T) {
	history := told(t, "0 dissatisfied, 10 dissatisfied, 50 satisfied")
	for at, want := range map[float64]mention.Standing{
		-1: "", 0: "good", 9.99: "good", 10: "unhappy", 12.99: "unhappy", 13: "angry", 49.99: "angry", 50: "happy", 414.99: "happy", 415: "",
	} {
		standing, changes := Stand(history, onDay(at))
		if standing != want {
			t.Errorf("day %g: %q, want %q", at, standing, want)
		}
		if n := len(changes); n > 0 && (changes[n-1].To != standing || changes[n-1].At.After(onDay(at))) {
			t.Errorf("day %g: %s", at, way(changes))
		}
	}
	_, changes := Stand(history, onDay(415))
	var steps []string
	for _, c := range changes {
		steps = append(steps, fmt.Sprint(c.Better(), c.Worse()))
	}
	if want := []string{"false false", "false true", "false true", "true false", "false false"}; !slices.Equal(steps, want) {
		t.Errorf("better, worse: %v of %s", steps, way(changes))
	}
}

func TestWhoMayBeManyPeopleHasNoStanding(t *testing.T) {
	for _, c := range []struct {
		author mention.Author
		n      int
		apart  float64 // days
		unsaid bool
	}{
		{mention.Author{}, 1, 1, true},
		{mention.Author{Name: "Author 1"}, crowd, 1, false},
		{mention.Author{Name: "Author 1"}, crowd + 1, 1, true},
		{mention.Author{ID: "Author 1", Name: "Author 1"}, crowd + 1, 1, true},
		{mention.Author{ID: "u1", Name: "Author 1"}, crowd + 1, 1, false},
		{mention.Author{Name: "Author 1"}, crowd + 1, 20, false}, // over years
		{mention.Author{Name: "misafir"}, 1, 1, true},
		{mention.Author{Name: "کاربر دیجی‌کالا"}, 1, 1, true},
		{mention.Author{ID: "u1", Name: "misafir"}, 1, 1, false},
		{mention.Author{ID: "u1", Name: "Author 1"}, maxHistory + 10, 0.1, false},
	} {
		var history []mention.Past
		for i := range c.n {
			history = append(history, mention.Past{ID: mention.ID(fmt.Sprint(i)), Author: c.author, Written: onDay(-c.apart * float64(i)), Mood: mention.Angry})
		}
		standing, changes := Stand(history, noon())
		if (standing == mention.StandingUnsaid) != c.unsaid || (len(changes) == 0) != c.unsaid {
			t.Errorf("%+v with %d: %q", c.author, c.n, standing)
		}
		p := DefaultConfig().Profile(history, nil, noon())
		if (p.Open == 0) != c.unsaid || p.Standing != standing {
			t.Errorf("%+v with %d: %+v", c.author, c.n, p)
		}
	}
}

// pasts draws a history short of a crowd, most of it within the lengths of the rule.
func pasts(t *rapid.T) []mention.Past {
	history := make([]mention.Past, rapid.IntRange(0, 12).Draw(t, "n"))
	for i := range history {
		history[i] = past(t, fmt.Sprint(i))
		if rapid.IntRange(0, 3).Draw(t, "answered") == 0 {
			history[i].Answered = onDay(float64(rapid.IntRange(-10, 420).Draw(t, "answer")))
		}
	}
	return history
}

func past(t *rapid.T, id string) mention.Past {
	return mention.Past{
		ID: mention.ID(id), Author: mention.Author{ID: "u1"}, Written: onDay(float64(rapid.IntRange(0, 400).Draw(t, "day"))),
		Mood: rapid.SampledFrom(mention.Moods()).Draw(t, "mood"), Signals: rapid.SliceOfN(rapid.SampledFrom([]string{"resolved", "churn", "win_back"}), 0, 1).Draw(t, "signals"),
	}
}

// everyChange compares what two histories say whenever either changes, if both say something.
func everyChange(t *rapid.T, history, other []mention.Past, check func(a, b int) bool, what string) {
	_, changes := Stand(history, onDay(900))
	_, others := Stand(other, onDay(900))
	for _, c := range append(changes, others...) {
		a, _ := Stand(history, c.At)
		b, _ := Stand(other, c.At)
		if a != "" && b != "" && !check(rank(a), rank(b)) {
			t.Fatalf("%s: %s: %s becomes %s", c.At, what, a, b)
		}
	}
}

func TestProperties(t *testing.T) {
	t.Run("order of arrival", rapid.MakeCheck(func(t *rapid.T) {
		history := pasts(t)
		shuffled := rapid.Permutation(history).Draw(t, "shuffled")
		before := slices.Clone(shuffled)
		a, wayA := Stand(history, onDay(900))
		b, wayB := Stand(shuffled, onDay(900))
		if a != b || !cmp.Equal(wayA, wayB) || !cmp.Equal(before, shuffled) {
			t.Fatalf("%q by %s, %q by %s", a, way(wayA), b, way(wayB))
		}
	}))
	t.Run("a satisfied mention never makes it worse", rapid.MakeCheck(func(t *rapid.T) {
		history, more := pasts(t), past(t, "more")
		more.Mood = mention.Satisfied
		everyChange(t, history, append(slices.Clone(history), more), func(a, b int) bool { return b <= a }, "one satisfied more")
	}))
	t.Run("a complaint never makes it better", rapid.MakeCheck(func(t *rapid.T) {
		history, more := pasts(t), past(t, "more")
		more.Mood = rapid.SampledFrom([]mention.Mood{mention.Angry, mention.Dissatisfied}).Draw(t, "which")
		everyChange(t, history, append(slices.Clone(history), more), func(a, b int) bool { return b >= a }, "one complaint more")
	}))
	// A second answer to one complaint is not known of: it may come after a further complaint, which the first cannot answer.
	t.Run("a first answer never makes it worse", rapid.MakeCheck(func(t *rapid.T) {
		history := pasts(t)
		answered := slices.Clone(history)
		if len(history) > 0 {
			i := rapid.IntRange(0, len(history)-1).Draw(t, "which")
			at := onDay(float64(rapid.IntRange(0, 420).Draw(t, "at")))
			if history[i].Answered.IsZero() {
				answered[i].Answered = at
			}
		}
		everyChange(t, history, answered, func(a, b int) bool { return b <= a }, "an answer")
	}))
	t.Run("the way leads to the standing", rapid.MakeCheck(func(t *rapid.T) {
		history := pasts(t)
		_, changes := Stand(history, onDay(900))
		for i, c := range changes {
			if s, _ := Stand(history, c.At); s != c.To || c.From == c.To || i > 0 && (c.From != changes[i-1].To || !c.At.After(changes[i-1].At)) {
				t.Fatalf("%s: at %s it is %q", way(changes), c.At, s)
			}
			if s, _ := Stand(history, c.At.Add(-time.Second)); s != c.From {
				t.Fatalf("%s: before %s it is %q", way(changes), c.At, s)
			}
		}
	}))
}

// BenchmarkStand is the longest history that is kept.
func BenchmarkStand(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 1))
	var history []mention.Past
	for i := range maxHistory {
		history = append(history, mention.Past{
			ID: mention.ID(fmt.Sprint(i)), Author: mention.Author{ID: "u1"}, Written: onDay(random.Float64() * 500),
			Mood: mention.Moods()[random.IntN(6)], Answered: onDay(random.Float64() * 500),
		})
	}
	for b.Loop() {
		Stand(history, onDay(500))
	}
}
