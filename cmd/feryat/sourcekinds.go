package main

import (
	"log/slog"

	"feryat/crawler"
	"feryat/crawler/feed"
	"feryat/crawler/fetch"
	"feryat/crawler/frontier"
	"feryat/crawler/recipe"
	"feryat/crawler/site"
	"feryat/crawler/twitter"
)

// sourceParts are what sources are built on.
type sourceParts struct {
	web *fetch.Client
	db  *frontier.DB
	log *slog.Logger
}

type siteSettings struct{ site.Config }

func newSite(string, string) sourceSettings { return &siteSettings{site.DefaultConfig()} }

func (s *siteSettings) target() any     { return &s.Config }
func (s *siteSettings) validate() error { return s.Validate() }
func (s *siteSettings) about() []string { return s.About }
func (s *siteSettings) build(name string, p sourceParts) (crawler.Source, error) {
	return site.New(name, s.Config, p.web, p.db)
}

type recipeSettings struct{ recipe.Config }

func newRecipe(_, dir string) sourceSettings {
	s := &recipeSettings{recipe.DefaultConfig()}
	s.BaseDir = dir
	return s
}

func (s *recipeSettings) target() any     { return &s.Config }
func (s *recipeSettings) validate() error { return s.Validate() }
func (s *recipeSettings) about() []string { return s.About }
func (s *recipeSettings) build(name string, p sourceParts) (crawler.Source, error) {
	return recipe.New(name, s.Config, p.web, p.db)
}

type feedSettings struct{ feed.Config }

func newFeed(string, string) sourceSettings { return &feedSettings{feed.DefaultConfig()} }

func (s *feedSettings) target() any     { return &s.Config }
func (s *feedSettings) validate() error { return s.Validate() }
func (s *feedSettings) about() []string { return s.About }
func (s *feedSettings) build(name string, p sourceParts) (crawler.Source, error) {
	return feed.New(name, s.Config, p.web, p.log)
}

type twitterSettings struct{ twitter.Config }

func newTwitter(string, string) sourceSettings { return &twitterSettings{twitter.DefaultConfig()} }

func (s *twitterSettings) target() any     { return &s.Config }
func (s *twitterSettings) validate() error { return s.Validate() }
func (s *twitterSettings) about() []string { return nil }
func (s *twitterSettings) build(name string, p sourceParts) (crawler.Source, error) {
	return twitter.New(name, s.Config, p.web, p.log)
}
