package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"feryat/alert/helpdesk"
	"feryat/crawler"
	"feryat/datadir"
	"feryat/web"
)

// The roles of a process. With cluster addresses they spread over machines.
const (
	roleCollect = "collect"
	roleScore   = "score"
	roleAlert   = "alert"
	roleWeb     = "web"
)

func allRoles() []string { return []string{roleCollect, roleScore, roleAlert, roleWeb} }

func (a *app) serveCommand() *cobra.Command {
	var roles []string
	c := &cobra.Command{
		Use:   "serve",
		Short: "Collect, score, store, alert and show until stopped",
		Example: `  feryat serve --config feryat.yaml
  feryat serve --roles score,alert         one machine of a cluster`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.serve(cmd.Context(), roles) },
	}
	c.Flags().StringSliceVar(&roles, "roles", allRoles(), "parts to run: collect, score, alert, web")
	a.configFlag(c, "listen", "web.listen", "address of the page")
	return c
}

func (a *app) serve(ctx context.Context, roles []string) error {
	for _, r := range roles {
		if !slices.Contains(allRoles(), r) {
			return usageError{fmt.Errorf("--roles: %q is not one of %s", r, strings.Join(allRoles(), ", "))}
		}
	}
	cfg, err := a.config()
	if err != nil {
		return err
	}
	log := a.logger(cfg.Log)
	h, err := openHome(ctx, cfg, "serve", log)
	if err != nil {
		return err
	}
	if !h.owner {
		return errors.Join(&datadir.ErrOwned{Dir: cfg.DataDir, Run: h.run}, h.close())
	}
	err = h.serve(ctx, roles, func(url string) {
		_, _ = fmt.Fprintf(a.out, "feryat is at %s\n", url)
	})
	log.Info("stopping: what is under way is finished first")
	return errors.Join(err, h.close())
}

// serve runs the roles until ctx ends. shown is told the page's address once it answers.
func (h *home) serve(ctx context.Context, roles []string, shown func(url string)) error {
	reg := prometheus.NewRegistry()
	reg.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	if err := h.queue.Metrics(reg); err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	for role, start := range map[string]func(context.Context, *errgroup.Group, prometheus.Registerer) error{
		roleCollect: h.startCollect, roleScore: h.startScore, roleAlert: h.startAlert,
	} {
		if slices.Contains(roles, role) {
			if err := start(ctx, g, reg); err != nil {
				return fmt.Errorf("start %s: %w", role, err)
			}
		}
	}
	if slices.Contains(roles, roleWeb) {
		url, err := h.startWeb(ctx, g, reg)
		if err != nil {
			return fmt.Errorf("start %s: %w", roleWeb, err)
		}
		shown(url)
	}
	return g.Wait()
}

func (h *home) startCollect(ctx context.Context, g *errgroup.Group, reg prometheus.Registerer) error {
	c, err := h.newCrawlers(ctx, reg, nil)
	if err != nil {
		return err
	}
	g.Go(func() error { return errors.Join(c.Run(ctx), c.close()) })
	g.Go(func() error { return h.queue.Serve(ctx, collectSubject, h.collectOnRequest(c.Runner)) })
	return nil
}

// collectSubject is where other processes ask the owner to collect.
const collectSubject = "collect"

// collectOnRequest answers a list of names with the summary of their runs.
func (h *home) collectOnRequest(r *crawler.Runner) func(context.Context, []byte, func([]byte)) ([]byte, error) {
	return func(ctx context.Context, body []byte, _ func([]byte)) ([]byte, error) {
		var names []string
		if err := json.Unmarshal(body, &names); err != nil {
			return nil, err
		}
		summary, err := r.RunOnce(ctx, names...)
		if err != nil {
			return nil, err
		}
		return json.Marshal(summary)
	}
}

// lookAtOverlays is how often a running process looks for changed overlays.
const lookAtOverlays = 5 * time.Second

func (h *home) startScore(ctx context.Context, g *errgroup.Group, reg prometheus.Registerer) error {
	v, err := h.cfg.newVerdicts()
	if err != nil {
		return err
	}
	p, err := h.newPipeline(v, reg)
	if err != nil {
		return err
	}
	g.Go(func() error { return p.Run(ctx) })
	g.Go(func() error { return v.follow(ctx, h.cfg, lookAtOverlays, h.log.With("part", "overlays")) })
	g.Go(func() error { return h.store.RunRollups(ctx) })
	g.Go(func() error { return h.store.RunRetention(ctx) })
	return nil
}

func (h *home) startAlert(ctx context.Context, g *errgroup.Group, reg prometheus.Registerer) error {
	a, err := h.newAlerts(ctx, reg)
	if err != nil {
		return err
	}
	h.courier = a.Courier
	a.run(ctx, g, h)
	return nil
}

// startWeb serves the page with health and metrics and answers its address.
func (h *home) startWeb(ctx context.Context, g *errgroup.Group, reg *prometheus.Registry) (string, error) {
	o, err := h.newOffice(ctx)
	if err != nil {
		return "", err
	}
	pages := h.cfg.Web
	if pages.Dashboards != "" {
		pages.Dashboards, _ = h.cfg.folder(pages.Dashboards) // the page says what is wrong with it
	}
	s, err := web.New(pages, h.store, o, map[string]http.Handler{
		"/metrics": promhttp.HandlerFor(reg, promhttp.HandlerOpts{}),
		"/healthz": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) }),
		"/readyz":  http.HandlerFunc(h.ready),
	}, h.log.With("part", "web"))
	if err != nil {
		return "", err
	}
	if h.courier != nil {
		s.WatchChannels(outlets{h.courier})
	}
	s.HearDesks(helpdesk.New(h.cfg.channels(), o.Desk, reg, h.log.With("part", "helpdesk")))
	s.WatchPromise(h.cfg.Alert.Promise.Target)
	cases, err := h.caseStates(ctx)
	if err != nil {
		return "", err
	}
	s.FollowCases(cases)
	l, err := s.Listen(ctx)
	if err != nil {
		return "", err
	}
	g.Go(func() error { return s.Run(ctx, l) })
	url := "http://" + l.Addr().String() + "/"
	if h.owner {
		h.run.WebURL = url
		err = h.lock.Publish(h.run)
	}
	return url, err
}

// ready says which part is not, so that a load balancer and a person both know.
func (h *home) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
	defer cancel()
	var faults []error
	if err := h.queue.Ready(ctx); err != nil {
		faults = append(faults, fmt.Errorf("queue: %w", err))
	}
	if err := h.store.Ready(ctx); err != nil {
		faults = append(faults, fmt.Errorf("storage: %w", err))
	}
	if err := errors.Join(faults...); err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	_, _ = w.Write([]byte("ready\n"))
}
