//go:build growth

package dashboards

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"feryat/storage/engine"
	"feryat/storage/engine/enginetest"
)

// growthBatch is how many mentions one insert brings: as a backfill does, in the order of time.
const growthBatch = 250_000

// syllables of the made-up words; a word has one to five of them.
func syllables() map[string]string {
	return map[string]string{
		"tr": "ka la ma ra ta ye de ge se bu şı ğı çü lö kar göl tem yaz dur bil sor per ürü iş lar dan mış sız ıl ek",
		"fa": "با نا را می سا دا کا رو شو بد خو دی نی مر سل کن تم بر گر زم ها یی پس چه شد ین فر وش گا هی",
		"en": "re con ta ble der ing low ship ment par cel bro ken wa it ter ly pro duct ser vice ex pect un help ful ser pa ck age ti me",
	}
}

// vocabulary makes words of different lengths, the commoner the shorter, as in a language.
func vocabulary(lang string, n int) []string {
	random := rand.New(rand.NewPCG(7, uint64(len(lang)+n)))
	parts := strings.Fields(syllables()[lang])
	seen, words := map[string]bool{}, make([]string, 0, n)
	for len(words) < n {
		word := ""
		for range 1 + random.IntN(2) + len(words)*3/n + random.IntN(2) {
			word += parts[random.IntN(len(parts))]
		}
		if seen[word] {
			word += parts[random.IntN(len(parts))] + parts[random.IntN(len(parts))]
		}
		if !seen[word] {
			seen[word], words = true, append(words, word)
		}
	}
	return words
}

// grown is a store with n generated mentions over a span of time that ends now.
type grown struct {
	access engine.Access
	n      int
	span   time.Duration
	end    time.Time
	exec   func(sql string)
}

// fill makes mentions of six brands and eight sources in three languages: words by Zipf's law, products, authors and
// topics with a long tail, two brands in one of 25, replies by the brands, edits, deletions, corrections, escalations and visits.
func (g *grown) fill(t testing.TB) {
	t.Helper()
	g.exec = func(sql string) { enginetest.Exec(t, g.access, strings.ReplaceAll(sql, "DB.", g.access.Database+".")) }
	g.exec("CREATE OR REPLACE TABLE DB.words (lang String, list Array(String)) ENGINE = MergeTree ORDER BY lang")
	for lang := range syllables() {
		g.exec("INSERT INTO DB.words VALUES ('" + lang + "', ['" + strings.Join(vocabulary(lang, 30_000), "','") + "'])")
	}
	for from := 0; from < g.n; from += growthBatch {
		n := min(growthBatch, g.n-from)
		g.exec(g.mentions(from, n, 0, "1"))
		g.exec(g.mentions(from, n, 1, "number % 33 = 5"))
	}
	g.others()
	g.exec("DROP TABLE DB.words SYNC")
}

