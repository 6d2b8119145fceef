package web

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// Config says where the pages are served and who may see them.
type Config struct {
	// Listen is host:port of the pages.
	Listen string `yaml:"listen" mapstructure:"listen"`
	// Users may sign in, each by a name and password of his own.
	Users []User `yaml:"users" mapstructure:"users"`
	// Password opens the pages to all who know it, with all rights and under no name.
	// Without one and without users they are served on loopback only.
	Password string `yaml:"password" mapstructure:"password" secret:"true"`
	// Hosts are further names that the pages are reached by, such as that of a
	// reverse proxy; requests for other names are refused.
	Hosts []string `yaml:"hosts" mapstructure:"hosts"`
	// PublicURL is the address under which people reach the pages, for the links
	// in messages; without it messages have none.
	PublicURL string `yaml:"public_url" mapstructure:"public_url"`
	// Zone is the IANA time zone that times are shown in.
	Zone string `yaml:"zone" mapstructure:"zone"`
	// Days is the period that the overview shows unless asked for another.
	Days int `yaml:"days" mapstructure:"days"`
	// Dashboards is a folder with Grafana dashboards of your own (*.json) that the page shows beside feryat's. Their queries
	// run as the read-only user. In the configuration file a relative one starts beside the file.
	Dashboards string `yaml:"dashboards" mapstructure:"dashboards"`
}

// DefaultConfig serves on loopback without a password.
func DefaultConfig() Config {
	return Config{Listen: "127.0.0.1:8080", Zone: "UTC", Days: 30}
}

// minPassword is the shortest password taken, in bytes.
const minPassword = 8

// Validate tells all faults together.
func (c Config) Validate() error {
	var faults []error
	host, _, err := splitAddress(c.Listen)
	if err != nil {
		faults = append(faults, err)
	} else if !isLoopback(host) && c.Password == "" && len(c.Users) == 0 {
		faults = append(faults, fmt.Errorf("listen %s can be reached from other machines: set users or password_file (or FERYAT_WEB_PASSWORD), or listen on 127.0.0.1", c.Listen))
	}
	if c.Password != "" && len(c.Password) < minPassword {
		faults = append(faults, fmt.Errorf("the password is shorter than %d bytes", minPassword))
	}
	for i, u := range c.Users {
		if slices.ContainsFunc(c.Users[:i], func(other User) bool { return other.Name == u.Name }) {
			faults = append(faults, fmt.Errorf("users: two are called %q", u.Name))
		}
		if err := u.validate(); err != nil {
			faults = append(faults, fmt.Errorf("users: %w", err))
		}
	}
	if u, err := url.Parse(c.PublicURL); c.PublicURL != "" && (err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "") {
		faults = append(faults, fmt.Errorf("public_url: %q is no http or https address", c.PublicURL))
	}
	if _, err := time.LoadLocation(c.Zone); err != nil {
		faults = append(faults, fmt.Errorf("zone: %w", err))
	}
	if c.Days < 1 || c.Days > maxDays {
		faults = append(faults, fmt.Errorf("days: %d is not between 1 and %d", c.Days, maxDays))
	}
	return errors.Join(faults...)
}

func splitAddress(address string) (host string, port int, err error) {
	host, p, err := net.SplitHostPort(address)
	if err != nil {
		return "", 0, fmt.Errorf("listen: %q is not host:port", address)
	}
	port, err = strconv.Atoi(p)
	if err != nil || port < 0 || port > 65535 {
		return "", 0, fmt.Errorf("listen: %q has no port between 0 and 65535", address)
	}
	return host, port, nil
}

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
