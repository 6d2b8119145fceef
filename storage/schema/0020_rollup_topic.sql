-- Apart from rollup_day, because arrayJoin counts a mention once for each of its topics.
CREATE TABLE IF NOT EXISTS rollup_topic{{.OnCluster}}
(
    brand      LowCardinality(String) COMMENT 'watched brand',
    day        Date COMMENT 'day (UTC) of writing',
    source     LowCardinality(String) COMMENT 'name of the configured source',
    language   LowCardinality(String) COMMENT 'language of the text',
    topic      LowCardinality(String) COMMENT 'code of the topic',
    complaints UInt64 COMMENT 'mentions by customers which complain about it',
    praise     UInt64 COMMENT 'mentions by customers which praise it',
    unhappy    UInt64 COMMENT 'of the complaints, angry or dissatisfied'
)
ENGINE = {{.Replicated}}MergeTree
PARTITION BY toYear(day)
ORDER BY (brand, day, source, language, topic)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'complaints and praise of each day by topic, rebuilt from v_mentions'
