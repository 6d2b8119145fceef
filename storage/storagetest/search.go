package storagetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"feryat/mention"
	"feryat/storage"
	"feryat/text"
)

// quoted is a row by a text, so many hours after start.
func quoted(n int, words string) mention.Scored {
	row := heard(mention.Author{ID: "u1", Name: "Author 1"}, n, hours(n), mention.Angry, "churn")
	row.Mention.Text, row.Mention.Rating, row.Mention.ThreadID, row.Verdict.Topics = words, nil, "", []string{"delay"}
	row.Mention = row.Mention.Revise()
	row.Search = text.Fold(words, "")
	return row
}

func search(t *testing.T, open Opener) {
	s, ctx := open(t), t.Context()
	insert(t, s, quoted(1, "eski söz"), quoted(3, "Paytak'ın kargosu kırıktı"))
	two := quoted(2, "kırık (kargo)")
	second := two
	second.Brand = "B"
	rated := quoted(4, "سفارشم نرسید، چرا؟")
	rated.Mention.Product = "Toaster"
	rated.Mention.Rating, rated.Verdict.Topics, rated.Verdict.Signals = &mention.Rating{Value: 8, Worst: 0, Best: 10}, []string{"lost", "delay"}, nil
	rated.Mention = rated.Mention.Revise()
	insert(t, s, quoted(1, "KIRIK geldi, rezalet"), two, second, rated)
	names := func(q mention.Search) (list []string) {
		found := must(s.Search(ctx, q, 0))(t)
		for _, r := range found {
			list = append(list, fmt.Sprint(r.Mention.Written.Time.Sub(start()).Hours(), r.Brand))
		}
		if total := must(s.Facets(ctx, q, 10))(t).Total; total != int64(len(found)) && q.After.ID == "" {
			t.Errorf("%+v: %d rows and a total of %d", q, len(found), total)
		}
		return list
	}
	for _, c := range []struct {
		q    mention.Search
		want []string
	}{
		{mention.Search{}, []string{"4A", "3A", "2B", "2A", "1A"}}, {mention.Search{Text: "kirik"}, []string{"2B", "2A", "1A"}}, {mention.Search{Text: "kırık*"}, []string{"3A", "2B", "2A", "1A"}},
		{mention.Search{Text: "rezalet KIRIK"}, []string{"1A"}}, {mention.Search{Text: "eski"}, nil}, {mention.Search{Text: `"paytak'in kargosu"`}, []string{"3A"}}, {mention.Search{Text: `"kargosu paytak'in"`}, nil}, {mention.Search{Text: `"kargosu kırıktı" yok`}, nil},
		{mention.Search{Text: "paytak"}, []string{"3A"}}, {mention.Search{Text: "چرا"}, []string{"4A"}}, {mention.Search{Text: "?"}, nil}, {mention.Search{Text: " * \" "}, nil}, {mention.Search{Text: `"`}, []string{"4A", "3A", "2B", "2A", "1A"}},
		{only("stars", "4"), []string{"4A"}}, {only("stars", "5"), nil}, {mention.Search{Any: map[string][]string{"signal": {"churn"}}, Filter: mention.Filter{Brand: "A"}}, []string{"3A", "2A", "1A"}}, {mention.Search{Filter: mention.Filter{Topic: "lost"}}, []string{"4A"}},
		{only("mood", "neutral"), nil}, {only("mood", "neutral", "angry"), []string{"4A", "3A", "2B", "2A", "1A"}}, {only("brand", "B", "C"), []string{"2B"}}, {only("brand", "B", "A"), []string{"4A", "3A", "2B", "2A", "1A"}},
		{only("topic", "lost", "price"), []string{"4A"}}, {only("product", "Toaster", ""), []string{"4A"}}, {only("product"), []string{"4A", "3A", "2B", "2A", "1A"}}, {only("colour", "red"), nil}, {mention.Search{Author: "Author 1"}, []string{"4A", "3A", "2B", "2A", "1A"}}, {mention.Search{Filter: mention.Filter{From: hours(2), To: hours(3)}}, []string{"2B", "2A"}},
	} {
		wantEqual(t, fmt.Sprintf("%+v", c.q), names(c.q), c.want)
	}
	var paged []string
	q := mention.Search{}
	for {
		page := must(s.Search(ctx, q, 2))(t)
		if len(page) == 0 {
			break
		}
		for _, r := range page {
			paged = append(paged, fmt.Sprint(r.Mention.Written.Time.Sub(start()).Hours(), r.Brand))
		}
		q.After = mention.PlaceOf(page[len(page)-1])
	}
	wantEqual(t, "page by page", paged, names(mention.Search{}))
	counted(t, s)
	exported(t, s.Export)
}

