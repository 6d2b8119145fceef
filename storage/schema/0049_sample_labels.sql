-- Nothing here changes what the views show: were labels to win there as corrections do, a hundredth of all mentions would be
-- put right, and figures would mix two measures.
CREATE TABLE IF NOT EXISTS sample_labels{{.OnCluster}}
(
    sample       String COMMENT 'name of the draw',
    id           String COMMENT 'id of the mention' CODEC(ZSTD(1)),
    brand        LowCardinality(String) COMMENT 'watched brand with whose eyes the mention is judged',
    number       UInt32 COMMENT 'place in the draw, from 1: a sample is labelled in this order, so that the first part of it is a random sample, too',
    revision     String COMMENT 'revision which was drawn, and which the person reads' CODEC(ZSTD(1)),
    drawn        DateTime64(6, 'UTC') COMMENT 'when it was drawn',
    mood         LowCardinality(String) COMMENT 'mood which the person reads from the text; empty when not given',
    topics       Array(LowCardinality(String)) COMMENT 'codes of what is complained about, as the person reads it',
    topics_given Bool COMMENT 'the person has looked at the topics; else topics says nothing',
    not_ours     Bool COMMENT 'the text is not about the brand; then no mood is given',
    labelled     Bool COMMENT 'a person has given a label',
    by           String COMMENT 'who gave it',
    note         String COMMENT 'why, for people',
    at           DateTime64(6, 'UTC') COMMENT 'when it was labelled, else drawn; the newest holds'
)
ENGINE = {{.Replicated}}ReplacingMergeTree(at)
ORDER BY (sample, id, brand)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'mentions that were drawn at random, and how people who did not see the verdict read them'
