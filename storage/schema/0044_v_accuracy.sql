-- The judged text is the one that was shown when the correction was made. The interval is Wilson's at 95 % (z = 1.96), as in
-- v_alert_quality.
CREATE OR REPLACE VIEW v_accuracy{{.OnCluster}}
(
    source     LowCardinality(String) COMMENT 'name of the configured source',
    language   LowCardinality(String) COMMENT 'language of the text as the scorer saw it, ISO 639-1, or und',
    lexicon    LowCardinality(String) COMMENT 'version of lexicons and rules that gave the verdict',
    field      LowCardinality(String) COMMENT 'mood: the same of six; unhappy: whether it is angry or dissatisfied; topics: the same set',
    labelled   UInt64 COMMENT 'mentions and brands for which a person gave the field and this lexicon a verdict on the same text',
    agreed     UInt64 COMMENT 'of these, the verdict says the same',
    share      Float64 COMMENT 'agreed as a share of labelled',
    share_low  Float64 COMMENT 'lower end of its 95 % interval',
    share_high Float64 COMMENT 'upper end of its 95 % interval'
)
COMMENT 'how often the scorer agrees with people, one row a source, language, lexicon and field, by corrections alone: these are no random sample, for people correct what is wrong, and so it is a lower bound rather than the accuracy'
AS WITH
    3.8416 AS z2,
    count() AS n,
    countIf(f.agrees) / n AS p,
    (p + z2 / (2 * n)) / (1 + z2 / n) AS middle,
    sqrt(z2 * (p * (1 - p) + z2 / (4 * n)) / n) / (1 + z2 / n) AS half
SELECT
    f.source AS source,
    f.language AS language,
    f.lexicon AS lexicon,
    f.field AS field,
    n AS labelled,
    countIf(f.agrees) AS agreed,
    p AS share,
    greatest(0, middle - half) AS share_low,
    least(1, middle + half) AS share_high
FROM
(
    SELECT
        j.source AS source,
        x.language AS language,
        x.lexicon AS lexicon,
        arrayJoin(if(j.field = 'topics',
            [tuple('topics', arraySort(arrayMap(t -> toString(t), arrayDistinct(x.topics))) = arraySort(arrayDistinct(if(j.value = 'none', [], splitByChar(',', j.value)))))],
            [tuple('mood', x.mood = j.value), tuple('unhappy', (x.mood IN ('angry', 'dissatisfied')) = (j.value IN ('angry', 'dissatisfied')))])) AS told,
        told.1 AS field,
        told.2 AS agrees
    FROM
    (
        SELECT
            c.id AS id,
            c.brand AS brand,
            c.field AS field,
            any(c.value) AS value,
            any(r.source) AS source,
            argMax(r.revision, tuple(r.collected <= c.at, if(r.collected <= c.at, 1, -1) * toUnixTimestamp64Micro(r.collected))) AS revision
        FROM corrections AS c FINAL
        INNER JOIN mention_versions AS r FINAL ON c.id = r.id
        WHERE c.field IN ('mood', 'topics') AND c.value != '' AND r.id IN (SELECT id FROM corrections)
        GROUP BY c.id, c.brand, c.field
    ) AS j
    INNER JOIN verdicts AS x FINAL ON j.id = x.id AND j.brand = x.brand AND j.revision = x.revision
    WHERE (x.brand, x.id) IN (SELECT brand, id FROM corrections)
) AS f
GROUP BY f.source, f.language, f.lexicon, f.field
