-- The places of views are bits of 64: of a day on which a text names more brands the codes are counted from the mentions.
ALTER TABLE rollup_hour{{.OnCluster}} ADD INDEX IF NOT EXISTS crowded length(brands) TYPE minmax GRANULARITY 1
