// Package datadir keeps a data folder in one hand.
//
// The process that holds the folder's lock owns it: it alone opens the engine
// and the queue there, for a second one would destroy them without a word. The
// owner writes run.json, which tells every other process how to reach them as a
// client. The lock is the kernel's (flock) and ends with the process however that
// ends; run.json may outlive its process and is believed only while the lock is held.
package datadir

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

const (
	lockFile = "lock"
	runFile  = "run.json"
)

// Run tells how to reach the owner's parts. It holds secrets: run.json is
// readable by the user alone.
type Run struct {
	PID     int       `json:"pid"`
	Started time.Time `json:"started"`
	Command string    `json:"command"` // for people: "serve", "collect", …

	EngineURL      string `json:"engine_url,omitempty"` // ClickHouse's HTTP interface
	WriterUser     string `json:"writer_user,omitempty"`
	WriterPassword string `json:"writer_password,omitempty"`
	ReaderUser     string `json:"reader_user,omitempty"`

	QueueURL   string `json:"queue_url,omitempty"`
	QueueToken string `json:"queue_token,omitempty"`

	WebURL string `json:"web_url,omitempty"` // the page
}

// ErrNoOwner means that no process owns the folder now.
var ErrNoOwner = errors.New("no feryat is running on this data folder")

// ErrOwned means that another process owns the folder.
type ErrOwned struct { //nolint:errname // reads like the condition beside ErrNoOwner
	Dir string
	Run Run // PID is 0 where the owner has not written run.json yet
}

func (e *ErrOwned) Error() string {
	if e.Run.PID == 0 {
		return fmt.Sprintf("data folder %s is in use by another feryat that is starting or stopping", e.Dir)
	}
	return fmt.Sprintf("data folder %s is in use by feryat %s, process %d, since %s",
		e.Dir, e.Run.Command, e.Run.PID, e.Run.Started.Local().Format("2006-01-02 15:04:05"))
}

// Lock is the ownership of a folder.
type Lock struct {
	dir  string
	file *os.File
	run  Run
}

// Acquire takes the folder, and makes it where there is none. If another process
// owns it, the error is an *ErrOwned. Command is what ErrOwned calls us.
func Acquire(dir, command string) (*Lock, error) {
	file, err := open(dir)
	if err != nil {
		return nil, err
	}
	held, err := take(file)
	if err != nil || held {
		_ = file.Close() // nothing was written
		if held {
			return nil, owned(dir)
		}
		return nil, fmt.Errorf("lock data folder %s: %w", dir, err)
	}
	l := &Lock{dir: dir, file: file, run: Run{PID: os.Getpid(), Started: time.Now().UTC().Truncate(time.Second), Command: command}}
	if err := os.Remove(filepath.Join(dir, runFile)); err != nil && !errors.Is(err, os.ErrNotExist) {
		_ = file.Close() // releases the lock; nothing was written
		return nil, fmt.Errorf("remove what an earlier process left: %w", err)
	}
	return l, nil
}

func open(dir string) (*os.File, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make data folder: %w", err)
	}
	file, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the lock of data folder: %w", err)
	}
	return file, nil
}

// take tries for the lock a few times: ReadRun of another process holds it for
// some microseconds.
func take(f *os.File) (held bool, err error) {
	for range 20 {
		if held, err = flock(f, unix.LOCK_EX); !held {
			return held, err
		}
		time.Sleep(10 * time.Millisecond)
	}
	return held, err
}

// flock tries the lock; held tells that somebody else has it.
func flock(f *os.File, how int) (held bool, err error) {
	for {
		err = unix.Flock(int(f.Fd()), how|unix.LOCK_NB)
		switch {
		case errors.Is(err, unix.EINTR):
		case errors.Is(err, unix.EWOULDBLOCK):
			return true, nil
		default:
			return false, err
		}
	}
}

func owned(dir string) error {
	e := &ErrOwned{Dir: dir}
	if run, err := read(dir); err == nil {
		e.Run = run
	}
	return e
}

// Publish writes run.json, so that other processes can be clients. PID, Started
// and Command are filled in. It may be called again when an address changes.
func (l *Lock) Publish(run Run) error {
	run.PID, run.Started, run.Command = l.run.PID, l.run.Started, l.run.Command
	body, err := json.MarshalIndent(run, "", "  ")
	if err != nil {
		return fmt.Errorf("encode run.json: %w", err)
	}
	if err := l.write(body); err != nil {
		return fmt.Errorf("write run.json: %w", err)
	}
	return nil
}

// write replaces run.json as a whole, so that a reader never sees half of it.
func (l *Lock) write(body []byte) error {
	tmp, err := os.CreateTemp(l.dir, ".run-*.json") // 0600
	if err != nil {
		return err
	}
	_, err = tmp.Write(append(body, '\n'))
	if err = errors.Join(err, tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), filepath.Join(l.dir, runFile))
	}
	if err != nil {
		_ = os.Remove(tmp.Name()) // the first error says what is wrong
	}
	return err
}

// Release removes run.json and gives the folder up. It is called last, when
// engine and queue have ended.
func (l *Lock) Release() error {
	err := os.Remove(filepath.Join(l.dir, runFile))
	if errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	if err := errors.Join(err, l.file.Close()); err != nil {
		return fmt.Errorf("release data folder %s: %w", l.dir, err)
	}
	return nil
}

// ReadRun answers how to reach the owner of dir. The error is ErrNoOwner where
// nobody owns it, even if a killed owner has left a run.json, and an *ErrOwned
// with no PID where the owner has not published yet.
func ReadRun(dir string) (Run, error) {
	file, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_RDWR, 0)
	if errors.Is(err, os.ErrNotExist) {
		return Run{}, ErrNoOwner
	}
	if err != nil {
		return Run{}, fmt.Errorf("open the lock of data folder: %w", err)
	}
	defer func() { _ = file.Close() }() // nothing was written
	// Shared, so that two readers do not take each other for an owner.
	held, err := flock(file, unix.LOCK_SH)
	if err != nil {
		return Run{}, fmt.Errorf("look at the lock of data folder %s: %w", dir, err)
	}
	if !held {
		return Run{}, ErrNoOwner
	}
	run, err := read(dir)
	if errors.Is(err, os.ErrNotExist) {
		return Run{}, &ErrOwned{Dir: dir}
	}
	return run, err
}

func read(dir string) (Run, error) {
	body, err := os.ReadFile(filepath.Join(dir, runFile))
	if err != nil {
		return Run{}, err
	}
	var run Run
	if err := json.Unmarshal(body, &run); err != nil {
		return Run{}, fmt.Errorf("read %s: %w", filepath.Join(dir, runFile), err)
	}
	return run, nil
}
