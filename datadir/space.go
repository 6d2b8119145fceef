package datadir

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// FreeSpace is how many bytes the disk of dir has left for this user. The
// folder need not exist yet.
func FreeSpace(dir string) (int64, error) {
	var st unix.Statfs_t
	for d := dir; ; d = filepath.Dir(d) {
		err := unix.Statfs(d, &st)
		if errors.Is(err, fs.ErrNotExist) && d != filepath.Dir(d) {
			continue
		}
		if err != nil {
			return 0, fmt.Errorf("free space of %s: %w", d, err)
		}
		return int64(st.Bavail) * int64(st.Bsize), nil //nolint:unconvert // their types differ between systems
	}
}

// NoSpaceError means that the disk of the data folder is too full to work safely.
type NoSpaceError struct {
	Dir        string
	Free, Need int64 // bytes
}

func (e *NoSpaceError) Error() string {
	return fmt.Sprintf("disk of data folder %s has %d MB left and needs %d MB: free some space, or move data_dir", e.Dir, e.Free>>20, e.Need>>20)
}

// CheckSpace answers a *NoSpaceError where the disk of dir has less than need bytes left.
func CheckSpace(dir string, need int64) error {
	free, err := FreeSpace(dir)
	if err != nil {
		return err
	}
	if free < need {
		return &NoSpaceError{Dir: dir, Free: free, Need: need}
	}
	return nil
}
