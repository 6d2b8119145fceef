-- Openings from before the column, once more with what the mention says: the row that comes later replaces the other.
INSERT INTO escalation_events
SELECT e.* REPLACE(p.precision AS written_precision)
FROM escalation_events AS e FINAL
INNER JOIN
(
    SELECT id, any(written_precision) AS precision
    FROM mention_versions
    WHERE id IN (SELECT mention FROM escalation_events)
    GROUP BY id
) AS p ON e.mention = p.id
WHERE e.type = 'opened' AND e.mention != '' AND e.written_precision = ''
