package engine

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Rights of Landlock, the kernel's way to give up rights for good (linux/landlock.h).
const (
	readRights = unix.LANDLOCK_ACCESS_FS_EXECUTE | unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_READ_DIR
	fileRights = unix.LANDLOCK_ACCESS_FS_EXECUTE | unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_WRITE_FILE |
		unix.LANDLOCK_ACCESS_FS_TRUNCATE | unix.LANDLOCK_ACCESS_FS_IOCTL_DEV // the rights that a file, not a folder, can have
	firstRights = 1<<13 - 1 // of the interface's version 1; versions 2, 3 and 5 add one each
	// Version 4 and later restrict TCP, version 6 and later signals and abstract sockets to other processes.
	tcpRights = unix.LANDLOCK_ACCESS_NET_BIND_TCP | unix.LANDLOCK_ACCESS_NET_CONNECT_TCP
	scopes    = unix.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | unix.LANDLOCK_SCOPE_SIGNAL
)

// errNoSandbox: the kernel is too old for Landlock or has it switched off.
var errNoSandbox = errors.New("this kernel has no Landlock")

// sandbox is what the child may touch.
type sandbox struct {
	read  []string // files and folders to read and execute
	write []string // folders to do anything in
}

func (c Config) sandbox(program string) (sandbox, error) {
	backups, err := c.backups()
	if err != nil {
		return sandbox{}, err
	}
	return sandbox{
		read: []string{
			program, c.Library, "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache", // to start and load
			"/etc/localtime", "/usr/share/zoneinfo", // time zones
			"/proc", "/sys/devices/system", "/sys/fs/cgroup", // what the machine has
		},
		write: []string{c.DataDir, backups, "/dev/null", "/dev/zero", "/dev/urandom", "/dev/random"},
	}, nil
}

// start starts the command so that it and all its threads can reach nothing but what the sandbox allows: no other file, no
// TCP connection, no new listening socket. The rights are given up in a thread that starts the command and then ends.
func (s sandbox) start(cmd *exec.Cmd) error {
	result := make(chan error)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		err := s.enter()
		if err == nil {
			err = cmd.Start()
		}
		result <- err
	}()
	return <-result
}

// enter gives up the rights of the present thread.
func (s sandbox) enter() error {
	version, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 {
		return fmt.Errorf("%w: %w", errNoSandbox, errno)
	}
	rules := rulesFor(int(version))
	fd, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&rules)), unsafe.Sizeof(rules), 0)
	if errno != 0 {
		return fmt.Errorf("make the engine's sandbox: %w", errno)
	}
	defer func() { _ = unix.Close(int(fd)) }() // the rules stay in force
	for _, path := range s.read {
		if err := allow(int(fd), path, readRights&rules.Handled_access_fs); err != nil {
			return err
		}
	}
	for _, path := range s.write {
		if err := allow(int(fd), path, rules.Handled_access_fs); err != nil {
			return err
		}
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("enter the engine's sandbox: %w", err)
	}
	if _, _, errno := unix.Syscall(unix.SYS_LANDLOCK_RESTRICT_SELF, fd, 0, 0); errno != 0 {
		return fmt.Errorf("enter the engine's sandbox: %w", errno)
	}
	return nil
}

// rulesFor names everything that this version of Landlock can forbid.
func rulesFor(version int) unix.LandlockRulesetAttr {
	rules := unix.LandlockRulesetAttr{Handled_access_fs: firstRights}
	if version >= 2 {
		rules.Handled_access_fs |= unix.LANDLOCK_ACCESS_FS_REFER
	}
	if version >= 3 {
		rules.Handled_access_fs |= unix.LANDLOCK_ACCESS_FS_TRUNCATE
	}
	if version >= 4 {
		rules.Handled_access_net = tcpRights
	}
	if version >= 5 {
		rules.Handled_access_fs |= unix.LANDLOCK_ACCESS_FS_IOCTL_DEV
	}
	if version >= 6 {
		rules.Scoped = scopes
	}
	return rules
}

// allow permits rights beneath a path. A path that does not exist needs no permission.
func allow(fd int, path string, rights uint64) error {
	resolved, err := filepath.EvalSymlinks(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("sandbox: %w", err)
	}
	parent, err := unix.Open(resolved, unix.O_PATH|unix.O_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("sandbox: open %s: %w", path, err)
	}
	defer func() { _ = unix.Close(parent) }() // only a reference
	if info, err := os.Stat(resolved); err == nil && !info.IsDir() {
		rights &= fileRights
	}
	rule := unix.LandlockPathBeneathAttr{Allowed_access: rights, Parent_fd: int32(parent)}
	_, _, errno := unix.Syscall6(unix.SYS_LANDLOCK_ADD_RULE, uintptr(fd), unix.LANDLOCK_RULE_PATH_BENEATH, uintptr(unsafe.Pointer(&rule)), 0, 0, 0)
	if errno != 0 {
		return fmt.Errorf("sandbox: allow %s: %w", path, errno)
	}
	return nil
}
