package main

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"time"

	"github.com/spf13/viper"

	"feryat/alert"
	"feryat/alert/customer"
	"feryat/alert/digest"
	"feryat/alert/incident"
	"feryat/alert/notify"
	"feryat/brand"
	"feryat/crawler"
	"feryat/crawler/fetch"
	"feryat/dashboards/view"
	"feryat/queue"
	"feryat/storage"
	"feryat/storage/engine"
	"feryat/web"
)

// config is the whole configuration; the packages own its parts.
type config struct {
	// DataDir is the folder of all state. One process at a time owns it.
	DataDir string `yaml:"data_dir" mapstructure:"data_dir"`
	// Log says what is logged to standard error.
	Log logConfig `yaml:"log" mapstructure:"log"`
	// Brands are the watched brands and their rivals.
	Brands []brand.Brand `yaml:"brands" mapstructure:"brands"`
	// Sources are the places to collect from.
	Sources []sourceConfig `yaml:"sources" mapstructure:"-"`
	// Crawler holds the manners and bounds of collection.
	Crawler crawlerConfig `yaml:"crawler" mapstructure:"crawler"`
	// Storage is ClickHouse, embedded unless it has a url.
	Storage storageConfig `yaml:"storage" mapstructure:"storage"`
	// Queue is NATS JetStream, embedded unless it has a url.
	Queue queue.Config `yaml:"queue" mapstructure:"queue"`
	// Sentiment says how the scorer is corrected.
	Sentiment sentimentConfig `yaml:"sentiment" mapstructure:"sentiment"`
	// Alert says whom to tell.
	Alert alertConfig `yaml:"alert" mapstructure:"alert"`
	// Web is the page.
	Web web.Config `yaml:"web" mapstructure:"web"`

	file     string  // where it was read from; "" for none
	refused  []error // problems of rules and dashboards that are left out while others are not
	unusable faults  // the same, with their places
}

type logConfig struct {
	// Level is debug, info, warn or error.
	Level string `yaml:"level" mapstructure:"level"`
	// Format is text or json.
	Format string `yaml:"format" mapstructure:"format"`
}

type crawlerConfig struct {
	fetch.Config   `yaml:",inline" mapstructure:",squash"`
	crawler.Limits `yaml:",inline" mapstructure:",squash"`
}

type storageConfig struct {
	storage.Config `yaml:",inline" mapstructure:",squash"`
	// Embedded is the engine in a process of its own, used while url is empty.
	Embedded engine.Config `yaml:"embedded" mapstructure:"embedded"`
}

type alertConfig struct {
	// Rules is a folder of rule files; empty means those that come with feryat.
	Rules string `yaml:"rules" mapstructure:"rules"`
	// Channels are whom to tell; without any, escalations are shown and logged.
	Channels []notify.Config `yaml:"channels" mapstructure:"channels"`
	// Routes say whose an escalation is; the first that fits takes it.
	Routes []alert.Route `yaml:"routes" mapstructure:"routes"`
	// Advice is a folder of texts that replace single ones of the bundled advice
	// and drafts; empty means none.
	Advice string `yaml:"advice" mapstructure:"advice"`
	// Promise is how soon customers are answered.
	Promise alert.Promise `yaml:"promise" mapstructure:"promise"`
	// Incidents say when complaints of several people are one matter.
	Incidents incident.Config `yaml:"incidents" mapstructure:"incidents"`
	// Storm says when single messages to a channel give way to a digest.
	Storm incident.StormConfig `yaml:"storm" mapstructure:"storm"`
	// Customers says what makes a customer of the imported list stand out.
	Customers customer.Config `yaml:"customers" mapstructure:"customers"`
	// Digests are the mails that sum up a day or a week.
	Digests []digest.Config `yaml:"digests" mapstructure:"digests"`
}

// sourceConfig is one source: what all kinds share, and the settings of its kind.
type sourceConfig struct {
	// Name is unique; mentions and coverage carry it.
	Name string `yaml:"name" mapstructure:"name"`
	// Type is one of the kinds in sources.go.
	Type string `yaml:"type" mapstructure:"type"`
	// Every is the time between two runs, an hour unless said otherwise; 0s means only when asked.
	Every time.Duration `yaml:"every" mapstructure:"every"`

	settings sourceSettings
}

func defaultConfig() config {
	return config{
		DataDir:   "data",
		Log:       logConfig{Level: "info", Format: "text"},
		Crawler:   crawlerConfig{Config: fetch.DefaultConfig(), Limits: crawler.DefaultLimits()},
		Storage:   storageConfig{Config: storage.DefaultConfig(), Embedded: engine.DefaultConfig()},
		Queue:     queue.DefaultConfig(),
		Sentiment: sentimentConfig{Overlays: "lexicon.d"},
		Alert:     alertConfig{Promise: alert.DefaultPromise(), Customers: customer.DefaultConfig(), Incidents: incident.DefaultConfig(), Storm: incident.DefaultStormConfig()},
		Web:       web.DefaultConfig(),
	}
}

func (c logConfig) level() slog.Level {
	var l slog.Level
	_ = l.UnmarshalText([]byte(c.Level)) // validated
	return l
}

