package dashboards

import (
	"fmt"
	"slices"
	"strings"
)

// timespan is a time in whole hours: what roll-ups know. Figures are of the hours that are shown, first and last in full;
// lists are of the seconds.
type timespan struct{ from, to string }

// Spans of figures: the hours shown, and those with as many before them.
const (
	firstHour  = "toStartOfHour($__fromTime, 'UTC')"
	endOfHours = "toStartOfHour($__toTime, 'UTC') + 3600"
	hoursTwice = "toStartOfHour($__fromTime - (toUnixTimestamp($__toTime) - toUnixTimestamp($__fromTime)), 'UTC')"
)

func hours() timespan      { return timespan{firstHour, endOfHours} }
func hoursAgain() timespan { return timespan{hoursTwice, endOfHours} }

// days narrow to the partitions that hold the timespan.
func (s timespan) days() string {
	return "day >= toDate(" + s.from + ", 'UTC') AND day <= toDate(" + s.to + " - 1, 'UTC')"
}

func (s timespan) on(column string) string {
	return column + " >= " + s.from + " AND " + column + " < " + s.to
}

// counting says what is counted: each mention once for each value of by and, with codes, for each code it has.
type counting struct {
	timespan
	by    []string // of brand, source, language
	codes string   // topics, praise, customer or signals
	view  string   // what narrows by brand, source and language
	rest  string   // what narrows further; while it does, hours cannot answer
}

// ofChoice counts what the variables of a dashboard of opinions select.
func ofChoice(s timespan, by ...string) counting {
	return counting{timespan: s, by: by, view: byBrand + " AND " + bySource + " AND " + byLanguage, rest: byProduct + " AND " + byOpinion}
}

func (c counting) each(codes string) counting {
	c.codes = codes
	return c
}

// from makes a table with the columns at, mood (the worst, as the chosen brands see it), unknown (one of them sees it so),
// mentions, ratings, rating_sum, those of by, and code. It reads the hours of rollup_hour; the mentions themselves for days that
// changed since, and for what hours do not have: products, topics, filters on further columns.
func (m maker) from(c counting) string {
	quick := unfiltered
	if c.rest != "" {
		quick = m.quick()
	}
	return "\n(\n  " + c.rolled(quick) + "\n  UNION ALL\n  " + c.told(quick) + "\n)"
}

// unfiltered says that the reader has no filters on further columns.
const unfiltered = "empty(getSetting('additional_table_filters'))"

// quick says that hours can answer; the server reads neither part without need, for it is a constant to it.
func (m maker) quick() string {
	terms := []string{unfiltered}
	for _, v := range []string{"product", "topic"} {
		if slices.Contains(m.keep, v) {
			terms = append(terms, "$__conditionalAll(1=0, $"+v+")")
		}
	}
	return strings.Join(terms, " AND ")
}

func (s timespan) stale() string {
	return "(SELECT day FROM feryat.v_stale_days WHERE " + s.days() + ")"
}

// worst is the order of moods by which that of a mention of several brands is told.
func worst(mood string) string { return "indexOf([" + moodList() + "], " + mood + ")" }

func (c counting) rolled(quick string) string {
	// part are the places of the views that count for a row.
	part, join, joined, n := "hit", "", "", "mentions"
	columns := ""
	names, arrays, same := []string{"h"}, []string{"hit"}, []string{"h"}
	if len(c.by) > 0 {
		join += "\n  ARRAY JOIN arrayDistinct(arrayFilter((v, h) -> h, arrayZip(" + strings.Join(plurals(c.by), ", ") + "), hit)) AS group"
		joined += "group, "
		for i, name := range c.by {
			columns += fmt.Sprintf("group.%d AS %s, ", i+1, name)
			names, arrays, same = append(names, name), append(arrays, name+"s"), append(same, fmt.Sprintf("%s = group.%d", name, i+1))
		}
	}
	if c.codes != "" {
		join = "\n  ARRAY JOIN " + c.codes + " AS pair" + join
		columns, joined, n = columns+"pair.1 AS code, ", joined+"pair, ", "pair.3"
		names, arrays, same = append(names, "place"), append(arrays, "arrayEnumerate(hit)"), append(same, "bitTest(pair.2, place - 1)")
	}
	if len(names) > 1 {
		part = "arrayMap((" + strings.Join(names, ", ") + ") -> " + strings.Join(same, " AND ") + ", " + strings.Join(arrays, ", ") + ")"
	}
	return "SELECT " + columns + "at, [" + moodList() + "][arrayMin(arrayMap((v, p) -> if(p, " + worst("v") + ", 99), moods, part))] AS mood,\n    arrayExists((v, p) -> p AND v = 'unknown', moods, part) AS unknown, n AS mentions, ratings, rating_sum" +
		"\n  FROM\n  (\n    SELECT *, " + joined + part + " AS part, " + n + " AS n\n    FROM (SELECT *, arrayMap((brand, source, language) -> " + c.view + ", brands, sources, languages) AS hit FROM feryat.rollup_hour\n      WHERE " +
		quick + " AND " + c.days() + " AND " + c.on("at") + " AND day NOT IN " + c.stale() + ")" + join + "\n  )\n  WHERE has(part, 1)"
}

