package calendar

import "time"

// turkishHolidays follow Law 2429 on national days and general holidays (1981,
// with those of 1 May by Law 5892 and 15 July by Law 6752). The half days before
// a holiday are no holidays here.
func turkishHolidays() []fact {
	return []fact{
		gregorian("new_year", 101, 101), gregorian("national_sovereignty", 423, 423), gregorian("labour_day", 501, 501),
		gregorian("youth_and_sports", 519, 519), gregorian("democracy_day", 715, 715), gregorian("victory_day", 830, 830),
		gregorian("republic_day", 1029, 1029), hijri("ramazan_bayrami", 1001, 1003), hijri("kurban_bayrami", 1210, 1213),
	}
}

// turkishTimes are when Turkish shops, couriers and readers are known to be out
// of step. Of the sales days: 11.11 is the eleventh of November; Efsane Cuma is
// the day after the fourth Thursday of November, as in its country of origin.
// Its peak lasts to the Monday, its sales begin on Monday of its week, and what
// was ordered then is complained of until the Sunday of the next week. That
// order of things is ours and no law's.
func turkishTimes() []fact {
	return []fact{
		aroundHijri("ramazan_bayrami", 1001, 1003), aroundHijri("kurban_bayrami", 1210, 1213),
		{"efsane_cuma", func(d date) bool { return within(d.sinceEfsaneCuma(), 0, 3) }},
		{"efsane_week", func(d date) bool { return within(d.sinceEfsaneCuma(), -4, 9) }},
		gregorian("11_11", 1110, 1113), gregorian("new_year", 1231, 1231), gregorian("new_year", 101, 101),
		aroundHijri("ramadan", 901, 930),
	}
}

// sinceEfsaneCuma counts the days since the day after the fourth Thursday of
// November of the same year, negative before it.
func (d date) sinceEfsaneCuma() int {
	november := time.Date(d.noon.Year(), time.November, 1, 12, 0, 0, 0, time.UTC)
	thursday := 1 + (int(time.Thursday-november.Weekday())+7)%7 + 21
	return d.noon.YearDay() - (november.YearDay() + thursday)
}

func within(n, from, to int) bool { return n >= from && n <= to }

// iranianHolidays follow the law on official holidays of Iran (1980 and later
// changes), which names days of the Jalali and of the Hijri calendar.
func iranianHolidays() []fact {
	return []fact{
		jalali("nowruz", 101, 104), jalali("islamic_republic_day", 112, 112), jalali("nature_day", 113, 113), jalali("death_of_khomeini", 314, 314),
		jalali("15_khordad", 315, 315), jalali("revolution_day", 1122, 1122), jalali("oil_nationalisation", 1229, 1229),
		hijri("tasua", 109, 109), hijri("ashura", 110, 110), hijri("arbaeen", 220, 220), hijri("death_of_the_prophet", 228, 228),
		// The last day of Safar, which the tabular calendar always gives 29 days.
		hijri("martyrdom_of_reza", 229, 229), hijri("martyrdom_of_hasan_askari", 308, 308), hijri("birth_of_the_prophet", 317, 317),
		hijri("martyrdom_of_fatima", 603, 603), hijri("birth_of_ali", 713, 713), hijri("mabath", 727, 727), hijri("birth_of_mahdi", 815, 815),
		hijri("martyrdom_of_ali", 921, 921), hijri("eid_fitr", 1001, 1002), hijri("martyrdom_of_sadiq", 1025, 1025),
		hijri("eid_adha", 1210, 1210), hijri("eid_ghadir", 1218, 1218),
	}
}

// iranianTimes are when Iranian shops, couriers and readers are known to be out
// of step: Nowruz until its thirteenth day, Yalda on the last evening of autumn,
// the mourning of Muharram, both Eids and Ramadan.
func iranianTimes() []fact {
	return []fact{
		aroundHijri("eid_fitr", 1001, 1002), aroundHijri("muharram", 109, 110), aroundHijri("eid_adha", 1210, 1210),
		jalali("nowruz", 101, 113), jalali("yalda", 930, 930), aroundHijri("ramadan", 901, 930),
	}
}
