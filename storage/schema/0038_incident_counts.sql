ALTER TABLE escalation_events{{.OnCluster}}
    ADD COLUMN IF NOT EXISTS mentions UInt32 COMMENT 'of an incident, how many mentions it has; else what the same customer wrote of it; 0 when not known',
    ADD COLUMN IF NOT EXISTS authors UInt32 COMMENT 'of an incident, how many people wrote; 0 when not known'
