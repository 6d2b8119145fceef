CREATE OR REPLACE VIEW v_stale_days{{.OnCluster}}
(
    day Date COMMENT 'day (UTC)'
)
COMMENT 'days of which rollup_hour cannot be asked but the mentions can: what changed since the last rebuild, and hours that are no longer kept'
AS SELECT day
FROM dirty_days
WHERE day >= (SELECT max(since) FROM retention WHERE what = 'mentions')
GROUP BY day
HAVING sum(marks) > max(rebuilt)
UNION ALL
SELECT DISTINCT day
FROM rollup_day
WHERE day < (SELECT max(since) FROM retention WHERE what = 'hours') AND day >= (SELECT max(since) FROM retention WHERE what = 'mentions')
