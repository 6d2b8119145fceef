-- What REPLACE PARTITION takes from; empty between rebuilds.
CREATE TABLE IF NOT EXISTS rollup_day_staging{{.OnCluster}} AS rollup_day
