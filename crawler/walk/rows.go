package walk

import (
	"net/url"
	"strings"
	"time"

	"feryat/crawler/fetch"
	"feryat/crawler/frontier"
	"feryat/mention"
)

// rowOf begins the ledger row of an answer.
func rowOf(url string, r *fetch.Response) mention.Visit {
	return mention.Visit{URL: url, At: r.At.UTC(), Took: r.Took, Status: r.Status, Bytes: r.Bytes, Attempt: r.Attempts, Outcome: mention.OutcomeOK}
}

func answerRow(it item, r *fetch.Response, p frontier.Page, found Found, suspect bool) mention.Visit {
	v := rowOf(it.url, r)
	v.Mentions = len(found.Mentions)
	if it.asked != "" {
		v.URL, v.Detail = it.asked, "redirected to "+it.url
	}
	switch {
	case found.Reason != "":
		v.Outcome, v.Reason, v.Detail = mention.OutcomeSoftFail, found.Reason, oneLine(found.Detail)
	case suspect:
		v.Outcome, v.Reason, v.Detail = mention.OutcomeSoftFail, ReasonEmpty, "listed mentions before, and none now"
		if len(p.Listed) >= 3 {
			v.Reason = ReasonShapeChanged
		}
	}
	return v
}

func failureRow(url string, fe *fetch.Error) mention.Visit {
	v := mention.Visit{URL: url, At: fe.At.UTC(), Took: fe.Took, Status: fe.Status, Bytes: fe.Bytes, Attempt: fe.Attempts,
		Outcome: fe.Outcome(), Reason: fe.Reason, Detail: oneLine(fe.Detail)}
	if fe.URL != "" && fe.URL != url {
		v.Detail = oneLine("at " + fe.URL + ": " + fe.Detail)
	}
	return v
}

func refusedRow(raw, reason, detail string) mention.Visit {
	if u, err := url.Parse(raw); err == nil && u.User != nil {
		u.User = nil
		raw = u.String()
	}
	if len(raw) > 500 {
		raw = strings.ToValidUTF8(raw[:500], "") + "…"
	}
	return mention.Visit{URL: raw, At: time.Now().UTC(), Outcome: mention.OutcomeRefused, Reason: reason, Detail: oneLine(detail)}
}

// oneLine makes foreign words fit for a ledger row.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "?")), " ")
	if len(s) > 300 {
		s = strings.ToValidUTF8(s[:300], "") + "…"
	}
	return s
}

func idsOf(ms []mention.Mention) []mention.ID {
	ids := make([]mention.ID, len(ms))
	for i, m := range ms {
		ids[i] = m.ID
	}
	return ids
}
