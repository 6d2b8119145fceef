-- Who is due is reckoned anew, so that an answer is never stale; all others are as rollup_author has them.
CREATE OR REPLACE VIEW v_authors_state{{.OnCluster}}
(
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
    as_of          DateTime('UTC') COMMENT 'time for which all this holds: that of the question'
)
COMMENT 'how each customer who can be told apart stands with a brand now, by what he said of it; true at the moment of the question: reckoned beforehand, and anew for those who said something since, or whose time is up'
AS SELECT
    brand, source, author, name, mentions, complaints, complaints_30d, first_written, last_written, last_mood, standing, changed, before, ups, downs, now('UTC') AS as_of
FROM rollup_author
WHERE until > now('UTC') AND who NOT IN (SELECT who FROM v_due_authors)
UNION ALL
SELECT
    brand, source, author, name, mentions, complaints, complaints_30d, first_written, last_written, last_mood, standing, changed, before, ups, downs, now('UTC') AS as_of
FROM v_author_reckoned
