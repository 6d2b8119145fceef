package view

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"feryat/dashboards/macro"
	"feryat/i18n"
)

// Choice is what a reader wants to see of a dashboard.
type Choice struct {
	Span
	Board      Board
	Language   i18n.Language
	Selections []Selection
	// BadTime: what the address says of time makes no sense, and the usual time is shown.
	BadTime   bool
	constants map[string]macro.Variable
}

// Choose reads an address: from, to and var-NAME as Grafana has them. Values are taken only if the variable offers them,
// which the store is asked for; each variable offers what is left by those before it. An error means that the store is gone.
// What variables offer may be remembered: then it is the panels that tell.
func (v *Viewer) Choose(ctx context.Context, b Board, l i18n.Language, query url.Values, now time.Time) (Choice, error) {
	c := Choice{Board: b, Language: l, constants: map[string]macro.Variable{}}
	span, ok := spanOf(query, b, now, v.zone)
	c.Span, c.BadTime = span, !ok
	for _, x := range b.Templating.List {
		switch {
		case x.Type == "constant":
			c.constants[x.Name] = macro.Variable{Values: []string{string(x.Query)}}
		case x.chosen() || x.Type == "query":
			c.Selections = append(c.Selections, x.pick(nil, query))
		}
	}
	return c, v.offer(ctx, &c, query)
}

// offer asks for the values of the variables: first and at the same time for those that do not hang on what others offer.
func (v *Viewer) offer(ctx context.Context, c *Choice, query url.Values) error {
	early := make([]Selection, len(c.Selections))
	var group errgroup.Group
	group.SetLimit(atOnce)
	for i := range c.Selections {
		if c.alone(i) {
			group.Go(func() error { early[i] = v.answer(ctx, *c, c.Selections[i].Variable, query); return nil })
		}
	}
	_ = group.Wait() // errors stand in the selections
	for i := range c.Selections {
		s := early[i]
		if s.Name == "" {
			s = v.answer(ctx, *c, c.Selections[i].Variable, query)
		}
		if Gone(s.Failed) {
			return fmt.Errorf("values of %s: %w", s.Name, s.Failed)
		}
		c.Selections[i] = s
	}
	return nil
}

// alone tells that the values of a variable can be asked for before those of others are known: whatever it is narrowed by
// has all chosen.
func (c Choice) alone(i int) bool {
	const mark = "\x00"
	m := macro.Context{From: c.From, To: c.To, Variables: map[string]macro.Variable{}}
	for name, x := range c.constants {
		m.Variables[name] = x
	}
	for _, s := range c.Selections[:i] {
		m.Variables[s.Name] = macro.Variable{All: s.All, Values: []string{mark}}
	}
	sql, err := m.Expand(string(c.Selections[i].Query))
	return err == nil && !strings.Contains(sql, mark)
}

// answer is what is offered and chosen of a variable.
func (v *Viewer) answer(ctx context.Context, c Choice, x Variable, query url.Values) Selection {
	options, err := v.offers(ctx, c, x)
	s := x.pick(options, query)
	s.Failed = err
	return s
}

func (v *Viewer) offers(ctx context.Context, c Choice, x Variable) ([]Option, error) {
	if x.Type != "query" {
		return x.listed(), nil
	}
	c.From, c.To = c.From.Truncate(time.Minute), c.To.Truncate(time.Minute).Add(time.Minute) // the same question for a minute
	sql, void, err := c.expand(string(x.Query), 0)
	if err != nil || void {
		return nil, err
	}
	return v.offered.of(sql, func() ([]Option, error) {
		f, err := v.send(ctx, sql)
		return optionsOf(f), err
	})
}

// optionsOf are the values of a variable, each with its words where a second column has them.
func optionsOf(f frame) (options []Option) {
	for _, row := range f.rows[:min(len(f.rows), maxOffered)] {
		if len(row) == 0 || row[0] == nil {
			continue
		}
		o := Option{Value: fmt.Sprint(row[0])}
		if o.Text = o.Value; len(row) > 1 && row[1] != nil {
			o.Text = fmt.Sprint(row[1])
		}
		if o.Value != "" {
			options = append(options, o)
		}
	}
	return options
}

// run asks one query of the dashboard; least is the shortest step of its chart. What is narrowed to values that are not
// there is not asked at all.
func (v *Viewer) run(ctx context.Context, c Choice, sql string, least time.Duration) (frame, error) {
	text, void, err := c.expand(sql, least)
	if err != nil || void {
		return frame{}, err
	}
	return v.send(ctx, text)
}

// expand fills in a query; void tells that it is narrowed to what is not there.
func (c Choice) expand(sql string, least time.Duration) (text string, void bool, err error) {
	m := macro.Context{From: c.From, To: c.To, Interval: c.interval(least), Variables: map[string]macro.Variable{}}
	for name, x := range c.constants {
		m.Variables[name] = x
	}
	for _, s := range c.Selections {
		m.Variables[s.Name] = s.macro()
		if s.void() && slices.Contains(macro.Names(sql), s.Name) {
			return "", true, nil
		}
	}
	text, err = m.Expand(sql)
	return text, false, err
}

// send asks the store, in its turn.
func (v *Viewer) send(ctx context.Context, sql string) (frame, error) {
	ctx, cancel := context.WithTimeout(ctx, v.patience+v.patience/5) // the store says first that it took too long
	defer cancel()
	select {
	case v.slots <- struct{}{}:
		defer func() { <-v.slots }()
	case <-ctx.Done():
		return frame{}, ctx.Err()
	}
	return ask(ctx, v.store, v.patience, sql)
}

// address are the parameters of what is chosen, in Grafana's names.
func (c Choice) address() url.Values {
	q := url.Values{"from": {c.RawFrom}, "to": {c.RawTo}}
	for _, s := range c.Selections {
		c.put(q, s)
	}
	return q
}

func (c Choice) put(q url.Values, s Selection) {
	if s.All {
		return
	}
	for _, o := range s.Options {
		if o.On {
			q.Add(param(s.Name), o.Value)
		}
	}
	for _, value := range s.Missing {
		q.Add(param(s.Name), value)
	}
}

// Missing are the values that were chosen and are not offered.
func (c Choice) Missing() (list []string) {
	for _, s := range c.Selections {
		list = append(list, s.Missing...)
	}
	return list
}

func (c Choice) selection(name string) (Selection, bool) {
	at := slices.IndexFunc(c.Selections, func(s Selection) bool { return s.Name == name })
	if at < 0 {
		return Selection{}, false
	}
	return c.Selections[at], true
}
