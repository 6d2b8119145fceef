-- What figures need of single mentions, without what is long or has to be merged first. It names authors: forgetting takes
-- from it. By the week, for of the present one all mentions are written again whenever some of them changed.
CREATE TABLE IF NOT EXISTS rollup_mention{{.OnCluster}}
(
    day         Date COMMENT 'day (UTC) of written; fixed at first sight',
    own         Bool COMMENT 'a public reply by the brand itself, also one that was deleted since: only brand, day, id, written and parent_id are set; else a customer speaks',
    brand       LowCardinality(String) COMMENT 'watched brand with whose eyes the mention is seen',
    source      LowCardinality(String) COMMENT 'name of the configured source',
    language    LowCardinality(String) COMMENT 'language of the text, ISO 639-1, or und',
    kind        LowCardinality(String) COMMENT 'review, complaint, post, comment, question, rating',
    product     LowCardinality(String) COMMENT 'product or service spoken of, as the source names it',
    id          String COMMENT '32 hex digits; the same for all brands of a mention' CODEC(ZSTD(1)),
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
    parent_id   String COMMENT 'of a reply by the brand: id of the mention which it answers' CODEC(ZSTD(1)),
    INDEX who_bloom who TYPE bloom_filter GRANULARITY 1,
    INDEX seen_range seen TYPE minmax GRANULARITY 1
)
ENGINE = {{.Replicated}}MergeTree
PARTITION BY toYearWeek(day, 3)
ORDER BY (own, day, brand)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'each mention by a customer in brief, one row a mention and brand, and the replies by brands, rebuilt from v_brief_now; read v_brief, which is never stale'
