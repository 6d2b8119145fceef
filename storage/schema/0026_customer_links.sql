CREATE TABLE IF NOT EXISTS customer_links{{.OnCluster}}
(
    source   LowCardinality(String) COMMENT 'name of the configured source',
    author   String COMMENT 'key of the author within the source, or the name where it has none',
    customer String COMMENT 'key of the customer; empty takes the link back',
    by       String COMMENT 'who linked them',
    at       DateTime64(6, 'UTC') COMMENT 'when; the newest of an author holds'
)
ENGINE = {{.Replicated}}ReplacingMergeTree(at)
ORDER BY (source, author)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'which authors are which customers of the list, as people said'
