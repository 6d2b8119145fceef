-- Authors are settled by what the roll-ups hold, and by that alone: a state between two rebuilds, which the next one need not
-- show as a change, must not stay. Package storage asks so under this comment.
CREATE OR REPLACE VIEW v_dirty_days{{.OnCluster}}
(
    day Date COMMENT 'day (UTC)'
)
COMMENT 'days that changed since the last rebuild of the roll-ups, among those whose mentions are kept; none for who asks as of the last rebuild (log_comment)'
AS SELECT day
FROM dirty_days
WHERE day >= (SELECT max(since) FROM retention WHERE what = 'mentions')
GROUP BY day
HAVING sum(marks) > max(rebuilt) AND getSetting('log_comment') != 'as of the last rebuild'
