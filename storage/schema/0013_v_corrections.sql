CREATE OR REPLACE VIEW v_corrections{{.OnCluster}}
(
    id           String COMMENT 'id of the mention',
    brand        LowCardinality(String) COMMENT 'watched brand',
    mood         String COMMENT 'right mood; empty when not corrected',
    topics       String COMMENT 'right topics, parted by commas; none when there are none; empty when not corrected',
    not_ours     Bool COMMENT 'the mention is not about the brand',
    not_customer Bool COMMENT 'no customer speaks'
)
COMMENT 'corrections that hold, one row a mention and brand'
AS SELECT
    id,
    brand,
    anyIf(value, field = 'mood') AS mood,
    anyIf(value, field = 'topics') AS topics,
    toBool(countIf(field IN ('not_ours', 'brand') AND value != '') > 0) AS not_ours,
    toBool(countIf(field = 'not_customer' AND value != '') > 0) AS not_customer
FROM corrections FINAL
GROUP BY id, brand
