ALTER TABLE escalation_events{{.OnCluster}}
    ADD COLUMN IF NOT EXISTS written_precision LowCardinality(String) COMMENT 'how exactly the source shows the time of writing: second, minute, hour, day or unknown; empty but for the opening, or where the mention was not known then'
