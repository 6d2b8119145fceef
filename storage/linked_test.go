package storage_test

import (
	"testing"
	"time"

	"feryat/mention"
)

// A link of a name that stands for many, from before such a link was refused,
// and one to a customer who is not on the list join nobody.
func TestOldLinksJoinNobody(t *testing.T) {
	t.Parallel()
	s := openEmbedded(t)
	if err := s.ImportCustomers(t.Context(), []mention.Customer{{Key: "k1", Imported: time.Now()}}); err != nil {
		t.Fatal(err)
	}
	if err := s.Exec(t.Context(), `INSERT INTO customer_links (source, author, customer, by, at) VALUES
		('shop', 'u1', 'k1', '', now()), ('forum', 'A** K**', 'k1', '', now()), ('shop', 'u2', 'k2', '', now()), ('forum', 'u3', 'k2', '', now())`); err != nil {
		t.Fatal(err)
	}
	for w, want := range map[mention.Writer]int{{Source: "shop", Author: "u1"}: 1, {Source: "forum", Author: "A** K**"}: 0, {Source: "shop", Author: "u2"}: 0} {
		if links, err := s.Linked(t.Context(), []mention.Writer{w}); err != nil || len(links) != want {
			t.Errorf("%+v: %+v, %v", w, links, err)
		}
	}
}
