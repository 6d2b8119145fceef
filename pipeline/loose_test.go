package pipeline_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"feryat/mention"
)

// inThread is a post of a forum whose posts bear the thread's title.
func inThread(key, title, text string, minute int) mention.Mention {
	m := say(key, text)
	m.SourceKind, m.Kind, m.Product, m.ThreadID = "recipe", mention.KindPost, title, title
	m.Written.Time = start().Add(time.Duration(minute) * time.Minute)
	m.Collected = start().Add(time.Hour)
	return m.Revise()
}

func ofBrand(m mention.Mention) mention.Mention {
	m.Author = mention.Author{ID: "paytak", Name: "Paytak Destek", Own: true}
	return m
}

// parents are those of what is stored, by the words.
func (b *bench) parents() map[string]mention.ID {
	out := map[string]mention.ID{}
	for _, body := range b.stored() {
		var r mention.Scored
		if err := json.Unmarshal([]byte(body), &r); err != nil {
			b.t.Fatal(err)
		}
		out[r.Mention.Text] = r.Mention.ParentID
	}
	return out
}

// What a loose reply answers is found in its batch or in the store, however often
// it comes, and everything that asks for answers agrees.
func TestLooseRepliesAreTied(t *testing.T) {
	b := newBench(t)
	p := b.pipeline(b.store, b.queue)
	first := inThread("1", "Paytak kargo", "Siparişim gelmedi, rezalet!", 0)
	soon := ofBrand(inThread("2", "Paytak kargo", "Konuyu inceliyoruz.", 10))
	stranger, elsewhere := inThread("3", "hava", "Paytak berbat, rezalet!", 0), inThread("4", "hava", "bugün yağmur var", 5)
	guess, named := ofBrand(inThread("5", "hava", "Size döneceğiz.", 10)), ofBrand(inThread("6", "hava", "Merhaba Yazar 3, size döneceğiz.", 12))
	notice := ofBrand(inThread("9", "duyuru", "Yarın bakım var.", 0))
	b.publish(soon, first, stranger, elsewhere, guess, named, notice)
	b.run(p)
	second := inThread("7", "Paytak kargo", "Benimki de gelmedi, berbat!", 20)
	b.publish(later(second, time.Minute))
	b.run(p)
	after := ofBrand(inThread("8", "Paytak kargo", "Sizinkini de inceliyoruz.", 30))
	again := later(soon, 2*time.Minute)
	b.publish(later(after, 2*time.Minute), again)
	b.run(p)
	b.publish(later(again, time.Minute), later(after, 4*time.Minute))
	b.run(p)
	got := b.parents()
	for text, want := range map[string]mention.ID{soon.Text: first.ID, after.Text: second.ID, named.Text: stranger.ID, first.Text: "", second.Text: ""} {
		if parent, stored := got[text]; !stored || parent != want {
			t.Errorf("%q answers %q, want %q; stored: %v", text, parent, want, stored)
		}
	}
	if parent, stored := got[guess.Text]; !stored || parent != "" {
		t.Errorf("a reply to nobody who is known answers %q; stored: %v", parent, stored)
	}
	if parent, stored := got[notice.Text]; stored {
		t.Errorf("a notice where nobody spoke of a brand answers %q", parent)
	}
	b.agree(first, soon)
	b.agree(second, after)
	b.agree(stranger, named)
}

// agree holds that a replay, a watcher and the histories have the same answer.
func (b *bench) agree(to, reply mention.Mention) {
	b.t.Helper()
	at := reply.Written.Time
	if found, err := b.store.FirstReplies(b.t.Context(), start(), start().Add(time.Hour)); err != nil || !found[to.ID].Equal(at) {
		b.t.Errorf("a replay has an answer at %s, want %s; %v", found[to.ID], at, err)
	}
	if found, err := b.store.Replies(b.t.Context(), []mention.ID{to.ID}, start()); err != nil || len(found) != 1 || found[0].Mention.ID != reply.ID {
		b.t.Errorf("a watcher has %v, %v", found, err)
	}
	past, err := b.store.Histories(b.t.Context(), "Paytak", []mention.Writer{to.Writer()}, time.Time{})
	if err != nil || len(past) != 1 || !past[0].Answered.Equal(at) {
		b.t.Errorf("the history of %s: %+v, %v", strings.TrimSpace(to.Author.Name), past, err)
	}
}
