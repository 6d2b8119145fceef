package engine

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"
)

// Config says where the embedded ClickHouse keeps its data, where it listens and how much it may use.
type Config struct {
	// Library is the path of libchdb.so. Empty: searched as [FindLibrary] describes.
	Library string `yaml:"library" mapstructure:"library" json:"library"`
	// DataDir is the folder of the store. One engine at a time owns it.
	DataDir string `yaml:"data_dir" mapstructure:"data_dir" json:"data_dir"`
	// BackupDir is the only folder that BACKUP and RESTORE may use. Empty: a folder "backups" in DataDir.
	BackupDir string `yaml:"backup_dir" mapstructure:"backup_dir" json:"backup_dir"`
	// Listen is the address of the HTTP interface, host:port. A port that is taken makes the next free one be used;
	// port 0 takes any.
	Listen string `yaml:"listen" mapstructure:"listen" json:"listen"`
	// AllowedHosts are further names (without port) that a request's Host header may carry, beside loopback names and
	// the host of Listen. A container that reaches the engine by name needs its name here.
	AllowedHosts []string `yaml:"allowed_hosts" mapstructure:"allowed_hosts" json:"allowed_hosts"`
	// Reader lets the user "default" read without a password.
	Reader bool `yaml:"reader" mapstructure:"reader" json:"reader"`
	// Sandbox lets the kernel (Landlock, Linux 5.13 or newer; TCP from 6.7) keep the child process from every file outside
	// DataDir and BackupDir and from every connection, whatever the SQL. Where the kernel has none, this is logged.
	Sandbox bool `yaml:"sandbox" mapstructure:"sandbox" json:"sandbox"`
	// MemoryLimit is what the engine may allocate in all, in bytes.
	MemoryLimit int64 `yaml:"memory_limit" mapstructure:"memory_limit" json:"memory_limit"`
	// MaxStatements is how many statements run at the same time, the writer's and the readers' counted apart. Further ones wait.
	MaxStatements int `yaml:"max_statements" mapstructure:"max_statements" json:"max_statements"`
	// ReaderMemory is what one statement of a reader may allocate, in bytes.
	ReaderMemory int64 `yaml:"reader_memory" mapstructure:"reader_memory" json:"reader_memory"`
	// ReaderTime is how long one statement of a reader may run. Whole seconds.
	ReaderTime time.Duration `yaml:"reader_time" mapstructure:"reader_time" json:"reader_time"`
	// ReaderRows is how many rows one statement of a reader may give.
	ReaderRows int64 `yaml:"reader_rows" mapstructure:"reader_rows" json:"reader_rows"`
	// Hidden are tables which look empty to the reader. The names are letters, digits and underscores.
	Hidden []Table `yaml:"-" mapstructure:"-" json:"hidden"`
}

// Table names a table of a database.
type Table struct {
	Database string `json:"database"`
	Table    string `json:"table"`
}

// DefaultConfig gives everything but DataDir.
func DefaultConfig() Config {
	return Config{
		Listen:        "127.0.0.1:8123",
		Reader:        true,
		Sandbox:       true,
		MemoryLimit:   2 << 30,
		MaxStatements: 8,
		ReaderMemory:  1 << 30,
		ReaderTime:    time.Minute,
		ReaderRows:    1_000_000,
	}
}

// Validate tells everything that is wrong with the configuration.
func (c Config) Validate() error {
	const smallest = 512 << 20 // below it the engine cannot merge
	var errs []error
	if c.DataDir == "" {
		errs = append(errs, errors.New("data_dir is empty"))
	}
	if _, _, err := net.SplitHostPort(c.Listen); err != nil {
		errs = append(errs, fmt.Errorf("listen %q is not host:port: %w", c.Listen, err))
	}
	if c.MemoryLimit < smallest {
		errs = append(errs, fmt.Errorf("memory_limit %d is below %d bytes", c.MemoryLimit, smallest))
	}
	if c.MaxStatements < 1 {
		errs = append(errs, fmt.Errorf("max_statements %d is below 1", c.MaxStatements))
	}
	if c.ReaderMemory < 1 || c.ReaderMemory > c.MemoryLimit {
		errs = append(errs, fmt.Errorf("reader_memory %d is not between 1 and memory_limit", c.ReaderMemory))
	}
	if c.ReaderTime < time.Second {
		errs = append(errs, fmt.Errorf("reader_time %s is below one second", c.ReaderTime))
	}
	if c.ReaderRows < 1 {
		errs = append(errs, fmt.Errorf("reader_rows %d is below 1", c.ReaderRows))
	}
	return errors.Join(errs...)
}

// makeFolders makes the folders that the engine writes to.
func (c Config) makeFolders() error {
	backups, err := c.backups()
	if err != nil {
		return fmt.Errorf("backup_dir %s: %w", c.BackupDir, err)
	}
	for _, folder := range []string{storePath(c.DataDir), backups} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return fmt.Errorf("make the engine's folder: %w", err)
		}
	}
	return nil
}

// backups is the absolute folder for BACKUP.
func (c Config) backups() (string, error) {
	if c.BackupDir == "" {
		return filepath.Abs(filepath.Join(c.DataDir, "backups"))
	}
	return filepath.Abs(c.BackupDir)
}
