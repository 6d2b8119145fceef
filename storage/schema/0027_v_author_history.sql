-- An answer is a public reply by the brand, or a person's mark on the escalation of the mention. One that was deleted
-- since was an answer too, and all rows of a key have the same written: there is no need for FINAL, which costs as much
-- as the rest.
CREATE OR REPLACE VIEW v_author_history{{.OnCluster}}
(
    brand     LowCardinality(String) COMMENT 'watched brand',
    source    LowCardinality(String) COMMENT 'name of the configured source',
    author    String COMMENT 'key of the author within the source, or the name where it has none',
    bare      Bool COMMENT 'the author is known by a mere name',
    author_id String COMMENT 'key of the author within the source; empty where it has none',
    name      String COMMENT 'name of the author as shown',
    id        String COMMENT 'id of the mention',
    written   DateTime('UTC') COMMENT 'time of writing at first sight; the time of first sight where the source shows none',
    mood      LowCardinality(String) COMMENT 'angry, dissatisfied, mixed, neutral, satisfied or unknown',
    complaint Bool COMMENT 'the mood is angry or dissatisfied',
    peace     Bool COMMENT 'satisfied, or not unhappy and said to be resolved or won back',
    signals   Array(LowCardinality(String)) COMMENT 'codes of what else the text gives away',
    answered  DateTime('UTC') COMMENT 'first public reply of the brand or mark of a person, not before written; 1970 when none is known'
)
COMMENT 'what customers who can be told apart said of a brand, one row a mention'
AS SELECT
    m.brand AS brand,
    m.source AS source,
    if(m.author_id != '', m.author_id, m.author) AS author,
    toBool(m.author_id = '' OR m.author_id = m.author) AS bare,
    m.author_id AS author_id,
    m.author AS name,
    m.id AS id,
    m.written AS written,
    m.mood AS mood,
    m.unhappy AS complaint,
    toBool(m.mood = 'satisfied' OR NOT m.unhappy AND hasAny(m.signals, ['resolved', 'win_back'])) AS peace,
    m.signals AS signals,
    toDateTime(multiIf(
        toUnixTimestamp(r.at) = 0 AND toUnixTimestamp(e.at) = 0, 0,
        toUnixTimestamp(r.at) = 0, greatest(toUnixTimestamp(m.written), toUnixTimestamp(e.at)),
        toUnixTimestamp(e.at) = 0, greatest(toUnixTimestamp(m.written), toUnixTimestamp(r.at)),
        greatest(toUnixTimestamp(m.written), least(toUnixTimestamp(r.at), toUnixTimestamp(e.at)))), 'UTC') AS answered
FROM v_mentions AS m
LEFT JOIN
(
    SELECT brand, parent_id AS id, min(written) AS at
    FROM mentions
    WHERE own AND parent_id != ''
    GROUP BY brand, parent_id
) AS r ON m.brand = r.brand AND m.id = r.id
LEFT JOIN
(
    SELECT brand, mention AS id, min(toDateTime(if(answered_at > 0, answered_at, resolved_at), 'UTC')) AS at
    FROM escalation_events
    WHERE mention != '' AND (answered_at > 0 OR resolved_at > 0)
    GROUP BY brand, mention
) AS e ON m.brand = e.brand AND m.id = e.id
WHERE m.from_customer AND (m.author_id != '' OR m.author != '')
SETTINGS do_not_merge_across_partitions_select_final = 1
