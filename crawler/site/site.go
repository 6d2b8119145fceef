// Package site is the source of public pages that describe their reviews,
// comments and questions in schema.org's terms: shops, app stores, review and
// question sites. It walks the pages of a site and reads what they say of
// themselves, so it needs no rules for the single site.
package site

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"feryat/crawler/fetch"
	"feryat/crawler/frontier"
	"feryat/crawler/walk"
)

// Kind is the kind of this source, in IDs and records.
const Kind = "site"

// version is part of the epoch: raise it when the same page is read differently.
const version = "1"

// New returns the source of the named site. It does nothing yet.
func New(name string, cfg Config, web *fetch.Client, db *frontier.DB) (*walk.Walker, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("source %s: %w", name, err)
	}
	x, err := NewExtractor(cfg)
	if err != nil {
		return nil, fmt.Errorf("source %s: %w", name, err)
	}
	w := cfg.Config
	if w.Epoch, err = epoch(cfg); err != nil {
		return nil, fmt.Errorf("source %s: %w", name, err)
	}
	return walk.New(name, w, web, db, x)
}

// epoch is a digest of all that decides what is read from a page.
func epoch(cfg Config) (string, error) {
	cfg.Config = walk.Config{}
	b, err := json.Marshal(cfg)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(b)
	return version + "-" + hex.EncodeToString(sum[:8]), nil
}
