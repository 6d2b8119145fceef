-- What was said, revision by revision. It is ordered by id, so it is also how storage
-- finds out which mentions of a batch it knows; hence the small granules.
CREATE TABLE IF NOT EXISTS mention_versions{{.OnCluster}}
(
    id                String COMMENT 'id of the mention' CODEC(ZSTD(1)),
    revision          String COMMENT 'hash of text, title, rating and gone' CODEC(ZSTD(1)),
    collected         DateTime64(6, 'UTC') COMMENT 'visit which first gave this revision',
    day               Date COMMENT 'day of the mention; the same for all its revisions',
    written           DateTime('UTC') COMMENT 'time of writing at first sight',
    written_precision LowCardinality(String) COMMENT 'second, minute, hour, day or unknown',
    written_zone      LowCardinality(String) COMMENT 'IANA name of the zone of the source',
    written_clamped   Bool COMMENT 'the source showed a time in the future',
    written_shown     String COMMENT 'time as the page showed it at first sight',
    seen_first        DateTime64(6, 'UTC') COMMENT 'visit which first found the mention',
    origin            LowCardinality(String) COMMENT 'live, backfill or import: how the mention first came',
    source            LowCardinality(String) COMMENT 'name of the configured source',
    author_id         String COMMENT 'key of the author within the source',
    author            String COMMENT 'name of the author as shown',
    title             String COMMENT 'title as written',
    text              String COMMENT 'text as written' CODEC(ZSTD(1)),
    truncated         Bool COMMENT 'text was cut at the size limit',
    rating_value      Float64 COMMENT 'stars on the scale of the source',
    rating_worst      Float64 COMMENT 'lowest value of that scale',
    rating_best       Float64 COMMENT 'highest value of that scale; 0 without stars',
    edited            DateTime('UTC') COMMENT 'time of the edit which the source shows; 1970 when none'
)
ENGINE = {{.Replicated}}ReplacingMergeTree
ORDER BY (id, revision)
SETTINGS index_granularity = 512, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'what was said: one row for each revision of a mention; a deletion says nothing and is none'
