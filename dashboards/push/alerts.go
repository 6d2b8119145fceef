package push

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"feryat/dashboards"
)

const provisioning = "/api/v1/provisioning/"

// provenance is how Grafana says who made a thing: "api" by a program, "file" by its own provisioning, empty by a person, or
// by a program that lets people edit it.
func provenance(there map[string]any) string {
	s, _ := there["provenance"].(string)
	return s
}

// settle says what to do about a thing that is there and not as ours. What an API made under our name is ours of an older
// version; what people may edit may be theirs.
func (c *client) settle(there map[string]any) (refused Change, ok bool) {
	switch {
	case provenance(there) == "file":
		return Change{What: Refused, Why: "it comes from a file of Grafana's provisioning: take that away first"}, false
	case provenance(there) == "" && !c.cfg.Force:
		refused, _ = refusal("people may edit it in Grafana, and it differs")
		return refused, false
	}
	return Change{}, true
}

func (c *client) template(ctx context.Context, t dashboards.Named) (Change, error) {
	path := provisioning + "templates/" + url.PathEscape(t.Name)
	there := map[string]any{}
	found, err := c.get(ctx, path, &there)
	if err != nil {
		return Change{}, err
	}
	put := map[string]any{"template": t.Body["template"]}
	if !found {
		return Change{What: Created}, c.send(ctx, http.MethodPut, path, put)
	}
	// Grafana gives back the text without the white space around it.
	said, _ := there["template"].(string)
	if ours, _ := t.Body["template"].(string); strings.TrimSpace(said) == strings.TrimSpace(ours) {
		return Change{What: Unchanged}, nil
	}
	if refused, ok := c.settle(there); !ok {
		return refused, nil
	}
	if version, ok := there["version"]; ok {
		put["version"] = version // else a change of somebody else in this moment would be lost
	}
	return Change{What: Updated}, c.send(ctx, http.MethodPut, path, put)
}

func (c *client) contactPoint(ctx context.Context, p dashboards.Named) (Change, error) {
	name, _ := p.Body["name"].(string)
	var all []map[string]any
	if _, err := c.get(ctx, provisioning+"contact-points?name="+url.QueryEscape(name), &all); err != nil {
		return Change{}, err
	}
	i := slices.IndexFunc(all, func(there map[string]any) bool { return there["uid"] == p.Name })
	switch {
	case i < 0:
		return Change{What: Created}, c.send(ctx, http.MethodPost, provisioning+"contact-points", p.Body)
	case within(p.Body, all[i]):
		return Change{What: Unchanged}, nil
	}
	if refused, ok := c.settle(all[i]); !ok {
		return refused, nil
	}
	return Change{What: Updated}, c.send(ctx, http.MethodPut, provisioning+"contact-points/"+url.PathEscape(p.Name), p.Body)
}

// ruleGroup sends a group whole, which is how its interval can be said; so rules that others put into it must not be lost.
func (c *client) ruleGroup(ctx context.Context, g dashboards.Named) (Change, error) {
	path := provisioning + "folder/" + url.PathEscape(c.cfg.Folder) + "/rule-groups/" + url.PathEscape(g.Name)
	var there struct {
		Interval int              `json:"interval"`
		Rules    []map[string]any `json:"rules"`
	}
	found, err := c.get(ctx, path, &there)
	if err != nil {
		return Change{}, err
	}
	rules, err := c.rules(g)
	if err != nil {
		return Change{}, err
	}
	group := map[string]any{"title": g.Name, "folderUid": c.cfg.Folder, "interval": g.Body["interval"], "rules": rules}
	if !found || len(there.Rules) == 0 {
		return Change{What: Created}, c.send(ctx, http.MethodPut, path, group)
	}
	same := there.Interval == g.Body["interval"] && len(rules) == len(there.Rules)
	for _, theirs := range there.Rules {
		i := slices.IndexFunc(rules, func(r map[string]any) bool { return r["uid"] == theirs["uid"] })
		switch {
		case i < 0 && !c.cfg.Force:
			return refusal(fmt.Sprintf("rule %q in it is not ours and would be lost", fmt.Sprint(theirs["title"])))
		case i < 0:
			same = false
			continue
		}
		if !within(rules[i], theirs) {
			same = false
			if refused, ok := c.settle(theirs); !ok {
				return refused, nil
			}
		}
		if paused, ok := theirs["isPaused"]; ok {
			rules[i]["isPaused"] = paused // a person did that
		}
	}
	if same {
		return Change{What: Unchanged}, nil
	}
	return Change{What: Updated}, c.send(ctx, http.MethodPut, path, group)
}

// rules are those of a group, for our folder and data source.
func (c *client) rules(g dashboards.Named) (rules []map[string]any, err error) {
	body, err := json.Marshal(g.Body["rules"])
	if err != nil {
		return nil, err
	}
	quoted, err := json.Marshal(c.cfg.Datasource)
	if err != nil {
		return nil, err
	}
	body = []byte(strings.ReplaceAll(string(body), `"`+dashboards.DatasourceUID+`"`, string(quoted)))
	if err := json.Unmarshal(body, &rules); err != nil {
		return nil, err
	}
	for _, r := range rules {
		maps.Copy(r, map[string]any{"folderUID": c.cfg.Folder, "ruleGroup": g.Name, "orgID": 1})
	}
	return rules, nil
}

// policies replaces the tree, of which Grafana has one, where it is ours or still as Grafana comes.
func (c *client) policies(ctx context.Context, p dashboards.Named) (Change, error) {
	there := map[string]any{}
	if _, err := c.get(ctx, provisioning+"policies", &there); err != nil {
		return Change{}, err
	}
	if within(p.Body, there) {
		return Change{What: Unchanged}, nil
	}
	receiver, _ := there["receiver"].(string)
	routes, _ := there["routes"].([]any)
	ours, fresh := strings.HasPrefix(receiver, "feryat-"), len(routes) == 0
	switch {
	case provenance(there) == "file":
		return Change{What: Refused, Why: "they come from a file of Grafana's provisioning: take that away first"}, nil
	case !ours && !fresh && !c.cfg.Force:
		return refusal(`others route their alerts there: add a route for the label "rule" to a contact point of ours by hand`)
	case ours && provenance(there) == "" && !c.cfg.Force:
		return refusal("people may edit them in Grafana, and they differ")
	}
	return Change{What: Updated}, c.send(ctx, http.MethodPut, provisioning+"policies", p.Body)
}
