-- The window hangs on the newest visit and not on the clock, so that the answer depends on
-- the ledger alone; a source without a visit in it is no longer configured.
CREATE OR REPLACE VIEW v_coverage{{.OnCluster}}
(
    source       LowCardinality(String) COMMENT 'name of the configured source',
    healthy      Bool COMMENT 'the last run had a good page, no more troubled pages than good ones, and did not end in trouble',
    reason       String COMMENT 'commonest trouble of the last run; empty without trouble',
    last_run     DateTime64(6, 'UTC') COMMENT 'newest visit',
    last_ok      DateTime64(6, 'UTC') COMMENT 'newest visit which ended ok or not_modified; 1970 when none',
    last_mention DateTime64(6, 'UTC') COMMENT 'newest collection of a new or changed mention, as of the last roll-up; 1970 when none',
    run          String COMMENT 'the last run: the newest that ended, or the newest if none did',
    run_started  DateTime64(6, 'UTC') COMMENT 'start of the last run',
    run_ended    Bool COMMENT 'the last run has ended',
    pages        UInt64 COMMENT 'visits of the last run, whatever came of them',
    good         UInt64 COMMENT 'of these, ok or not_modified',
    soft_fails   UInt64 COMMENT 'of these, answered without what they should hold',
    failures     UInt64 COMMENT 'of these, failed',
    refused      UInt64 COMMENT 'of these, not asked for: robots.txt, private network, limits',
    mentions     UInt64 COMMENT 'mentions found in the last run'
)
COMMENT 'coverage of each source with a visit in the 30 days before the newest visit of all'
AS WITH
    runs AS
    (
        SELECT
            l.source AS source,
            l.run AS run,
            min(l.at) AS started,
            max(l.at) AS newest,
            maxIf(l.at, NOT l.run_end AND l.outcome IN ('ok', 'not_modified')) AS newest_ok,
            max(l.run_end) AS ended,
            anyIf(l.outcome, l.run_end) AS end_outcome,
            anyIf(l.reason, l.run_end) AS end_reason,
            countIf(NOT l.run_end) AS pages,
            countIf(NOT l.run_end AND l.outcome IN ('ok', 'not_modified')) AS good,
            countIf(NOT l.run_end AND l.outcome = 'soft_fail') AS soft_fails,
            countIf(NOT l.run_end AND l.outcome = 'failed') AS failures,
            countIf(NOT l.run_end AND l.outcome = 'refused') AS refused,
            if(ended, anyIf(l.mentions, l.run_end), sumIf(l.mentions, NOT l.run_end)) AS mentions,
            topKIf(1)(l.reason, NOT l.run_end AND l.outcome IN ('soft_fail', 'failed'))[1] AS trouble,
            topKIf(1)(l.reason, NOT l.run_end AND l.outcome = 'refused')[1] AS refusal
        FROM crawl_ledger AS l FINAL
        WHERE l.at > (SELECT max(at) FROM crawl_ledger) - INTERVAL 30 DAY
        GROUP BY l.source, l.run
    ),
    last AS
    (
        SELECT
            r.source AS source,
            max(r.newest) AS last_run,
            max(r.newest_ok) AS last_ok,
            argMax(tuple(r.run, r.started, r.ended, r.pages, r.good, r.soft_fails, r.failures, r.refused, r.mentions,
                r.trouble, r.refusal, r.end_outcome, r.end_reason), tuple(r.ended, r.newest, r.run)) AS run
        FROM runs AS r
        GROUP BY r.source
    )
SELECT
    s.source AS source,
    toBool(s.run.5 > 0 AND s.run.6 + s.run.7 <= s.run.5 AND s.run.12 NOT IN ('soft_fail', 'failed', 'refused')) AS healthy,
    multiIf(s.run.10 != '', s.run.10, s.run.13 != '', s.run.13, s.run.5 = 0, s.run.11, '') AS reason,
    s.last_run AS last_run,
    s.last_ok AS last_ok,
    m.last_mention AS last_mention,
    s.run.1 AS run,
    s.run.2 AS run_started,
    s.run.3 AS run_ended,
    s.run.4 AS pages,
    s.run.5 AS good,
    s.run.6 AS soft_fails,
    s.run.7 AS failures,
    s.run.8 AS refused,
    s.run.9 AS mentions
FROM last AS s
LEFT JOIN (SELECT source, max(last_collected) AS last_mention FROM rollup_day GROUP BY source) AS m ON s.source = m.source
