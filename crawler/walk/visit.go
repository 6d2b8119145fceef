package walk

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"feryat/crawler"
	"feryat/crawler/fetch"
	"feryat/crawler/frontier"
	"feryat/mention"
)

// visit fetches one page and does what its answer asks for. Its result is
// recorded last, after the queue has its mentions: a walk that is killed before
// that fetches it again.
func (t *tour) visit(ctx context.Context, it item) error {
	if t.done[it.key] || t.dead[hostOf(it.url)] {
		return nil
	}
	p, _, err := t.w.known.Page(it.key)
	if err != nil {
		return err
	}
	t.done[it.key] = true
	if p.Walk == t.state.ID {
		return t.recall(ctx, it, p) // an interrupted walk had it
	}
	t.requests++
	resp, err := t.w.web.Get(ctx, t.request(it.url, p))
	var fe *fetch.Error
	switch {
	case errors.As(err, &fe):
		return t.failure(ctx, it, p, fe)
	case err != nil:
		return err
	case resp.NotModified:
		return t.unchanged(ctx, it, p, resp)
	}
	it, p, here, err := t.arrive(ctx, it, p, resp)
	if err != nil || !here {
		return err
	}
	return t.answer(ctx, it, p, resp)
}

// request asks conditionally where the answer "unchanged" would be believed.
func (t *tour) request(url string, p frontier.Page) fetch.Request {
	r := fetch.Request{URL: url}
	if p.Epoch == t.w.cfg.Epoch && t.state.Started.Sub(p.Whole) < t.w.cfg.Revalidate {
		r.ETag, r.LastModified = p.ETag, p.LastModified
	}
	return r
}

// recall takes a page's links and mentions from the frontier.
func (t *tour) recall(ctx context.Context, it item, p frontier.Page) error {
	t.answered++
	switch {
	case p.Suspect:
		t.suspects++
	case len(p.Listed) > 0:
		t.listing++
	}
	for _, m := range p.Listed {
		t.told[m.ID] = m.Revision
	}
	if len(p.Links) == 1 && !t.scope.has(p.Links[0]) {
		t.admit(it, p.Links[0]) // recorded of a redirect
	}
	return t.follow(ctx, it, p.Links, idsOf(p.Listed))
}

// unchanged handles a 304: what the page listed and where it led still holds.
func (t *tour) unchanged(ctx context.Context, it item, p frontier.Page, resp *fetch.Response) error {
	t.inRow = 0
	v := rowOf(it.url, resp)
	v.Outcome, v.Mentions = mention.OutcomeNotModified, len(p.Listed)
	if err := t.out.Visit(ctx, v); err != nil {
		return err
	}
	p.Walk, p.Fetched, p.Failures, p.Reason, p.Depth = t.state.ID, resp.At.UTC(), 0, "", it.depth
	if err := t.w.known.Record(it.key, p); err != nil {
		return err
	}
	return t.recall(ctx, it, p)
}

// arrive deals with where redirects led: out of the scope, to a page that this
// walk had already, or to one that it now has under its own name. here says
// that there is a page to read.
func (t *tour) arrive(ctx context.Context, it item, p frontier.Page, resp *fetch.Response) (to item, known frontier.Page, here bool, err error) {
	t.inRow = 0
	final, err := fetch.Canonical(resp.URL)
	if err != nil || fetch.Key(final) == it.key {
		return it, p, true, nil
	}
	to = item{url: final, key: fetch.Key(final), asked: it.url, depth: it.depth, chain: chainOf(final), barren: it.barren}
	if known, _, err = t.w.known.Page(to.key); err != nil {
		return to, known, false, err
	}
	t.admit(it, final)
	here = t.scope.has(final) && !t.done[to.key] && known.Walk != t.state.ID
	t.queued[to.key], t.done[to.key] = true, true
	if !here {
		t.answered++
		v := rowOf(it.url, resp)
		if v.Detail = "the same page as " + final; !t.scope.has(final) {
			v.Outcome, v.Reason, v.Detail = mention.OutcomeRefused, ReasonScope, "redirected to "+final
		}
		if err := t.out.Visit(ctx, v); err != nil {
			return to, known, false, err
		}
	}
	alias := frontier.Page{URL: it.url, Fetched: resp.At.UTC(), Depth: it.depth, Walk: t.state.ID, Epoch: t.w.cfg.Epoch, Links: []string{final}}
	return to, known, here, t.w.known.Record(it.key, alias)
}

// answer reads a page, hands on its mentions, and records it.
func (t *tour) answer(ctx context.Context, it item, p frontier.Page, resp *fetch.Response) error {
	page := Page{URL: it.url, Body: resp.Body, ContentType: resp.ContentType, Fetched: resp.At.Add(resp.Took).UTC()}
	found := t.extract(ctx, page)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	suspect := false
	if len(found.Mentions) == 0 && found.Reason == "" {
		found.Reason = fetch.Challenge(resp.Body)
		suspect = found.Reason == "" && len(p.Listed) > 0
	}
	t.complete(found.Mentions, page)
	if err := t.publish(ctx, p, found.Mentions); err != nil {
		return err
	}
	if err := t.out.Visit(ctx, answerRow(it, resp, p, found, suspect)); err != nil {
		return err
	}
	next := frontier.Page{URL: it.url, Fetched: page.Fetched, Whole: page.Fetched, Depth: it.depth, Links: t.relevant(found.Links), Listed: found.Mentions, Epoch: t.w.cfg.Epoch}
	switch {
	case found.Reason != "":
		return t.softFail(ctx, it, p, next, found.Reason)
	case suspect:
		next.Suspect, next.Listed = true, p.Listed
	default:
		next.ETag, next.LastModified = resp.ETag, resp.LastModified
	}
	next.Walk = t.state.ID
	if err := t.w.known.Record(it.key, next); err != nil {
		return err
	}
	return t.recall(ctx, it, next)
}

