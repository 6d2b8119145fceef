package main

import (
	"fmt"
	"net"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"feryat/dashboards"
	"feryat/i18n"
)

func (a *app) dashboardsCommand() *cobra.Command {
	return group(&cobra.Command{Use: "dashboards", Short: "Grafana dashboards of the store"}, a.dashboardsExportCommand(), a.dashboardsPushCommand())
}

func (a *app) dashboardsExportCommand() *cobra.Command {
	var clickhouse, language string
	c := &cobra.Command{
		Use:   "export DIR",
		Short: "Write dashboards, alert rules and provisioning files for Grafana",
		Long: `Writes DIR/dashboards (mount it at /etc/feryat/dashboards) and DIR/provisioning
(mount it at /etc/grafana/provisioning). Grafana needs the plugin
grafana-clickhouse-datasource, and FERYAT_GRAFANA_EMAIL in its environment: the
address to which alerts are mailed, without which it does not start. The dashboards
are in three languages; alerts are told in that of --language. compose.yaml does
all of this. Grafana has one tree of notification policies an organisation: leave
DIR/provisioning/alerting/feryat-policies.yaml out where there are others already.`,
		Example: `  feryat dashboards export grafana --clickhouse 127.0.0.1:8123 --language tr`,
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			host, p, err := net.SplitHostPort(clickhouse)
			port, perr := strconv.Atoi(p)
			if err != nil || perr != nil {
				return usageError{fmt.Errorf("--clickhouse %q is not host:port", clickhouse)}
			}
			lang := i18n.Language(language)
			if !slices.Contains(i18n.Languages(), lang) {
				return usageError{fmt.Errorf("--language %q is none of tr, fa and en", language)}
			}
			if err := dashboards.Export(args[0], host, port, lang); err != nil {
				return err
			}
			_, err = fmt.Fprintf(a.out, "dashboards and alerts for Grafana are in %s\n", args[0])
			return err
		},
	}
	c.Flags().StringVar(&clickhouse, "clickhouse", "127.0.0.1:8123", "address of ClickHouse's HTTP interface as Grafana reaches it")
	c.Flags().StringVar(&language, "language", string(i18n.English), "language of alerts: tr, fa or en")
	return c
}
