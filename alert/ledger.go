package alert

import (
	"context"
	"slices"
	"strings"
	"time"

	"feryat/alert/notify"
	"feryat/mention"
)

// mayBeTwice is the type of event of a message of which nobody knows whether the
// channel took it before.
const mayBeTwice = "may_be_told_twice"

// twiceMark ends the mark of a message that may have been told before.
const twiceMark = " twice"

// begin marks that a message is about to be sent, where the receiver cannot tell
// a repeat, and reports whether an earlier try ended without an answer.
func (c *Courier) begin(ctx context.Context, channel string, m Message) (twice bool, err error) {
	if !slices.Contains(c.unkeyed, channel) {
		return false, nil
	}
	body, err := c.deps.Marks.Get(ctx, "sending."+m.Key)
	if err != nil || len(body) > 0 {
		return err == nil, err
	}
	return false, c.deps.Marks.Put(ctx, "sending."+m.Key, []byte("1"))
}

// doubt keeps the ledger true after a try that failed: the mark goes where the
// channel certainly has not taken the message, and nobody knew better before.
func (c *Courier) doubt(ctx context.Context, channel string, m Message, twice bool, err error) {
	switch {
	case !slices.Contains(c.unkeyed, channel):
	case twice && m.Letter != nil: // noted at its end
	case twice:
		// The message comes again, and with it this event: it is stored once.
		_ = c.deps.Journal.InsertEvents(ctx, c.doubtful(m, channel))
	case notify.NotTaken(err):
		_ = c.deps.Marks.Put(ctx, "sending."+m.Key, nil) // else the journal doubts too much
	}
}

// mark is what remembers a message that was told.
func (o outcome) mark() []byte {
	mark := o.at.Format(time.RFC3339Nano)
	if o.twice {
		mark += twiceMark
	}
	return []byte(mark)
}

// toldOf is how a message was told; its time is zero if it was not.
func (c *Courier) toldOf(ctx context.Context, m Message) (o outcome, err error) {
	body, err := c.deps.Marks.Get(ctx, "sent."+m.Key)
	if err != nil || body == nil {
		return o, err
	}
	mark, twice := strings.CutSuffix(string(body), twiceMark)
	o.twice = twice
	o.at, err = time.Parse(time.RFC3339Nano, mark)
	return o, err
}

// doubtful says of all that a message tells of that it may have been told twice.
func (c *Courier) doubtful(m Message, channel string) (events []mention.Event) {
	for _, e := range toldBy(m) {
		events = append(events, eventOf(e, m.Key, mayBeTwice, channel, "", c.deps.now()))
	}
	return events
}
