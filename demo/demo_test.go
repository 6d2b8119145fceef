package demo

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func run(t *testing.T) *Sites {
	t.Helper()
	s, err := New(t.Context(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		http.DefaultClient.CloseIdleConnections()
	})
	return s
}

func get(t *testing.T, url string, want int) string {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != want || !utf8.Valid(body) {
		t.Fatalf("%s: %d %v", url, resp.StatusCode, err)
	}
	return string(body)
}

func TestSitesShowTheirTexts(t *testing.T) {
	s := run(t)
	for url, want := range map[string]string{
		s.URL("shop") + "/":                       "/urun/0",
		s.URL("shop") + "/urun/0":                 "application/ld+json",
		s.URL("shop") + "/urun/0?page=2":          "yorum-",
		s.URL("shop") + "/son-yorumlar":           "yorum-",
		s.URL("shop") + "/yeni":                   "\"@type\": \"Review\"}",
		s.URL("store") + "/app/" + "توانتا":       "itemprop=\"reviewBody\"",
		s.URL("forum") + "/viewtopic.php?f=1&t=1": "class=\"content\"",
		s.URL("forum") + "/robots.txt":            "Disallow",
	} {
		if body := get(t, url, http.StatusOK); !strings.Contains(body, want) {
			t.Errorf("%s does not show %s", url, want)
		}
	}
	get(t, s.URL("shop")+"/urun/99", http.StatusNotFound)
	get(t, s.URL("store")+"/app/x", http.StatusNotFound)
	get(t, s.URL("forum")+"/viewtopic.php?t=99", http.StatusNotFound)
}

func TestTheSecondDay(t *testing.T) {
	s := run(t)
	before, replies := s.Truth()
	if before < 360 || replies < 5 {
		t.Errorf("%d mentions and %d replies are too few to show anything", before, replies)
	}
	first := get(t, s.URL("shop")+"/urun/0", http.StatusOK)
	s.NextDay()
	after, _ := s.Truth()
	if after != before-3 {
		t.Errorf("%d mentions became %d, want three deleted", before, after)
	}
	if second := get(t, s.URL("shop")+"/urun/0", http.StatusOK); second == first || !strings.Contains(second, "Düzeltme") || strings.Contains(second, "★") || strings.Count(second, `"ratingValue":5`) != strings.Count(first, `"ratingValue":5`)+1 {
		t.Error("nobody in the shop gave five stars in place of one")
	}
	if strings.Contains(get(t, s.URL("shop")+"/yeni", http.StatusOK), "Review") {
		t.Error("the page of new products is broken still")
	}
}

func TestKeysAreUnique(t *testing.T) {
	s := run(t)
	for name, list := range map[string][]entry{"shop": s.shop, "store": s.store, "forum": s.forum} {
		seen := map[string]bool{}
		for _, e := range list {
			if seen[e.key] {
				t.Errorf("%s: key of %q by %s stands twice", name, e.text, e.author)
			}
			seen[e.key] = true
		}
	}
}

func TestParseTellsTheLine(t *testing.T) {
	for body, want := range map[string]string{"a\tb": "line 1: 2 columns", "# x\na\tb\tsoon\t\tc\t\t": "line 2"} {
		if _, err := parse("shop", body, time.Now()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", body, err)
		}
	}
}
