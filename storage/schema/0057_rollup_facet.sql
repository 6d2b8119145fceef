-- What a search without words counts beside its list. Unlike the other figures these are of replies by the brand, too.
CREATE TABLE IF NOT EXISTS rollup_facet{{.OnCluster}}
(
    brand    LowCardinality(String) COMMENT 'watched brand',
    day      Date COMMENT 'day (UTC) of writing',
    kind     LowCardinality(String) COMMENT 'total, brand, source, language, mood, topic, signal or stars',
    value    LowCardinality(String) COMMENT 'name or code; empty for the total',
    mentions UInt64 COMMENT 'mentions, by whomever'
)
ENGINE = {{.Replicated}}MergeTree
PARTITION BY toYear(day)
ORDER BY (kind, value, brand, day)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'how many mentions of each day have a value, rebuilt from v_mentions; a day in dirty_days may be stale'
