-- Those of days that changed are told by what these said before and say now, and by what replies in them answer. The mentions are
-- asked as they lie there, without FINAL: one author too many is only work.
CREATE OR REPLACE VIEW v_due_authors{{.OnCluster}}
(
    who UInt64 COMMENT 'hash of source and author, as in rollup_author; one may stand here several times, and some in vain'
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
SELECT cityHash64(toString(source), if(author_id != '', author_id, author)) AS who
FROM mentions
WHERE day IN (SELECT day FROM v_dirty_days)
UNION ALL
SELECT cityHash64(toString(source), if(author_id != '', author_id, author)) AS who
FROM mention_versions
WHERE id IN
(
    SELECT parent_id FROM rollup_mention WHERE day IN (SELECT day FROM v_dirty_days) AND own
    UNION ALL
    SELECT parent_id FROM mentions WHERE day IN (SELECT day FROM v_dirty_days) AND own AND parent_id != ''
)
