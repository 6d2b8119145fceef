-- v_coverage tells of the last run alone; who compares two weeks has to know what was seen in both.
CREATE OR REPLACE VIEW v_coverage_day{{.OnCluster}}
(
    source     LowCardinality(String) COMMENT 'name of the configured source',
    day        Date COMMENT 'day (UTC) of the visits',
    pages      UInt64 COMMENT 'visits, whatever came of them',
    good       UInt64 COMMENT 'of these, ok or not_modified',
    soft_fails UInt64 COMMENT 'of these, answered without what they should hold',
    failures   UInt64 COMMENT 'of these, failed',
    refused    UInt64 COMMENT 'of these, not asked for: robots.txt, private network, limits',
    good_hours UInt64 COMMENT 'hours of the day with a good page, 0 to 24; how many there should be follows from the schedule of the source',
    first_good DateTime64(6, 'UTC') COMMENT 'first good page; 1970 when none',
    last_good  DateTime64(6, 'UTC') COMMENT 'last good page; 1970 when none',
    trouble    String COMMENT 'commonest trouble, of equals any; empty without trouble'
)
COMMENT 'how well each source was seen, one row a source and day with a visit: a day without any has no row'
AS SELECT
    l.source AS source,
    toDate(l.at) AS day,
    count() AS pages,
    countIf(l.outcome IN ('ok', 'not_modified')) AS good,
    countIf(l.outcome = 'soft_fail') AS soft_fails,
    countIf(l.outcome = 'failed') AS failures,
    countIf(l.outcome = 'refused') AS refused,
    uniqExactIf(toHour(l.at), l.outcome IN ('ok', 'not_modified')) AS good_hours,
    minIf(l.at, l.outcome IN ('ok', 'not_modified')) AS first_good,
    maxIf(l.at, l.outcome IN ('ok', 'not_modified')) AS last_good,
    topKIf(1)(l.reason, l.outcome IN ('soft_fail', 'failed', 'refused') AND l.reason != '')[1] AS trouble
FROM crawl_ledger AS l FINAL
WHERE NOT l.run_end
GROUP BY l.source, toDate(l.at)
