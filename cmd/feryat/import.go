package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"

	"feryat/alert/customer"
	"feryat/mention"
)

func (a *app) importCommand() *cobra.Command {
	return group(&cobra.Command{Use: "import", Short: "Bring in what the company knows itself"}, a.importCustomersCommand())
}

func (a *app) importCustomersCommand() *cobra.Command {
	var columns []string
	var decimal, encoding string
	var dry bool
	c := &cobra.Command{
		Use:   "customers FILE…",
		Short: "Read the company's customer list",
		Long: `Reads CSV files into the customer list. The first line names the columns;
key has to be there, name, value, margin, since, renewal, last_seen and referrals
may be, and others are left out. Columns are parted by commas, semicolons or tabs.
Dates are 2026-03-31, 31.03.2026 or, in the Jalali calendar, 1405/01/11; digits may be
Persian or Arabic. Files are UTF-8, or UTF-16 with a mark at the beginning as Excel
writes it; other encodings have to be named. A customer who is on the list is replaced, the
others stay. A line that is not valid is told on standard error with its number,
and the rest goes on. The list is used only for authors whom feryat customer link
names.

Exit codes: 0 all lines imported, 1 some were refused.`,
		Example: `  feryat import customers --dry-run crm.csv
  feryat import customers --map key=MüşteriNo --map value=Ciro --decimal comma crm.csv
  feryat import customers --encoding windows-1254 eski.csv`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			list, err := customerList(columns, decimal, encoding)
			if err != nil {
				return usageError{err}
			}
			for _, file := range args {
				if _, err := os.Stat(file); err != nil {
					return usageError{err}
				}
			}
			return a.importCustomers(cmd.Context(), list, args, dry)
		},
	}
	c.Flags().StringArrayVar(&columns, "map", nil, "the name of a column, as in key=MüşteriNo; may be repeated")
	c.Flags().StringVar(&decimal, "decimal", "", "comma or point: what parts fractions in numbers such as 1.234 (default: the comma in files with semicolons, else such numbers are refused)")
	c.Flags().StringVar(&encoding, "encoding", "", "of the files: "+strings.Join(customer.Encodings(), ", ")+" (default: utf-8, or utf-16 where the file begins with its mark)")
	c.Flags().BoolVar(&dry, "dry-run", false, "say what is wrong with the files, store nothing")
	return c
}

func customerList(columns []string, decimal, encoding string) (customer.List, error) {
	list := customer.List{Columns: map[string]string{}, Encoding: strings.ToLower(encoding)}
	if encoding != "" && !slices.Contains(customer.Encodings(), list.Encoding) {
		return list, fmt.Errorf("--encoding %s: say %s", encoding, strings.Join(customer.Encodings(), ", "))
	}
	for _, c := range columns {
		field, column, ok := strings.Cut(c, "=")
		if !ok || column == "" || !slices.Contains(customer.Fields(), field) {
			return list, fmt.Errorf("--map %s: say FIELD=COLUMN; the fields are %s", c, strings.Join(customer.Fields(), ", "))
		}
		list.Columns[field] = column
	}
	switch decimal {
	case "":
	case "comma":
		list.Decimal = ','
	case "point":
		list.Decimal = '.'
	default:
		return list, fmt.Errorf("--decimal %s: say comma or point", decimal)
	}
	return list, nil
}

// importSummary is what became of one file.
type importSummary struct {
	File     string `json:"file"`
	Imported int    `json:"imported"` // or would be, of a dry run
	Refused  int    `json:"refused"`
	DryRun   bool   `json:"dry_run"`
	Error    string `json:"error,omitempty"` // why the rest of the file was not read
}

func (s importSummary) String() string {
	done := "imported"
	if s.DryRun {
		done = "would be imported"
	}
	return fmt.Sprintf("%s: %d %s, %d refused", s.File, s.Imported, done, s.Refused)
}

func (a *app) importCustomers(ctx context.Context, list customer.List, files []string, dry bool) error {
	if _, err := a.asJSON(); err != nil {
		return err
	}
	if dry {
		return a.importFiles(ctx, list, files, nil)
	}
	return a.withHome(ctx, "import", func(ctx context.Context, h *home) error {
		return a.importFiles(ctx, list, files, h.store.ImportCustomers)
	})
}

// importFiles reads all files; a nil store is a dry run.
func (a *app) importFiles(ctx context.Context, list customer.List, files []string, store func(context.Context, []mention.Customer) error) error {
	var trouble error
	for _, file := range files {
		s, err := a.importFile(ctx, list, file, store)
		if err != nil {
			return err
		}
		if s.Error != "" {
			_, _ = fmt.Fprintf(a.err, "%s: %s\n", file, s.Error)
		}
		if s.Error != "" || s.Refused > 0 {
			trouble = errTrouble
		}
		if err := printLines(a, []importSummary{s}, importSummary.String); err != nil {
			return err
		}
	}
	return trouble
}

// importFile gives an error only where no other file would fare better.
func (a *app) importFile(ctx context.Context, list customer.List, file string, store func(context.Context, []mention.Customer) error) (importSummary, error) {
	s := importSummary{File: file, DryRun: store == nil}
	f, err := os.Open(file)
	if err != nil {
		s.Error = err.Error()
		return s, nil
	}
	defer func() { _ = f.Close() }() // it was only read
	in, done := a.watched(f)
	defer done()
	now := time.Now()
	var batch []mention.Customer
	for c, err := range list.Read(in) {
		var refused *customer.RefusedError
		switch {
		case errors.As(err, &refused):
			s.Refused++
			_, _ = fmt.Fprintf(a.err, "%s: %v\n", file, refused)
		case err != nil:
			s.Error = err.Error()
		default:
			c.Imported = now
			batch = append(batch, c)
		}
		if len(batch) == importTogether {
			if err := s.send(ctx, batch, store); err != nil {
				return s, err
			}
			batch = batch[:0]
		}
	}
	return s, s.send(ctx, batch, store)
}

// importTogether is how many entries are stored at a time.
const importTogether = 5000

func (s *importSummary) send(ctx context.Context, batch []mention.Customer, store func(context.Context, []mention.Customer) error) error {
	if store != nil && len(batch) > 0 {
		if err := store(ctx, batch); err != nil {
			return fmt.Errorf("%s: after %d customers: %w", s.File, s.Imported, err)
		}
	}
	s.Imported += len(batch)
	return ctx.Err()
}

// watched shows on a terminal how far reading f has come.
func (a *app) watched(f *os.File) (in io.Reader, done func()) {
	info, err := f.Stat()
	screen, ok := a.err.(*os.File)
	if !ok || err != nil || a.format == "json" || !term.IsTerminal(int(screen.Fd())) {
		return f, func() {}
	}
	p := mpb.New(mpb.WithOutput(screen))
	bar := p.AddBar(info.Size(), mpb.PrependDecorators(decor.Name(f.Name()+" ")), mpb.AppendDecorators(decor.Percentage()))
	return bar.ProxyReader(f), func() { bar.Abort(true); p.Wait() }
}
