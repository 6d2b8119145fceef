-- What REPLACE PARTITION takes from; empty between rebuilds.
CREATE TABLE IF NOT EXISTS rollup_mention_staging{{.OnCluster}} AS rollup_mention
