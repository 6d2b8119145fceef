CREATE TABLE IF NOT EXISTS crawl_ledger{{.OnCluster}}
(
    source   LowCardinality(String) COMMENT 'name of the configured source',
    at       DateTime64(6, 'UTC') COMMENT 'start of the request',
    id       String COMMENT '32 hex digits, one a visit' CODEC(ZSTD(1)),
    run      String COMMENT 'one run of one source',
    url      String COMMENT 'address asked for, without secrets; empty on the last row of a run' CODEC(ZSTD(1)),
    took_ms  UInt32 COMMENT 'milliseconds until the answer was complete; of the whole run on its last row',
    status   UInt16 COMMENT 'HTTP status; 0 without an answer',
    bytes    Int64 COMMENT 'size of the answer, decoded',
    outcome  LowCardinality(String) COMMENT 'ok, not_modified, soft_fail, failed, or refused (by us)',
    reason   LowCardinality(String) COMMENT 'short code of the trouble, such as challenge, empty, robots, timeout',
    detail   String COMMENT 'one line for a person',
    mentions UInt32 COMMENT 'mentions found; of the whole run on its last row',
    attempt  UInt16 COMMENT 'which try this was',
    run_end  Bool COMMENT 'last row of a run'
)
ENGINE = {{.Replicated}}ReplacingMergeTree
PARTITION BY toYYYYMM(at)
ORDER BY (source, at, id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'coverage ledger: what each request gave, or why not; read it with FINAL'
