CREATE TABLE IF NOT EXISTS forgotten{{.OnCluster}}
(
    hash String COMMENT 'HMAC-SHA-256 of source and author under the secret of this installation',
    at   DateTime('UTC') COMMENT 'when the person asked to be forgotten'
)
ENGINE = {{.Replicated}}ReplacingMergeTree(at)
ORDER BY hash
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'authors whose words are never stored again'
