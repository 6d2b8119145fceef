package push

import (
	"encoding/json"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"time"
)

// within reports whether all that ours says stands in theirs: Grafana adds fields of its own, gives empty ones back or
// leaves them out, and writes 24h as 1d. Lists are the same in length and order.
func within(ours, theirs any) bool {
	return contains(plain(ours), plain(theirs))
}

// plain is a value as JSON has it.
func plain(v any) (p any) {
	body, err := json.Marshal(v)
	if err != nil || json.Unmarshal(body, &p) != nil {
		return nil
	}
	return p
}

func contains(ours, theirs any) bool {
	switch o := ours.(type) {
	case map[string]any:
		t, _ := theirs.(map[string]any)
		return !slices.ContainsFunc(slices.Collect(maps.Keys(o)), func(key string) bool {
			if key == "orgID" { // is that of the token
				return false
			}
			return !contains(o[key], t[key])
		})
	case []any:
		t, _ := theirs.([]any)
		if len(o) != len(t) {
			return false
		}
		for i := range o {
			if !contains(o[i], t[i]) {
				return false
			}
		}
		return true
	case string:
		t, ok := theirs.(string)
		if a, isTime := span(o); isTime && ok && t != o {
			b, same := span(t)
			return same && a == b
		}
		return t == o
	case nil:
		return true
	case bool:
		return theirs == ours || !o && theirs == nil
	case float64:
		return theirs == ours || o == 0 && theirs == nil
	}
	return reflect.DeepEqual(ours, theirs)
}

// span reads a duration as Prometheus writes it: 1d12h.
func span(s string) (sum time.Duration, ok bool) {
	parts := regexp.MustCompile(`(\d{1,6})(ms|[smhdwy])`)
	if s == "" || parts.ReplaceAllString(s, "") != "" {
		return 0, false
	}
	for _, p := range parts.FindAllStringSubmatch(s, -1) {
		n, _ := strconv.Atoi(p[1]) // digits
		sum += time.Duration(n) * map[string]time.Duration{"ms": time.Millisecond, "s": time.Second, "m": time.Minute, "h": time.Hour,
			"d": 24 * time.Hour, "w": 7 * 24 * time.Hour, "y": 365 * 24 * time.Hour}[p[2]]
	}
	return sum, true
}
