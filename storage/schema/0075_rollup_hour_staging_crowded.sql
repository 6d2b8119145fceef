ALTER TABLE rollup_hour_staging{{.OnCluster}} ADD INDEX IF NOT EXISTS crowded length(brands) TYPE minmax GRANULARITY 1
