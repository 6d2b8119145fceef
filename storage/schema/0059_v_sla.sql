-- As before (0030), but that precision comes from the table which is ordered by id: mentions are read as a whole for it.
-- A mention whose page shows less than the minute has no exact written: the clock then starts at first sight, and the part
-- of the delay that passed before it stays unknown. How exact it is stands with the mention and does not change after first
-- sight, so that any of its rows will do and FINAL is spared; a mention that was forgotten is no longer known, nor exact.
CREATE OR REPLACE VIEW v_sla{{.OnCluster}}
(
    id               String COMMENT 'id of the escalation',
    brand            LowCardinality(String) COMMENT 'watched brand',
    source           LowCardinality(String) COMMENT 'name of the source',
    team             LowCardinality(String) COMMENT 'whose it is by the routes',
    rule             LowCardinality(String) COMMENT 'rule which fired',
    severity         LowCardinality(String) COMMENT 'critical, high or normal',
    language         LowCardinality(String) COMMENT 'language of the text',
    topics           Array(LowCardinality(String)) COMMENT 'codes of what is complained about',
    state            LowCardinality(String) COMMENT 'open, acknowledged, answered, resolved, reopened, not_winnable or expired',
    waiting          Bool COMMENT 'neither resolved nor not_winnable nor expired',
    false_alarm      Bool COMMENT 'a person said that nobody had to be told',
    counted          Bool COMMENT 'an answer was promised, and it was no false alarm: what the share in time is taken of',
    written          DateTime64(6, 'UTC') COMMENT 'when the mention was written; 1970 when unknown',
    written_exact    Bool COMMENT 'the source shows the second or the minute of writing',
    started          DateTime64(6, 'UTC') COMMENT 'when the clock starts: written where it is exact, else seen, else opened',
    seen             DateTime64(6, 'UTC') COMMENT 'when the crawler had the mention; 1970 when unknown',
    stored           DateTime64(6, 'UTC') COMMENT 'when the mention was in the store; 1970 when unknown',
    opened           DateTime64(6, 'UTC') COMMENT 'when the escalation was opened',
    told             DateTime64(6, 'UTC') COMMENT 'when a person was first told; 1970 when not yet',
    due              DateTime64(6, 'UTC') COMMENT 'when the promised answer is due; 1970 when none is promised',
    answered         DateTime64(6, 'UTC') COMMENT 'when the customer was answered; without an answer when it was resolved or found not winnable; 1970 when not yet',
    resolved         DateTime64(6, 'UTC') COMMENT 'when it was solved; 1970 when not yet',
    decided          DateTime64(6, 'UTC') COMMENT 'when the promise was kept (answered) or broken (due); 1970 when that is still open',
    reply            LowCardinality(String) COMMENT 'what the answer was: canned, hand_off, solution or other; empty when not known',
    answer_seconds   Nullable(Float64) COMMENT 'from started to answered; NULL when not yet',
    solve_seconds    Nullable(Float64) COMMENT 'from started to resolved; NULL when not yet',
    answered_in_time Nullable(Bool) COMMENT 'the promise was kept; NULL while neither answered nor due, and where nothing was promised',
    breached         Bool COMMENT 'the promise was broken, by a late answer or by none',
    seen_seconds     Nullable(Float64) COMMENT 'own delay from written to seen; NULL where one of the two is not known exactly',
    stored_seconds   Nullable(Float64) COMMENT 'own delay from seen to stored; NULL where one of the two is unknown',
    told_seconds     Nullable(Float64) COMMENT 'own delay from stored to told; NULL where one of the two is unknown'
)
COMMENT 'the clocks of each escalation that a mention caused; answers and delays are 0 where clocks of two machines disagree'
AS WITH
    toDateTime64(0, 6, 'UTC') AS never,
    now64(6, 'UTC') AS this_moment,
    p.precision IN ('second', 'minute') AND e.written > never AS exact,
    multiIf(exact, e.written, e.seen > never, e.seen, e.opened) AS start,
    multiIf(e.answered > never, e.answered, e.resolved > never, e.resolved, e.state = 'not_winnable', e.since::DateTime64(6, 'UTC'), never) AS end,
    multiIf(e.due = never, NULL, end > never, end <= e.due, this_moment > e.due, false, NULL) AS in_time,
    (a, b) -> if(a > never AND b > never, greatest(0, dateDiff('millisecond', a, b) / 1000), NULL) AS seconds
SELECT
    e.id AS id,
    e.brand AS brand,
    e.source AS source,
    e.team AS team,
    e.rule AS rule,
    e.severity AS severity,
    e.language AS language,
    e.topics AS topics,
    e.state AS state,
    e.waiting AS waiting,
    e.false_alarm AS false_alarm,
    toBool(e.due > never AND NOT e.false_alarm) AS counted,
    e.written AS written,
    toBool(exact) AS written_exact,
    start AS started,
    e.seen AS seen,
    e.stored AS stored,
    e.opened AS opened,
    e.notified AS told,
    e.due AS due,
    end AS answered,
    e.resolved AS resolved,
    multiIf(isNull(in_time), never, in_time, end, e.due) AS decided,
    e.reply AS reply,
    seconds(start, end) AS answer_seconds,
    seconds(start, e.resolved) AS solve_seconds,
    in_time::Nullable(Bool) AS answered_in_time,
    toBool(ifNull(NOT in_time, false)) AS breached,
    if(exact, seconds(e.written, e.seen), NULL) AS seen_seconds,
    seconds(e.seen, e.stored) AS stored_seconds,
    seconds(e.stored, e.notified) AS told_seconds
FROM v_escalations AS e
LEFT JOIN
(
    SELECT id, any(written_precision) AS precision
    FROM mention_versions
    WHERE id IN (SELECT mention FROM escalation_events WHERE type = 'opened')
    GROUP BY id
) AS p ON e.mention = p.id
WHERE e.mention != ''
