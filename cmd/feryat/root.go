package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

// The exit codes of every command.
const (
	exitOK      = 0
	exitTrouble = 1 // it ran, and something went wrong or was refused
	exitUsage   = 2 // it did not run: wrong arguments or configuration
)

// errTrouble ends a command with exitTrouble when all has been said already.
var errTrouble = errors.New("some of it went wrong")

// usageError marks errors that end a command before it did anything.
type usageError struct{ error }

// app is what every command shares.
type app struct {
	in       io.Reader
	out, err io.Writer
	file     string         // --config
	flags    map[string]any // flags that were given, by configuration key
	format   string         // --format
}

// run executes one command line and returns the exit code.
func run(args []string, in io.Reader, out, errOut io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	a := &app{in: in, out: out, err: errOut, flags: map[string]any{}}
	root := a.root()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errOut)
	return a.exitCode(root.ExecuteContext(ctx))
}

func (a *app) exitCode(err error) int {
	var usage usageError
	var bad faults
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errTrouble):
		return exitTrouble
	case errors.As(err, &usage), errors.As(err, &bad), isCobraUsage(err):
		_, _ = fmt.Fprintf(a.err, "feryat: %v\n", err)
		return exitUsage
	}
	_, _ = fmt.Fprintf(a.err, "feryat: %v\n", err)
	return exitTrouble
}

// isCobraUsage knows cobra's own complaints, which have no type.
func isCobraUsage(err error) bool {
	for _, start := range []string{"unknown command", "unknown flag", "unknown shorthand", "flag needs an argument", "invalid argument", "accepts ", "requires "} {
		if strings.HasPrefix(err.Error(), start) {
			return true
		}
	}
	return false
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "feryat",
		Short: "Hear your customers in time",
		Long: `feryat collects public reviews, posts and mentions of brands in Turkish, Persian
and English, says how each customer feels and why, keeps it in ClickHouse,
shows it on a page and in Grafana, and tells people of those who must not wait.

Exit codes: 0 done, 1 something went wrong or was refused, 2 wrong arguments or
configuration.`,
		Example: `  feryat demo                                  see it work, no key needed
  feryat init > feryat.yaml                    a configuration to start from
  feryat serve --config feryat.yaml            run it
  feryat explain "Kargo 10 gündür gelmedi!"    why a text gets its verdict`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Version:       version,
	}
	p := root.PersistentFlags()
	p.StringVarP(&a.file, "config", "c", "", "configuration file (default feryat.yaml, if there is one)")
	p.StringVar(&a.format, "format", "", "output as text or json (json: one object a line)")
	a.configFlag(root, "data-dir", "data_dir", "folder of all state")
	a.configFlag(root, "log-level", "log.level", "debug, info, warn or error")
	root.AddCommand(a.demoCommand(), a.initCommand(), a.serveCommand(), a.collectCommand(), a.sourceCommand(), a.scoreCommand(),
		a.explainCommand(), a.queryCommand(), a.rescoreCommand(), a.sampleCommand(), a.reportCommand(), a.importCommand(), a.customerCommand(), a.alertCommand(), a.dashboardsCommand(), a.forgetCommand(), a.lexiconCommand(), a.configCommand(),
		a.backupCommand(), a.restoreCommand(), a.retentionCommand(), a.userCommand(), a.versionCommand(), a.engineCommand())
	return root
}

// group is a command that only holds others.
func group(c *cobra.Command, below ...*cobra.Command) *cobra.Command {
	c.AddCommand(below...)
	c.RunE = func(c *cobra.Command, args []string) error {
		var names []string
		for _, b := range below {
			names = append(names, b.Name())
		}
		if len(args) > 0 {
			return usageError{fmt.Errorf("unknown command %q for %q: say %s", args[0], c.CommandPath(), strings.Join(names, " or "))}
		}
		return usageError{fmt.Errorf("%s what? Say %s", c.CommandPath(), strings.Join(names, " or "))}
	}
	return c
}

// configFlag makes a flag that overrides a key of the configuration.
func (a *app) configFlag(c *cobra.Command, flag, key, help string) {
	c.PersistentFlags().Func(flag, help, func(value string) error {
		a.flags[key] = value
		return nil
	})
}

// config loads the configuration that the command line asks for.
func (a *app) config() (config, error) {
	file := a.file
	if file == "" {
		if _, err := os.Stat("feryat.yaml"); err == nil {
			file = "feryat.yaml"
		}
	}
	cfg, err := loadConfig(file, a.flags)
	if err != nil {
		return cfg, usageError{err}
	}
	return cfg, nil
}

// asJSON tells whether --format json was given; other formats than text are refused.
func (a *app) asJSON() (bool, error) {
	switch a.format {
	case "", "text":
		return false, nil
	case "json":
		return true, nil
	}
	return false, usageError{fmt.Errorf("--format %s: say text or json", a.format)}
}

// logger writes to standard error, so that output stays clean in a pipe.
func (a *app) logger(c logConfig) *slog.Logger {
	options := &slog.HandlerOptions{Level: c.level()}
	if c.Format == "json" {
		return slog.New(slog.NewJSONHandler(a.err, options))
	}
	return slog.New(slog.NewTextHandler(a.err, options))
}
