package main

import (
	"strings"
	"sync"

	"feryat/brand"
	"feryat/sentiment"
)

// maxNamers is how many sets of brands are kept ready: lines that name ever new
// ones must not fill the memory.
const maxNamers = 256

// namer finds the brands of the command line's texts. It is safe for concurrent use.
type namer struct {
	mu    sync.Mutex
	known map[string]*brand.Matcher
}

// names are the places in text where the watched brand or a rival is named. A
// name that cannot be watched (of one letter) is found nowhere.
func (n *namer) names(text, watched string, rivals []string) []sentiment.Name {
	if watched == "" {
		return nil
	}
	m := n.matcher(watched, rivals)
	if m == nil {
		return nil
	}
	return sentiment.Names(m.Find(text), watched)
}

func (n *namer) matcher(watched string, rivals []string) *brand.Matcher {
	key := watched + "\x00" + strings.Join(rivals, "\x00")
	n.mu.Lock()
	defer n.mu.Unlock()
	m, ok := n.known[key]
	if ok {
		return m
	}
	if n.known == nil || len(n.known) >= maxNamers {
		n.known = map[string]*brand.Matcher{}
	}
	brands := []brand.Brand{{Name: watched}}
	for _, r := range rivals {
		brands = append(brands, brand.Brand{Name: r, Rival: true})
	}
	m, err := brand.New(brands)
	if err != nil {
		m = nil
	}
	n.known[key] = m
	return m
}