// counted holds the facets of what search stored: those of a chosen kind as if none of it were.
func counted(t *testing.T, s *storage.Store) {
	ctx := t.Context()
	facets := must(s.Facets(ctx, mention.Search{}, 10))(t)
	wantEqual(t, "facets", facets.By["topic"], []mention.Count{{Value: "delay", N: 5}, {Value: "lost", N: 1}})
	wantEqual(t, "stars", facets.By["stars"], []mention.Count{{Value: "4", N: 1}})
	wantEqual(t, "brands", facets.By["brand"], []mention.Count{{Value: "A", N: 4}, {Value: "B", N: 1}})
	facets = must(s.Facets(ctx, only("brand", "B"), 10))(t)
	wantEqual(t, "brands beside the chosen one", facets.By["brand"], []mention.Count{{Value: "A", N: 4}, {Value: "B", N: 1}})
	wantEqual(t, "topics of the chosen one", facets.By["topic"], []mention.Count{{Value: "delay", N: 1}})
	both := only("brand", "A")
	both.Any["topic"], both.From = []string{"lost"}, hours(0)
	facets = must(s.Facets(ctx, both, 10))(t)
	wantEqual(t, "topics beside the chosen one", facets.By["topic"], []mention.Count{{Value: "delay", N: 4}, {Value: "lost", N: 1}})
	wantEqual(t, "products", facets.By["product"], []mention.Count{{Value: "Toaster", N: 1}})
	for _, q := range []mention.Search{{Filter: mention.Filter{From: start().AddDate(0, 0, -2).Truncate(24 * time.Hour)}}, only("product", "Toaster")} {
		wantEqual(t, "products by days", must(s.Facets(ctx, q, 10))(t).By["product"], []mention.Count{{Value: "kettle", N: 4}, {Value: "Toaster", N: 1}})
	}
}

// only narrows to some values of a kind.
func only(kind string, values ...string) mention.Search {
	return mention.Search{Any: map[string][]string{kind: values}}
}

// exporter is Store.Export.
type exporter func(context.Context, mention.Search, int, func([]mention.Scored) error) (bool, error)

func exported(t *testing.T, export exporter) {
	for limit, cut := range map[int]bool{3: true, 5: false, 9: false} {
		n := 0
		got, err := export(t.Context(), mention.Search{}, limit, func(rows []mention.Scored) error { n += len(rows); return nil })
		if err != nil || got != cut || n != min(limit, 5) {
			t.Errorf("export of %d: %d rows, cut %v, %v", limit, n, got, err)
		}
	}
	full := errors.New("disk full")
	if _, err := export(t.Context(), mention.Search{}, 5, func([]mention.Scored) error { return full }); !errors.Is(err, full) {
		t.Errorf("a page that fails gives %v", err)
	}
}

