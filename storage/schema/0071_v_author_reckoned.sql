-- As v_authors_state was before (0036), but that it tells until when its answer holds, and of whom.
-- The rule is the table in the comment of package alert/customer, and a test holds the two together: each mention gives
-- spans of time with what holds in them, and the worst that holds at a moment is the standing then. A span is (begin, end,
-- line): 1 makes angry, 2 unhappy, 3 is against happy, 4 makes happy, 5 good. Times are seconds since 1970, lengths
-- 2592000 = 30 days, 7776000 = 90, 15552000 = 180, 31536000 = 365; 99999999999 is never.
CREATE OR REPLACE VIEW v_author_reckoned{{.OnCluster}}
(
    who            UInt64 COMMENT 'hash of source and author',
    brand          LowCardinality(String) COMMENT 'watched brand',
    source         LowCardinality(String) COMMENT 'name of the configured source',
    author         String COMMENT 'key of the author within the source, or the name where it has none',
    name           String COMMENT 'name of the author as shown last',
    mentions       UInt64 COMMENT 'mentions of the brand by the author',
    complaints     UInt64 COMMENT 'those whose mood is angry or dissatisfied',
    complaints_30d UInt64 COMMENT 'those of the last 30 days',
    first_written  DateTime('UTC') COMMENT 'time of the first mention',
    last_written   DateTime('UTC') COMMENT 'time of the newest mention',
    last_mood      LowCardinality(String) COMMENT 'mood of the newest mention',
    standing       LowCardinality(String) COMMENT 'happy, good, unhappy or angry; empty for who said nothing telling in the last year, or may be many people',
    changed        DateTime('UTC') COMMENT 'when that came about; 1970 when never',
    before         LowCardinality(String) COMMENT 'standing before that; empty for none',
    ups            UInt64 COMMENT 'changes for the better, in the newest 1,000 mentions',
    downs          UInt64 COMMENT 'changes for the worse, in the newest 1,000 mentions',
    reckoned       DateTime64(6, 'UTC') COMMENT 'time for which all this was reckoned',
    until          DateTime('UTC') COMMENT 'when it ceases to hold if nothing is said meanwhile; what has passed is reckoned anew, and so is every row of an author of whom one has'
)
COMMENT 'how the customers in v_due_authors stand with a brand, reckoned by what they said of it; read v_authors_state, which knows all'
-- Each step is a query of its own: as aliases of one query they would be written out into one another.
AS SELECT
    who,
    brand,
    source,
    author,
    name,
    mentions,
    complaints,
    complaints_30d,
    first_written,
    last_written,
    last_mood,
    if(empty(changes), '', ['', 'happy', 'good', 'unhappy', 'angry'][changes[-1].2]) AS standing,
    toDateTime(if(empty(changes), 0, changes[-1].1), 'UTC') AS changed,
    if(empty(changes), '', ['', 'happy', 'good', 'unhappy', 'angry'][changes[-1].3]) AS before,
    arrayCount(x -> x.2 > 1 AND x.2 < x.3, changes) AS ups,
    arrayCount(x -> x.3 > 1 AND x.2 > x.3, changes) AS downs,
    as_of AS reckoned,
    toDateTime(arrayMin(arrayPushBack(arrayFilter(x -> x > toUnixTimestamp(as_of), arrayPushBack(turns, next)), 4294967295)), 'UTC') AS until
