CREATE OR REPLACE VIEW v_escalations{{.OnCluster}}
(
    id           String COMMENT 'id of the escalation',
    brand        LowCardinality(String) COMMENT 'watched brand',
    rule         LowCardinality(String) COMMENT 'rule which fired',
    severity     LowCardinality(String) COMMENT 'critical, high or normal',
    priority     UInt8 COMMENT '1 first to 4 last',
    state        LowCardinality(String) COMMENT 'open, acknowledged, answered, resolved, reopened or expired',
    waiting      Bool COMMENT 'neither resolved nor expired',
    since        DateTime64(9, 'UTC') COMMENT 'time of the newest step',
    actor        String COMMENT 'who took the newest step',
    note         String COMMENT 'what was noted at the newest step',
    opened       DateTime64(6, 'UTC') COMMENT 'when it was opened',
    notified     DateTime64(9, 'UTC') COMMENT 'when a person was first told; 1970 when not yet',
    acknowledged DateTime64(9, 'UTC') COMMENT 'when somebody first took it; 1970 when not yet',
    answered     DateTime64(9, 'UTC') COMMENT 'when the customer was first answered; 1970 when not yet',
    resolved     DateTime64(9, 'UTC') COMMENT 'when it was last solved; 1970 when not yet',
    mention      String COMMENT 'id of the mention',
    url          String COMMENT 'page that a person can open',
    author_id    String COMMENT 'key of the author within the source',
    author       String COMMENT 'name of the author as shown',
    followers    Int64 COMMENT 'followers of the author',
    excerpt      String COMMENT 'beginning of the text',
    mood         LowCardinality(String) COMMENT 'mood when the rule fired',
    topics       Array(LowCardinality(String)) COMMENT 'codes of what is complained about',
    signals      Array(LowCardinality(String)) COMMENT 'codes of what else the text gives away',
    why          Array(String) COMMENT 'conditions which held, for people',
    written      DateTime64(6, 'UTC') COMMENT 'when the mention was written; 1970 when unknown',
    language     LowCardinality(String) COMMENT 'language of the text'
)
COMMENT 'where each escalation stands now'
AS SELECT
    s.id AS id,
    s.last.1 AS brand,
    s.last.2 AS rule,
    s.last.3 AS severity,
    s.last.4 AS priority,
    s.last.5 AS state,
    toBool(s.last.5 NOT IN ('resolved', 'expired')) AS waiting,
    s.since AS since,
    s.last.6 AS actor,
    s.last.7 AS note,
    s.last.8 AS opened,
    s.notified AS notified,
    s.acknowledged AS acknowledged,
    s.answered AS answered,
    s.resolved AS resolved,
    s.last.9 AS mention,
    s.last.10 AS url,
    s.last.11 AS author_id,
    s.last.12 AS author,
    s.last.13 AS followers,
    s.last.14 AS excerpt,
    s.last.15 AS mood,
    s.last.16 AS topics,
    s.last.17 AS signals,
    s.last.18 AS why,
    s.last.19 AS written,
    s.last.20 AS language
FROM
(
    SELECT
        e.escalation AS id,
        max(e.at) AS since,
        minIf(e.at, e.type = 'notified') AS notified,
        minIf(e.at, e.state = 'acknowledged') AS acknowledged,
        minIf(e.at, e.state = 'answered') AS answered,
        maxIf(e.at, e.type = 'resolved') AS resolved,
        argMax(
            tuple(e.brand, e.rule, e.severity, e.priority, e.state, e.actor, e.note, e.opened, e.mention, e.url,
                e.author_id, e.author, e.followers, e.excerpt, e.mood, e.topics, e.signals, e.why, e.written, e.language),
            tuple(e.at, e.type != 'opened', e.id)) AS last
    FROM escalation_events AS e FINAL
    GROUP BY e.escalation
) AS s
