package brand

import (
	"slices"
	"strings"
)

// How far the words stand that tell a brand from the common word it looks like.
const contextReach = 4

// meant tells whether a name that is also a common word names the brand at
// words[i]. An apostrophe, a tag or an address say so, and so does a capital within
// a sentence; one that opens a sentence does unless an order follows ("Getir
// bana"). Scripts without capitals need a word of trade nearby.
func (p phrase) meant(words []word, i int) bool {
	w := words[i]
	switch {
	case !w.capital:
		return false
	case w.sure || len(w.forms) > 1 || w.cased && !w.first:
		return true
	case w.cased:
		next := i + len(p.words)
		return next >= len(words) || !words[next].close || !slices.ContainsFunc(orders(), words[next].is)
	}
	for j := max(0, i-contextReach); j < min(len(words), i+len(p.words)+contextReach); j++ {
		if (j < i || j >= i+len(p.words)) && words[j].ofTrade() {
			return true
		}
	}
	return false
}

// orders are the words, folded, behind a verb that gives an order.
func orders() []string {
	return []string{"bana", "bize", "ona", "onu", "onlari", "sunu", "bunu", "hemen", "lutfen", "artik", "gotur", "surayi", "buraya"}
}

// ofTrade tells whether a word is about buying, ordering or a service.
func (w word) ofTrade() bool {
	whole := w.forms[len(w.forms)-1]
	return slices.ContainsFunc(tradeStems(), func(stem string) bool { return strings.HasPrefix(whole, stem) })
}

// tradeStems are the beginnings, folded, of Persian words of trade: the languages
// with capitals need none.
func tradeStems() []string {
	return []string{
		"خرید", "خریدم", "میخرم", "سفارش", "اگهی", "اپ", "اپلیکیشن", "برنامه", "سایت", "پشتیبان", "راننده", "سفر", "تخفیف", "فروشنده", "فروشگاه",
		"کلاهبردار", "مشتری", "اکانت", "حساب", "نصب", "پول", "قیمت", "ارسال", "پیک", "مرجوع", "شرکت", "کرایه", "پرداخت", "کیف", "ثبتنام", "خدمات",
	}
}
