package main

import (
	_ "embed"
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"
)

//go:embed feryat.yaml
var sampleConfig string

func (a *app) initCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "init",
		Short:   "Print a commented configuration to start from",
		Example: `  feryat init > feryat.yaml`,
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprint(a.out, sampleConfig)
			return err
		},
	}
}

func (a *app) configCommand() *cobra.Command {
	return group(&cobra.Command{Use: "config", Short: "Check and show the configuration"}, a.configCheckCommand(), a.configShowCommand())
}

func (a *app) configCheckCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "check",
		Short:   "Tell all faults of the configuration, with their lines",
		Example: `  feryat config check --config feryat.yaml`,
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			cfg, err := a.config()
			if err != nil {
				return err
			}
			if len(cfg.unusable) > 0 {
				return usageError{cfg.unusable}
			}
			_, err = fmt.Fprintf(a.out, "ok: %d brands, %d sources, %d channels\n", len(cfg.Brands), len(cfg.Sources), len(cfg.channels()))
			return err
		},
	}
}

func (a *app) configShowCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "show",
		Short:   "Print the resolved configuration, secrets masked",
		Example: `  FERYAT_WEB_DAYS=7 feryat config show`,
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			cfg, err := a.config()
			if err != nil {
				return err
			}
			enc := yaml.NewEncoder(a.out)
			enc.SetIndent(2)
			if err := enc.Encode(shown(cfg)); err != nil {
				return err
			}
			return enc.Close()
		},
	}
}

// shown is the configuration as a tree in the order of its structs, with
// secrets masked and sources in full.
func shown(cfg config) *yaml.Node {
	root := tree(reflect.ValueOf(cfg))
	for i := 0; i+1 < len(root.Content); i += 2 {
		if root.Content[i].Value != "sources" {
			continue
		}
		for j, s := range cfg.Sources {
			below := tree(reflect.ValueOf(s.settings.target()))
			root.Content[i+1].Content[j].Content = append(root.Content[i+1].Content[j].Content, below.Content...)
		}
	}
	return root
}

func tree(v reflect.Value) *yaml.Node {
	for v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	switch {
	case v.Type() == reflect.TypeFor[time.Duration]():
		return scalar(v.Interface().(time.Duration).String())
	case v.Kind() == reflect.Struct:
		return structTree(v)
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Struct:
		n := &yaml.Node{Kind: yaml.SequenceNode}
		for i := range v.Len() {
			n.Content = append(n.Content, tree(v.Index(i)))
		}
		return n
	}
	n := &yaml.Node{}
	if err := n.Encode(v.Interface()); err != nil {
		return scalar(err.Error())
	}
	return n
}

func structTree(v reflect.Value) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode}
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		switch {
		case !f.IsExported() || name == "-" || name == "" && options == "":
		case strings.Contains(options, "inline"):
			n.Content = append(n.Content, structTree(v.Field(i)).Content...)
		case f.Tag.Get("secret") == "true":
			if !v.Field(i).IsZero() {
				n.Content = append(n.Content, scalar(name), scalar("***"))
			}
		case f.Tag.Get("secret") == "path":
			n.Content = append(n.Content, scalar(name), scalar(withoutPath(v.Field(i).String())))
		default:
			n.Content = append(n.Content, scalar(name), tree(v.Field(i)))
		}
	}
	return n
}

// withoutPath shows where an address leads and hides the rest, which lets
// anybody post there; of an address that is not of the web all is hidden.
func withoutPath(address string) string {
	if address == "" {
		return ""
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
		return "***"
	}
	place := (&url.URL{Scheme: u.Scheme, Host: u.Host}).String()
	if strings.TrimSuffix(address, "/") == place {
		return place
	}
	return place + "/***"
}

func scalar(s string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Value: s} }
