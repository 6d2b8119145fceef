package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"feryat/web"
)

func (a *app) userCommand() *cobra.Command {
	return group(&cobra.Command{Use: "user", Short: "People who may sign in to the pages"}, &cobra.Command{
		Use:   "hash",
		Short: "Make the password_hash of a user",
		Long: `Asks for a password and writes what stands in the configuration for it:

  web:
    users:
      - {name: ayse, role: support, password_hash: "…"}

Roles: viewer looks at everything, support acts on escalations, admin may do whatever the pages offer.`,
		Example: `  feryat user hash
  pass show feryat | feryat user hash`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return a.userHash() },
	})
}

func (a *app) userHash() error {
	password, err := a.askPassword()
	if err != nil {
		return fmt.Errorf("read the password: %w", err)
	}
	hash, err := web.HashPassword(password)
	if err != nil {
		return usageError{err}
	}
	_, err = fmt.Fprintln(a.out, hash)
	return err
}

// askPassword reads a line without showing it; out of a pipe, its first line.
func (a *app) askPassword() (string, error) {
	f, ok := a.in.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		line, err := bufio.NewReader(a.in).ReadString('\n')
		if line = strings.TrimRight(line, "\r\n"); line == "" && err == nil {
			return "", errors.New("the first line is empty")
		}
		return line, nil
	}
	if _, err := fmt.Fprint(a.err, "Password: "); err != nil {
		return "", err
	}
	first, err := term.ReadPassword(int(f.Fd()))
	if err != nil {
		return "", err
	}
	if _, err := fmt.Fprint(a.err, "\nOnce more: "); err != nil {
		return "", err
	}
	second, err := term.ReadPassword(int(f.Fd()))
	_, _ = fmt.Fprintln(a.err)
	if err == nil && string(first) != string(second) {
		err = errors.New("the two differ")
	}
	return string(first), err
}
