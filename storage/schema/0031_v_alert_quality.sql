-- The interval is Wilson's at 95 % (z = 1.96): it stays between 0 and 1 and says how little three judgements tell.
CREATE OR REPLACE VIEW v_alert_quality{{.OnCluster}}
(
    rule            LowCardinality(String) COMMENT 'rule which fired',
    escalations     UInt64 COMMENT 'how often it fired',
    told            UInt64 COMMENT 'of these, a person was told',
    acknowledged    UInt64 COMMENT 'of these, somebody took it',
    confirmed       UInt64 COMMENT 'a person said that it was right to tell; the newest word on an escalation counts',
    false_alarms    UInt64 COMMENT 'a person said that nobody had to be told',
    precision       Nullable(Float64) COMMENT 'confirmed as a share of confirmed and false alarms; NULL without feedback',
    precision_low   Nullable(Float64) COMMENT 'lower end of its 95 % interval',
    precision_high  Nullable(Float64) COMMENT 'upper end of its 95 % interval',
    minutes_to_take Nullable(Float64) COMMENT 'median from told (or opened, when nobody was) to acknowledged; NULL when none was'
)
COMMENT 'how well each rule does, by what people did and said'
AS WITH
    3.8416 AS z2,
    sum(f.word = 'true_alarm') AS yes,
    sum(f.word = 'false_alarm') AS no,
    nullIf(yes + no, 0) AS n,
    yes / n AS share,
    (share + z2 / (2 * n)) / (1 + z2 / n) AS middle,
    sqrt(z2 * (share * (1 - share) + z2 / (4 * n)) / n) / (1 + z2 / n) AS half
SELECT
    e.rule AS rule,
    count() AS escalations,
    countIf(e.notified > 0) AS told,
    countIf(e.acknowledged > 0) AS acknowledged,
    yes AS confirmed,
    no AS false_alarms,
    share AS precision,
    if(share IS NULL, NULL, greatest(0, middle - half)) AS precision_low,
    if(share IS NULL, NULL, least(1, middle + half)) AS precision_high,
    quantileExactInclusiveOrNullIf(0.5)(dateDiff('second', if(e.notified > 0, e.notified, e.opened), e.acknowledged) / 60, e.acknowledged > 0) AS minutes_to_take
FROM v_escalations AS e
LEFT JOIN
(
    SELECT escalation, argMax(note, at) AS word
    FROM escalation_events FINAL
    WHERE type = 'feedback'
    GROUP BY escalation
) AS f ON e.id = f.escalation
GROUP BY e.rule
