// Package recipe reads sites that are described by data instead of code: a YAML
// file says which links to follow, which element is one post or review, and
// where in it the author, the time and the text stand. A site is added by a
// file and a saved page that proves it.
//
// colly is the layer that calls back for HTML elements. It gets pages that
// crawler/fetch has fetched already and never touches the network itself.
package recipe

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/andybalholm/cascadia"
	"go.yaml.in/yaml/v3"

	"feryat/mention"
)

// Recipe describes one kind of site. README.md shows a whole one.
type Recipe struct {
	// Name is short and lower case. It is part of the ID of each mention: a renamed recipe finds everything anew.
	Name string `yaml:"name"`
	// Title says for people what kind of site this is.
	Title string `yaml:"title"`
	// Detect lists selectors; a page on which all of them match is of this kind. "recipe: auto" asks it.
	Detect []Selector `yaml:"detect"`
	// Kind is the kind of the mentions; post when empty.
	Kind mention.Kind `yaml:"kind"`
	// Kinds overrides Kind for items that match a selector; the first match counts.
	Kinds []KindRule `yaml:"kinds"`
	// Complete says that the pages list all there is, so that a post which vanished is gone.
	Complete bool `yaml:"complete"`
	// Start lists pages to begin with where the configuration names none.
	Start []string `yaml:"start"`
	// Follow lists the links to go on with: boards, topics, next pages. Without an attribute it is href.
	Follow []Field `yaml:"follow"`
	// StripQuery lists query parameters that do not belong to a link: session ids, highlights.
	StripQuery []string `yaml:"strip_query"`
	// Item says what one mention is.
	Item Item `yaml:"item"`
	// Fields says where each value of an item stands.
	Fields Fields `yaml:"fields"`
	// Drop lists selectors of elements that are not the author's own words: quotes, signatures, edit notes.
	Drop []Selector `yaml:"drop"`
	// DropLines lists regular expressions; a line of the text that matches one is left out.
	DropLines []Pattern `yaml:"drop_lines"`
	// Dates says how the site writes times.
	Dates Dates `yaml:"dates"`
	// Expect lists what saved pages must yield; Check compares.
	Expect []Expect `yaml:"expect"`

	digest [sha256.Size]byte // of the file
}

// Item says what one mention is and on which pages there must be some.
type Item struct {
	// Select is the element of one mention. Elements within another are answers to it.
	Select Selector `yaml:"select"`
	// On is a selector: a page with it that has no item has changed its shape.
	On Selector `yaml:"on"`
	// EmptyLimit is the share (0 to 1) of items on a page that may lack the author or the text; above it the page has changed its shape.
	EmptyLimit *float64 `yaml:"empty_limit"`
}

// Fields says where the values stand. Only text is needed. Without a key, IDs
// are weak: an edited post is a new one.
type Fields struct {
	Key       Field  `yaml:"key"`       // the site's own key of the post, unique within the site
	URL       Field  `yaml:"url"`       // link to this very post; the page's address otherwise
	Author    Field  `yaml:"author"`    // name as shown
	AuthorID  Field  `yaml:"author_id"` // the site's own key of the author
	Followers Field  `yaml:"followers"` // number
	Own       Field  `yaml:"own"`       // present: the brand itself wrote this
	Title     Field  `yaml:"title"`     //
	Text      Field  `yaml:"text"`      //
	Product   Field  `yaml:"product"`   //
	Thread    Field  `yaml:"thread"`    // the site's key of the thread or page
	Parent    Field  `yaml:"parent"`    // Key of the post that this one answers or quotes
	Written   Field  `yaml:"written"`   // see Dates
	Edited    Field  `yaml:"edited"`    // see Dates
	Language  Field  `yaml:"language"`  // as claimed, such as html@lang from the page
	Likes     Field  `yaml:"likes"`     // number, like the next three
	Replies   Field  `yaml:"replies"`   //
	Shares    Field  `yaml:"shares"`    //
	Views     Field  `yaml:"views"`     //
	Verified  Field  `yaml:"verified"`  // present: the site says that the author bought the thing
	Rating    Rating `yaml:"rating"`    //
}

// Rating says where the stars stand and between which ends they lie.
type Rating struct {
	Value Field   `yaml:"value"` // number of stars
	Worst float64 `yaml:"worst"` // schema.org's default 1 when both ends are 0
	Best  float64 `yaml:"best"`  // schema.org's default 5 when both ends are 0
}

// Dates says how the site writes times.
type Dates struct {
	Zone     string   `yaml:"zone"`      // IANA name of the zone in which the site shows times; UTC when empty
	ZoneFrom Field    `yaml:"zone_from"` // where the page tells its zone, as IANA name or +03:00; wins over Zone
	Language string   `yaml:"language"`  // of month names and relative times; empty: as the page says
	DayFirst bool     `yaml:"day_first"` // 3/4/2026 is the third of April
	Formats  []string `yaml:"formats"`   // layouts of Go's time package, tried first
}

// KindRule gives items that match When another kind.
type KindRule struct {
	When Selector     `yaml:"when"`
	Kind mention.Kind `yaml:"kind"`
}

// Selector is a CSS selector.
type Selector struct {
	css   string
	line  int
	found goquery.Matcher
}

