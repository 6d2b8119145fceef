package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"github.com/go-viper/mapstructure/v2"
	"github.com/spf13/viper"
	"go.yaml.in/yaml/v3"
)

// envPrefix stands before every key in the environment: data_dir is FERYAT_DATA_DIR,
// queue.url is FERYAT_QUEUE_URL.
const envPrefix = "FERYAT"

// faults are all that is wrong with a configuration, told together.
type faults []fault

// Error is one line a fault, in the order of the file.
func (fs faults) Error() string {
	lines := make([]string, len(fs))
	for i, f := range fs {
		lines[i] = f.Error()
	}
	return strings.Join(lines, "\n")
}

// loadConfig reads file (none if empty), environment and overrides, in rising
// rank, over the defaults, and tells all faults together.
func loadConfig(file string, overrides map[string]any) (config, error) {
	cfg := defaultConfig()
	v := viper.New()
	v.SetEnvPrefix(envPrefix)
	v.SetEnvKeyReplacer(strings.NewReplacer(".", "_"))
	v.AutomaticEnv()
	setDefaults(v, "", reflect.ValueOf(cfg))
	doc, found, err := readFile(v, file)
	if err != nil {
		return cfg, err
	}
	for key, value := range overrides {
		v.Set(key, value)
	}
	all := problemsOf("", v.Unmarshal(&cfg, decodeHooks))
	cfg.file = file
	all = append(all, problemsOf("", cfg.finish(v, os.LookupEnv))...)
	return cfg, locate(file, doc, found, all)
}

// readFile hands the file to viper, and answers the keys that it should not have.
func readFile(v *viper.Viper, file string) (*yaml.Node, []fault, error) {
	doc := &yaml.Node{}
	if file == "" {
		return doc, nil, nil
	}
	body, err := os.ReadFile(file)
	if err != nil {
		return nil, nil, fmt.Errorf("read the configuration: %w (make one with: feryat init)", err)
	}
	if err := yaml.Unmarshal(body, doc); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", file, err)
	}
	if doc.Kind == 0 {
		return doc, nil, nil
	}
	v.SetConfigType("yaml")
	return doc, configKeys().check(file, "", doc), v.ReadConfig(bytes.NewReader(body))
}

// decodeHooks reads "15m" as a duration and tells unknown shapes.
func decodeHooks(c *mapstructure.DecoderConfig) {
	c.DecodeHook = mapstructure.ComposeDecodeHookFunc(mapstructure.StringToTimeDurationHookFunc(), mapstructure.StringToSliceHookFunc(","))
	c.WeaklyTypedInput = true // the environment has only words
}

// setDefaults names every plain value to viper, which otherwise does not look
// for it in the environment.
func setDefaults(v *viper.Viper, path string, value reflect.Value) {
	for i := range value.NumField() {
		f := value.Type().Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if !f.IsExported() || name == "-" {
			continue
		}
		at := strings.TrimPrefix(path+"."+name, ".")
		switch {
		case strings.Contains(options, "inline"):
			setDefaults(v, path, value.Field(i))
		case f.Type.Kind() == reflect.Struct:
			setDefaults(v, at, value.Field(i))
		case f.Type.Kind() == reflect.Slice && f.Type.Elem().Kind() == reflect.Struct, f.Type.Kind() == reflect.Map:
			// tables and lists of tables come from the file alone
		default:
			v.SetDefault(at, value.Field(i).Interface())
			if f.Tag.Get("secret") == "true" {
				v.SetDefault(at+"_file", "")
			}
		}
	}
}

// problem is something wrong with the value at a path such as sources[2].start.
type problem struct {
	path   string
	detail string
}

func (p problem) Error() string { return p.path + ": " + p.detail }

// problemsOf makes one problem of each error that is joined in err; those that
// are problems already keep their path.
func problemsOf(path string, err error) []error {
	var p problem
	switch joined, ok := err.(interface{ Unwrap() []error }); {
	case err == nil:
		return nil
	case errors.As(err, &p) && !ok:
		return []error{p}
	case ok:
		var all []error
		for _, e := range joined.Unwrap() {
			all = append(all, problemsOf(path, e)...)
		}
		return all
	}
	return []error{problem{path, err.Error()}}
}

// locate tells the faults of keys and the problems of values together, in the
// order of the file. What stands in no line comes from the environment or a default.
func locate(file string, doc *yaml.Node, found []fault, problems []error) error {
	var rest []error
	for _, e := range problems {
		var p problem
		if doc.Kind == 0 || !errors.As(e, &p) {
			rest = append(rest, e)
			continue
		}
		found = append(found, fault{file, lineOf(doc, p.path), strings.TrimPrefix(p.Error(), ": ")})
	}
	sort.SliceStable(found, func(i, j int) bool { return found[i].line < found[j].line })
	if len(found) > 0 {
		rest = append(rest, faults(found))
	}
	return errors.Join(rest...)
}

// lineOf follows path as deep as the file has it.
func lineOf(doc *yaml.Node, path string) int {
	node, line := doc.Content[0], doc.Content[0].Line
	for _, step := range regexp.MustCompile(`[^.\[\]]+`).FindAllString(path, -1) {
		next, at := descend(node, step)
		if next == nil {
			break
		}
		node, line = next, at
	}
	return line
}

func descend(node *yaml.Node, step string) (*yaml.Node, int) {
	if node.Kind == yaml.SequenceNode {
		if i, err := strconv.Atoi(step); err == nil && i < len(node.Content) {
			return node.Content[i], node.Content[i].Line
		}
		return nil, 0
	}
	for i := 0; node.Kind == yaml.MappingNode && i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == step {
			return node.Content[i+1], node.Content[i].Line
		}
	}
	return nil, 0
}

// readSecrets fills every field tagged secret:"true" below value from the file
// that its _file key names; lookup answers that key's value. Relative names
// start at the configuration's folder.
func readSecrets(dir, path string, value reflect.Value, lookup func(key string) string) (all []error) {
	for i := range value.NumField() {
		f := value.Type().Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		at := strings.TrimPrefix(path+"."+name, ".")
		switch {
		case !f.IsExported() || name == "-":
		case strings.Contains(options, "inline"):
			all = append(all, readSecrets(dir, path, value.Field(i), lookup)...)
		case f.Type.Kind() == reflect.Struct:
			all = append(all, readSecrets(dir, at, value.Field(i), lookup)...)
		case f.Tag.Get("secret") == "true" && lookup(at+"_file") != "":
			secret, err := readSecret(dir, at+"_file", lookup(at+"_file"))
			if err != nil {
				all = append(all, err)
			}
			value.Field(i).SetString(secret)
		}
	}
	return all
}

func readSecret(dir, path, file string) (string, error) {
	if !filepath.IsAbs(file) {
		file = filepath.Join(dir, file)
	}
	body, err := os.ReadFile(file)
	if err != nil {
		return "", problem{path, err.Error()}
	}
	if secret := strings.TrimSpace(string(body)); secret != "" {
		return secret, nil
	}
	return "", problem{path, "the file is empty"}
}