// mentions are numbers from to from + n, as they are found at first (version 0), or later: edited, and one of seven gone.
func (g *grown) mentions(from, n, version int, where string) string {
	const sql = `INSERT INTO DB.mentions (brand, day, id, version, gone, gone_why, revision, source, source_kind, kind, url, product, thread_id, parent_id, author_id, author, followers, own,
	title, text, rating, rating_value, rating_worst, rating_best, likes, written, written_precision, seen_first, collected, origin, language, score, mood, anger, topics, praise, blamed, customer, signals,
	switch_from, switch_to, priority, coverage, reasons, lexicon, fingerprint, scored, search)
WITH
	(x, k) -> cityHash64(x, k) / 18446744073709551616 AS u,
	(x, k, n) -> toUInt32(exp(u(x, k) * log(n))) AS zipf,
	['Paytak', 'Rakip', 'Kuzeyova', 'Merova', 'Ostera', 'Dokumaca'] AS brands,
	['shop', 'forum', 'complaints', 'bazaar', 'store', 'reviews', 'posts', 'press'] AS sources,
	['delay', 'quality', 'delivery', 'support_unreachable', 'refund_return', 'price', 'damaged', 'staff_rude', 'defective', 'wrong_item', 'lost', 'size_fit', 'packaging', 'billing', 'app', 'warranty_repair', 'cancellation', 'expectation', 'missing_item', 'payment', 'counterfeit', 'waiting', 'outage', 'account', 'promo', 'support_unhelpful', 'installation', 'fraud', 'misleading_ad', 'hygiene', 'safety', 'privacy'] AS codes,
	['repeat_complaint', 'refund_demand', 'churn', 'unanswered', 'harsh_language', 'legal_threat', 'advise_against', 'promise_broken', 'publicity_threat'] AS threats,
	['loyal', 'new', 'discount_seeker', 'hesitant', 'referred', 'researcher', 'returned', 'effortless'] AS kinds,
	(SELECT groupArrayArray(list) FROM (SELECT list FROM DB.words ORDER BY lang)) AS words
SELECT
	brand, toDate(at), id, stamp, gone, if(gone, 'deleted', ''), hex(cityHash64(text)), source, 'site', if(reply, 'comment', if(u(number, 'kind') < 0.06, 'question', 'review')), concat('https://example.org/', source, '/', toString(number)), product,
	concat('t', toString(intDiv(number, 7))), if(reply, lower(hex(MD5(toString(number - 50)))), ''), author_id, concat('Author ', author_id), toInt64(exp(u(author_id, 'f') * 11)), reply,
	arrayStringConcat(arraySlice(said, 1, 4), ' '), arrayStringConcat(said, ' ') AS text,
	if(reply OR u(number, 'stars') < 0.3, NULL, (stars - 1) / 4), stars, 1, 5, zipf(number, 'likes', 500) - 1, at, if(u(number, 'exact') < 0.9, 'minute', 'day'), toDateTime64(at, 6, 'UTC') + 60 + zipf(number, 'late', 20000), seen, 'live', lang, score, mood,
	if(mood = 'angry', 0.8, 0.1), topics, praise, if(unhappy AND u(number, 'blame') < 0.2, ['courier'], []),
	arrayConcat(if(u(key, 'c') < 0.15, [kinds[zipf(key, 'ck', 9)]], []), if(unhappy AND u(key, 'r') < 0.05, ['at_risk'], []), if(unhappy AND u(key, 'l') < 0.04, ['churned'], []), if(mood = 'satisfied' AND u(key, 'v') < 0.05, ['advocate'], [])),
	arrayConcat(if(unhappy AND u(key, 't') < 0.25, [threats[zipf(key, 'tk', 10)]], []), if(u(key, 'q') < 0.04, ['question'], [])),
	if(unhappy AND u(key, 'sw') < 0.02, toString(brand), ''), if(unhappy AND u(key, 'sw') < 0.02, brands[zipf(key, 'to', 7)], ''), if(mood = 'angry', 1, if(unhappy, 2, 4)), 0.8,
	if(unhappy OR mood = 'satisfied', arrayMap(i -> ('lexicon', said[i], toUInt32(0), toUInt32(5), if(unhappy, -1.5, 1.5))::Tuple(rule String, text String, start UInt32, end UInt32, weight Float64), range(1, 3 + number % 3)), []), 'x', hex(key), seen, arrayStringConcat(said, ' ')
FROM
(
	SELECT *, cityHash64(number, brand, VERSION) AS key, lower(hex(MD5(toString(number)))) AS id, VERSION > 0 AND number % 7 = 0 AS gone,
		multiIf(u(number, 'kind of author') < 0.6, concat('a', hex(cityHash64(number, 'author'))), concat('p', toString(zipf(number, 'author', TOTAL / 20)))) AS author_id,
		toDateTime(START + toUInt32(number * SPAN / TOTAL + u(number, 'hour') * 3600), 'UTC') AS at, toDateTime64(at, 6, 'UTC') + 60 + VERSION * 86400 AS seen, toUnixTimestamp64Micro(seen) AS stamp,
		sources[zipf(number, 'source', 9)] AS source, if(u(number, 'p') < 0.2, '', concat('Product ', toString(zipf(number, 'product', 3000)))) AS product, number % 31 = 11 AND number > 50 AS reply,
		multiIf(u(number, 'lang') < 0.8, indexOf(sources, source) % 3 + 1, toUInt32(u(number, 'other') * 3) + 1) AS place, ['en', 'fa', 'tr'][place] AS lang,
		u(key, 'mood') AS luck, multiIf(reply, 'neutral', luck < 0.08, 'angry', luck < 0.25, 'dissatisfied', luck < 0.35, 'mixed', luck < 0.55, 'neutral', luck < 0.93, 'satisfied', 'unknown') AS mood, mood IN ('angry', 'dissatisfied') AS unhappy,
		multiIf(unhappy, -0.6, mood = 'satisfied', 0.7, 0) AS score, toFloat64(multiIf(unhappy, 1 + toUInt8(luck * 8), mood = 'satisfied', 4 + toUInt8(luck * 2), 3)) AS stars,
		if(unhappy AND u(key, 'has topic') < 0.85 OR mood IN ('mixed', 'neutral') AND u(key, 'has topic') < 0.3, arrayDistinct(arrayMap(i -> codes[zipf(key, i, 33)], range(1 + toUInt8(u(key, 'many') * 2.5)))), []) AS topics,
		if(mood = 'satisfied' AND u(key, 'praise') < 0.4, [codes[zipf(key, 'which', 33)]], []) AS praise,
		arrayMap(i -> words[place * 30000 - 30000 + zipf(number * 64 + VERSION, i, 30000)], range(5 + toUInt8(exp(u(number, 'long') * 3.6)))) AS said
	FROM
	(
		SELECT number, arrayJoin(if(u(number, 'both') < 0.04, arrayDistinct([brands[zipf(number, 'brand', 7)], brands[zipf(number, 'second', 7)]]), [brands[zipf(number, 'brand', 7)]])) AS brand
		FROM numbers(FROM, COUNT) WHERE WHICH
	)
)
SETTINGS max_insert_threads = 2, max_block_size = 16384, min_insert_block_size_rows = 131072, min_insert_block_size_bytes = 100000000, max_partitions_per_insert_block = 0`
	start := g.end.Add(-g.span)
	return strings.NewReplacer("FROM, COUNT", fmt.Sprintf("%d, %d", from, n), "WHICH", where, "VERSION", fmt.Sprint(version), "TOTAL", fmt.Sprint(g.n),
		"START", fmt.Sprint(start.Unix()), "SPAN", fmt.Sprint(int(g.span.Seconds())-3600)).Replace(sql)
}

