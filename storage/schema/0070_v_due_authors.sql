-- Those of days that changed are told by what these said before and say now, and by what replies in them answer.
CREATE OR REPLACE VIEW v_due_authors{{.OnCluster}}
(
    who UInt64 COMMENT 'hash of source and author, as in rollup_author; one may stand here several times'
)
COMMENT 'authors of whom rollup_author cannot be asked: their time is up, or they have a part in days that changed since the last rebuild'
AS SELECT who
FROM rollup_author
WHERE until <= now('UTC')
UNION ALL
SELECT who
FROM rollup_mention
WHERE day IN (SELECT day FROM v_dirty_days) AND NOT own AND who != 0
UNION ALL
SELECT who
FROM v_brief_now
WHERE day IN (SELECT day FROM v_dirty_days) AND NOT own AND who != 0
UNION ALL
SELECT cityHash64(toString(source), if(author_id != '', author_id, author)) AS who
FROM mention_versions
WHERE id IN
(
    SELECT parent_id FROM rollup_mention WHERE day IN (SELECT day FROM v_dirty_days) AND own
    UNION ALL
    SELECT parent_id FROM v_brief_now WHERE day IN (SELECT day FROM v_dirty_days) AND own
)
