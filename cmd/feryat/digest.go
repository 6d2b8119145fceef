package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"feryat/alert"
	"feryat/alert/digest"
	"feryat/alert/notify"
	"feryat/i18n"
)

// validateDigests looks at what the package cannot: brands and channels.
func (c *config) validateDigests() (all []error) {
	seen := map[string]bool{}
	for i, d := range c.Alert.Digests {
		at := fmt.Sprintf("alert.digests[%d]", i)
		all = append(all, problemsOf(at, d.Validate())...)
		if seen[d.Name] {
			all = append(all, problem{at + ".name", fmt.Sprintf("a digest named %q stands before", d.Name)})
		}
		seen[d.Name] = true
		for j, name := range d.Brands {
			if err := c.ourBrand(name); err != nil {
				all = append(all, problem{fmt.Sprintf("%s.brands[%d]", at, j), err.Error()})
			}
		}
		if err := c.mails(d.Channel); d.Channel != "" && err != nil {
			all = append(all, problem{at + ".channel", err.Error()})
		}
	}
	return all
}

func (c *config) ourBrand(name string) error {
	ours, rivals := c.brandNames()
	switch {
	case slices.Contains(ours, name):
		return nil
	case slices.Contains(rivals, name):
		return fmt.Errorf("%q is a rival: its unhappy customers are in every digest", name)
	}
	return fmt.Errorf("%q is not under brands", name)
}

// brandNames are the brands that are ours, and the rivals.
func (c config) brandNames() (ours, rivals []string) {
	for _, b := range c.Brands {
		if b.Rival {
			rivals = append(rivals, b.Name)
		} else {
			ours = append(ours, b.Name)
		}
	}
	return ours, rivals
}

// mails refuses channels that take no mail.
func (c config) mails(channel string) error {
	i := slices.IndexFunc(c.channels(), func(ch notify.Config) bool { return ch.Name == channel })
	if i < 0 {
		return fmt.Errorf("%q is not under alert.channels", channel)
	}
	if kind := c.channels()[i].Type; !notify.TakesLetters(kind) {
		return fmt.Errorf("%q is of type %s: a digest needs a channel of type email", channel, kind)
	}
	return nil
}

// newSender makes digests; it sends those of the configuration when it is rung.
func (h *home) newSender(ctx context.Context) (*digest.Sender, error) {
	zone, err := time.LoadLocation(h.cfg.Alert.Promise.Zone)
	if err != nil {
		return nil, err
	}
	titles, err := h.ruleTitles()
	if err != nil {
		return nil, err
	}
	r, err := digest.NewRenderer(titles, h.cfg.Web.PublicURL)
	if err != nil {
		return nil, err
	}
	states, err := h.queue.Bucket(ctx, "escalations", 0)
	if err != nil {
		return nil, err
	}
	w := digest.Watching{Zone: zone, Sources: map[string]time.Duration{}, Languages: map[string]string{}}
	w.Brands, w.Rivals = h.cfg.brandNames()
	for _, s := range h.cfg.Sources {
		w.Sources[s.Name] = s.Every
	}
	for _, ch := range h.cfg.channels() {
		w.Languages[ch.Name] = ch.Language
	}
	return digest.NewSender(h.cfg.Alert.Digests, w, h.store, r, states, h.queue, h.log.With("part", "digest")), nil
}

// ruleTitles are the names of rules for people, that of incidents among them.
func (h *home) ruleTitles() (map[string]map[string]string, error) {
	texts, err := i18n.Load()
	rules, refused := h.cfg.usableRules()
	if len(rules) == 0 {
		return nil, errors.Join(err, refused)
	}
	titles := map[string]map[string]string{"incident": {}}
	for _, r := range rules {
		titles[r.Name] = r.Title
	}
	for _, l := range i18n.Languages() {
		titles["incident"][string(l)] = texts.T(l, "rule.incident")
	}
	return titles, err
}

// newDigests rings for digests; nil where none are configured.
func (h *home) newDigests(ctx context.Context, deps alert.Deps) (*alert.Digests, error) {
	if len(h.cfg.Alert.Digests) == 0 {
		return nil, nil
	}
	s, err := h.newSender(ctx)
	return alert.NewDigests(s, deps), err
}
