package main

import (
	"fmt"
	"os"
	"sync"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"

	"feryat/crawler"
	"feryat/mention"
)

// progress shows one line a source on a terminal, and nothing in a pipe.
type progress struct {
	mu      sync.Mutex
	screen  *mpb.Progress // nil: quiet
	sources map[string]*sourceLine
}

type sourceLine struct {
	bar                     *mpb.Bar
	mu                      sync.Mutex
	mentions, pages, others int
}

// newProgress shows lines only where a person looks: standard error is a
// terminal and the output is not for a program.
func (a *app) newProgress(quiet bool) *progress {
	p := &progress{sources: map[string]*sourceLine{}}
	if f, ok := a.err.(*os.File); ok && !quiet && term.IsTerminal(int(f.Fd())) {
		p.screen = mpb.New(mpb.WithOutput(f))
	}
	return p
}

// Progress implements crawler.Progress.
func (p *progress) Progress(e crawler.Event) {
	if p.screen == nil {
		return
	}
	line := p.line(e.Source)
	line.mu.Lock()
	switch {
	case e.Visit != nil && (e.Visit.Outcome == mention.OutcomeOK || e.Visit.Outcome == mention.OutcomeNotModified):
		line.pages++
	case e.Visit != nil:
		line.others++
	case e.Mentions > 0:
		line.mentions = e.Mentions
	}
	line.mu.Unlock()
	if e.Result != nil {
		line.bar.SetTotal(-1, true)
	}
}

func (p *progress) line(source string) *sourceLine {
	p.mu.Lock()
	defer p.mu.Unlock()
	if l := p.sources[source]; l != nil {
		return l
	}
	l := &sourceLine{}
	l.bar = p.screen.New(0, mpb.SpinnerStyle(), mpb.PrependDecorators(decor.Any(func(decor.Statistics) string {
		l.mu.Lock()
		defer l.mu.Unlock()
		return fmt.Sprintf("%-20s %6d mentions %6d pages %4d troubled or refused ", source, l.mentions, l.pages, l.others)
	})))
	p.sources[source] = l
	return l
}

// end leaves the last state of the lines on the screen.
func (p *progress) end() {
	if p.screen == nil {
		return
	}
	p.mu.Lock()
	for _, l := range p.sources {
		l.bar.SetTotal(-1, true)
	}
	p.mu.Unlock()
	p.screen.Wait()
}
