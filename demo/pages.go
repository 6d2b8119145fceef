package demo

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"html"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"feryat/calendar"
)

const perPage = 12

// pageOf cuts page n (from 1) out of list.
func pageOf(list []entry, n int) (items []entry, more bool) {
	from := min((n-1)*perPage, len(list))
	to := min(n*perPage, len(list))
	return list[from:to], to < len(list)
}

func pageNumber(r *http.Request) int {
	n, _ := strconv.Atoi(r.URL.Query().Get("page"))
	return max(n, 1)
}

func head(w http.ResponseWriter, lang, title, body string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	dir := ""
	if lang == "fa" {
		dir = ` dir="rtl"`
	}
	write(w, `<!doctype html><html lang="%s"%s><head><meta charset="utf-8"><title>%s</title></head><body%s>`, lang, dir, html.EscapeString(title), body)
}

// write ignores a reader that has gone.
func write(w io.Writer, format string, args ...any) { _, _ = fmt.Fprintf(w, format, args...) }

// robots forbids the basket, and a crawler that goes there is rude.
func robots(mux *http.ServeMux) {
	mux.HandleFunc("GET /robots.txt", func(w http.ResponseWriter, _ *http.Request) {
		write(w, "User-agent: *\nDisallow: /sepet\n")
	})
}

// shopHandler is the Turkish shop: JSON-LD with replies, paging, and a page of
// the latest reviews that shows each of them a second time.
func (s *Sites) shopHandler() http.Handler {
	mux := http.NewServeMux()
	robots(mux)
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		head(w, "tr", "Çarşı", "")
		for i, p := range threads(s.shop) {
			write(w, `<p><a href="/urun/%d">%s</a></p>`, i, html.EscapeString(p))
		}
		write(w, `<a href="/son-yorumlar">Son yorumlar</a> <a href="/yeni">Yeni ürünler</a> <a href="/sepet">Sepet</a></body></html>`)
	})
	mux.HandleFunc("GET /yeni", s.fresh)
	mux.HandleFunc("GET /urun/{n}", func(w http.ResponseWriter, r *http.Request) {
		all := threads(s.shop)
		i, err := strconv.Atoi(r.PathValue("n"))
		if err != nil || i < 0 || i >= len(all) {
			http.NotFound(w, r)
			return
		}
		n := pageNumber(r)
		items, more := pageOf(s.shown(s.shop, all[i]), n)
		head(w, "tr", all[i], "")
		writeReviews(w, all[i], fmt.Sprintf("/urun/%d", i), items)
		if more {
			write(w, `<a rel="next" href="/urun/%d?page=%d">Sonraki</a>`, i, n+1)
		}
		write(w, "</body></html>")
	})
	mux.HandleFunc("GET /son-yorumlar", func(w http.ResponseWriter, _ *http.Request) {
		newest := s.shown(s.shop, "")
		slices.SortFunc(newest, func(a, b entry) int { return b.at.Compare(a.at) })
		head(w, "tr", "Son yorumlar", "")
		for _, e := range newest[:min(10, len(newest))] {
			writeReviews(w, e.thread, fmt.Sprintf("/urun/%d", slices.Index(threads(s.shop), e.thread)), []entry{e})
		}
		write(w, "</body></html>")
	})
	return mux
}

// fresh is the page of new products. On the first day it says that there are reviews, and leaves it to a script to fetch
// them: 200, and nothing to read.
func (s *Sites) fresh(w http.ResponseWriter, _ *http.Request) {
	s.mu.RLock()
	broken := s.day == 1
	s.mu.RUnlock()
	head(w, "tr", "Yeni ürünler", "")
	if broken {
		write(w, `<script type="application/ld+json">{"@context": "https://schema.org", "@type": "Product", "name": "Tuvanta blender", "review": [{"@type": "Review"}, {"@type": "Review"}]}</script><p>Yorumlar yükleniyor…</p></body></html>`)
		return
	}
	write(w, `<p>Bu hafta yeni ürün yok.</p><a href="/">Bütün ürünler</a></body></html>`)
}

// writeReviews names each review by its place on the product's page, wherever it is shown.
func writeReviews(w http.ResponseWriter, product, page string, items []entry) {
	reviews := make([]any, len(items))
	for i, e := range items {
		v := map[string]any{"@type": "Review", "@id": page + "#yorum-" + e.key, "author": map[string]any{"@type": "Person", "name": e.author},
			"datePublished": e.at.Format(time.RFC3339), "reviewBody": e.text, "inLanguage": "tr",
			"reviewRating": map[string]any{"@type": "Rating", "ratingValue": e.stars, "bestRating": 5}}
		if e.reply != "" {
			v["comment"] = map[string]any{"@type": "Comment", "author": map[string]any{"@type": "Organization", "name": Brand},
				"dateCreated": e.at.Add(45 * time.Minute).Format(time.RFC3339), "text": e.reply}
		}
		reviews[i] = v
	}
	body, err := json.Marshal(map[string]any{"@context": "https://schema.org", "@type": "Product", "name": product, "review": reviews})
	if err == nil {
		write(w, `<script type="application/ld+json">%s</script>`, body)
	}
}

