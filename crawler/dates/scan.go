package dates

import (
	"errors"
	"fmt"
)

// fields is what the tokens say, before it is made one moment.
type fields struct {
	order Options

	year, month, day int
	yearDigits       int8 // 0: no year told
	named, jalali    bool // the month has a name, a Jalali one
	slashed          bool // month and day are numbers whose order is not certain
	weekday          int
	hasWeekday       bool

	hour, minute, second, nano int
	clock                      clock
	meridiem                   int // 0 none, 1 before noon, 13 after noon

	offset    int // minutes east of UTC
	hasOffset bool

	span           span
	amount         amount
	ago, last, now bool
	dayWord        int
	hasDayWord     bool
	bar            bool // a separator was seen: what follows may be another thing
}

// clock says how exactly the time of day was told.
type clock uint8

const (
	noClock clock = iota
	hourClock
	minuteClock
	secondClock
)

var (
	errTwice = errors.New("says the same part twice")
	errOrder = errors.New("numbers make no date")
)

// scan goes once over the tokens; every matcher returns how many it used.
func (f *fields) scan(ts []token) error {
	for i := 0; i < len(ts); {
		n, err := f.step(ts, i)
		if err != nil {
			return err
		}
		if n == 0 {
			return nil
		}
		i += n
	}
	if f.amount.set {
		return errors.New("an amount without its unit")
	}
	return nil
}

// step takes the tokens from i on that belong together; 0 ends the date.
func (f *fields) step(ts []token, i int) (int, error) {
	t := ts[i]
	switch t.class {
	case number:
		return f.number(ts, i)
	case punctuation:
		return f.punctuation(ts, i)
	case unknown:
		if f.bar && f.complete() {
			return 0, nil
		}
		return 0, errors.New("has a word that belongs to no date")
	case month, jalaliMonth:
		if f.month != 0 {
			return 0, errTwice
		}
		f.month, f.named, f.jalali = t.value, true, t.class == jalaliMonth
	case weekday:
		f.weekday, f.hasWeekday = t.value, true
	case zoneWord:
		f.offset, f.hasOffset = t.value, true
	case noise:
		if t.value > 0 && i+1 < len(ts) && (ts[i+1].class == unit || ts[i+1].class == hour) {
			f.amount = amount{n: t.value, set: true} // "on dakika önce"
		}
	case clockT:
	default:
		return f.relative(ts, i)
	}
	return 1, nil
}

func (f *fields) complete() bool {
	return f.month != 0 && f.day != 0 || f.span.parts > 0 && f.ago || f.hasDayWord || f.now
}

// number tries what can begin with a number, longest first.
func (f *fields) number(ts []token, i int) (int, error) {
	if f.amount.set {
		return 0, errTwice
	}
	t := ts[i]
	if n, err := f.clockTime(ts, i); n > 0 || err != nil {
		return n, err
	}
	if n, err := f.numericDate(ts, i); n > 0 || err != nil {
		return n, err
	}
	if n, err := f.compact(ts, i); n > 0 || err != nil {
		return n, err
	}
	if i+1 < len(ts) {
		switch next := ts[i+1]; next.class {
		case unit, hour:
			if next.class == hour && !f.spanFollows(ts, i+1) {
				break
			}
			if t.digits > 5 {
				return 0, errOrder
			}
			f.amount = amount{n: t.value, set: true}
			return 1, nil
		case meridiem:
			return 1, f.setClock(t.value, 0, 0, hourClock)
		}
	}
	return 1, f.bare(t)
}

// bare takes a number by itself: a year by its four digits, else day, else a
// year of two digits.
func (f *fields) bare(t token) error {
	switch {
	case t.digits == 4 && f.year == 0:
		f.year, f.yearDigits = t.value, 4
	case t.digits <= 2 && f.day == 0:
		f.day = t.value
	case t.digits == 2 && f.year == 0 && f.month != 0 && !f.jalali:
		f.year, f.yearDigits = t.value, 2
	default:
		return errOrder
	}
	return nil
}

func (f *fields) punctuation(ts []token, i int) (int, error) {
	switch t := ts[i]; t.mark {
	case '+', '-':
		return f.zoneOffset(ts, i)
	case '|':
		f.bar = true
	case ',', '.', '/', ':', '@', '~', '#':
	default:
		return 0, fmt.Errorf("has %q in it", t.mark)
	}
	return 1, nil
}
