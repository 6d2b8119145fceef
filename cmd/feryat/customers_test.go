package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"feryat/mention"
)

// TestCustomerList takes a company's list through all of its commands, beside a running serve.
func TestCustomerList(t *testing.T) {
	t.Parallel()
	s := newShop(t, 1, 1, 8)
	config := writeConfig(t, s.config(newTelephone(t).URL, 500))
	f := serve(t, config)
	f.until(t, "SELECT count() FROM feryat.v_mentions", fmt.Sprint(s.total()))
	file := filepath.Join(t.TempDir(), "crm.csv")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	do := func(want int, args ...string) string {
		t.Helper()
		return feryat(t, want, append(args, "--config", config)...)
	}
	list := func() (all []mention.Customer) {
		t.Helper()
		for line := range strings.Lines(do(exitOK, "customer", "list", "--format", "json")) {
			all = append(all, decodeLine[mention.Customer](t, line))
		}
		return all
	}

	write("\ufeffkey;name;value;since\r\nM-1;Author 1;1.234,5;5.3.2019\r\nM-2;\"Author; 2\";-;\r\nM-3;;12;\r\n")
	if got := do(exitTrouble, "import", "customers", file); got != file+": 2 imported, 1 refused\n" {
		t.Errorf("import says %q", got)
	}
	if all := list(); len(all) != 2 || all[0].Value != 1234.5 || all[0].Name != "Author 1" || all[0].Since.Year() != 2019 || all[0].ValueAbove != 0.5 || all[1].Key != "M-3" {
		t.Errorf("the list is %+v", all)
	}
	write("key,value\nM-3,99\nM-4,1\n")
	do(exitOK, "import", "customers", "--dry-run", file)
	if all := list(); len(all) != 2 {
		t.Errorf("a dry run stored: %+v", all)
	}
	if got := do(exitOK, "import", "customers", "--format", "json", file); !strings.Contains(got, `"imported":2,"refused":0,"dry_run":false}`) {
		t.Errorf("import says %s", got)
	}

	do(exitOK, "customer", "link", "shop", "alici1", "M-3", "--by", "ayse")
	do(exitOK, "customer", "link", "shop", "alici2", "M-3")
	do(exitOK, "customer", "unlink", "shop", "alici2")
	if said := fails(t, exitTrouble, "customer", "link", "shop", "alici1", "M-9", "--config", config); !strings.Contains(said, "no customer of the list has this key") {
		t.Errorf("a link to nobody: %s", said)
	}
	if all := list(); len(all) != 3 || all[1].Value != 99 || all[1].Links != 1 {
		t.Errorf("the list is %+v", all)
	}
	shownElsewhere(t, f)
	if _, body := f.curl(t, "SELECT count() FROM feryat.customers UNION ALL SELECT count() FROM feryat.customer_links"); body != "0\n0\n" {
		t.Errorf("the reader sees customers: %s", body)
	}
	if got := query(t, config, "SELECT standing FROM v_authors_state WHERE author IN ('alici1', 'alici3', 'alici0') ORDER BY author"); len(got) != 3 ||
		!strings.Contains(got[0], "happy") || !strings.Contains(got[1], "good") || !strings.Contains(got[2], "angry") {
		t.Errorf("the authors stand %v", got)
	}

	if said := fails(t, exitOK, "forget", "alici1", "--source", "shop", "--config", config); !strings.Contains(said, "customer M-3 of the list was linked to this author alone") {
		t.Errorf("forget says %s", said)
	}
	if got := do(exitOK, "customer", "remove", "M-3"); !strings.Contains(got, "rows removed") {
		t.Errorf("remove says %s", got)
	}
	if all := list(); len(all) != 2 {
		t.Errorf("the list is %+v", all)
	}
	if log := f.err.String(); strings.Contains(log, "Author 1") || strings.Contains(log, "M-1") {
		t.Errorf("the log names customers:\n%s", log)
	}
}

// shownElsewhere links two angry authors: the case of each then shows the other's.
func shownElsewhere(t *testing.T, f *server) {
	t.Helper()
	f.until(t, "SELECT count() FROM feryat.v_escalations WHERE author IN ('alici3', 'alici7')", "2")
	var cases []mention.OpenEscalation
	for line := range strings.Lines(feryat(t, exitOK, "alert", "list", "--format", "json", "--config", f.config)) {
		cases = append(cases, decodeLine[mention.OpenEscalation](t, line))
	}
	show := func(args ...string) string {
		return feryat(t, exitOK, append([]string{"alert", "show", cases[0].ID, "--config", f.config}, args...)...)
	}
	alone := show()
	for _, author := range []string{"alici3", "alici7"} {
		feryat(t, exitOK, "customer", "link", "shop", author, "M-4", "--config", f.config)
	}
	got := show()
	if strings.Contains(alone, "elsewhere") || !strings.Contains(got, "elsewhere, by the customer list") || !strings.Contains(got, cases[1].ID[:8]) || strings.Count(got, cases[1].URL) != 2 {
		t.Errorf("a case shows\n%s\nand linked\n%s", alone, got)
	}
	if got := show("--format", "json"); !strings.Contains(got, `"elsewhere":{"cases":[{"id":"`+cases[1].ID) || strings.Contains(got, "M-4") {
		t.Errorf("as JSON: %s", got)
	}
	feryat(t, exitOK, "customer", "unlink", "shop", "alici7", "--config", f.config)
	if got := show(); got != alone {
		t.Errorf("unlinked it shows\n%s", got)
	}
}