// storeHandler is the Persian app store: microdata with Jalali dates.
func (s *Sites) storeHandler() http.Handler {
	mux := http.NewServeMux()
	robots(mux)
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		head(w, "fa", "بازارچه", "")
		for _, app := range threads(s.store) {
			write(w, `<p><a href="/app/%s">%s</a></p>`, url.PathEscape(app), html.EscapeString(app))
		}
		write(w, "</body></html>")
	})
	mux.HandleFunc("GET /app/{name}", func(w http.ResponseWriter, r *http.Request) {
		app, n := r.PathValue("name"), pageNumber(r)
		items, more := pageOf(s.shown(s.store, app), n)
		if len(items) == 0 {
			http.NotFound(w, r)
			return
		}
		head(w, "fa", app, "")
		write(w, `<div itemscope itemtype="https://schema.org/SoftwareApplication"><h1 itemprop="name">%s</h1>`, html.EscapeString(app))
		for _, e := range items {
			writeAppReview(w, app, e)
		}
		write(w, "</div>")
		if more {
			write(w, `<a rel="next" href="/app/%s?page=%d">بعدی</a>`, url.PathEscape(app), n+1)
		}
		write(w, "</body></html>")
	})
	return mux
}

func writeAppReview(w http.ResponseWriter, app string, e entry) {
	write(w, `<article itemprop="review" itemscope itemtype="https://schema.org/Review" id="nazar-%s"><b itemprop="author">%s</b> <span itemprop="datePublished">%s</span>`,
		e.key, html.EscapeString(e.author), jalali(e.at))
	write(w, `<span itemprop="reviewRating" itemscope itemtype="https://schema.org/Rating"><meta itemprop="ratingValue" content="%d"></span><p itemprop="reviewBody">%s</p>`, e.stars, html.EscapeString(e.text))
	if e.reply != "" {
		write(w, `<div itemprop="comment" itemscope itemtype="https://schema.org/Comment" id="pasokh-%s"><b itemprop="author" itemscope itemtype="https://schema.org/Organization"><span itemprop="name">%s</span></b> <span itemprop="dateCreated">%s</span><p itemprop="text">%s</p></div>`,
			e.key, html.EscapeString(app), jalali(e.at.Add(50*time.Minute)), html.EscapeString(e.reply))
	}
	write(w, "</article>")
}

// jalali shows a time as Persian sites do, in Tehran's time: ۱۵ آبان ۱۴۰۵ ساعت ۱۴:۳۰.
func jalali(at time.Time) string {
	at = at.In(time.FixedZone("Asia/Tehran", 3*3600+1800))
	y, m, d := calendar.Jalali(at)
	months := []string{"فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"}
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return '۰' + r - '0'
		}
		return r
	}, fmt.Sprintf("%d %s %d ساعت %s", d, months[m-1], y, at.Format("15:04")))
}

// forumHandler is the English forum, in the shape of phpBB.
func (s *Sites) forumHandler() http.Handler {
	mux := http.NewServeMux()
	robots(mux)
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		head(w, "en", "Household Talk", ` id="phpbb" class="section-viewforum"`)
		for i, t := range threads(s.forum) {
			write(w, `<li><a class="topictitle" href="./viewtopic.php?f=1&amp;t=%d">%s</a></li>`, i+1, html.EscapeString(t))
		}
		write(w, "</body></html>")
	})
	mux.HandleFunc("GET /viewtopic.php", func(w http.ResponseWriter, r *http.Request) {
		all := threads(s.forum)
		t, _ := strconv.Atoi(r.URL.Query().Get("t"))
		from, _ := strconv.Atoi(r.URL.Query().Get("start"))
		if t < 1 || t > len(all) || from < 0 {
			http.NotFound(w, r)
			return
		}
		n := from/perPage + 1
		items, more := pageOf(s.shown(s.forum, all[t-1]), n)
		head(w, "en", all[t-1], ` id="phpbb" class="section-viewtopic"`)
		write(w, `<h2 class="topic-title"><a href="./viewtopic.php?f=1&amp;t=%d">%s</a></h2>`, t, html.EscapeString(all[t-1]))
		for _, e := range items {
			writePost(w, all[t-1], e)
		}
		if more {
			write(w, `<div class="pagination"><ul><li class="arrow next"><a rel="next" href="./viewtopic.php?f=1&amp;t=%d&amp;start=%d">Next</a></li></ul></div>`, t, n*perPage)
		}
		write(w, `<span class="rightside"><span title="UTC">UTC</span></span></body></html>`)
	})
	return mux
}

func writePost(w http.ResponseWriter, topic string, e entry) {
	number := func(author string) uint32 {
		h := fnv.New32a()
		_, _ = h.Write([]byte(author)) // a hash never fails
		return h.Sum32()
	}
	post := func(key, author, quote, text string, at time.Time) {
		write(w, `<div id="p%s" class="post"><div class="postprofile"><a href="./memberlist.php?mode=viewprofile&amp;u=%d" class="username">%s</a></div><div class="postbody"><h3><a href="#p%s">Re: %s</a></h3><p class="author"><strong><span class="username">%s</span></strong> » %s</p><div class="content">%s%s</div><div class="signature">— %s —</div></div></div>`,
			key, number(author), html.EscapeString(author), key, html.EscapeString(topic), html.EscapeString(author), at.Format("Mon Jan 02, 2006 3:04 pm"), quote, html.EscapeString(text), html.EscapeString(author))
	}
	post(e.key, e.author, "", e.text, e.at)
	if e.reply != "" {
		quote := fmt.Sprintf(`<blockquote><div><cite>%s wrote: <a href="./viewtopic.php?p=%s#p%s" data-post-id="%s">↑</a></cite>%s</div></blockquote>`, html.EscapeString(e.author), e.key, e.key, e.key, html.EscapeString(e.text))
		post("9"+e.key, Brand, quote, e.reply, e.at.Add(40*time.Minute))
	}
}
