package sentiment_test

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"feryat/sentiment"
)

// worked is the time that the processor has worked for this thread: what else
// the machine does is not in it.
func worked(t *testing.T) time.Duration {
	t.Helper()
	var at unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &at); err != nil {
		t.Fatal(err)
	}
	return time.Duration(at.Nano())
}

// Ten times the text must not take a hundred times the work, whatever it is made
// of. The quickest of a few runs is free of most chance; the rest is slack. The
// longer text is one for which a reader keeps its room: what giving it back and
// asking for it again takes is no work on the text.
func TestLinearTime(t *testing.T) {
	if underRace {
		t.Skip("the race detector gives back and asks for room again, which is no work on the text")
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	s := all(t)
	quickest := func(text string) time.Duration {
		best := time.Hour
		for range 4 {
			before := worked(t)
			s.Score(sentiment.Input{Text: text, Language: "tr"})
			best = min(best, worked(t)-before)
		}
		return best
	}
	for name, piece := range map[string]string{
		"words": "kargo hala gelmedi çok kötü ama ürün güzel değil. ", "one word": "a", "one clause": "kargo gelmedi ", "contrasts": "ama ",
		"negators": "değil ", "questions": "?", "tags": "#kargo", "joiners": "می\u200c", "halves": "می ", "English": "not good but never late, ",
	} {
		short := quickest(strings.Repeat(piece, 10_000/len(piece)))
		long := quickest(strings.Repeat(piece, 100_000/len(piece)))
		for range 5 { // a busy machine takes caches away from one of them
			if long <= 20*short {
				break
			}
			short, long = min(short, quickest(strings.Repeat(piece, 10_000/len(piece)))), min(long, quickest(strings.Repeat(piece, 100_000/len(piece))))
		}
		if long > 20*short {
			t.Errorf("%s: ten times the text took %.1f times the work (%v, %v)", name, float64(long)/float64(short), short, long)
		}
		t.Logf("%s: %v, %v", name, short, long)
	}
}
