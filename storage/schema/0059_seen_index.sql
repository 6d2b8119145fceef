-- Charts by the time of first sight ask for it. Parts from before are read as a whole until they are merged.
ALTER TABLE mentions{{.OnCluster}} ADD INDEX IF NOT EXISTS seen_range seen_first TYPE minmax GRANULARITY 1
