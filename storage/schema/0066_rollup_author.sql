-- A row that is out of date is not replaced but made due: one with nothing but who and the default of until does it. So
-- nothing is stale that breaks off anywhere. It names authors: forgetting takes from it.
CREATE TABLE IF NOT EXISTS rollup_author{{.OnCluster}}
(
    who            UInt64 COMMENT 'hash of source and author',
    brand          LowCardinality(String) COMMENT 'watched brand',
    source         LowCardinality(String) COMMENT 'name of the configured source',
    author         String COMMENT 'key of the author within the source, or the name where it has none',
    name           String COMMENT 'name of the author as shown last',
    mentions       UInt64 COMMENT 'mentions of the brand by the author',
    complaints     UInt64 COMMENT 'those whose mood is angry or dissatisfied',
    complaints_30d UInt64 COMMENT 'those of the last 30 days',
    first_written  DateTime('UTC') COMMENT 'time of the first mention',
    last_written   DateTime('UTC') COMMENT 'time of the newest mention',
    last_mood      LowCardinality(String) COMMENT 'mood of the newest mention',
    standing       LowCardinality(String) COMMENT 'happy, good, unhappy or angry; empty for who said nothing telling in the last year, or may be many people',
    changed        DateTime('UTC') COMMENT 'when that came about; 1970 when never',
    before         LowCardinality(String) COMMENT 'standing before that; empty for none',
    ups            UInt64 COMMENT 'changes for the better, in the newest 1,000 mentions',
    downs          UInt64 COMMENT 'changes for the worse, in the newest 1,000 mentions',
    reckoned       DateTime64(6, 'UTC') COMMENT 'time for which all this was reckoned',
    until          DateTime('UTC') COMMENT 'when it ceases to hold if nothing is said meanwhile; what has passed is reckoned anew, and so is every row of an author of whom one has'
)
ENGINE = {{.Replicated}}MergeTree
ORDER BY who
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'how each customer who can be told apart stands with a brand, as reckoned last; read v_authors_state, which is never stale'
