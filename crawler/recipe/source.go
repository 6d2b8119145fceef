package recipe

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"feryat/crawler/fetch"
	"feryat/crawler/frontier"
	"feryat/crawler/walk"
)

//go:embed sites/*.yaml
var sites embed.FS

// version is part of the epoch: raise it when the same recipe reads a page differently.
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
	if len(w.Start) == 0 {
		w.Start = x.recipes[0].Start
	}
	w.NoSitemaps = true // a recipe says itself where its pages are
	w.Complete = w.Complete || !x.auto && x.recipes[0].Complete
	if w.Epoch, err = x.epoch(); err != nil {
		return nil, fmt.Errorf("source %s: %w", name, err)
	}
	return walk.New(name, w, web, db, x)
}

// NewExtractor returns the reader of the pages of one site.
func NewExtractor(cfg Config) (*Extractor, error) {
	recipes, err := cfg.load()
	if err != nil {
		return nil, err
	}
	return &Extractor{cfg: cfg, recipes: recipes, auto: cfg.Recipe == "auto"}, nil
}

// epoch is a digest of all that decides what is read from a page.
func (x *Extractor) epoch() (string, error) {
	h := sha256.New()
	cfg := x.cfg
	cfg.Config, cfg.BaseDir = walk.Config{}, ""
	if err := json.NewEncoder(h).Encode(cfg); err != nil {
		return "", err
	}
	for _, r := range x.recipes {
		h.Write(r.digest[:])
	}
	return version + "-" + hex.EncodeToString(h.Sum(nil)[:8]), nil
}

// load reads the recipe that the configuration names; all bundled ones for "auto".
func (c Config) load() ([]*Recipe, error) {
	if c.Recipe == "auto" {
		return Bundled()
	}
	if ext := filepath.Ext(c.Recipe); ext == ".yaml" || ext == ".yml" {
		path := c.Recipe
		if !filepath.IsAbs(path) {
			path = filepath.Join(c.BaseDir, path)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("recipe: %w", err)
		}
		return one(Parse(path, data))
	}
	all, err := Bundled()
	if err != nil {
		return nil, err
	}
	var names []string
	for _, r := range all {
		if r.Name == c.Recipe {
			return []*Recipe{r}, nil
		}
		names = append(names, r.Name)
	}
	return nil, fmt.Errorf("recipe: no %q among %s; or give auto, or the path of a .yaml file", c.Recipe, strings.Join(names, ", "))
}

func one(r *Recipe, err error) ([]*Recipe, error) {
	return []*Recipe{r}, err
}

// Bundled returns the recipes within the program, by name.
func Bundled() ([]*Recipe, error) {
	files, err := sites.ReadDir("sites")
	if err != nil {
		return nil, err
	}
	var all []*Recipe
	for _, f := range files {
		name := "sites/" + f.Name()
		data, err := sites.ReadFile(name)
		if err != nil {
			return nil, err
		}
		r, err := Parse(name, data)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}
