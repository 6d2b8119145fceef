-- A correction judges the text that was shown when it was made. v_mentions keeps it for what is written later, too; here an
-- edit is judged anew, or a customer who was won back would stay angry.
-- brand, day and id stand in each join and in the window, so that what is asked of them is asked of every table. Each step is
-- a query of its own: as aliases of one query they would be written out into one another.
CREATE OR REPLACE VIEW v_versions{{.OnCluster}}
(
    id            String COMMENT '32 hex digits; the same for all brands of a mention',
    brand         LowCardinality(String) COMMENT 'watched brand with whose eyes the mention is seen',
    number        UInt64 COMMENT 'number of the version of this mention and brand, from 1',
    day           Date COMMENT 'day (UTC) of written; fixed at first sight',
    revision      String COMMENT 'hash of what was said, 16 hex digits',
    current       Bool COMMENT 'what the page shows now; of an edit that was taken back the older version is',
    seen          DateTime64(6, 'UTC') COMMENT 'visit which first found the version',
    edited        DateTime('UTC') COMMENT 'time of the edit which the source shows; 1970 when none',
    written       DateTime('UTC') COMMENT 'time of writing at first sight; the time of first sight where written_precision is unknown',
    source        LowCardinality(String) COMMENT 'name of the configured source',
    source_kind   LowCardinality(String) COMMENT 'site, recipe, feed, twitter',
    kind          LowCardinality(String) COMMENT 'review, complaint, post, comment, question, rating',
    language      LowCardinality(String) COMMENT 'language of the text, ISO 639-1, or und',
    url           String COMMENT 'page that a person can open',
    product       String COMMENT 'product or service spoken of, as the source names it',
    who           String COMMENT 'key of the author within the source, or the name where it has none: who it is within one source; empty when not told',
    reach         Int64 COMMENT 'followers of the author or views of the mention, whichever is more',
    title         String COMMENT 'title of the version',
    text          String COMMENT 'text of the version; its bytes may be no valid UTF-8',
    rating        Nullable(Float64) COMMENT 'stars of the version as a share, 0 worst to 1 best; NULL without stars',
    score         Float64 COMMENT '-1 worst to 1 best, by the newest lexicon that scored the version',
    mood          LowCardinality(String) COMMENT 'mood of the version: that of the correction which was made while it was shown, else by the newest lexicon that scored it',
    unhappy       Bool COMMENT 'that mood is angry or dissatisfied',
    corrected     Bool COMMENT 'a person has put that mood right',
    rating_before Nullable(Float64) COMMENT 'rating of the version before; NULL without stars or version',
    score_before  Nullable(Float64) COMMENT 'score of the version before; NULL for the first',
    mood_before   LowCardinality(String) COMMENT 'mood of the version before; empty for the first',
    text_changed  Bool COMMENT 'title or text differ from the version before; else the stars do',
    answered      DateTime('UTC') COMMENT 'last public reply of the brand or mark of a person, after the version before was seen (for the second version: since written) and until this one was seen; 1970 when none, and for the first',
    won_back      Bool COMMENT 'unhappy before and satisfied now; or two stars of five more than before, and not unhappy'
)
COMMENT 'what customers said before and after each edit, one row a version, mention and brand, of mentions that are there now'
AS SELECT
    id,
    brand,
    number,
    day,
    revision,
    revision = shown AS current,
    seen,
    edited,
    written,
    source,
    source_kind,
    kind,
    language,
    url,
    product,
    who,
    reach,
    title,
    text,
    rating,
    score,
    mood,
    toBool(mood IN ('angry', 'dissatisfied')) AS unhappy,
    corrected,
    before.1 AS rating_before,
    if(number = 1, NULL, before.2) AS score_before,
    before.3 AS mood_before,
    toBool(number > 1 AND (title != before.4 OR text != before.5)) AS text_changed,
    toDateTime(if(number = 1, 0, arrayLast(x -> x <= toUnixTimestamp(seen) AND (number = 2 OR x > toUnixTimestamp(before.6)), answers)), 'UTC') AS answered,
    toBool(before.3 IN ('angry', 'dissatisfied') AND mood = 'satisfied'
        OR ifNull(round(rating - before.1, 6) >= 0.5, false) AND mood NOT IN ('angry', 'dissatisfied')) AS won_back
FROM
(
SELECT *,
    lagInFrame(tuple(rating, score, mood, title, text, seen)) OVER
        (PARTITION BY brand, day, id ORDER BY seen, revision ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS before
FROM
(
SELECT *,
    toBool(judged != '' AND (number = 1 OR judged_at >= seen) AND (number = versions OR judged_at < next)) AS corrected,
    if(corrected, judged, scored_mood) AS mood
FROM
(
SELECT
    m.id AS id, m.brand AS brand, m.day AS day, m.revision AS shown, m.written AS written, m.source AS source, m.source_kind AS source_kind,
    m.kind AS kind, m.language AS language, m.url AS url, m.product AS product, if(m.author_id != '', m.author_id, m.author) AS who,
    greatest(m.followers, m.views) AS reach, r.revision AS revision, r.collected AS seen, r.edited AS edited, r.title AS title, r.text AS text,
    if(r.rating_best > r.rating_worst, least(1, greatest(0, (r.rating_value - r.rating_worst) / (r.rating_best - r.rating_worst))), NULL) AS rating,
    x.verdict.1 AS score,
    x.verdict.2 AS scored_mood,
    c.mood AS judged,
    c.at AS judged_at,
    arraySort(arrayMap(t -> greatest(t, toUnixTimestamp(m.written)), a.answers)) AS answers,
    row_number() OVER w AS number,
    count() OVER w AS versions,
    leadInFrame(r.collected) OVER w AS next
FROM mention_versions AS r FINAL
INNER JOIN
(
    SELECT brand, day, id, revision, argMax(tuple(score, mood), tuple(scored, lexicon)) AS verdict
    FROM verdicts
    GROUP BY brand, day, id, revision
) AS x ON r.id = x.id AND r.day = x.day AND r.revision = x.revision
INNER JOIN v_mentions AS m ON x.id = m.id AND x.day = m.day AND x.brand = m.brand
LEFT JOIN
(
    SELECT id, brand, value AS mood, at
    FROM corrections FINAL
    WHERE field = 'mood' AND value != ''
) AS c ON m.id = c.id AND m.brand = c.brand
LEFT JOIN
(
    SELECT brand, id, groupUniqArray(at) AS answers
    FROM
    (
        SELECT brand, parent_id AS id, toUnixTimestamp(written) AS at
        FROM mentions
        WHERE own AND parent_id != ''
        UNION ALL
        SELECT brand, mention AS id, toUnixTimestamp(if(answered_at > 0, answered_at, resolved_at)) AS at
        FROM escalation_events
        WHERE mention != '' AND (answered_at > 0 OR resolved_at > 0)
    )
    GROUP BY brand, id
) AS a ON m.brand = a.brand AND m.id = a.id
WHERE m.from_customer
WINDOW w AS (PARTITION BY m.brand, m.day, m.id ORDER BY r.collected, r.revision ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
)
)
)
