package dates

import (
	"errors"
	"time"
)

// span is a relative time: the sum of its parts.
type span struct {
	clock       time.Duration
	days        int
	months      int
	parts       int
	finest      int // unit
	approximate bool
	short       bool
}

// amount is a number that waits for its unit.
type amount struct {
	n         int
	few, half bool
	set       bool
}

// relative takes the words of spans and of days named from today.
func (f *fields) relative(ts []token, i int) (int, error) {
	t := ts[i]
	switch t.class {
	case unit:
		if f.decorates(ts, i) {
			return 1, nil
		}
		return 1, f.addUnit(t)
	case hour:
		if f.amount.set || i+1 < len(ts) && (ts[i+1].class == ago || ts[i+1].class == last) {
			return 1, f.addUnit(t)
		}
		return f.atHour(ts, i)
	case count:
		f.amount.n, f.amount.set = t.value, true
	case half:
		f.amount.half, f.amount.set = true, true
	case few:
		f.amount = amount{n: t.value, few: true, set: true}
		if t.short { // the word holds its unit: "دقایقی"
			f.amount.n = 3
			return 1, f.addUnit(token{class: unit, value: t.value})
		}
	case ago:
		f.ago = true
	case last:
		f.last = true
	case dayWord:
		f.dayWord, f.hasDayWord = t.value, true
	case nowWord:
		f.now, f.amount = true, amount{} // "a moment", "یک لحظه"
	case meridiem:
		f.meridiem = t.value + 1
	}
	return 1, nil
}

// decorates tells a unit that measures nothing from one that does: "evvelsi gün",
// "آذر ماه", "سال ۱۴۰۴", "روز جمعه".
func (f *fields) decorates(ts []token, i int) bool {
	if f.amount.set {
		return false
	}
	next := token{}
	if i+1 < len(ts) {
		next = ts[i+1]
	}
	switch ts[i].value {
	case day:
		return f.hasDayWord || next.class == weekday
	case monthUnit:
		return f.month != 0
	case year:
		return next.digits == 4
	}
	return false
}

// atHour reads the number after "saat" or "ساعت" when it is no full clock time.
func (f *fields) atHour(ts []token, i int) (int, error) {
	full := i+3 < len(ts) && (ts[i+2].is(':') || ts[i+2].is('.')) && ts[i+3].number()
	if i+1 < len(ts) && ts[i+1].number() && ts[i+1].digits <= 2 && !full {
		return 2, f.setClock(ts[i+1].value, 0, 0, hourClock)
	}
	return 1, nil
}

func (f *fields) addUnit(t token) error {
	a, u, s := f.amount, t.value, &f.span
	f.amount = amount{}
	if !a.set {
		a.n = 1 // "geçen hafta", "هفته پیش"
	}
	if a.n > 10000 {
		return errors.New("too long ago")
	}
	if u == hourOrWeek {
		u = hourUnit
		if f.order.Language == "tr" {
			u = week
		}
	}
	if a.half {
		u = s.addHalf(u)
	} else {
		s.add(a.n, u)
	}
	if s.parts == 0 || u < s.finest {
		s.finest = u
	}
	s.approximate = s.approximate || a.few
	s.short = t.short || s.short
	s.parts++
	return nil
}

func (s *span) add(n, u int) {
	switch u {
	case second:
		s.clock += time.Duration(n) * time.Second
	case minute:
		s.clock += time.Duration(n) * time.Minute
	case hourUnit:
		s.clock += time.Duration(n) * time.Hour
	case day:
		s.days += n
	case week:
		s.days += 7 * n
	case monthUnit:
		s.months += n
	case year:
		s.months += 12 * n
	}
}

// addHalf adds half a unit and tells in which finer unit that is.
func (s *span) addHalf(u int) int {
	switch u {
	case minute:
		s.add(30, second)
	case hourUnit:
		s.add(30, minute)
	case day:
		s.add(12, hourUnit)
	case week:
		s.add(3, day)
	case monthUnit:
		s.add(15, day)
		return day
	case year:
		s.add(6, monthUnit)
	}
	return max(u-1, second)
}

// spanFollows tells "3 saat önce" from "12 Mart 2024 saat 14:30".
func (f *fields) spanFollows(ts []token, i int) bool {
	for _, t := range ts[i+1:] {
		if t.class == ago || t.class == last {
			return true
		}
		if t.is(':') {
			return false
		}
	}
	return false
}
