package push

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"feryat/dashboards"
)

// Change is what became of one thing, or would become of it.
type Change struct {
	Kind string `json:"kind"` // folder, data source, dashboard, template, contact point, rule group or policies
	Name string `json:"name"`
	What string `json:"what"` // see the constants
	Why  string `json:"why,omitempty"`
}

// What becomes of things.
const (
	Created   = "created"
	Updated   = "updated"
	Unchanged = "unchanged"
	// Refused is what others made or changed: it is left as it is.
	Refused = "refused"
)

// String is for people.
func (c Change) String() string {
	if c.Why != "" {
		return fmt.Sprintf("%-9s %s %s: %s", c.What, c.Kind, c.Name, c.Why)
	}
	return fmt.Sprintf("%-9s %s %s", c.What, c.Kind, c.Name)
}

// Push sends a bundle, in an order in which nothing leads nowhere. It ends with the first error, and may be called again:
// what was sent is then unchanged. Tell is called for each thing.
func Push(ctx context.Context, cfg Config, b dashboards.Bundle, tell func(Change) error) error {
	c, err := newClient(cfg)
	if err != nil {
		return err
	}
	defer c.http.CloseIdleConnections()
	if err := c.isGrafana(ctx); err != nil {
		return err
	}
	steps := []step{{"folder", cfg.Folder, c.folder}, {"data source", cfg.Datasource, c.datasource}}
	add := func(kind string, list []dashboards.Named, ensure func(context.Context, dashboards.Named) (Change, error)) {
		for _, n := range list {
			steps = append(steps, step{kind, n.Name, func(ctx context.Context) (Change, error) { return ensure(ctx, n) }})
		}
	}
	add("dashboard", b.Dashboards, c.dashboard)
	add("template", b.Templates, c.template)
	add("contact point", b.ContactPoints, c.contactPoint)
	add("rule group", b.RuleGroups, c.ruleGroup)
	add("policies", []dashboards.Named{b.Policies}, c.policies)
	for _, s := range steps {
		change, err := s.ensure(ctx)
		if conflict(err) { // made meanwhile, or by a request whose answer was lost
			change, err = s.ensure(ctx)
		}
		if err != nil {
			return fmt.Errorf("%s %s: %w", s.kind, s.name, err)
		}
		change.Kind, change.Name = s.kind, s.name
		if err := tell(change); err != nil {
			return err
		}
	}
	return nil
}

// step sees to one thing.
type step struct {
	kind, name string
	ensure     func(context.Context) (Change, error)
}

// isGrafana asks what needs no token, so that a token goes to no stranger by a slip of the pen.
func (c *client) isGrafana(ctx context.Context) error {
	bare := *c
	bare.cfg.Token = ""
	var health struct {
		Database string `json:"database"`
	}
	found, err := bare.get(ctx, "/api/health", &health)
	var e *Error
	switch {
	case errors.As(err, &e) && e.Status < 500 || err == nil && (!found || health.Database == ""):
		return fmt.Errorf("%s does not answer as a Grafana does (/api/health): is the path of the address right?", c.base.Host)
	case err != nil && e == nil && strings.Contains(err.Error(), "not what its documentation says"):
		return fmt.Errorf("%s does not answer as a Grafana does (/api/health): is the path of the address right?", c.base.Host)
	}
	return err
}

// refusal says why a thing is left alone.
func refusal(why string) (Change, error) {
	return Change{What: Refused, Why: why + "; --force overwrites it"}, nil
}

func (c *client) folder(ctx context.Context) (Change, error) {
	var there struct{}
	found, err := c.get(ctx, "/api/folders/"+url.PathEscape(c.cfg.Folder), &there)
	if err != nil || found {
		return Change{What: Unchanged}, err
	}
	return Change{What: Created}, c.send(ctx, http.MethodPost, "/api/folders", map[string]any{"uid": c.cfg.Folder, "title": "Feryat"})
}

// pluginID is the data source that the queries are for.
const pluginID = "grafana-clickhouse-datasource"

