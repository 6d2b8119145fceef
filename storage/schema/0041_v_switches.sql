-- Each brand that a text names sees the move with its own eyes, and may see one side only: what tells both sides is taken,
-- else the first brand by the alphabet.
CREATE OR REPLACE VIEW v_switches{{.OnCluster}}
(
    id          String COMMENT '32 hex digits; the same for all brands of a mention',
    switch_from String COMMENT 'brand which the customer leaves; empty when not told',
    switch_to   String COMMENT 'brand to which the customer goes; empty when not told',
    direction   LowCardinality(String) COMMENT 'between: both are told; away: only the brand which is left; to: only the one gone to',
    brands      Array(LowCardinality(String)) COMMENT 'watched brands in whose eyes the mention tells of it, in order of the alphabet',
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
    origin      LowCardinality(String) COMMENT 'live, backfill or import: how the mention first came'
)
COMMENT 'mentions by customers who say that they move between brands, one row a mention however many brands it names'
AS SELECT
    s.id AS id,
    s.move.1 AS switch_from,
    s.move.2 AS switch_to,
    multiIf(s.move.1 = '', 'to', s.move.2 = '', 'away', 'between') AS direction,
    s.brands AS brands,
    s.day AS day,
    s.said.1 AS written,
    s.said.2 AS source,
    s.said.3 AS source_kind,
    s.said.4 AS kind,
    s.said.5 AS language,
    s.said.6 AS url,
    s.said.7 AS product,
    s.said.8 AS who,
    s.said.9 AS reach,
    s.said.10 AS origin
FROM
(
    SELECT
        m.id AS id,
        m.day AS day,
        argMin(tuple(m.switch_from, m.switch_to), tuple(m.switch_from = '' OR m.switch_to = '', m.brand)) AS move,
        arraySort(groupUniqArray(m.brand)) AS brands,
        argMin(tuple(m.written, m.source, m.source_kind, m.kind, m.language, m.url, m.product, if(m.author_id != '', m.author_id, m.author), greatest(m.followers, m.views), m.origin), m.brand) AS said
    FROM v_mentions AS m
    WHERE m.from_customer AND (m.switch_from != '' OR m.switch_to != '')
    GROUP BY m.day, m.id
) AS s
