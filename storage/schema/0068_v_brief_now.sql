-- Replies are taken without FINAL: one that was deleted since was an answer too, and all rows of a key have the same written.
-- Whether several brands see a mention is not looked up here: every one has a twin.
CREATE OR REPLACE VIEW v_brief_now{{.OnCluster}}
(
    day         Date COMMENT 'day (UTC) of written; fixed at first sight',
    own         Bool COMMENT 'a public reply by the brand itself, also one that was deleted since: only brand, day, id, written and parent_id are set; else a customer speaks',
    brand       LowCardinality(String) COMMENT 'watched brand with whose eyes the mention is seen',
    source      LowCardinality(String) COMMENT 'name of the configured source',
    language    LowCardinality(String) COMMENT 'language of the text, ISO 639-1, or und',
    kind        LowCardinality(String) COMMENT 'review, complaint, post, comment, question, rating',
    product     LowCardinality(String) COMMENT 'product or service spoken of, as the source names it',
    id          String COMMENT '32 hex digits; the same for all brands of a mention',
    twin        UInt64 COMMENT 'tells mentions apart that several brands see, which are several rows; 0 where one row is one mention: countIf(twin = 0) + uniqExactIf(twin, twin != 0) counts each once',
    who         UInt64 COMMENT 'hash of source and author; 0 where the author is not told',
    author      String COMMENT 'key of the author within the source, or the name where it has none',
    name        String COMMENT 'name of the author as shown',
    bare        Bool COMMENT 'the author is known by a mere name',
    followers   Int64 COMMENT 'followers of the author; 0 when not told',
    written     DateTime('UTC') COMMENT 'time of writing at first sight; the time of first sight where the source shows none',
    exact       Bool COMMENT 'the source shows the second or the minute of writing',
    seen        DateTime('UTC') COMMENT 'visit which first found the mention',
    origin      LowCardinality(String) COMMENT 'live, backfill or import: how the mention first came',
    mood        LowCardinality(String) COMMENT 'angry, dissatisfied, mixed, neutral, satisfied or unknown; the correction where there is one',
    unhappy     Bool COMMENT 'mood is angry or dissatisfied',
    peace       Bool COMMENT 'satisfied, or not unhappy and said to be resolved or won back',
    topics      Array(LowCardinality(String)) COMMENT 'codes of what is complained about; the correction where there is one',
    praise      Array(LowCardinality(String)) COMMENT 'codes of what is praised',
    customer    Array(LowCardinality(String)) COMMENT 'kinds of customer which the text claims',
    signals     Array(LowCardinality(String)) COMMENT 'codes of what else the text gives away',
    switch_from LowCardinality(String) COMMENT 'brand which the customer leaves',
    switch_to   LowCardinality(String) COMMENT 'brand to which the customer goes',
    marked      DateTime('UTC') COMMENT 'when a person first said that the customer was answered; 1970 when nobody did',
    words       Array(LowCardinality(String)) COMMENT 'of an unhappy mention what speaks against the brand, in lower case',
    weights     Array(Float64) COMMENT 'weights of these words, in the same order',
    parent_id   String COMMENT 'of a reply by the brand: id of the mention which it answers'
)
COMMENT 'what rollup_mention is made from: each mention by a customer in brief as it is now, and the replies by brands'
AS WITH
    if(m.unhappy, arrayFilter(r -> r.weight < 0 AND r.text != '', m.reasons), []) AS against
SELECT
    m.day AS day,
    toBool(false) AS own,
    m.brand AS brand,
    m.source AS source,
    m.language AS language,
    m.kind AS kind,
    m.product AS product,
    m.id AS id,
    cityHash64(m.id) AS twin,
    if(m.author_id = '' AND m.author = '', 0, cityHash64(toString(m.source), if(m.author_id != '', m.author_id, m.author))) AS who,
    if(m.author_id != '', m.author_id, m.author) AS author,
    m.author AS name,
    toBool(m.author_id = '' OR m.author_id = m.author) AS bare,
    m.followers AS followers,
    m.written AS written,
    toBool(m.written_precision IN ('second', 'minute')) AS exact,
    toDateTime(m.seen_first, 'UTC') AS seen,
    m.origin AS origin,
    m.mood AS mood,
    m.unhappy AS unhappy,
    toBool(m.mood = 'satisfied' OR NOT m.unhappy AND hasAny(m.signals, ['resolved', 'win_back'])) AS peace,
    m.topics AS topics,
    m.praise AS praise,
    m.customer AS customer,
    m.signals AS signals,
    m.switch_from AS switch_from,
    m.switch_to AS switch_to,
    e.at AS marked,
    arrayMap(r -> lowerUTF8(r.text), against) AS words,
    arrayMap(r -> r.weight, against) AS weights,
    '' AS parent_id
FROM v_mentions AS m
LEFT JOIN
(
    SELECT brand, mention AS id, min(toDateTime(if(answered_at > 0, answered_at, resolved_at), 'UTC')) AS at
    FROM escalation_events
    WHERE mention != '' AND (answered_at > 0 OR resolved_at > 0)
    GROUP BY brand, mention
) AS e ON m.brand = e.brand AND m.id = e.id
WHERE m.from_customer
UNION ALL
SELECT
    day AS day,
    toBool(true) AS own,
    brand AS brand,
    '' AS source,
    '' AS language,
    '' AS kind,
    '' AS product,
    id AS id,
    cityHash64(id) AS twin,
    toUInt64(0) AS who,
    '' AS author,
    '' AS name,
    toBool(false) AS bare,
    toInt64(0) AS followers,
    min(mentions.written) AS written,
    toBool(false) AS exact,
    toDateTime(0, 'UTC') AS seen,
    '' AS origin,
    '' AS mood,
    toBool(false) AS unhappy,
    toBool(false) AS peace,
    []::Array(LowCardinality(String)) AS topics,
    []::Array(LowCardinality(String)) AS praise,
    []::Array(LowCardinality(String)) AS customer,
    []::Array(LowCardinality(String)) AS signals,
    '' AS switch_from,
    '' AS switch_to,
    toDateTime(0, 'UTC') AS marked,
    []::Array(LowCardinality(String)) AS words,
    []::Array(Float64) AS weights,
    mentions.parent_id AS parent_id
FROM mentions
WHERE mentions.own AND mentions.parent_id != ''
GROUP BY day, brand, id, mentions.parent_id