// others follow from the mentions: what people and the crawler did meanwhile.
func (g *grown) others() {
	g.exec("INSERT INTO DB.dirty_days SELECT day, count(), 0, now64(9) FROM DB.mentions GROUP BY day")
	g.exec(`INSERT INTO DB.mention_versions (id, revision, collected, day, written, written_precision, seen_first, origin, source, author_id, author, title, text)
		SELECT id, revision, collected, day, written, written_precision, seen_first, origin, source, author_id, author, title, text FROM DB.mentions WHERE NOT gone`)
	g.exec(`INSERT INTO DB.corrections SELECT DISTINCT id, brand, 'mood', 'neutral', 'ayse', '', collected FROM DB.mentions WHERE cityHash64(id, 'wrong') % 10000 = 0`)
	g.exec(`INSERT INTO DB.crawl_ledger (source, at, id, run, url, took_ms, status, bytes, outcome, reason, detail, mentions, attempt, run_end)
		SELECT source, seen_first, id, toString(toStartOfInterval(seen_first, INTERVAL 1 HOUR)), url, 120, 200, 20000, multiIf(k < 3, 'soft_fail', k < 5, 'failed', k < 6, 'refused', 'ok'), multiIf(k < 3, 'challenge', k < 5, 'timeout', k < 6, 'robots', ''),
			if(k < 5, 'a page without mentions', ''), 20, 1, false
		FROM (SELECT *, cityHash64(id, 'trouble') % 100 AS k FROM DB.mentions WHERE cityHash64(id, 'visit') % 20 = 0 LIMIT 1 BY id)`)
	g.exec(`INSERT INTO DB.escalation_events (escalation, id, at, type, state, actor, rule, severity, brand, mention, url, author_id, author, followers, excerpt, mood, topics, signals, opened, written, language, priority,
			step, source, product, holder, team, seen, stored, due, answered_at, resolved_at, written_precision)
		SELECT concat('e', id), concat(id, step.2), step.1, step.2, step.3, 'ayse', 'angry', 'high', brand, id, url, author_id, author, followers, left(text, 200), mood, topics, signals, opened, written, language, priority,
			step.4, source, product, 'ayse', 'desk', seen_first, opened, opened + 3600, if(step.4 > 2, step.1, toDateTime64(0, 9, 'UTC')), if(step.4 > 3, step.1, toDateTime64(0, 9, 'UTC')), if(step.4 = 1, written_precision, '')
		FROM (SELECT *, seen_first + 60 AS opened, cityHash64(id, 'life') AS k, arrayJoin(arraySlice([(toDateTime64(opened, 9, 'UTC'), 'opened', 'open', 1), (toDateTime64(opened + 20, 9, 'UTC'), 'notified', 'open', 0), (toDateTime64(opened + 600 + k % 3000, 9, 'UTC'), 'acknowledged', 'acknowledged', 2),
				(toDateTime64(opened + 3700 + k % 9000, 9, 'UTC'), 'answered', 'answered', 3), (toDateTime64(opened + 90000 + k % 90000, 9, 'UTC'), 'resolved', 'resolved', 4)], 1, if(opened < now64() - 172800 AND k % 50 > 0, 5, 2 + k % 3))) AS step
			FROM DB.mentions WHERE mood = 'angry' AND NOT gone AND cityHash64(id, 'case') % 160 = 0 LIMIT 1 BY id)`)
}
