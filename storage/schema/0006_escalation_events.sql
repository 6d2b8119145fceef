CREATE TABLE IF NOT EXISTS escalation_events{{.OnCluster}}
(
    escalation String COMMENT 'id of the escalation',
    id         String COMMENT 'one a step',
    at         DateTime64(9, 'UTC') COMMENT 'time of the step',
    type       LowCardinality(String) COMMENT 'opened, notified, notify_failed, acknowledged, …',
    state      LowCardinality(String) COMMENT 'state after the step: open, acknowledged, answered, resolved, reopened, expired',
    actor      String COMMENT 'person or channel',
    note       String COMMENT 'for people',
    rule       LowCardinality(String) COMMENT 'rule which fired',
    severity   LowCardinality(String) COMMENT 'critical, high or normal',
    brand      LowCardinality(String) COMMENT 'watched brand',
    mention    String COMMENT 'id of the mention',
    url        String COMMENT 'page that a person can open',
    author_id  String COMMENT 'key of the author within the source',
    author     String COMMENT 'name of the author as shown',
    followers  Int64 COMMENT 'followers of the author',
    excerpt    String COMMENT 'beginning of the text',
    mood       LowCardinality(String) COMMENT 'mood when the rule fired',
    topics     Array(LowCardinality(String)) COMMENT 'codes of what is complained about',
    signals    Array(LowCardinality(String)) COMMENT 'codes of what else the text gives away',
    why        Array(String) COMMENT 'conditions which held, for people',
    opened     DateTime64(6, 'UTC') COMMENT 'when the escalation was opened',
    written    DateTime64(6, 'UTC') COMMENT 'when the mention was written; 1970 when unknown',
    language   LowCardinality(String) COMMENT 'language of the text',
    priority   UInt8 COMMENT '1 first to 4 last'
)
ENGINE = {{.Replicated}}ReplacingMergeTree
ORDER BY (escalation, id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'every step in the life of every escalation; read v_escalations for where each stands'
