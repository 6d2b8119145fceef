CREATE OR REPLACE VIEW v_stale_days{{.OnCluster}}
(
    day Date COMMENT 'day (UTC)'
)
COMMENT 'days of which rollup_hour cannot be asked but the mentions can: what changed since the last rebuild, hours that are no longer kept, and texts that name more than 64 brands'
AS SELECT day
FROM v_dirty_days
UNION ALL
SELECT DISTINCT day
FROM rollup_day
WHERE day < (SELECT max(since) FROM retention WHERE what = 'hours') AND day >= (SELECT max(since) FROM retention WHERE what = 'mentions')
UNION ALL
SELECT DISTINCT day
FROM rollup_hour
WHERE length(brands) > 64 AND day >= (SELECT max(since) FROM retention WHERE what = 'mentions')
