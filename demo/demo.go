// Package demo serves three small sample sites, so that feryat can be seen at
// work without a key and without touching anyone's site: a Turkish shop with
// schema.org reviews, the page of a shopping app in a Persian store, and an
// English forum. Shops, brands and texts are invented.
//
// On the first day customers praise, complain, complain again, and wait for parcels
// that do not come; some were won back by an answer; and one page shows its reviews
// to scripts alone, which feryat has to tell. On the second day some have edited or
// deleted what they wrote, and that page is mended.
package demo

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"hash/fnv"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

//go:embed sites/*.tsv
var texts embed.FS

// Brand is the watched brand of the sample sites, Rival its rival.
const (
	Brand = "Tuvanta"
	Rival = "Orlina"
)

// entry is one line of a site's file.
type entry struct {
	key    string // the site's own
	thread string // product, app or topic
	author string
	at     time.Time
	stars  int // 0: none
	text   string
	reply  string // of the brand, "" for none
	later  string // text of the second day, stars before it where they change: "5★ text"; "gone" for deleted, "" for unchanged
}

// Sites are the three sites.
type Sites struct {
	mu       sync.RWMutex
	day      int
	shop     []entry
	store    []entry
	forum    []entry
	services []service
}

// service is one site on a port of its own.
type service struct {
	name     string
	listener net.Listener
	handler  http.Handler
}

// New reads the texts and takes three free ports on loopback. Times of writing
// are counted back from now.
func New(ctx context.Context, now time.Time) (*Sites, error) {
	s := &Sites{day: 1}
	for _, f := range []struct {
		name string
		into *[]entry
	}{{"shop", &s.shop}, {"store", &s.store}, {"forum", &s.forum}} {
		body, err := texts.ReadFile("sites/" + f.name + ".tsv")
		if err != nil {
			return nil, err
		}
		if *f.into, err = parse(f.name, string(body), now); err != nil {
			return nil, err
		}
	}
	for name, handler := range map[string]http.Handler{"shop": s.shopHandler(), "store": s.storeHandler(), "forum": s.forumHandler()} {
		var lc net.ListenConfig
		l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
		if err != nil {
			return nil, errors.Join(fmt.Errorf("serve the sample site %s: %w", name, err), s.Close())
		}
		s.services = append(s.services, service{name, l, handler})
	}
	return s, nil
}

// Close gives back the ports of sites that were never run.
func (s *Sites) Close() error {
	var errs []error
	for _, v := range s.services {
		errs = append(errs, v.listener.Close())
	}
	return errors.Join(errs...)
}

func parse(site, body string, now time.Time) (list []entry, err error) {
	for i, line := range strings.Split(strings.Trim(body, "\n"), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		c := strings.Split(line, "\t")
		if len(c) != 7 {
			return nil, fmt.Errorf("sites/%s.tsv line %d: %d columns, want 7", site, i+1, len(c))
		}
		hours, err := strconv.Atoi(c[2])
		if err != nil {
			return nil, fmt.Errorf("sites/%s.tsv line %d: %w", site, i+1, err)
		}
		stars, _ := strconv.Atoi(c[3]) // empty: none
		h := fnv.New32a()
		_, _ = h.Write([]byte(c[0] + c[1] + c[4])) // a hash never fails
		at := now.Add(-time.Duration(hours)*time.Hour - time.Duration(h.Sum32()%50)*time.Minute).UTC().Truncate(time.Minute)
		list = append(list, entry{key: strconv.FormatUint(uint64(h.Sum32()), 10), thread: c[0], author: c[1], at: at, stars: stars, text: c[4], reply: c[5], later: c[6]})
	}
	return list, nil
}

// Run serves the sites until ctx ends.
func (s *Sites) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, v := range s.services {
		server := &http.Server{Handler: v.handler, ReadHeaderTimeout: 5 * time.Second}
		g.Go(func() error {
			if err := server.Serve(v.listener); !errors.Is(err, http.ErrServerClosed) {
				return fmt.Errorf("serve the sample site %s: %w", v.name, err)
			}
			return nil
		})
		g.Go(func() error {
			<-ctx.Done()
			return server.Close()
		})
	}
	return g.Wait()
}

// URL is the address of a site: shop, store or forum.
func (s *Sites) URL(name string) string {
	for _, v := range s.services {
		if v.name == name {
			return "http://" + v.listener.Addr().String()
		}
	}
	return ""
}

// NextDay lets the customers edit and delete what they wrote.
func (s *Sites) NextDay() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.day = 2
}

// shown are the entries of a thread as the site shows them today; all threads for "".
func (s *Sites) shown(all []entry, thread string) []entry {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var list []entry
	for _, e := range all {
		if thread != "" && e.thread != thread {
			continue
		}
		if s.day > 1 && e.later == "gone" {
			continue
		}
		if s.day > 1 && e.later != "" {
			e.text = e.later
			if stars, text, changed := strings.Cut(e.later, "★ "); changed {
				e.stars, _ = strconv.Atoi(stars) // our own text
				e.text = text
			}
		}
		list = append(list, e)
	}
	return list
}

// threads lists the threads of a site in the order of its file.
func threads(all []entry) (list []string) {
	seen := map[string]bool{}
	for _, e := range all {
		if !seen[e.thread] {
			seen[e.thread] = true
			list = append(list, e.thread)
		}
	}
	return list
}

// Truth counts what a perfect crawler finds: mentions by customers and replies by the brand.
func (s *Sites) Truth() (customers, replies int) {
	for _, site := range [][]entry{s.shop, s.store, s.forum} {
		for _, e := range s.shown(site, "") {
			customers++
			if e.reply != "" {
				replies++
			}
		}
	}
	return customers, replies
}

// Config is the configuration that watches the sites, in YAML.
func (s *Sites) Config() string {
	return fmt.Sprintf(`brands:
  - name: %[1]s
    aliases: [توانتا]
  - name: %[2]s
    aliases: [اورلینا]
    rival: true
crawler:
  requests_per_second: 50
  concurrency: 4
  allow_private: [127.0.0.1]
sources:
  - {name: shop-tr, type: site, every: 1m, zone: Europe/Istanbul, complete: true, own_authors: [%[1]s], start: ["%[3]s/"]}
  - {name: store-fa, type: site, every: 1m, zone: Asia/Tehran, complete: true, own_authors: [توانتا], start: ["%[4]s/"]}
  - {name: forum-en, type: recipe, recipe: phpbb, every: 1m, zone: UTC, complete: true, own_authors: [%[1]s], start: ["%[5]s/"]}
`, Brand, Rival, s.URL("shop"), s.URL("store"), s.URL("forum"))
}
