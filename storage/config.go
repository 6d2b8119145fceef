package storage

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"time"
)

// Config says where ClickHouse is and how storage uses it.
type Config struct {
	// URL is the HTTP interface of ClickHouse, http(s)://host:port. In the configuration file empty means the embedded
	// engine, whose address the command fills in.
	URL string `yaml:"url" mapstructure:"url"`
	// Database holds all tables; it is created when missing.
	Database string `yaml:"database" mapstructure:"database"`
	// User may create and write tables. With the embedded engine the command fills it in.
	User string `yaml:"user" mapstructure:"user"`
	// Password of User.
	Password string `yaml:"password" mapstructure:"password" secret:"true"`
	// ReaderUser runs the statements of people (Store.Query). Its profile says readonly=2, which lets a page set limits to
	// what it asks, as Grafana does. Empty: User with readonly=2, which is no boundary.
	ReaderUser string `yaml:"reader_user" mapstructure:"reader_user"`
	// ReaderPassword of ReaderUser.
	ReaderPassword string `yaml:"reader_password" mapstructure:"reader_password" secret:"true"`
	// Cluster is the name of a ClickHouse cluster of one shard with replicas: tables are then created ON CLUSTER with
	// Replicated engines. Empty: one node.
	Cluster string `yaml:"cluster" mapstructure:"cluster"`
	// RollupInterval is the pause between two rebuilds of the roll-ups of days that changed. Answers do not wait for it:
	// a day not yet rebuilt is counted from the mentions themselves.
	RollupInterval time.Duration `yaml:"rollup_interval" mapstructure:"rollup_interval"`
	// Retention says what is kept for how long.
	Retention Retention `yaml:"retention" mapstructure:"retention"`
	// ConnectTimeout is how long Open waits for ClickHouse to answer.
	ConnectTimeout time.Duration `yaml:"connect_timeout" mapstructure:"connect_timeout"`
	// QueryTimeout is how long one statement of storage's own may take.
	QueryTimeout time.Duration `yaml:"query_timeout" mapstructure:"query_timeout"`
	// Secret is the key of the hashes in table forgotten. It is made once for an installation; with another one the
	// forgotten would come back.
	Secret []byte `yaml:"-" mapstructure:"-"`
}

// DefaultConfig gives everything but URL, User and Secret.
func DefaultConfig() Config {
	return Config{
		Database:       "feryat",
		RollupInterval: 5 * time.Second,
		ConnectTimeout: 30 * time.Second,
		QueryTimeout:   2 * time.Minute,
	}
}

// Validate tells everything that is wrong with the configuration.
func (c Config) Validate() error {
	return errors.Join(
		checkURL(c.URL),
		checkName("database", c.Database, false),
		checkName("cluster", c.Cluster, true),
		checkPositive("rollup_interval", c.RollupInterval),
		c.Retention.check(),
		checkPositive("connect_timeout", c.ConnectTimeout),
		checkPositive("query_timeout", c.QueryTimeout),
	)
}

func checkURL(s string) error {
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return errors.New("url is no address: write http://host:8123") // err would quote a password
	case u.Scheme != "http" && u.Scheme != "https", u.Host == "":
		return fmt.Errorf("url %q: write http://host:8123 or https://host:8443", u.Redacted())
	case u.User != nil:
		return errors.New("url holds a user: use the keys user and password")
	}
	return nil
}

// checkName keeps names that become part of SQL text to letters, digits and underscores.
func checkName(key, name string, empty bool) error {
	if name == "" && empty || regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,63}$`).MatchString(name) {
		return nil
	}
	return fmt.Errorf("%s %q: use up to 64 letters, digits and underscores", key, name)
}

func checkPositive(key string, d time.Duration) error {
	if d > 0 {
		return nil
	}
	return fmt.Errorf("%s %s is not above zero", key, d)
}
