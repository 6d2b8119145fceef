-- A brand's reply asks for its thread; see decision 17.
ALTER TABLE mentions{{.OnCluster}} ADD INDEX IF NOT EXISTS thread_bloom thread_id TYPE bloom_filter GRANULARITY 4
