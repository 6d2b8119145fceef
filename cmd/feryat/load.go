package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/go-viper/mapstructure/v2"
	"github.com/spf13/viper"
	"go.yaml.in/yaml/v3"
)

// envPrefix stands before every key in the environment: data_dir is FERYAT_DATA_DIR,
// queue.url is FERYAT_QUEUE_URL.
const envPrefix = "FERYAT"

// loadConfig reads file (none if empty), environment and overrides, in rising
// rank, over the defaults, and tells all faults together.
func loadConfig(file string, overrides map[string]any) (config, error) {
	cfg := defaultConfig()
	cfg.file = file
	doc, found, err := readFile(file)
	if err != nil {
		return cfg, err
	}
	v, err := layers(cfg, doc, overrides)
	if err != nil {
		return cfg, append(found, fault{file, 1, err.Error()})
	}
	known := map[string]bool{} // variables that count for something
	for _, key := range v.AllKeys() {
		known[variable(key)] = true
	}
	ask := func(name string) (string, bool) {
		known[name] = true
		return environment(name)
	}
	all := checkTables(ask)
	all = append(all, decodeProblems("", v.Unmarshal(&cfg, decodeHooks))...)
	all = append(all, problemsOf("", cfg.finish(v, ask))...)
	found = append(found, misspelt(os.Environ(), known)...)
	l := locator{file, doc, environment}
	for _, err := range all {
		var p problem
		if !errors.As(err, &p) {
			p = problem{detail: err.Error()}
		}
		found = append(found, l.fault(p))
	}
	var refused faults
	for _, err := range cfg.refused {
		var p problem
		errors.As(err, &p)
		refused = append(refused, l.fault(p))
	}
	cfg.unusable = inOrder(refused)
	if len(found) > 0 {
		return cfg, inOrder(append(found, refused...))
	}
	return cfg, nil
}

// readFile reads the file as a tree without what should not stand there, which
// it answers as faults: so the rest can be judged too.
func readFile(file string) (*yaml.Node, faults, error) {
	doc := &yaml.Node{}
	if file == "" {
		return doc, nil, nil
	}
	body, err := os.ReadFile(file)
	if err != nil {
		return nil, nil, fmt.Errorf("read the configuration: %w (make one with: feryat init)", err)
	}
	d := yaml.NewDecoder(bytes.NewReader(body))
	if err := d.Decode(doc); errors.Is(err, io.EOF) {
		return &yaml.Node{}, nil, nil
	} else if err != nil {
		return nil, nil, yamlFault(file, err)
	}
	found := configKeys().check(file, "", doc)
	if err := d.Decode(&yaml.Node{}); err == nil {
		found = append(found, fault{file, 1, "a second document (after ---) would not be read: keep to one"})
	} else if !errors.Is(err, io.EOF) {
		return nil, nil, yamlFault(file, err)
	}
	return doc, found, nil
}

// yamlFault places what the parser of YAML complains about.
func yamlFault(file string, err error) error {
	text, line := strings.TrimPrefix(err.Error(), "yaml: "), 1
	if m := regexp.MustCompile(`^line (\d+): `).FindStringSubmatch(text); m != nil {
		line, _ = strconv.Atoi(m[1])                                                            // it is digits
		if regexp.MustCompile(`did not find expected (<|node|'-'|key|',')`).MatchString(text) { // told by the parser, which counts from 0
			line++
		}
		text = text[len(m[0]):]
	}
	return faults{{file, line, "not valid YAML: " + strings.ReplaceAll(text, "\n", " ")}}
}

// layers puts defaults, file, environment and overrides over each other.
func layers(cfg config, doc *yaml.Node, overrides map[string]any) (*viper.Viper, error) {
	v := viper.New()
	v.SetEnvPrefix(envPrefix)
	v.SetEnvKeyReplacer(strings.NewReplacer(".", "_"))
	v.AutomaticEnv()
	setDefaults(v, "", reflect.ValueOf(cfg))
	if doc.Kind != 0 {
		var tree map[string]any
		if err := doc.Decode(&tree); err != nil {
			return nil, err
		}
		if err := v.MergeConfigMap(tree); err != nil {
			return nil, err
		}
	}
	for key, value := range overrides {
		v.Set(key, value)
	}
	return v, nil
}

