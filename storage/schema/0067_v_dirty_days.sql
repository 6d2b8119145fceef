CREATE OR REPLACE VIEW v_dirty_days{{.OnCluster}}
(
    day Date COMMENT 'day (UTC)'
)
COMMENT 'days that changed since the last rebuild of the roll-ups, among those whose mentions are kept'
AS SELECT day
FROM dirty_days
WHERE day >= (SELECT max(since) FROM retention WHERE what = 'mentions')
GROUP BY day
HAVING sum(marks) > max(rebuilt)
