package recipe

import (
	"context"
	"strings"
	"testing"
)

// BenchmarkExtract reads a topic of 3 and one of 300 posts: the time a post must not grow.
func BenchmarkExtract(b *testing.B) {
	all, err := Bundled()
	if err != nil {
		b.Fatal(err)
	}
	small := read(b, "sites/phpbb/topic.html")
	first, last := strings.Index(small, `<div id="p512"`), strings.Index(small, `<ul id="nav-footer">`)
	var large strings.Builder
	large.WriteString(small[:first])
	for i := range 100 {
		large.WriteString(strings.ReplaceAll(small[first:last], `<div id="p5`, `<div id="p`+strings.Repeat("1", 1+i)+`5`))
	}
	large.WriteString(small[last:])
	for name, body := range map[string]string{"3": small, "300": large.String()} {
		b.Run(name, func(b *testing.B) {
			x, p := &Extractor{recipes: all, auto: true}, page(body)
			posts := 0
			for b.Loop() {
				found, err := x.Extract(context.Background(), p)
				if err != nil || len(found.Mentions) == 0 {
					b.Fatal(err, found)
				}
				posts = len(found.Mentions)
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*posts), "µs/post")
		})
	}
}
