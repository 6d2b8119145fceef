package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"feryat/dashboards"
	grafana "feryat/dashboards/push"
	"feryat/i18n"
)

// What the command takes from the environment: a token is no argument, for others see those.
const (
	grafanaToken     = "FERYAT_GRAFANA_TOKEN"
	grafanaTokenFile = "FERYAT_GRAFANA_TOKEN_FILE"
	grafanaEmail     = "FERYAT_GRAFANA_EMAIL"
)

func (a *app) dashboardsPushCommand() *cobra.Command {
	cfg := grafana.Config{Tries: grafana.DefaultTries, Pause: grafana.DefaultPause}
	var language, email string
	c := &cobra.Command{
		Use:   "push",
		Short: "Send dashboards and alerts to a Grafana by its HTTP API",
		Long: `Sends folder, dashboards, message templates, contact points, alert rules and
notification policies to a Grafana of version 11 or 12. The token of a service account
with the role Admin comes from FERYAT_GRAFANA_TOKEN, or from the file that
FERYAT_GRAFANA_TOKEN_FILE names; the address of alerts from --email or
FERYAT_GRAFANA_EMAIL.

What is there and the same is left alone: a second push changes nothing. What others
made or changed is refused, named and left as it is, unless --force is given; what comes
from files of Grafana's provisioning stays in any case. Alerts are locked in Grafana
unless --editable is given; then a later version of them needs --force. Grafana has one
tree of notification policies: it is replaced where it is ours or has no routes yet.

Exit codes: 0 done, 1 something was refused or went wrong, 2 wrong arguments.`,
		Example: `  FERYAT_GRAFANA_TOKEN_FILE=secrets/token feryat dashboards push --url https://grafana.example.org --dry-run
  feryat dashboards push --url http://127.0.0.1:3000 --language tr --email desk@example.org --clickhouse clickhouse:8123`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.pushDashboards(cmd.Context(), cfg, language, email)
		},
	}
	f := c.Flags()
	f.StringVar(&cfg.URL, "url", "", "address of Grafana")
	f.StringVar(&cfg.Folder, "folder", "feryat", "uid of the folder; it is made where it is not there")
	f.StringVar(&cfg.Datasource, "datasource", dashboards.DatasourceUID, "uid of the ClickHouse that alert rules ask")
	f.StringVar(&cfg.ClickHouse, "clickhouse", "", "make the data source where there is none, with this host:port of ClickHouse as Grafana reaches it")
	f.StringVar(&language, "language", string(i18n.English), "language of alerts: tr, fa or en")
	f.StringVar(&email, "email", os.Getenv(grafanaEmail), "address of alerts; several are parted by semicolons")
	f.BoolVar(&cfg.Editable, "editable", false, "let people change the alerts in Grafana")
	f.BoolVar(&cfg.Force, "force", false, "overwrite what others made or changed")
	f.BoolVar(&cfg.DryRun, "dry-run", false, "say what would change, change nothing")
	return c
}

func (a *app) pushDashboards(ctx context.Context, cfg grafana.Config, language, email string) error {
	if _, err := a.asJSON(); err != nil {
		return err
	}
	lang := i18n.Language(language)
	var err error
	switch {
	case cfg.URL == "":
		err = errors.New("--url is needed: the address of Grafana")
	case !slices.Contains(i18n.Languages(), lang):
		err = fmt.Errorf("--language %q is none of tr, fa and en", language)
	case !strings.Contains(email, "@"):
		err = fmt.Errorf("--email or %s is needed: the address to which Grafana mails alerts", grafanaEmail)
	default:
		cfg.Token, err = tokenOfGrafana()
	}
	if err != nil {
		return usageError{err}
	}
	b, err := dashboards.NewBundle(lang, email)
	if err != nil {
		return err
	}
	counts := map[string]int{}
	err = grafana.Push(ctx, cfg, b, func(c grafana.Change) error {
		counts[c.What]++
		return printLines(a, []grafana.Change{c}, grafana.Change.String)
	})
	if err != nil {
		return err
	}
	would := ""
	if cfg.DryRun {
		would = "would be: "
	}
	_, err = fmt.Fprintf(a.err, "%s%d created, %d updated, %d unchanged, %d refused\n", would, counts[grafana.Created], counts[grafana.Updated], counts[grafana.Unchanged], counts[grafana.Refused])
	if err == nil && counts[grafana.Refused] > 0 {
		err = errTrouble
	}
	return err
}

func tokenOfGrafana() (string, error) {
	token, file := os.Getenv(grafanaToken), os.Getenv(grafanaTokenFile)
	switch {
	case token != "" && file != "":
		return "", fmt.Errorf("set one of %s and %s", grafanaToken, grafanaTokenFile)
	case file != "":
		body, err := os.ReadFile(file)
		if err != nil {
			return "", fmt.Errorf("%s: %w", grafanaTokenFile, err)
		}
		token = strings.TrimSpace(string(body))
	}
	if token == "" {
		return "", fmt.Errorf("set %s, or %s to a file that holds the token of a service account", grafanaToken, grafanaTokenFile)
	}
	return token, nil
}
