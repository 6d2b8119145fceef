-- Each part is read only where it is needed, for its condition is a constant to the server. While filters of Grafana on further
-- columns are set the mentions answer, for a filter names v_mentions.
CREATE OR REPLACE VIEW v_brief{{.OnCluster}}
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
COMMENT 'each mention by a customer in brief, without texts: quicker than v_mentions, and as true; days that changed since the last rebuild are taken from the mentions'
AS SELECT
    day, own, brand, source, language, kind, product, id, twin, who, author, name, bare, followers, written, exact, seen, origin, mood, unhappy, peace, topics, praise, customer, signals, switch_from, switch_to, marked, words, weights, parent_id
FROM rollup_mention
WHERE empty(getSetting('additional_table_filters')) AND day NOT IN (SELECT day FROM v_dirty_days)
UNION ALL
SELECT
    day, own, brand, source, language, kind, product, id, twin, who, author, name, bare, followers, written, exact, seen, origin, mood, unhappy, peace, topics, praise, customer, signals, switch_from, switch_to, marked, words, weights, parent_id
FROM v_brief_now
WHERE NOT empty(getSetting('additional_table_filters')) OR day IN (SELECT day FROM v_dirty_days)
