CREATE TABLE IF NOT EXISTS corrections{{.OnCluster}}
(
    id    String COMMENT 'id of the mention',
    brand LowCardinality(String) COMMENT 'watched brand',
    field LowCardinality(String) COMMENT 'mood, topics, brand, not_ours or not_customer',
    value String COMMENT 'right value; topics are parted by commas; empty takes the correction back',
    by    String COMMENT 'who corrected',
    note  String COMMENT 'why, for people',
    at    DateTime64(6, 'UTC') COMMENT 'when; the newest of a field holds'
)
ENGINE = {{.Replicated}}ReplacingMergeTree(at)
ORDER BY (id, brand, field)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'verdicts put right by people; they win in the views and survive every rescore'
