package web

import (
	"testing"
	"time"

	"feryat/dashboards/dashboardstest"
	"feryat/storage/engine/enginetest"
)

// boardSite serves the dashboards over a store in which each panel has something to show.
func boardSite(t *testing.T) (*Server, string) {
	t.Helper()
	store := openReader(t, enginetest.Start(t), "")
	dashboardstest.Fill(t, store)
	s := newServer(t, store, nil)
	s.now = time.Now
	return s, serve(t, s)
}

func TestBoardTimes(t *testing.T) {
	s, site := boardSite(t)
	for _, b := range s.boards.List("en") {
		for range 2 {
			began := time.Now()
			a := get(t, site+"/d/"+b.UID+"?lang=en")
			z := get(t, site+"/d/"+b.UID+"?lang=en", "Accept-Encoding: gzip")
			t.Log(b.UID, a.status, len(a.body), len(z.body), time.Since(began)/2)
		}
	}
}
