-- rollup_topic counts the same. A mention that is not unhappy may complain of something, too.
CREATE OR REPLACE VIEW v_topics{{.OnCluster}}
(
    id          String COMMENT '32 hex digits; the same for all brands of a mention',
    brand       LowCardinality(String) COMMENT 'watched brand with whose eyes the mention is seen',
    topic       LowCardinality(String) COMMENT 'code of the topic',
    polarity    LowCardinality(String) COMMENT 'complaint or praise',
    day         Date COMMENT 'day (UTC) of written; fixed at first sight',
    written     DateTime('UTC') COMMENT 'time of writing at first sight; the time of first sight where written_precision is unknown',
    source      LowCardinality(String) COMMENT 'name of the configured source',
    source_kind LowCardinality(String) COMMENT 'site, recipe, feed, twitter',
    kind        LowCardinality(String) COMMENT 'review, complaint, post, comment, question, rating',
    language    LowCardinality(String) COMMENT 'language of the text, ISO 639-1, or und',
    url         String COMMENT 'page that a person can open',
    product     String COMMENT 'product or service spoken of, as the source names it',
    who         String COMMENT 'key of the author within the source, or the name where it has none: who it is within one source; empty when not told',
    reach       Int64 COMMENT 'followers of the author or views of the mention, whichever is more',
    rating      Nullable(Float64) COMMENT 'stars as a share, 0 worst to 1 best; NULL without stars',
    score       Float64 COMMENT '-1 worst to 1 best',
    mood        LowCardinality(String) COMMENT 'angry, dissatisfied, mixed, neutral, satisfied or unknown; the correction where there is one',
    unhappy     Bool COMMENT 'mood is angry or dissatisfied',
    corrected   Bool COMMENT 'a person has put mood or topics right',
    origin      LowCardinality(String) COMMENT 'live, backfill or import: how the mention first came'
)
COMMENT 'what customers complain of and what they praise, one row a mention, brand, topic and polarity: a mention counts once for each of its topics, so rows do not add up to mentions'
AS SELECT
    m.id AS id,
    m.brand AS brand,
    p.1 AS topic,
    p.2 AS polarity,
    m.day AS day,
    m.written AS written,
    m.source AS source,
    m.source_kind AS source_kind,
    m.kind AS kind,
    m.language AS language,
    m.url AS url,
    m.product AS product,
    if(m.author_id != '', m.author_id, m.author) AS who,
    greatest(m.followers, m.views) AS reach,
    m.rating AS rating,
    m.score AS score,
    m.mood AS mood,
    m.unhappy AS unhappy,
    m.corrected AS corrected,
    m.origin AS origin
FROM v_mentions AS m
ARRAY JOIN arrayConcat(
    arrayMap(x -> tuple(x, 'complaint'), arrayDistinct(m.topics)),
    arrayMap(x -> tuple(x, 'praise'), arrayDistinct(m.praise))) AS p
WHERE m.from_customer AND p.1 != ''