// UnmarshalYAML keeps the line for messages.
func (s *Selector) UnmarshalYAML(n *yaml.Node) error {
	s.line = n.Line
	return n.Decode(&s.css)
}

func (s *Selector) compile(report func(line int, format string, args ...any)) {
	if s.css == "" {
		return
	}
	group, err := cascadia.Compile(s.css)
	if err != nil {
		report(s.line, "selector %q: %v", s.css, err)
		return
	}
	s.found = group
}

// Pattern is a regular expression in RE2 syntax.
type Pattern struct {
	text string
	line int
	re   *regexp.Regexp
}

// UnmarshalYAML keeps the line for messages.
func (p *Pattern) UnmarshalYAML(n *yaml.Node) error {
	p.line = n.Line
	return n.Decode(&p.text)
}

func (p *Pattern) compile(report func(line int, format string, args ...any)) {
	re, err := regexp.Compile(p.text)
	if err != nil {
		report(p.line, "pattern %q: %v", p.text, err)
		return
	}
	p.re = re
}

// Parse reads a recipe. The error tells all mistakes, each with file and line.
func Parse(file string, data []byte) (*Recipe, error) {
	var errs []error
	report := func(line int, format string, args ...any) {
		errs = append(errs, fmt.Errorf("%s:%d: %s", file, line, fmt.Sprintf(format, args...)))
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		return nil, fmt.Errorf("%s: a recipe is a mapping with name, item and fields", file)
	}
	unknownKeys(doc.Content[0], reflect.TypeFor[Recipe](), report)
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	r := Recipe{digest: sha256.Sum256(data)}
	if err := doc.Content[0].Decode(&r); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	r.check(doc.Content[0].Line, report)
	return &r, errors.Join(errs...)
}

// check compiles selectors and patterns and reports what does not fit together.
func (r *Recipe) check(line int, report func(line int, format string, args ...any)) {
	for s := range r.selectors() {
		s.compile(report)
	}
	for f := range r.fields() {
		f.compile(report)
	}
	for i := range r.DropLines {
		r.DropLines[i].compile(report)
	}
	need := func(ok bool, what string) {
		if !ok {
			report(line, "%s", what)
		}
	}
	need(regexp.MustCompile(`^[a-z0-9][a-z0-9_-]*$`).MatchString(r.Name), "name: needed, of a-z, 0-9, - and _")
	for i := range r.Follow {
		r.Follow[i].checkLink(report)
	}
	need(r.Item.Select.css != "", "item.select: needed, the element that is one mention")
	need(r.Fields.Text.set() || r.Fields.Rating.Value.set(), "fields.text: needed, or fields.rating.value")
	limit := r.emptyLimit()
	need(limit >= 0 && limit <= 1, "item.empty_limit: must be 0 to 1")
	need(validKind(r.Kind), "kind: must be review, complaint, post, comment, question or rating")
	for _, k := range r.Kinds {
		need(k.Kind != "" && validKind(k.Kind) && k.When.css != "", "kinds: each needs when and a valid kind")
	}
	rating := r.Fields.Rating
	need(rating.Worst < rating.Best || rating.Worst == 0 && rating.Best == 0, "fields.rating: best must be above worst")
	if _, err := time.LoadLocation(r.Dates.Zone); err != nil {
		report(line, "dates.zone: %v", err)
	}
}

func validKind(k mention.Kind) bool {
	switch k {
	case "", mention.KindReview, mention.KindComplaint, mention.KindPost, mention.KindComment, mention.KindQuestion, mention.KindRating:
		return true
	}
	return false
}

// defaultEmptyLimit lets half of the items of a page lack author or text: guests
// and posts of pictures only exist, but not on most of a page.
const defaultEmptyLimit = 0.5

func (r *Recipe) emptyLimit() float64 {
	if r.Item.EmptyLimit == nil {
		return defaultEmptyLimit
	}
	return *r.Item.EmptyLimit
}

// selectors yields every selector of the recipe.
func (r *Recipe) selectors() func(func(*Selector) bool) {
	all := []*Selector{&r.Item.Select, &r.Item.On}
	for i := range r.Detect {
		all = append(all, &r.Detect[i])
	}
	for i := range r.Drop {
		all = append(all, &r.Drop[i])
	}
	for i := range r.Kinds {
		all = append(all, &r.Kinds[i].When)
	}
	return each(all)
}

// fields yields every field of the recipe.
func (r *Recipe) fields() func(func(*Field) bool) {
	f := &r.Fields
	all := []*Field{
		&f.Key, &f.URL, &f.Author, &f.AuthorID, &f.Followers, &f.Own, &f.Title, &f.Text, &f.Product, &f.Thread, &f.Parent,
		&f.Written, &f.Edited, &f.Language, &f.Likes, &f.Replies, &f.Shares, &f.Views, &f.Verified, &f.Rating.Value, &r.Dates.ZoneFrom,
	}
	for i := range r.Follow {
		all = append(all, &r.Follow[i])
	}
	return each(all)
}

func each[T any](all []T) func(func(T) bool) {
	return func(yield func(T) bool) {
		for _, e := range all {
			if !yield(e) {
				return
			}
		}
	}
}
