package site

import (
	"regexp"
	"strings"
)

// pageInPath is a path's ending that numbers the pages of a list.
var pageInPath = regexp.MustCompile(`/(?:page|sayfa|safhe|comment-page|reviews-page)[-/]\d{1,5}/?$`)

// listing is a canonical address without what only says which part of a list the
// page shows and in which order, so that a review keeps its thread and its name
// when it moves to the next page.
func listing(canonical string) string {
	page, query, _ := strings.Cut(canonical, "?")
	page = pageInPath.ReplaceAllString(page, "")
	slug := strings.Count(page, "/") > 2 && !strings.HasSuffix(page, "/") && !strings.HasSuffix(page, ".php")
	var kept []string
	for p := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(p, "=")
		if name == "p" && slug && len(value) <= 3 && small(value) {
			continue // on "/product?p=2" it is a page; on "/?p=2" and "/view.php?p=2" a thing
		}
		if p != "" && !showsPart(strings.ToLower(name), value) {
			kept = append(kept, p)
		}
	}
	if len(kept) == 0 {
		return page
	}
	return page + "?" + strings.Join(kept, "&")
}

// showsPart tells the parameters that choose a part of a list. Names that also
// stand for other things count only with a small number.
func showsPart(name, value string) bool {
	switch name {
	case "page", "paged", "pg", "pagenum", "page_num", "pageno", "page_no", "pagenumber", "page_number", "currentpage", "current_page",
		"sayfa", "safhe", "cpage", "reviewpage", "review_page", "reviews_page", "reviewspage", "commentpage", "comment_page", "comment-page",
		"per_page", "perpage", "page_size", "pagesize", "limit":
		return true
	case "start", "offset", "from", "skip", "cp":
		return small(value)
	case "sort", "sortby", "sort_by", "order", "orderby", "order_by", "dir", "siralama", "sirala", "stars", "star", "tab", "view":
		return true
	}
	return false
}

// small holds for numbers that can count pages or places.
func small(v string) bool {
	if v == "" || len(v) > 5 {
		return false
	}
	return strings.Trim(v, "0123456789") == ""
}
