-- The judged text is the one that was drawn, or, of a correction, the one that was shown when it was made. Of several labels
-- of one text the newest counts. The interval is Wilson's at 95 % (z = 1.96), as in v_alert_quality.
CREATE OR REPLACE VIEW v_accuracy{{.OnCluster}}
(
    basis      LowCardinality(String) COMMENT 'sample: labels of a random sample, by people who did not see the verdict, which is the accuracy; corrections: what people put right where they saw it, mostly what is wrong, which is a lower bound',
    source     LowCardinality(String) COMMENT 'name of the configured source',
    language   LowCardinality(String) COMMENT 'language of the text as the scorer saw it, ISO 639-1, or und',
    lexicon    LowCardinality(String) COMMENT 'version of lexicons and rules that gave the verdict',
    field      LowCardinality(String) COMMENT 'mood: the same of six; unhappy: whether it is angry or dissatisfied; topics: the same set; ours: it is about the brand (of a sample alone)',
    labelled   UInt64 COMMENT 'mentions and brands for which a person gave the field and this lexicon a verdict on the same text',
    agreed     UInt64 COMMENT 'of these, the verdict says the same',
    share      Float64 COMMENT 'agreed as a share of labelled',
    share_low  Float64 COMMENT 'lower end of its 95 % interval',
    share_high Float64 COMMENT 'upper end of its 95 % interval'
)
COMMENT 'how often the scorer agrees with people, one row a basis, source, language, lexicon and field; never add up the two bases'
AS WITH
    3.8416 AS z2,
    count() AS n,
    countIf(f.agrees) / n AS p,
    (p + z2 / (2 * n)) / (1 + z2 / n) AS middle,
    sqrt(z2 * (p * (1 - p) + z2 / (4 * n)) / n) / (1 + z2 / n) AS half
SELECT
    f.basis AS basis,
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
        j.basis AS basis,
        j.source AS source,
        x.language AS language,
        x.lexicon AS lexicon,
        arrayJoin(multiIf(
            j.field = 'topics',
            [tuple('topics', arraySort(arrayMap(t -> toString(t), arrayDistinct(x.topics))) = arraySort(arrayDistinct(if(j.value = 'none', [], splitByChar(',', j.value)))))],
            j.field = 'ours',
            [tuple('ours', j.value = 'yes')],
            [tuple('mood', x.mood = j.value), tuple('unhappy', (x.mood IN ('angry', 'dissatisfied')) = (j.value IN ('angry', 'dissatisfied')))])) AS told,
        told.1 AS field,
        told.2 AS agrees
    FROM
    (
        SELECT
            'corrections' AS basis,
            c.id AS id,
            c.brand AS brand,
            toString(c.field) AS field,
            any(c.value) AS value,
            any(toString(r.source)) AS source,
            argMax(r.revision, tuple(r.collected <= c.at, if(r.collected <= c.at, 1, -1) * toUnixTimestamp64Micro(r.collected))) AS revision
        FROM corrections AS c FINAL
        INNER JOIN mention_versions AS r FINAL ON c.id = r.id
        WHERE c.field IN ('mood', 'topics') AND c.value != '' AND r.id IN (SELECT id FROM corrections)
        GROUP BY c.id, c.brand, c.field
        UNION ALL
        SELECT
            'sample' AS basis,
            s.id AS id,
            s.brand AS brand,
            said.1 AS field,
            said.2 AS value,
            toString(r.source) AS source,
            s.revision AS revision
        FROM
        (
            SELECT
                id,
                brand,
                revision,
                argMax(tuple(mood, topics, topics_given, not_ours), tuple(at, sample)) AS label,
                arrayJoin(arrayConcat(
                    [tuple('ours', if(label.4, 'no', 'yes'))],
                    if(label.1 = '', [], [tuple('mood', toString(label.1))]),
                    if(label.3, [tuple('topics', if(empty(label.2), 'none', arrayStringConcat(label.2, ',')))], []))) AS said
            FROM sample_labels FINAL
            WHERE labelled
            GROUP BY id, brand, revision
        ) AS s
        INNER JOIN mention_versions AS r FINAL ON s.id = r.id AND s.revision = r.revision
        WHERE r.id IN (SELECT id FROM sample_labels)
    ) AS j
    INNER JOIN verdicts AS x FINAL ON j.id = x.id AND j.brand = x.brand AND j.revision = x.revision
    WHERE (x.brand, x.id) IN (SELECT brand, id FROM corrections UNION ALL SELECT brand, id FROM sample_labels)
) AS f
GROUP BY f.basis, f.source, f.language, f.lexicon, f.field
