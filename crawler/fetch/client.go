package fetch

import (
	"log/slog"
)

// Client is safe for use by many goroutines.
type Client struct {
	cfg Config
	log *slog.Logger
}

// New checks cfg and returns a client that has not done anything yet.
func New(cfg Config, log *slog.Logger) (*Client, error) {
	return &Client{cfg: cfg, log: log}, cfg.Validate()
}

func allowed(list []string) (any, error) { return nil, nil }