// checkTables finds variables that would set a whole table or list of tables:
// viper would take them and drop what stands below.
func checkTables(env func(string) (string, bool)) (all []error) {
	for _, path := range tablesOf("", reflect.TypeFor[config]()) {
		if _, set := env(variable(path)); set {
			all = append(all, problem{path, "is not one value: set the keys below it, lists of tables in the file alone"})
		}
	}
	return all
}

func tablesOf(path string, t reflect.Type) (all []string) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		at := strings.TrimPrefix(path+"."+name, ".")
		switch {
		case !f.IsExported() || name == "-":
		case strings.Contains(options, "inline"):
			all = append(all, tablesOf(path, f.Type)...)
		case f.Type.Kind() == reflect.Struct:
			all = append(append(all, at), tablesOf(at, f.Type)...)
		case f.Type.Kind() == reflect.Slice && f.Type.Elem().Kind() == reflect.Struct, f.Type.Kind() == reflect.Map:
			all = append(all, at)
		}
	}
	return all
}

// decodeHooks reads "15m" as a duration and "a,b" as a list, for the
// environment has only words, and refuses what would lose its meaning.
func decodeHooks(c *mapstructure.DecoderConfig) {
	c.DecodeHook = mapstructure.ComposeDecodeHookFunc(honest, mapstructure.StringToSliceHookFunc(","))
	c.WeaklyTypedInput = true
}

// honest refuses a number without a unit as a duration, a fraction as a whole
// number, and true or false as a number.
func honest(from, to reflect.Type, value any) (any, error) {
	number := to.Kind() >= reflect.Int && to.Kind() <= reflect.Float64
	switch {
	case to == reflect.TypeFor[time.Duration]() && from != to:
		text := fmt.Sprint(value)
		d, err := time.ParseDuration(text)
		if err != nil {
			return nil, fmt.Errorf("%s is not a time such as 90s, 15m or 6h", text)
		}
		return d, nil
	case number && from.Kind() == reflect.Bool, number && to.Kind() < reflect.Float32 && from.Kind() == reflect.Float64 && reflect.ValueOf(value).Float() != math.Trunc(reflect.ValueOf(value).Float()):
		return nil, fmt.Errorf("%v is not %s", value, kindName(to.Kind()))
	}
	return value, nil
}

// kindName is what a person calls a kind of value.
func kindName(k reflect.Kind) string {
	switch {
	case k == reflect.Bool:
		return "true or false"
	case k == reflect.String:
		return "a text"
	case k == reflect.Slice:
		return "a list"
	case k >= reflect.Int && k <= reflect.Uint64:
		return "a whole number"
	case k == reflect.Float32, k == reflect.Float64:
		return "a number"
	}
	return "a table of keys and values"
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
			if f.Tag.Get("secret") != "" {
				v.SetDefault(at+"_file", "")
			}
		}
	}
}

// readSecrets fills every empty field tagged as a secret below value from the file
// that its _file key names, unless the environment has it; lookup answers that
// key's value. Relative names start at the configuration's folder.
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
		case f.Tag.Get("secret") != "" && value.Field(i).IsZero() && lookup(at+"_file") != "":
			secret, err := readSecret(dir, at+"_file", lookup(at+"_file"))
			if err != nil {
				all = append(all, err)
			}
			value.Field(i).SetString(secret)
		}
	}
	return all
}

// maxSecret is how much of a file of a secret is read, in bytes.
const maxSecret = 64 << 10

func readSecret(dir, path, file string) (string, error) {
	if !filepath.IsAbs(file) {
		file = filepath.Join(dir, file)
	}
	f, err := os.Open(file)
	if err != nil {
		return "", problem{path, err.Error()}
	}
	body, err := io.ReadAll(io.LimitReader(f, maxSecret))
	if err := errors.Join(err, f.Close()); err != nil {
		return "", problem{path, err.Error()}
	}
	if secret := strings.TrimSpace(string(body)); secret != "" {
		return secret, nil
	}
	return "", problem{path, "the file is empty"}
}