// datasource looks that alert rules find whom they ask.
func (c *client) datasource(ctx context.Context) (Change, error) {
	var there struct {
		Type string `json:"type"`
	}
	found, err := c.get(ctx, "/api/datasources/uid/"+url.PathEscape(c.cfg.Datasource), &there)
	switch {
	case err != nil:
		return Change{}, err
	case found && there.Type != pluginID:
		return Change{}, fmt.Errorf("it is of type %s: name one of type %s", there.Type, pluginID)
	case found:
		return Change{What: Unchanged}, nil
	case c.cfg.ClickHouse == "":
		return Change{}, errors.New("there is none with this uid: name yours with --datasource, or let one be made with --clickhouse HOST:PORT")
	}
	host, p, err := net.SplitHostPort(c.cfg.ClickHouse)
	port, perr := strconv.Atoi(p)
	if err := errors.Join(err, perr); err != nil {
		return Change{}, fmt.Errorf("clickhouse %q is not host:port", c.cfg.ClickHouse)
	}
	return Change{What: Created}, c.send(ctx, http.MethodPost, "/api/datasources", map[string]any{
		"name": c.cfg.Datasource, "uid": c.cfg.Datasource, "type": pluginID, "access": "proxy",
		"jsonData": map[string]any{"host": host, "port": port, "protocol": "http", "defaultDatabase": "feryat", "username": "default"},
	})
}

// mark begins the messages of the versions that we saved. The rest is a hash of what was saved: Grafana may give a
// dashboard back otherwise than it was sent, for it brings older models up to date.
const mark = "feryat "

func (c *client) dashboard(ctx context.Context, d dashboards.Named) (Change, error) {
	body, err := json.Marshal(d.Body)
	if err != nil {
		return Change{}, err
	}
	sum := sha256.Sum256(body)
	signed := mark + hex.EncodeToString(sum[:8])
	path := "/api/dashboards/uid/" + url.PathEscape(d.Name)
	var there struct {
		Meta struct {
			FolderUID   string `json:"folderUid"`
			Provisioned bool   `json:"provisioned"`
		} `json:"meta"`
	}
	found, err := c.get(ctx, path, &there)
	if err != nil {
		return Change{}, err
	}
	save := map[string]any{"dashboard": d.Body, "folderUid": c.cfg.Folder, "message": signed, "overwrite": false}
	if !found {
		return Change{What: Created}, c.send(ctx, http.MethodPost, "/api/dashboards/db", save)
	}
	if there.Meta.Provisioned {
		return Change{What: Refused, Why: "it comes from a file of Grafana's provisioning: take that away first"}, nil
	}
	last, err := c.lastMessage(ctx, path)
	switch {
	case err != nil:
		return Change{}, err
	case last == signed:
		return Change{What: Unchanged}, nil
	case !strings.HasPrefix(last, mark) && !c.cfg.Force:
		return refusal("somebody else saved it last")
	}
	save["overwrite"], save["folderUid"] = true, there.Meta.FolderUID // it stays where people moved it
	return Change{What: Updated}, c.send(ctx, http.MethodPost, "/api/dashboards/db", save)
}

// lastMessage is what was said of the newest version. Grafana answers a list, or since version 11 an object with one.
func (c *client) lastMessage(ctx context.Context, path string) (string, error) {
	type version struct {
		Message string `json:"message"`
	}
	var body json.RawMessage
	if found, err := c.get(ctx, path+"/versions?limit=1", &body); err != nil || !found {
		return "", err
	}
	var list []version
	var paged struct {
		Versions []version `json:"versions"`
	}
	if json.Unmarshal(body, &list) != nil {
		if err := json.Unmarshal(body, &paged); err != nil {
			return "", fmt.Errorf("grafana's list of versions is not what its documentation says: %w", err)
		}
		list = paged.Versions
	}
	if len(list) == 0 {
		return "", nil
	}
	return list[0].Message, nil
}
