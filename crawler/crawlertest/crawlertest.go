// Package crawlertest tests sources: a server of saved pages, and the suite
// that every source passes.
package crawlertest

import (
	"context"
	"sync"
	"testing"

	"feryat/crawler"
	"feryat/crawler/fetch"
	"feryat/crawler/frontier"
	"feryat/mention"
)

// Case is one source under test. New makes it afresh, as a new process would:
// base is the address of the site that serves Dir, without a slash at the end.
type Case struct {
	Dir string // folder with the pages of a site; see Serve
	New func(t testing.TB, base string, web *fetch.Client, db *frontier.DB) crawler.Source
}

// Run holds the source to what crawler.Source promises.
func Run(t *testing.T, c Case) {}

// Serve serves the files of dir over real HTTP on loopback until the test ends:
// "/a/b?c=1" is the file "a/b?c=1", else "a/b", "a/b.html" or "a/b/index.html".
// The text {{base}} within a file stands for the site's own address. Answers
// bear an ETag and are conditional. robots.txt is 404 unless dir has one.
func Serve(t testing.TB, dir string) *Site { return nil }

// Site is a served folder.
type Site struct {
	URL string // without a slash at the end
}

// Client returns a fast client that may fetch from loopback.
func Client(t testing.TB) *fetch.Client { return nil }

// Frontier returns an empty frontier in a folder of the test.
func Frontier(t testing.TB) *frontier.DB { return nil }

// Inbox is a Sink that keeps what it is given.
type Inbox struct {
	mu       sync.Mutex
	mentions []mention.Mention
	visits   []mention.Visit
}

// Mention keeps m.
func (b *Inbox) Mention(_ context.Context, m mention.Mention) error { return nil }

// Visit keeps v.
func (b *Inbox) Visit(_ context.Context, v mention.Visit) error { return nil }

// Mentions returns what was given, in order.
func (b *Inbox) Mentions() []mention.Mention { return nil }

// Visits returns the ledger, in order.
func (b *Inbox) Visits() []mention.Visit { return nil }
