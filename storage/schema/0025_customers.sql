CREATE TABLE IF NOT EXISTS customers{{.OnCluster}}
(
    key         String COMMENT 'key of the customer within the company',
    name        String COMMENT 'name; empty when not told',
    value       Float64 COMMENT 'turnover with the customer; 0 when not told',
    margin      Float64 COMMENT 'profit with the customer, below 0 for a loss; 0 when not told',
    since       Date COMMENT 'day of the first purchase; 1970 when not told',
    renewal     Date COMMENT 'day on which the customer may leave; 1970 when not told',
    last_seen   Date COMMENT 'day of the last purchase or visit; 1970 when not told',
    referrals   UInt32 COMMENT 'customers whom this one brought',
    imported_at DateTime64(6, 'UTC') COMMENT 'import which gave this row; the newest of a key holds'
)
ENGINE = {{.Replicated}}ReplacingMergeTree(imported_at)
ORDER BY key
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'customer list of the company, as far as it was imported'
