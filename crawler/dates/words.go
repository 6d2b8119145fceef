package dates

// class is what a word does in a date.
type class uint8

const (
	unknown     class = iota
	punctuation       //
	number            // digits
	noise             // "on", "saat", "ساعت": says nothing of its own
	month             // Gregorian, 1 to 12
	jalaliMonth       // 1 to 12
	weekday           // time.Weekday
	unit              // of a span, see below
	hour              // "saat", "ساعت": the unit, or "at" before a clock time
	count             // "bir", "یک", "an"
	few               // "birkaç", "چند"
	half              // "yarım", "نیم"
	ago               // "önce", "پیش"
	last              // "geçen", "گذشته", "last"
	dayWord           // days from today
	nowWord           // "just now", "az önce"
	meridiem          // 0 before noon, 12 after
	zoneWord          // minutes east of UTC
	clockT            // the T between date and time
)

// Units, finest first. Those below day are spans of the clock.
const (
	second = iota
	minute
	hourUnit
	day
	week
	monthUnit
	year
	hourOrWeek // "h": an hour, in Turkish a week (hafta)
)

// entry is one word with what it means.
type entry struct {
	class class
	value int
	short bool // may stand without "ago": "3d", "5 dk"
}

// words holds every word known, folded (see fold). Sources: the calendars' own
// names; Dari uses the names of the zodiac.
var words = map[string]entry{ //nolint:gochecknoglobals // a constant; Go has no constant maps
	// Turkish and English months; "mar" and "may" serve both languages
	"ocak": {month, 1, false}, "oca": {month, 1, false}, "january": {month, 1, false}, "jan": {month, 1, false},
	"subat": {month, 2, false}, "sub": {month, 2, false}, "february": {month, 2, false}, "feb": {month, 2, false},
	"mart": {month, 3, false}, "mar": {month, 3, false}, "march": {month, 3, false},
	"nisan": {month, 4, false}, "nis": {month, 4, false}, "april": {month, 4, false}, "apr": {month, 4, false},
	"mayis": {month, 5, false}, "may": {month, 5, false},
	"haziran": {month, 6, false}, "haz": {month, 6, false}, "june": {month, 6, false}, "jun": {month, 6, false},
	"temmuz": {month, 7, false}, "tem": {month, 7, false}, "july": {month, 7, false}, "jul": {month, 7, false},
	"agustos": {month, 8, false}, "agu": {month, 8, false}, "august": {month, 8, false}, "aug": {month, 8, false},
	"eylul": {month, 9, false}, "eyl": {month, 9, false}, "september": {month, 9, false}, "sep": {month, 9, false}, "sept": {month, 9, false},
	"ekim": {month, 10, false}, "eki": {month, 10, false}, "october": {month, 10, false}, "oct": {month, 10, false},
	"kasim": {month, 11, false}, "kas": {month, 11, false}, "november": {month, 11, false}, "nov": {month, 11, false},
	"aralik": {month, 12, false}, "ara": {month, 12, false}, "december": {month, 12, false}, "dec": {month, 12, false},
	// Gregorian months in Persian, Dari and Arabic
	"ژانویه": {month, 1, false}, "جنوری": {month, 1, false}, "ینایر": {month, 1, false},
	"فوریه": {month, 2, false}, "فبروری": {month, 2, false}, "فبرایر": {month, 2, false},
	"مارس": {month, 3, false}, "مارچ": {month, 3, false},
	"اوریل": {month, 4, false}, "اپریل": {month, 4, false}, "ابریل": {month, 4, false},
	"مه": {month, 5, false}, "می": {month, 5, false}, "مایو": {month, 5, false},
	"ژوین": {month, 6, false}, "جون": {month, 6, false}, "یونیو": {month, 6, false},
	"ژوییه": {month, 7, false}, "جولای": {month, 7, false}, "یولیو": {month, 7, false},
	"اوت": {month, 8, false}, "اگوست": {month, 8, false}, "اگست": {month, 8, false}, "اغسطس": {month, 8, false},
	"سپتامبر": {month, 9, false}, "سپتمبر": {month, 9, false}, "سبتمبر": {month, 9, false},
	"اکتبر": {month, 10, false}, "اکتوبر": {month, 10, false},
	"نوامبر": {month, 11, false}, "نومبر": {month, 11, false}, "نوفمبر": {month, 11, false},
	"دسامبر": {month, 12, false}, "دسمبر": {month, 12, false}, "دیسمبر": {month, 12, false},
	// Jalali months: Iran, Dari, Latin transcription
	"فروردین": {jalaliMonth, 1, false}, "حمل": {jalaliMonth, 1, false}, "farvardin": {jalaliMonth, 1, false},
	"اردیبهشت": {jalaliMonth, 2, false}, "ثور": {jalaliMonth, 2, false}, "ordibehesht": {jalaliMonth, 2, false},
	"خرداد": {jalaliMonth, 3, false}, "جوزا": {jalaliMonth, 3, false}, "khordad": {jalaliMonth, 3, false},
	"تیر": {jalaliMonth, 4, false}, "سرطان": {jalaliMonth, 4, false}, "tir": {jalaliMonth, 4, false},
	"مرداد": {jalaliMonth, 5, false}, "امرداد": {jalaliMonth, 5, false}, "اسد": {jalaliMonth, 5, false}, "mordad": {jalaliMonth, 5, false},
	"شهریور": {jalaliMonth, 6, false}, "سنبله": {jalaliMonth, 6, false}, "shahrivar": {jalaliMonth, 6, false},
	"مهر": {jalaliMonth, 7, false}, "میزان": {jalaliMonth, 7, false}, "mehr": {jalaliMonth, 7, false},
	"ابان": {jalaliMonth, 8, false}, "عقرب": {jalaliMonth, 8, false}, "aban": {jalaliMonth, 8, false},
	"اذر": {jalaliMonth, 9, false}, "قوس": {jalaliMonth, 9, false}, "azar": {jalaliMonth, 9, false},
	"دی": {jalaliMonth, 10, false}, "جدی": {jalaliMonth, 10, false}, "dey": {jalaliMonth, 10, false},
	"بهمن": {jalaliMonth, 11, false}, "دلو": {jalaliMonth, 11, false}, "bahman": {jalaliMonth, 11, false},
	"اسفند": {jalaliMonth, 12, false}, "حوت": {jalaliMonth, 12, false}, "esfand": {jalaliMonth, 12, false},
	// weekdays
	"pazar": {weekday, 0, false}, "paz": {weekday, 0, false}, "sunday": {weekday, 0, false}, "sun": {weekday, 0, false}, "یکشنبه": {weekday, 0, false},
	"pazartesi": {weekday, 1, false}, "pzt": {weekday, 1, false}, "monday": {weekday, 1, false}, "mon": {weekday, 1, false}, "دوشنبه": {weekday, 1, false},
	"sali": {weekday, 2, false}, "sal": {weekday, 2, false}, "tuesday": {weekday, 2, false}, "tue": {weekday, 2, false}, "tues": {weekday, 2, false}, "سهشنبه": {weekday, 2, false},
	"carsamba": {weekday, 3, false}, "car": {weekday, 3, false}, "crs": {weekday, 3, false}, "wednesday": {weekday, 3, false}, "wed": {weekday, 3, false}, "چهارشنبه": {weekday, 3, false}, "چارشنبه": {weekday, 3, false},
	"persembe": {weekday, 4, false}, "per": {weekday, 4, false}, "prs": {weekday, 4, false}, "thursday": {weekday, 4, false}, "thu": {weekday, 4, false}, "thur": {weekday, 4, false}, "thurs": {weekday, 4, false}, "پنجشنبه": {weekday, 4, false},
	"cuma": {weekday, 5, false}, "cum": {weekday, 5, false}, "friday": {weekday, 5, false}, "fri": {weekday, 5, false}, "جمعه": {weekday, 5, false}, "ادینه": {weekday, 5, false},
	"cumartesi": {weekday, 6, false}, "cmt": {weekday, 6, false}, "saturday": {weekday, 6, false}, "sat": {weekday, 6, false}, "شنبه": {weekday, 6, false},
	// units
	"saniye": {unit, second, false}, "sn": {unit, second, true}, "second": {unit, second, false}, "seconds": {unit, second, false}, "sec": {unit, second, true}, "secs": {unit, second, true}, "s": {unit, second, true}, "ثانیه": {unit, second, false},
	"dakika": {unit, minute, false}, "dk": {unit, minute, true}, "dak": {unit, minute, true}, "minute": {unit, minute, false}, "minutes": {unit, minute, false}, "min": {unit, minute, true}, "mins": {unit, minute, true}, "m": {unit, minute, true}, "دقیقه": {unit, minute, false},
	"saat": {hour, hourUnit, false}, "sa": {unit, hourUnit, true}, "hour": {unit, hourUnit, false}, "hours": {unit, hourUnit, false}, "hr": {unit, hourUnit, true}, "hrs": {unit, hourUnit, true}, "h": {unit, hourOrWeek, true}, "ساعت": {hour, hourUnit, false}, "ساعته": {unit, hourUnit, false},
	"gun": {unit, day, false}, "g": {unit, day, true}, "day": {unit, day, false}, "days": {unit, day, false}, "d": {unit, day, true}, "روز": {unit, day, false},
	"hafta": {unit, week, false}, "hf": {unit, week, true}, "week": {unit, week, false}, "weeks": {unit, week, false}, "wk": {unit, week, true}, "wks": {unit, week, true}, "w": {unit, week, true}, "هفته": {unit, week, false},
	"ay": {unit, monthUnit, false}, "month": {unit, monthUnit, false}, "months": {unit, monthUnit, false}, "mo": {unit, monthUnit, true}, "mos": {unit, monthUnit, true}, "ماه": {unit, monthUnit, false},
	"yil": {unit, year, false}, "sene": {unit, year, false}, "year": {unit, year, false}, "years": {unit, year, false}, "yr": {unit, year, true}, "yrs": {unit, year, true}, "y": {unit, year, true}, "سال": {unit, year, false},
	// numbers
	"a": {count, 1, false}, "an": {count, 1, false}, "one": {count, 1, false}, "two": {count, 2, false}, "three": {count, 3, false}, "four": {count, 4, false}, "five": {count, 5, false}, "six": {count, 6, false}, "seven": {count, 7, false}, "eight": {count, 8, false}, "nine": {count, 9, false}, "ten": {count, 10, false},
	"bir": {count, 1, false}, "iki": {count, 2, false}, "uc": {count, 3, false}, "dort": {count, 4, false}, "bes": {count, 5, false}, "alti": {count, 6, false}, "yedi": {count, 7, false}, "sekiz": {count, 8, false}, "dokuz": {count, 9, false}, "on": {noise, 10, false},
	"یک": {count, 1, false}, "یه": {count, 1, false}, "دو": {count, 2, false}, "سه": {count, 3, false}, "چهار": {count, 4, false}, "پنج": {count, 5, false}, "شش": {count, 6, false}, "شیش": {count, 6, false}, "هفت": {count, 7, false}, "هشت": {count, 8, false}, "نه": {count, 9, false}, "ده": {count, 10, false},
	"few": {few, 3, false}, "several": {few, 3, false}, "couple": {few, 2, false}, "birkac": {few, 3, false}, "چند": {few, 3, false}, "چندین": {few, 3, false},
	"half": {half, 0, false}, "yarim": {half, 0, false}, "نیم": {half, 0, false},
	"دقایقی": {few, minute, true}, "ساعاتی": {few, hourUnit, true}, "ساعتی": {few, hourUnit, true},
	// before and now
	"ago": {ago, 0, false}, "back": {ago, 0, false}, "once": {ago, 0, false}, "evvel": {ago, 0, false}, "قبل": {ago, 0, false}, "پیش": {ago, 0, false},
	"last": {last, 0, false}, "past": {last, 0, false}, "previous": {last, 0, false}, "gecen": {last, 0, false}, "gectigimiz": {last, 0, false}, "گذشته": {last, 0, false},
	"today": {dayWord, 0, false}, "bugun": {dayWord, 0, false}, "امروز": {dayWord, 0, false},
	"yesterday": {dayWord, -1, false}, "dun": {dayWord, -1, false}, "دیروز": {dayWord, -1, false}, "دیشب": {dayWord, -1, false},
	"evvelsi": {dayWord, -2, false}, "evvelki": {dayWord, -2, false}, "onceki": {dayWord, -2, false}, "پریروز": {dayWord, -2, false},
	"now": {nowWord, 0, false}, "moment": {nowWord, 0, false}, "moments": {nowWord, 0, false}, "simdi": {nowWord, 0, false}, "demin": {nowWord, 0, false}, "az": {nowWord, 0, false}, "biraz": {nowWord, 0, false}, "su": {noise, 0, false}, "anda": {nowWord, 0, false},
	"لحظاتی": {nowWord, 0, false}, "لحظه": {nowWord, 0, false}, "لحظهای": {nowWord, 0, false}, "اکنون": {nowWord, 0, false}, "الان": {nowWord, 0, false}, "هماکنون": {nowWord, 0, false},
	// clock
	"am": {meridiem, 0, false}, "pm": {meridiem, 12, false}, "oo": {meridiem, 0, false}, "os": {meridiem, 12, false}, "صبح": {meridiem, 0, false}, "قظ": {meridiem, 0, false}, "بظ": {meridiem, 12, false}, "عصر": {meridiem, 12, false}, "بعدازظهر": {meridiem, 12, false},
	"t": {clockT, 0, false}, "z": {zoneWord, 0, false}, "utc": {zoneWord, 0, false}, "gmt": {zoneWord, 0, false}, "ut": {zoneWord, 0, false},
	"est": {zoneWord, -300, false}, "edt": {zoneWord, -240, false}, "cst": {zoneWord, -360, false}, "cdt": {zoneWord, -300, false}, "mst": {zoneWord, -420, false}, "mdt": {zoneWord, -360, false}, "pst": {zoneWord, -480, false}, "pdt": {zoneWord, -420, false},
	"trt": {zoneWord, 180, false}, "irst": {zoneWord, 210, false}, "irdt": {zoneWord, 270, false}, "cet": {zoneWord, 60, false}, "cest": {zoneWord, 120, false}, "eet": {zoneWord, 120, false}, "eest": {zoneWord, 180, false},
	// ordinals
	"st": {noise, 0, false}, "nd": {noise, 0, false}, "rd": {noise, 0, false}, "th": {noise, 0, false}, "ام": {noise, 0, false}, "م": {noise, 0, false},
	// words around a date
	"at": {noise, 0, false}, "of": {noise, 0, false}, "the": {noise, 0, false}, "and": {noise, 0, false}, "about": {noise, 0, false}, "over": {noise, 0, false}, "around": {noise, 0, false}, "almost": {noise, 0, false}, "just": {noise, 0, false}, "right": {noise, 0, false},
	"posted": {noise, 0, false}, "edited": {noise, 0, false}, "updated": {noise, 0, false}, "modified": {noise, 0, false}, "published": {noise, 0, false}, "written": {noise, 0, false}, "reviewed": {noise, 0, false}, "joined": {noise, 0, false}, "created": {noise, 0, false}, "date": {noise, 0, false},
	"tarih": {noise, 0, false}, "tarihi": {noise, 0, false}, "tarihinde": {noise, 0, false}, "tarihli": {noise, 0, false}, "gunu": {noise, 0, false}, "ayi": {noise, 0, false}, "ayinin": {noise, 0, false}, "yili": {noise, 0, false}, "saati": {noise, 0, false}, "saatlerinde": {noise, 0, false}, "de": {noise, 0, false}, "da": {noise, 0, false}, "te": {noise, 0, false}, "ta": {noise, 0, false}, "ve": {noise, 0, false}, "yaklasik": {noise, 0, false}, "tam": {noise, 0, false}, "henuz": {nowWord, 0, false},
	"duzenlendi": {noise, 0, false}, "duzenleme": {noise, 0, false}, "duzenlenme": {noise, 0, false}, "guncellendi": {noise, 0, false}, "guncelleme": {noise, 0, false}, "gonderildi": {noise, 0, false}, "gonderilme": {noise, 0, false}, "yazildi": {noise, 0, false}, "yayinlandi": {noise, 0, false}, "yayinlanma": {noise, 0, false}, "son": {noise, 0, false},
	"در": {noise, 0, false}, "تاریخ": {noise, 0, false}, "مورخ": {noise, 0, false}, "به": {noise, 0, false}, "و": {noise, 0, false}, "حدود": {noise, 0, false}, "حدودا": {noise, 0, false}, "همین": {noise, 0, false}, "هم": {noise, 0, false}, "شده": {noise, 0, false}, "ویرایش": {noise, 0, false}, "ارسال": {noise, 0, false}, "ثبت": {noise, 0, false}, "منتشر": {noise, 0, false}, "نوشته": {noise, 0, false}, "شد": {noise, 0, false}, "دقیقا": {noise, 0, false}, "شمسی": {noise, 0, false}, "میلادی": {noise, 0, false},
}