// foreignSearch: whatever is asked for is a value, never SQL.
func foreignSearch(t *testing.T, open Opener) {
	s := open(t)
	var rows []mention.Scored
	for i, n := range nasty() {
		rows = append(rows, everywhere(i, n))
	}
	insert(t, s, rows...)
	for _, n := range nasty() {
		for what, q := range map[string]mention.Search{
			"text": {Text: n + ` "` + n + `" ` + n + "*", After: mention.Place{Written: hours(1), ID: mention.ID(n + "x"), Brand: n}},
			"all":  {Filter: mention.Filter{Brand: n, Source: n, Language: n, Topic: n}, Author: n, Any: map[string][]string{"signal": {n}, "mood": {n, "x"}, "brand": {"x", n}, "source": {n}, "language": {n}, "topic": {"x", n}}},
		} {
			found, err := s.Search(t.Context(), q, 5)
			if err != nil {
				t.Errorf("%s %q: %v", what, n, err)
			}
			if what == "all" && !slices.ContainsFunc(found, func(r mention.Scored) bool { return r.Brand == n }) {
				t.Errorf("%q is not found by what it holds", n)
			}
		}
	}
	if facets, err := s.Facets(t.Context(), mention.Search{}, 100); err != nil || len(facets.By["topic"]) < len(nasty()) {
		t.Errorf("%d topics, %v", len(facets.By["topic"]), err)
	}
	wantEqual(t, "rows left", ask(t, s, "SELECT count() FROM v_mentions"), []string{fmt.Sprint(len(nasty()))})
}

func besides(t *testing.T, open Opener) {
	s, ctx := open(t), t.Context()
	const words = "Kargo on gündür gelmedi, müşteri hizmetleri telefona hiç çıkmıyor, rezalet bir firma"
	first, copied, other := quoted(1, words), quoted(2, "Merhaba! "+words), quoted(3, "Kargo çok hızlı geldi, müşteri hizmetleri ilgiliydi, teşekkürler hepinize")
	answer, sibling, post := quoted(4, "Merhaba"), quoted(5, "Bende de"), quoted(6, "Konu")
	answer.Mention.ParentID, sibling.Mention.ThreadID, post.Mention.ThreadID, first.Mention.ThreadID = first.Mention.ID, "t", "t", "t"
	insert(t, s, first, copied, other, answer, sibling, post)
	edited := first
	edited.Mention.Text, edited.Mention.Rating, edited.Mention.Collected = words+" artık", &mention.Rating{Value: 5, Worst: 1, Best: 5}, time.Now().Add(time.Second)
	edited.Mention = edited.Mention.Revise()
	insert(t, s, edited)
	id := first.Mention.ID
	var said []string
	for _, v := range must(s.Versions(ctx, id))(t) {
		said = append(said, fmt.Sprint(len(v.Text)-len(words), v.Rating != nil))
	}
	wantEqual(t, "versions", said, []string{"0 false", "7 true"})
	hoursOf := func(rows []mention.Scored) (list []float64) {
		for _, r := range rows {
			list = append(list, r.Mention.Written.Time.Sub(start()).Hours())
		}
		return list
	}
	wantEqual(t, "around", hoursOf(must(s.Around(ctx, first.Mention, 20))(t)), []float64{6, 5, 4})
	wantEqual(t, "around, the newest", hoursOf(must(s.Around(ctx, first.Mention, 1))(t)), []float64{6})
	wantEqual(t, "around an answer", hoursOf(must(s.Around(ctx, answer.Mention, 20))(t)), []float64{1})
	wantEqual(t, "alike", hoursOf(must(s.Alike(ctx, first.Mention, 5))(t)), []float64{2})
	wantEqual(t, "alike a short one", len(must(s.Alike(ctx, answer.Mention, 5))(t)), 0)
	correct(t, s, mention.Correction{Mention: id, Brand: "A", Field: mention.FieldNotOurs, Value: "yes", By: "ayse", Note: "rival", At: hours(1)})
	wantEqual(t, "disowned", hoursOf(must(s.Disowned(ctx, id))(t)), []float64{1})
	wantEqual(t, "corrections", must(s.Corrections(ctx, id))(t), []mention.Correction{{Mention: id, Brand: "A", Field: mention.FieldNotOurs, Value: "yes", By: "ayse", Note: "rival", At: hours(1)}})
	correct(t, s, mention.Correction{Mention: id, Brand: "A", Field: mention.FieldNotOurs, By: "ayse", At: hours(2)})
	wantEqual(t, "owned again", len(must(s.Disowned(ctx, id))(t)), 0)
	wantEqual(t, "without a case", len(must(s.EscalationsOn(ctx, id))(t)), 0)
}