FROM
(
SELECT *,
    -- (at, to, from)
    arrayFilter(x -> x.2 != x.3, arrayMap((x, y) -> tuple(x.1, x.2, y.2), steps,
        arraySlice(arrayPushFront(steps, tuple(toInt64(0), 1)), 1, length(steps)))) AS changes
FROM
(
SELECT *,
    -- of edges at one time the last, up to now
    arrayFilter((x, y) -> x.1 != y.1 AND x.1 <= toUnixTimestamp(as_of), stood,
        arraySlice(arrayPushBack(stood, tuple(toInt64(99999999999), 1)), 2)) AS steps,
    -- the next edge; 0 where there is none
    arrayFirst(x -> x.1 > toUnixTimestamp(as_of), stood).1 AS next
FROM
(
SELECT *,
    -- (at, place among the standings) at each edge
    arrayMap(
        (x, angry, unhappy, against, happy, known) -> tuple(x.1, multiIf(angry > 0, 5, unhappy > 0, 4, against = 0 AND happy > 0, 2, known > 0, 3, 1)),
        edges,
        arrayCumSum(arrayMap(x -> if(x.2 = 1, x.3, 0), edges)),
        arrayCumSum(arrayMap(x -> if(x.2 = 2, x.3, 0), edges)),
        arrayCumSum(arrayMap(x -> if(x.2 = 3, x.3, 0), edges)),
        arrayCumSum(arrayMap(x -> if(x.2 = 4, x.3, 0), edges)),
        arrayCumSum(arrayMap(x -> if(x.2 = 5, x.3, 0), edges))) AS stood
FROM
(
SELECT *,
    -- (at, line, step)
    arraySort(arrayConcat(
        arrayMap(x -> tuple(x.1, x.3, 1), arrayFilter(x -> x.1 < x.2, spans)),
        arrayMap(x -> tuple(x.2, x.3, -1), arrayFilter(x -> x.1 < x.2, spans)))) AS edges
FROM
(
SELECT *,
    -- (begin, end, line)
    arrayConcat(
        arrayMap(x -> tuple(x.1, least(x.1 + 31536000, x.4), 3), complaint),
        arrayMap(x -> tuple(x.1, x.1 + 2592000, 3), complaint),
        arrayMap(x -> tuple(x.1, least(x.1 + 7776000, x.4), 1), arrayFilter(x -> x.2, complaint)),
        arrayMap(x -> tuple(x.1, least(x.1 + 15552000, x.4), 2), arrayFilter(x -> x.2, complaint)),
        arrayMap(x -> tuple(x.1, least(x.1 + 7776000, x.4), 2), arrayFilter(x -> x.3, complaint)),
        arrayMap(x -> tuple(x.1 + 259200, least(x.1 + 7776000, x.5), 1), arrayFilter(x -> x.3, complaint)),
        arrayMap(x -> tuple(x.1 + 259200, least(x.1 + 15552000, x.5), 2), arrayFilter(x -> x.3, complaint)),
        arrayMap(x -> tuple(x, x + 31536000, 4), peaces),
        arrayMap(x -> tuple(x.1, x.1 + 31536000, 5), arrayFilter(x -> x.3 > -2, past))) AS spans
FROM
(
SELECT *,
    -- (at, angry, repeated, closed, closed or answered)
    arrayMap(x -> tuple(x.1, x.2, x.3, if(x.4 = 0, 99999999999, x.4), least(if(x.4 = 0, 99999999999, x.4), if(x.5 = 0, 99999999999, x.5))), ended) AS complaint
FROM
(
SELECT *,
    -- (at, angry, repeated, closed or 0, answered or 0)
    arrayMap(
        (x, y) -> tuple(x.1, x.3, x.4 = y.4 AND x.1 - y.1 <= 2592000, peaces[x.4 + 1], arrayFirst(a -> a >= x.1, answers)),
        complained, arraySlice(arrayPushFront(complained, tuple(toInt64(0), true, false, toUInt64(99999999999))), 1, length(complained))) AS ended
FROM
(
SELECT *,
    arrayFilter(x -> x.2, counted) AS complained
FROM
(
SELECT *,
    -- (at, complaint, angry, number of peaces so far)
    arrayMap((x, n) -> tuple(x.1, x.3 > 0, x.3 = 2, n), past, arrayCumSum(arrayMap(x -> x.3 = -1, past))) AS counted,
    arrayMap(x -> x.1, arrayFilter(x -> x.3 = -1, past)) AS peaces,
    arraySort(arrayMap(x -> x.4, arrayFilter(x -> x.4 > 0, past))) AS answers
FROM
(
    SELECT
        a.who AS who,
        a.brand AS brand,
        a.source AS source,
        a.author AS author,
        argMax(a.name, (a.written, a.id)) AS name,
        count() AS mentions,
        countIf(a.unhappy) AS complaints,
        countIf(a.unhappy AND a.written > now('UTC') - 2592000) AS complaints_30d,
        min(a.written) AS first_written,
        max(a.written) AS last_written,
        argMax(a.mood, (a.written, a.id)) AS last_mood,
        now('UTC') AS as_of,
        -- a name which sites give to visitors, or hide, or a mere name that says too much for one person
        max(a.bare) AND ({{.Nobody}}
            OR countIf(a.written > now('UTC') - 31536000) > 50) AS crowd,
        -- (at, id, what: 2 angry, 1 other complaint, -1 peace, -2 unknown, 0 other; answered) of the newest
        arrayReverse(arraySlice(arrayReverseSort(
            groupArrayIf(
                tuple(
                    toInt64(toUnixTimestamp(a.written)), a.id,
                    toInt8(multiIf(a.mood = 'angry', 2, a.unhappy, 1, a.peace, -1, a.mood IN ('unknown', ''), -2, 0)),
                    a.answered),
                a.written <= now('UTC'))), 1, 1000)) AS newest,
        if(crowd, arrayFilter(x -> 0, newest), newest) AS past,
        -- when a complaint is 30 days old, what is dated in the future is there, or a crowd may be a person again
        [
            minIf(toInt64(toUnixTimestamp(a.written)) + 2592000, a.unhappy AND a.written > now('UTC') - 2592000),
            minIf(toInt64(toUnixTimestamp(a.written)), a.written > now('UTC')),
            if(max(a.bare), arrayReverseSort(groupArray(toInt64(toUnixTimestamp(a.written))))[51] + 31536000, 0)
        ] AS turns
    FROM
    (
        SELECT
            b.who AS who, b.brand AS brand, b.source AS source, b.author AS author, b.name AS name, b.bare AS bare, b.id AS id, b.written AS written,
            b.mood AS mood, b.unhappy AS unhappy, b.peace AS peace,
            toInt64(multiIf(
                NOT b.unhappy OR toUnixTimestamp(r.at) = 0 AND toUnixTimestamp(b.marked) = 0, 0,
                toUnixTimestamp(r.at) = 0, greatest(toUnixTimestamp(b.written), toUnixTimestamp(b.marked)),
                toUnixTimestamp(b.marked) = 0, greatest(toUnixTimestamp(b.written), toUnixTimestamp(r.at)),
                greatest(toUnixTimestamp(b.written), least(toUnixTimestamp(r.at), toUnixTimestamp(b.marked))))) AS answered
        FROM v_brief AS b
        LEFT JOIN
        (
            -- a reply may stand in both, and is read of all days only where somebody is due
            SELECT brand, id, min(reply) AS at
            FROM
            (
                SELECT brand, parent_id AS id, written AS reply
                FROM rollup_mention
                WHERE own AND (SELECT count() FROM v_due_authors) > 0
                UNION ALL
                SELECT brand, parent_id AS id, written AS reply
                FROM mentions
                WHERE own AND parent_id != '' AND day IN (SELECT day FROM v_dirty_days)
            )
            GROUP BY brand, id
        ) AS r ON b.brand = r.brand AND b.id = r.id
        WHERE NOT b.own AND b.who IN (SELECT who FROM v_due_authors)
    ) AS a
    GROUP BY a.brand, a.source, a.author, a.who
)
)
)
)
)
)
)
)
)
)
