CREATE TABLE IF NOT EXISTS rollup_day{{.OnCluster}}
(
    brand          LowCardinality(String) COMMENT 'watched brand',
    day            Date COMMENT 'day (UTC) of writing',
    source         LowCardinality(String) COMMENT 'name of the configured source',
    language       LowCardinality(String) COMMENT 'language of the text',
    mood           LowCardinality(String) COMMENT 'angry, dissatisfied, mixed, neutral, satisfied or unknown',
    mentions       UInt64 COMMENT 'mentions by customers',
    unhappy        UInt64 COMMENT 'of these, angry or dissatisfied',
    scored         UInt64 COMMENT 'of these, with a known mood: what score_sum is the sum of',
    score_sum      Float64 COMMENT 'sum of the scores of the scored',
    anger_sum      Float64 COMMENT 'sum of anger of the scored',
    ratings        UInt64 COMMENT 'of these, with stars',
    rating_sum     Float64 COMMENT 'sum of the stars as shares 0 to 1',
    urgent         UInt64 COMMENT 'of these, with priority 1',
    last_collected DateTime64(6, 'UTC') COMMENT 'newest collection'
)
ENGINE = {{.Replicated}}MergeTree
PARTITION BY toYear(day)
ORDER BY (brand, day, source, language, mood)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'figures of each day, rebuilt from v_mentions; a day in dirty_days may be stale'
