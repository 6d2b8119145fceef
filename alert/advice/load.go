package advice

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

//go:embed book/*.yaml
var bundled embed.FS

// maxFile is how large a file may be, in bytes.
const maxFile = 1 << 20

// Bundled is the book that comes with feryat.
func Bundled() (*Book, error) {
	sub, err := fs.Sub(bundled, "book")
	if err != nil {
		return nil, err
	}
	return load(sub, nil)
}

// Load reads every *.yaml file of a folder; what stands there replaces the
// bundled text of the same section, code and field. All faults of all files are
// told together, with file and line: a code, field or language that is unknown,
// a text that is missing in one of the languages, too long, of several lines or
// with a placeholder that has no place there. A folder without files changes nothing.
func Load(dir fs.FS) (*Book, error) {
	base, err := Bundled()
	if err != nil {
		return nil, err
	}
	return load(dir, base)
}

func load(dir fs.FS, base *Book) (*Book, error) {
	if _, err := fs.ReadDir(dir, "."); err != nil {
		return nil, fmt.Errorf("read the folder of advice: %w", err)
	}
	names, err := fs.Glob(dir, "*.yaml")
	if err != nil {
		return nil, err
	}
	l := loader{base: base, made: &Book{texts: map[string]map[string]string{}}}
	if base != nil {
		l.made.texts = maps.Clone(base.texts)
	}
	l.seen = map[string]string{}
	for _, name := range names {
		l.read(dir, name)
	}
	if err := errors.Join(l.faults...); err != nil {
		return nil, err
	}
	return l.made, nil
}

type loader struct {
	base, made *Book
	seen       map[string]string // where a key stands, to tell of a second one
	file       string
	faults     []error
}

func (l *loader) fault(n *yaml.Node, format string, args ...any) {
	l.faults = append(l.faults, fmt.Errorf("advice file %s line %d: %s", l.file, n.Line, fmt.Sprintf(format, args...)))
}

func (l *loader) read(dir fs.FS, name string) {
	l.file = name
	body, err := fs.ReadFile(dir, name)
	if err == nil && len(body) > maxFile {
		err = fmt.Errorf("larger than %d bytes", maxFile)
	}
	var root yaml.Node
	if err == nil {
		err = yaml.Unmarshal(body, &root)
	}
	if err != nil {
		l.faults = append(l.faults, fmt.Errorf("advice file %s: %w", name, err))
		return
	}
	if len(root.Content) == 0 {
		return // nothing but remarks
	}
	l.each(root.Content[0], "sections", func(section string, codes *yaml.Node) {
		l.each(codes, "codes", func(code string, fields *yaml.Node) {
			l.each(fields, "fields", func(field string, texts *yaml.Node) {
				l.entry(section+"."+code+"."+field, texts)
			})
		})
	})
}

// each goes through a mapping.
func (l *loader) each(n *yaml.Node, of string, do func(key string, value *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		l.fault(n, "%s expected, as in \"topic:\", \"  lost:\", \"    next:\", \"      en: …\"", of)
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		do(n.Content[i].Value, n.Content[i+1])
	}
}

func (l *loader) entry(key string, texts *yaml.Node) {
	if l.base != nil && l.base.texts[key] == nil {
		l.fault(texts, "%s is not known; the codes and fields are those of alert/advice/book", key)
		return
	}
	if at, ok := l.seen[key]; ok {
		l.fault(texts, "%s stands in %s already", key, at)
		return
	}
	l.seen[key] = fmt.Sprintf("%s line %d", l.file, texts.Line)
	made := map[string]string{}
	l.each(texts, "languages", func(lang string, value *yaml.Node) {
		if !slices.Contains(Languages(), lang) {
			l.fault(value, "%s: language %q is not tr, fa or en", key, lang)
		} else if made[lang] != "" {
			l.fault(value, "%s: language %s stands twice", key, lang)
		} else if why := wrong(key, value); why != "" {
			l.fault(value, "%s in %s: %s", key, lang, why)
		} else {
			made[lang] = value.Value
			return
		}
		made[lang] = "-" // told of already
	})
	for _, lang := range Languages() {
		if made[lang] == "" {
			l.fault(texts, "%s: no text in %s", key, lang)
		}
	}
	l.made.texts[key] = made
}

// wrong says what is wrong with a text, else "".
func wrong(key string, n *yaml.Node) string {
	s := n.Value
	most, holders := bounds(key)
	switch {
	case n.Kind != yaml.ScalarNode || n.Tag != "!!str" || strings.TrimSpace(s) == "":
		return "a text is expected"
	case s != strings.Join(strings.Fields(s), " ") || strings.ContainsFunc(s, unicode.IsControl) || !utf8.ValidString(s):
		return "one line without double spaces is expected"
	case utf8.RuneCountInString(s) > most:
		return fmt.Sprintf("%d characters, at most %d", utf8.RuneCountInString(s), most)
	}
	rest := s
	for _, h := range holders {
		if strings.Count(s, h) != 1 {
			return h + " must stand there once"
		}
		rest = strings.Replace(rest, h, "", 1)
	}
	if strings.ContainsAny(rest, "{}") {
		return "a placeholder that has no place here"
	}
	return ""
}

// bounds are how many characters a text may have and which placeholders it must.
// A draft with the longest of each, one topic and the longest name and brand
// stays within MaxDraft.
func bounds(key string) (most int, holders []string) {
	switch key {
	case "draft.greeting_name.text":
		return 60, []string{"{name}"}
	case "draft.product.text":
		return 80, []string{"{product}"}
	case "draft.one_problem.text":
		return 60, []string{"{first}"}
	case "draft.two_problems.text":
		return 70, []string{"{first}", "{second}"}
	case "draft.closing.text":
		return 50, []string{"{brand}"}
	case "draft.greeting.text":
		return 60, nil
	case "draft.regret.text":
		return 80, nil
	}
	switch {
	case strings.HasSuffix(key, ".problem"):
		return 100, nil
	case strings.HasSuffix(key, ".next"):
		return 170, nil
	case strings.HasSuffix(key, ".advice"):
		return 240, nil
	}
	return 150, nil
}