func plurals(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = s + "s"
	}
	return out
}

func (c counting) told(quick string) string {
	columns, keys := "", append([]string{"id"}, c.by...)
	for _, name := range c.by {
		columns += name + ", "
	}
	if c.codes != "" {
		columns += "code, "
		keys = append(keys, "code")
	}
	where := "from_customer AND " + c.days() + " AND " + c.on("written") + " AND (NOT (" + quick + ") OR day IN " + c.stale() + ")\n      AND " + c.view
	if c.rest != "" {
		where += " AND " + c.rest
	}
	inner := "id, written, rating, mood AS seen, brand, source, language"
	if c.codes != "" {
		inner += ", arrayJoin(arrayConcat(if(notEmpty(" + c.codes + "), [''], []), arrayFilter(x -> x != '', arrayDistinct(" + c.codes + "))::Array(String))) AS code"
	}
	return "SELECT " + columns + "any(written) AS at, argMin(seen, " + worst("seen") + ") AS mood, max(seen = 'unknown') AS unknown, toUInt64(1) AS mentions, toUInt64(count(rating) > 0) AS ratings, ifNull(any(rating), 0) AS rating_sum" +
		"\n  FROM (SELECT " + inner + " FROM feryat.v_mentions\n    WHERE " + where + ")\n  GROUP BY " + strings.Join(keys, ", ")
}

// listed is a list of the newest mentions that a condition selects, no more than limit. Their keys come first, for the texts
// of all that is sorted would take many times as long. Since is where to begin looking, a time in SQL. A mention that many brands
// see is as many rows before it is one, hence the more generous first limit: where all mentions are so, fewer are listed.
func listed(columns, condition, since string, limit int) string {
	days := "day >= toDate(" + since + ", 'UTC') AND day <= toDate($__toTime, 'UTC')"
	return "SELECT " + columns + "\nFROM feryat.v_mentions\nWHERE " + days + " AND (brand, day, id) IN\n(\n  SELECT brand, day, id\n  FROM\n  (\n    SELECT brand, day, id, written\n    FROM feryat.v_brief\n    WHERE " + days +
		" AND written >= " + since + " AND " + condition + fmt.Sprintf("\n    ORDER BY written DESC, id, brand\n    LIMIT %d\n  )\n  ORDER BY written DESC, id, brand\n  LIMIT 1 BY id\n  LIMIT %d\n)\nORDER BY written DESC, id, brand", 10*limit, limit)
}

// since is an hour from which on there are as many as limit; the time shown from its beginning where hours do not know of
// so many. Days that changed do not count, so that it is never too late; nor does the hour that is not over.
func (m maker) since(c counting, condition string, limit int) string {
	c.timespan = timespan{firstHour, "toStartOfHour($__toTime, 'UTC')"}
	return "greatest($__fromTime, (SELECT max(at) FROM (SELECT at, sum(sum(mentions)) OVER (ORDER BY at DESC) AS sofar FROM (" + c.rolled(m.quick()) + ") WHERE " + condition +
		fmt.Sprintf(" GROUP BY at) WHERE sofar >= %d))", limit)
}
