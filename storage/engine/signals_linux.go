package engine

import (
	"fmt"
	"syscall"
	"unsafe"
)

// goSignals are the signals whose handlers the Go runtime needs for itself: faults, and SIGURG to preempt goroutines.
// A native library that replaces one of them breaks the runtime in ways that show much later.
func goSignals() []syscall.Signal {
	return []syscall.Signal{
		syscall.SIGSEGV, syscall.SIGBUS, syscall.SIGFPE, syscall.SIGILL, syscall.SIGABRT, syscall.SIGURG,
		syscall.SIGTERM, syscall.SIGINT, syscall.SIGPIPE, syscall.SIGTRAP, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGPROF,
	}
}

// kernelAction is the kernel's struct sigaction on x86-64 and arm64.
type kernelAction struct {
	handler, flags, restorer, mask uintptr
}

// keepingSignals runs f and puts back every signal handler that f replaced.
func keepingSignals(f func() error) error {
	saved := map[syscall.Signal]kernelAction{}
	for _, sig := range goSignals() {
		var action kernelAction
		if err := sigaction(sig, nil, &action); err != nil {
			return fmt.Errorf("read the handler of %v: %w", sig, err)
		}
		saved[sig] = action
	}
	result := f()
	for sig, action := range saved {
		if err := sigaction(sig, &action, nil); err != nil {
			return fmt.Errorf("restore the handler of %v: %w", sig, err)
		}
	}
	return result
}

func sigaction(sig syscall.Signal, set, get *kernelAction) error {
	const maskSize = 8
	_, _, errno := syscall.RawSyscall6(syscall.SYS_RT_SIGACTION, uintptr(sig),
		uintptr(unsafe.Pointer(set)), uintptr(unsafe.Pointer(get)), maskSize, 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}
