package schemaorg

import (
	"strconv"
	"strings"

	"feryat/mention"
)

// rating reads the stars of a statement: a Rating, a number, or a text such as
// "4/5", "4,5", "80%", "۴ از ۵" or "★★★★☆". Of several the one that is not
// about a single aspect counts. The scale is 1 to 5 unless told; a greater
// number without a scale is out of 10 or 100, and one below it is what sites put
// where nobody gave stars.
func rating(n *Node) *mention.Rating {
	var fallback *mention.Rating
	for _, v := range n.values("reviewrating", "rating", "ratingvalue") {
		r := v.rating()
		if r == nil {
			continue
		}
		if v.node == nil || len(v.node.values("reviewaspect")) == 0 {
			return r
		}
		if fallback == nil {
			fallback = r
		}
	}
	return fallback
}

func (v value) rating() *mention.Rating {
	if v.node == nil {
		if r := parseRating(v.text); r != nil {
			return r.scaled("", "")
		}
		if r := parseRating(v.read()); r != nil {
			return r.scaled("", "")
		}
		return nil
	}
	for _, name := range [...]string{"ratingvalue", "value", "rating", "average", "name"} {
		for _, inner := range v.node.values(name) {
			for _, s := range [...]string{inner.text, inner.read()} {
				if r := parseRating(s); r != nil {
					return r.scaled(v.node.string("worstrating", "worst"), v.node.string("bestrating", "best"))
				}
			}
		}
	}
	return nil
}

// stars is a rating before its scale is settled; best 0 means not told.
type stars struct{ value, worst, best float64 }

// scaled applies the scale that the page tells beside the value.
func (s *stars) scaled(worst, best string) *mention.Rating {
	r := &mention.Rating{Value: s.value, Worst: 1, Best: 5}
	if s.best != 0 {
		r.Worst, r.Best = s.worst, s.best
	}
	told := s.best != 0
	if n := numbers(best); len(n) == 1 {
		r.Best, told = n[0], true
	}
	if n := numbers(worst); len(n) == 1 {
		r.Worst = n[0]
	} else if r.Value < r.Worst {
		return nil
	}
	switch {
	case told || r.Value <= 5:
	case r.Value <= 10:
		r.Best = 10
	case r.Value <= 100:
		r.Worst, r.Best = 0, 100
	}
	if r.Best <= r.Worst || r.Value > 1e6 || r.Best > 1e6 {
		return nil
	}
	return r
}

// parseRating reads the first number of a short text, and the second where it
// is the scale.
func parseRating(s string) *stars {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > 60 {
		return nil
	}
	if full := strings.Count(s, "★"); full > 0 {
		if empty := strings.Count(s, "☆"); full+empty <= 10 {
			return &stars{float64(full), 1, max(5, float64(full+empty))}
		}
	}
	n := numbers(s)
	switch {
	case len(n) == 0:
		return nil
	case len(n) == 1 && strings.ContainsAny(s, "%٪"):
		return &stars{n[0], 0, 100}
	case len(n) == 2 && strings.Contains(s, "üzerinden"): // "5 üzerinden 4"
		return &stars{n[1], 1, n[0]}
	case len(n) == 2 && n[1] >= n[0] && n[1] > 1 && outOf(s):
		return &stars{n[0], 1, n[1]}
	case len(n) == 1:
		return &stars{value: n[0]}
	}
	return nil
}

// outOf tells "4 of 5" from two numbers that happen to stand together.
func outOf(s string) bool {
	for _, word := range [...]string{"/", " of ", " از ", " من "} {
		if strings.Contains(s, word) {
			return true
		}
	}
	return false
}

// numbers reads up to three numbers of a text, digits of any of three scripts,
// with a point or a comma before the fraction.
func numbers(s string) []float64 {
	var list []float64
	var b []byte
	flush := func() {
		if n, err := strconv.ParseFloat(strings.TrimRight(string(b), "."), 64); err == nil && len(list) < 3 {
			list = append(list, n)
		}
		b = b[:0]
	}
	for _, r := range s {
		switch d := digit(r); {
		case d >= 0:
			b = append(b, byte('0'+d))
		case (r == '.' || r == ',' || r == '٫') && len(b) > 0 && !strings.Contains(string(b), "."):
			b = append(b, '.')
		case r == '-' && len(b) == 0:
			b = append(b, '-')
		default:
			flush()
		}
	}
	flush()
	return list
}

func digit(r rune) int {
	switch {
	case r >= '0' && r <= '9':
		return int(r - '0')
	case r >= '۰' && r <= '۹':
		return int(r - '۰')
	case r >= '٠' && r <= '٩':
		return int(r - '٠')
	}
	return -1
}

// number is a count; 0 when there is none.
func number(n *Node, names ...string) int64 {
	if list := numbers(n.string(names...)); len(list) == 1 && list[0] > 0 && list[0] < 1e15 {
		return int64(list[0])
	}
	return 0
}

// interactions reads likes, shares and views, told as counters of actions.
func (s *Statement) interactions(n *Node) {
	s.Likes = number(n, "upvotecount")
	for _, v := range n.values("interactionstatistic", "interactioncount") {
		if v.node == nil {
			continue
		}
		count := number(v.node, "userinteractioncount", "interactioncount")
		kind := v.node.node("interactiontype")
		name := v.node.string("interactiontype")
		if kind != nil && len(kind.types) > 0 {
			name = kind.types[0]
		}
		switch local(name) {
		case "likeaction", "agreeaction", "voteaction", "userlikes":
			s.Likes = max(s.Likes, count)
		case "shareaction":
			s.Shares = count
		case "viewaction", "readaction", "watchaction":
			s.Views = count
		case "commentaction", "replyaction":
			s.Replies = max(s.Replies, count)
		}
	}
}