func (c logConfig) validate() error {
	var l slog.Level
	err := l.UnmarshalText([]byte(c.Level))
	if err != nil {
		err = fmt.Errorf("level: %q is not debug, info, warn or error", c.Level)
	}
	if c.Format != "text" && c.Format != "json" {
		err = errors.Join(err, fmt.Errorf("format: %q is not text or json", c.Format))
	}
	return err
}

// dir is where relative paths in the configuration start.
func (c config) dir() string { return filepath.Dir(c.file) }

// finish decodes the sources, fills in what follows from other keys, reads
// secrets, and checks all of it. It tells every problem.
func (c *config) finish(v *viper.Viper, env func(string) (string, bool)) error {
	c.Crawler.Version = version
	if c.Storage.Embedded.DataDir == "" {
		c.Storage.Embedded.DataDir = filepath.Join(c.DataDir, "clickhouse")
	}
	all := readSecrets(c.dir(), "", reflect.ValueOf(c).Elem(), v.GetString)
	all = append(all, c.decodeSources(v.Get("sources"), env)...)
	all = append(all, c.channelSecrets(v.Get("alert.channels"), env)...)
	all = append(all, c.validate()...)
	return errors.Join(all...)
}

// channelSecrets reads the secrets of channels, which stand in a list.
func (c *config) channelSecrets(raw any, env func(string) (string, bool)) (all []error) {
	list, _ := raw.([]any) // the shape of the file was checked
	for i := range c.Alert.Channels {
		path := fmt.Sprintf("alert.channels[%d]", i)
		all = append(all, listSecrets(c.dir(), path, "channel", c.Alert.Channels[i].Name, &c.Alert.Channels[i], list[i], env)...)
	}
	return all
}

// listSecrets reads the secrets of one entry of a list: from the files that its
// _file keys name, or from the environment.
func listSecrets(dir, path, kind, name string, target, raw any, env func(string) (string, bool)) []error {
	entry, _ := raw.(map[string]any)
	value := reflect.ValueOf(target).Elem()
	all := readSecrets(dir, path, value, func(key string) string {
		file, _ := entry[strings.TrimPrefix(key, path+".")].(string)
		return file
	})
	for i := range value.NumField() {
		f := value.Type().Field(i)
		if f.Tag.Get("secret") == "" {
			continue
		}
		if secret, ok := env(secretVariable(kind, name, f.Tag.Get("yaml"))); ok {
			value.Field(i).SetString(secret)
		}
	}
	return all
}

// secretVariable is the name in the environment of a secret that stands in a
// list: FERYAT_CHANNEL_DESK_SECRET.
func secretVariable(kind, name, key string) string {
	upper := strings.ToUpper(kind + "_" + name + "_" + key)
	return envPrefix + "_" + strings.Map(func(r rune) rune {
		if (r >= 'A' && r <= 'Z') || (r >= '0' && r <= '9') {
			return r
		}
		return '_'
	}, upper)
}

func (c *config) validate() (all []error) {
	check := func(path string, err error) { all = append(all, problemsOf(path, err)...) }
	if c.DataDir == "" {
		check("data_dir", errors.New("is empty"))
	}
	check("log", c.Log.validate())
	check("crawler", c.Crawler.Config.Validate())
	check("crawler", c.Crawler.Limits.Validate())
	if c.Storage.URL == "" {
		check("storage.embedded", c.Storage.Embedded.Validate())
	} else {
		check("storage", c.Storage.Validate())
	}
	check("queue", c.Queue.Validate())
	check("web", c.Web.Validate())
	all = append(all, c.validateBrands()...)
	if c.Alert.Rules != "" {
		rules, err := c.usableRules()
		if c.refused = problemsOf("alert.rules", err); len(rules) == 0 {
			all, c.refused = append(all, c.refused...), nil // nobody would be told of anything
		}
	}
	if c.Web.Dashboards != "" {
		c.refused = append(c.refused, problemsOf("web.dashboards", c.checkDashboards())...)
	}
	if c.Alert.Advice != "" {
		_, err := loadAdvice(*c)
		check("alert.advice", err)
	}
	check("alert.promise", c.Alert.Promise.Validate())
	check("alert", alert.ValidateRoutes(c.Alert.Routes, c.channelNames()))
	check("alert.incidents", c.Alert.Incidents.Validate())
	check("alert.storm", c.Alert.Storm.Validate())
	check("alert.customers", c.Alert.Customers.Validate())
	seen := map[string]bool{}
	for i, ch := range c.Alert.Channels {
		at := fmt.Sprintf("alert.channels[%d]", i)
		check(at, ch.Validate())
		if seen[ch.Name] {
			check(at, fmt.Errorf("a channel named %q stands before", ch.Name))
		}
		seen[ch.Name] = true
	}
	all = append(all, c.validateDigests()...)
	return append(all, c.validateSources()...)
}

// checkDashboards reads the folder as the page does.
func (c *config) checkDashboards() error {
	dir, err := c.folder(c.Web.Dashboards)
	if err != nil {
		return err
	}
	return view.Check(os.DirFS(dir))
}

// validateBrands blames what is wrong with the first i brands, and was not with
// the first i-1, on the last of them.
func (c *config) validateBrands() (all []error) {
	for i := range c.Brands {
		if now := problemsOf(fmt.Sprintf("brands[%d]", i), brand.Validate(c.Brands[:i+1])); len(now) > len(all) {
			all = append(all, now[len(all):]...)
		}
	}
	return all
}
