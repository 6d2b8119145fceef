package main

import (
	"context"

	"github.com/spf13/cobra"

	"feryat/storage/engine"
)

// engineCommand is the body of the child process; people never call it. A signal
// to the whole group of processes does not end it: its owner drains first and
// then closes its standard input.
func (a *app) engineCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "engine",
		Short: "Run the embedded ClickHouse for a parent process",
		Long: `Started by feryat itself: reads its orders from standard input and ends when that
is closed. To reach the engine, use the address in the log of feryat serve.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return engine.Serve(context.WithoutCancel(cmd.Context()), a.in, a.out)
		},
	}
}
