-- A mention that names several brands is one mention, whichever of them is asked for: so a row is of all its views, the
-- arrays brands, sources, languages and moods side by side, and who asks for some brands looks at their places alone. By
-- the month, because a year of hours is too much to replace.
CREATE TABLE IF NOT EXISTS rollup_hour{{.OnCluster}}
(
    day        Date COMMENT 'day (UTC) of at',
    at         DateTime('UTC') COMMENT 'hour of writing: its beginning',
    brands     Array(LowCardinality(String)) COMMENT 'watched brands which the mentions name, in order of the alphabet',
    sources    Array(LowCardinality(String)) COMMENT 'source, as seen with the eyes of each brand',
    languages  Array(LowCardinality(String)) COMMENT 'language, as seen with the eyes of each brand',
    moods      Array(LowCardinality(String)) COMMENT 'mood, as seen with the eyes of each brand',
    mentions   UInt64 COMMENT 'mentions by customers, each once however many brands it names',
    ratings    UInt64 COMMENT 'of these, with stars',
    rating_sum Float64 COMMENT 'sum of the stars as shares 0 to 1',
    topics     Array(Tuple(code LowCardinality(String), views UInt64, mentions UInt64)) COMMENT 'mentions by topic of complaint; bit i of views: with the eyes of the brand in place i + 1; an empty code is any topic',
    praise     Array(Tuple(code LowCardinality(String), views UInt64, mentions UInt64)) COMMENT 'the same by what is praised',
    customer   Array(Tuple(code LowCardinality(String), views UInt64, mentions UInt64)) COMMENT 'the same by kind of customer which the text claims',
    signals    Array(Tuple(code LowCardinality(String), views UInt64, mentions UInt64)) COMMENT 'the same by signal'
)
ENGINE = {{.Replicated}}MergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (day, at)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'figures of each hour, rebuilt from v_mentions; a day in v_stale_days may be stale or missing'
