-- Written down before anything is dropped: from then on the days before are neither rebuilt nor added to.
CREATE TABLE IF NOT EXISTS retention{{.OnCluster}}
(
    what  LowCardinality(String) COMMENT 'mentions, hours or days',
    since Date COMMENT 'first day that is kept',
    at    DateTime64(6, 'UTC') COMMENT 'when that was decided'
)
ENGINE = {{.Replicated}}ReplacingMergeTree(since)
ORDER BY what
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'from which day on mentions and roll-ups are kept; without a row all are'
