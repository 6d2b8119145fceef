package main

import (
	"fmt"
	"net"
	"strconv"

	"github.com/spf13/cobra"

	"feryat/dashboards"
)

func (a *app) dashboardsCommand() *cobra.Command {
	return group(&cobra.Command{Use: "dashboards", Short: "Grafana dashboards of the store"}, a.dashboardsExportCommand())
}

func (a *app) dashboardsExportCommand() *cobra.Command {
	var clickhouse string
	c := &cobra.Command{
		Use:   "export DIR",
		Short: "Write dashboards and provisioning files for Grafana",
		Long: `Writes DIR/dashboards (mount it at /etc/feryat/dashboards) and DIR/provisioning
(mount it at /etc/grafana/provisioning). Grafana needs the plugin
grafana-clickhouse-datasource. compose.yaml does all of this.`,
		Example: `  feryat dashboards export grafana --clickhouse 127.0.0.1:8123`,
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			host, p, err := net.SplitHostPort(clickhouse)
			port, perr := strconv.Atoi(p)
			if err != nil || perr != nil {
				return usageError{fmt.Errorf("--clickhouse %q is not host:port", clickhouse)}
			}
			if err := dashboards.Export(args[0], host, port); err != nil {
				return err
			}
			_, err = fmt.Fprintf(a.out, "dashboards for Grafana are in %s\n", args[0])
			return err
		},
	}
	c.Flags().StringVar(&clickhouse, "clickhouse", "127.0.0.1:8123", "address of ClickHouse's HTTP interface as Grafana reaches it")
	return c
}
