//go:build !linux

package engine

import (
	"errors"
	"os/exec"
)

// The embedded engine needs Linux. What follows lets the rest of the program, with a ClickHouse server, build elsewhere.

var errNoSandbox = errors.New("this system has no Landlock")

var errNoEngine = errors.New("the embedded ClickHouse runs on linux only (proven on linux/amd64); use a ClickHouse server")

type library struct {
	version           func() string
	setSignalHandlers func(enabled int32)
}

type session struct{}

func loadLibrary(string) (*library, error) { return nil, errNoEngine }

func (*library) open(...string) (*session, error) { return nil, errNoEngine }

func (*session) close() {}

func (*session) run(string, string, map[string]string, func([]byte) error) error { return errNoEngine }

func (*session) stream(string, string, map[string]string, func([]byte) error) error {
	return errNoEngine
}

func (*session) insert(string, string, func() ([]byte, error)) (uint64, error) {
	return 0, errNoEngine
}

type analysis struct{ statements, class uint32 }

const (
	classReadOnly = 0
	classControl  = 3
)

func (*session) classify(string) analysis { return analysis{} }

func keepingSignals(f func() error) error { return f() }

type sandbox struct{}

func (c Config) sandbox(string) (sandbox, error) { return sandbox{}, nil }

func (sandbox) start(*exec.Cmd) error { return errNoSandbox }
