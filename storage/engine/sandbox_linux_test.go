package engine

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// probeVariable tells this test program to be the process in the sandbox: it names what to try.
const probeVariable = "FERYAT_SANDBOX_PROBE"

// TestSandboxProbe is no test but the process in the sandbox.
func TestSandboxProbe(t *testing.T) {
	tries := os.Getenv(probeVariable)
	if tries == "" {
		t.Skip("runs within TestSandbox")
	}
	for try := range strings.SplitSeq(tries, " ") {
		kind, target, _ := strings.Cut(try, "=")
		fmt.Printf("%s=%v\n", kind, probe(kind, target) == nil)
	}
}

func probe(kind, target string) error {
	switch {
	case strings.HasPrefix(kind, "read"):
		_, err := os.ReadFile(target)
		return err
	case strings.HasPrefix(kind, "write"):
		return os.WriteFile(target, []byte("x"), 0o600)
	case kind == "connect":
		conn, err := net.Dial("tcp", target)
		if err == nil {
			_ = conn.Close()
		}
		return err
	case kind == "listen":
		var plain net.ListenConfig
		plain.SetMultipathTCP(false) // Landlock does not know it; neither does ClickHouse
		listener, err := plain.Listen(context.Background(), "tcp", target)
		if err == nil {
			_ = listener.Close()
		}
		return err
	default:
		return fmt.Errorf("what is %s?", kind)
	}
}

// TestSandbox: the process reads and writes in its folder only and opens no connection, whatever thread it runs on.
func TestSandbox(t *testing.T) {
	inside, outside := t.TempDir(), t.TempDir()
	for _, dir := range []string{inside, outside} {
		if err := os.WriteFile(filepath.Join(dir, "old"), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	cfg := Config{DataDir: inside, BackupDir: inside, Library: os.Args[0]}
	box, err := cfg.sandbox(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestSandboxProbe$")
	cmd.Env = append(os.Environ(), probeVariable+"=read_in="+inside+"/old read_out="+outside+"/old read_etc=/etc/hostname write_in="+inside+"/new write_out="+
		outside+"/new write_old="+outside+"/old connect="+listener.Addr().String()+" listen=127.0.0.1:0")
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := box.start(cmd); errors.Is(err, errNoSandbox) {
		t.Skip(err)
	} else if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err, out.String())
	}
	const want = "read_in=true\nread_out=false\nread_etc=false\nwrite_in=true\nwrite_out=false\nwrite_old=false\nconnect=false\nlisten=false\n"
	if !strings.HasPrefix(out.String(), want) {
		t.Errorf("got\n%s", out.String())
	}
	if _, err := os.ReadFile(filepath.Join(outside, "old")); err != nil {
		t.Errorf("the sandbox caught the owner too: %v", err)
	}
}