// extract calls the Extractor, whose panic on a page is that page's trouble.
func (t *tour) extract(ctx context.Context, p Page) (found Found) {
	defer func() {
		if r := recover(); r != nil {
			found = Found{Reason: ReasonParse, Detail: fmt.Sprintf("panic: %v", r)}
		}
	}()
	found, err := t.w.read.Extract(ctx, p)
	if err != nil {
		found.Reason, found.Detail = ReasonParse, err.Error()
	}
	return found
}

// complete fills in what the walk knows of its mentions.
func (t *tour) complete(ms []mention.Mention, p Page) {
	for i := range ms {
		m := &ms[i]
		m.Source = t.w.name
		if m.URL == "" {
			m.URL = p.URL
		}
		if m.Collected.IsZero() {
			m.Collected = p.Fetched
		}
		*m = m.Revise()
	}
}

// publish hands on the mentions that are new or changed since the page was
// last recorded.
func (t *tour) publish(ctx context.Context, p frontier.Page, ms []mention.Mention) error {
	had := map[mention.ID]mention.Revision{}
	if p.Epoch == t.w.cfg.Epoch {
		for _, m := range p.Listed {
			had[m.ID] = m.Revision
		}
	}
	for _, m := range ms {
		if had[m.ID] == m.Revision || t.told[m.ID] == m.Revision {
			continue
		}
		if err := t.out.Mention(ctx, m); err != nil {
			return err
		}
		t.told[m.ID] = m.Revision
	}
	return nil
}

// softFail records a page that was there without being what it should. What it
// listed before counts as still there, and its links are followed unless they
// are those of a challenge.
func (t *tour) softFail(ctx context.Context, it item, p, next frontier.Page, reason string) error {
	t.answered++
	if t.soft == "" {
		t.soft = reason
	}
	if len(next.Listed) > 0 {
		t.listing++
	}
	t.blocks(p, reason, true)
	ids := idsOf(next.Listed)
	next.Failures, next.Reason, next.Tried = p.Failures+1, reason, t.state.ID
	for _, m := range p.Listed {
		if !slices.Contains(ids, m.ID) {
			next.Listed = append(next.Listed, m)
		}
	}
	if reason == fetch.ReasonChallenge || reason == fetch.ReasonLogin {
		next.Links = nil
		t.setback(&fetch.Error{URL: it.url, Reason: reason})
	}
	if err := t.w.known.Record(it.key, next); err != nil {
		return err
	}
	return t.follow(ctx, it, next.Links, ids)
}

// blocks notes whether a page that could not be had keeps the walk from knowing
// what is gone: one that listed mentions does; another does once, for mentions
// may have moved there, and not when it failed in the last walk already.
func (t *tour) blocks(p frontier.Page, reason string, mayHeal bool) {
	if len(p.Listed) > 0 || mayHeal && p.Failures == 0 {
		t.missed(reason)
	}
}

// failure handles a page that could not be had.
func (t *tour) failure(ctx context.Context, it item, p frontier.Page, fe *fetch.Error) error {
	if err := t.out.Visit(ctx, failureRow(it.url, fe)); err != nil {
		return err
	}
	if t.failed == nil {
		t.failed = fe
	}
	switch fe.Reason {
	case fetch.ReasonNotFound, fetch.ReasonGone:
		return t.w.known.Remove(it.key)
	case fetch.ReasonRobots, fetch.ReasonAlreadyFetched, fetch.ReasonPrivateNetwork, fetch.ReasonScheme, fetch.ReasonCredentials:
		t.blocks(p, fe.Reason, false)
		return nil
	case fetch.ReasonHostPaused, fetch.ReasonRobotsFailed, fetch.ReasonDNS, fetch.ReasonTLS:
		t.dead[hostOf(it.url)] = true
		t.missed(fe.Reason)
		return nil
	}
	lasting := slices.Contains([]string{fetch.ReasonTooLarge, fetch.ReasonRedirectLoop, fetch.ReasonContentType}, fe.Reason)
	if !lasting {
		t.setback(fe)
	}
	if fe.Temporary() && !it.second {
		t.retry = append(t.retry, it)
		return nil
	}
	t.blocks(p, fe.Reason, !lasting)
	return t.recordFailure(it, p, fe.Reason)
}

// setback counts pages in a row that gave nothing but trouble, and breaks the
// walk off when there are too many.
func (t *tour) setback(fe *fetch.Error) {
	if t.inRow++; t.inRow >= maxInRow {
		t.stopped = &crawler.Trouble{Outcome: fe.Outcome(), Reason: fe.Reason, Detail: "left alone after too many failures in a row", Err: fe}
		t.missed(fe.Reason)
	}
}

func (t *tour) recordFailure(it item, p frontier.Page, reason string) error {
	p.URL, p.Depth = it.url, it.depth
	p.Failures, p.Reason, p.Tried = p.Failures+1, reason, t.state.ID
	return t.w.known.Record(it.key, p)
}
