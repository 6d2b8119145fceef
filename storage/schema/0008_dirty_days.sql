-- Counters and not clocks: a mark made while a day is being rebuilt must stay visible,
-- whatever the clocks of the machines say.
CREATE TABLE IF NOT EXISTS dirty_days{{.OnCluster}}
(
    day     Date COMMENT 'day whose roll-ups may be stale',
    marks   SimpleAggregateFunction(sum, UInt64) COMMENT 'marks made so far',
    rebuilt SimpleAggregateFunction(max, UInt64) COMMENT 'marks which the newest rebuild has seen; the day is dirty while it is less than marks',
    marked  SimpleAggregateFunction(max, DateTime64(9, 'UTC')) COMMENT 'time of the newest mark or rebuild'
)
ENGINE = {{.Replicated}}AggregatingMergeTree
ORDER BY day
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'days whose roll-ups have to be rebuilt'
