CREATE TABLE IF NOT EXISTS verdicts{{.OnCluster}}
(
    brand       LowCardinality(String) COMMENT 'watched brand',
    id          String COMMENT 'id of the mention' CODEC(ZSTD(1)),
    revision    String COMMENT 'revision which was scored' CODEC(ZSTD(1)),
    lexicon     LowCardinality(String) COMMENT 'version of lexicons and rules',
    scored      DateTime64(6, 'UTC') COMMENT 'collection or rescore run which gave the verdict',
    day         Date COMMENT 'day of the mention',
    language    LowCardinality(String) COMMENT 'language of the text, ISO 639-1, or und',
    score       Float64 COMMENT '-1 worst to 1 best',
    raw         Float64 COMMENT 'score before squashing',
    mood        LowCardinality(String) COMMENT 'angry, dissatisfied, mixed, neutral, satisfied or unknown',
    anger       Float64 COMMENT '0 calm to 1 furious',
    topics      Array(LowCardinality(String)) COMMENT 'codes of what is complained about',
    praise      Array(LowCardinality(String)) COMMENT 'codes of what is praised',
    blamed      Array(LowCardinality(String)) COMMENT 'brand, seller, courier, bank, customer',
    customer    Array(LowCardinality(String)) COMMENT 'kinds of customer which the text claims',
    signals     Array(LowCardinality(String)) COMMENT 'codes of what else the text gives away',
    switch_from String COMMENT 'brand which the customer leaves',
    switch_to   String COMMENT 'brand to which the customer goes',
    priority    UInt8 COMMENT '1 first to 4 last',
    coverage    Float64 COMMENT 'share of the words of the text which the scorer understood',
    reasons     Array(Tuple(rule String, text String, start UInt32, end UInt32, weight Float64)) COMMENT 'evidence; start and end are bytes of text',
    fingerprint String COMMENT 'hash of the whole verdict' CODEC(ZSTD(1))
)
ENGINE = {{.Replicated}}ReplacingMergeTree(scored)
ORDER BY (brand, id, revision, lexicon)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'every verdict, by version of the lexicon, so that a published figure can be reproduced'
