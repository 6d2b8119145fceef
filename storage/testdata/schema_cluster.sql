-- The newest revision and verdict of every mention, one row a mention and brand.
-- day is the day of first sight's written and never moves: ReplacingMergeTree replaces
-- only equal keys within one partition.
CREATE TABLE IF NOT EXISTS mentions ON CLUSTER main
(
    brand             LowCardinality(String) COMMENT 'watched brand with whose eyes the mention is seen',
    day               Date COMMENT 'day (UTC) of written; fixed at first sight',
    id                String COMMENT '32 hex digits; the same for all brands of a mention' CODEC(ZSTD(1)),
    version           UInt64 COMMENT 'orders the rows of one key: time of the collection in microseconds since 1970, plus one for each rescore',
    gone              UInt8 COMMENT '1 when this row hides the mention for this brand',
    gone_why          LowCardinality(String) COMMENT 'deleted: the source no longer shows it; unmatched: it no longer names the brand',
    gone_seen         DateTime64(6, 'UTC') COMMENT 'visit which last found it deleted; 1970 when never',
    revision          String COMMENT 'hash of text, title, rating and gone, 16 hex digits' CODEC(ZSTD(1)),
    weak_id           Bool COMMENT 'the source has no key of its own; see the guide on identity',
    source            LowCardinality(String) COMMENT 'name of the configured source',
    source_kind       LowCardinality(String) COMMENT 'site, recipe, feed, twitter',
    kind              LowCardinality(String) COMMENT 'review, complaint, post, comment, question, rating',
    url               String COMMENT 'page that a person can open' CODEC(ZSTD(1)),
    product           String COMMENT 'product or service spoken of, as the source names it',
    thread_id         String COMMENT 'key of the thread or page within the source',
    parent_id         String COMMENT 'id of the mention which this one answers',
    about             Array(LowCardinality(String)) COMMENT 'brands which the configuration of the source vouches for',
    author_id         String COMMENT 'key of the author within the source',
    author            String COMMENT 'name of the author as shown',
    followers         Int64 COMMENT 'followers of the author; 0 when not told',
    own               Bool COMMENT 'written by the brand itself',
    title             String COMMENT 'title as written',
    text              String COMMENT 'text as written; its bytes may be no valid UTF-8' CODEC(ZSTD(1)),
    truncated         Bool COMMENT 'text was cut at the size limit',
    language_claimed  LowCardinality(String) COMMENT 'language which the source claims',
    rating            Nullable(Float64) COMMENT 'stars as a share, 0 worst to 1 best; NULL without stars',
    rating_value      Float64 COMMENT 'stars on the scale of the source',
    rating_worst      Float64 COMMENT 'lowest value of that scale',
    rating_best       Float64 COMMENT 'highest value of that scale; 0 without stars',
    likes             Int64 COMMENT 'likes at the collection of this revision',
    replies           Int64 COMMENT 'replies at the collection of this revision',
    shares            Int64 COMMENT 'shares at the collection of this revision',
    views             Int64 COMMENT 'views at the collection of this revision',
    verified          Bool COMMENT 'the source says that the author bought the thing',
    written           DateTime('UTC') COMMENT 'time of writing at first sight; the time of first sight where written_precision is unknown',
    written_precision LowCardinality(String) COMMENT 'second, minute, hour, day or unknown',
    written_zone      LowCardinality(String) COMMENT 'IANA name of the zone of the source',
    written_clamped   Bool COMMENT 'the source showed a time in the future',
    written_shown     String COMMENT 'time as the page showed it',
    edited            DateTime('UTC') COMMENT 'time of the last edit which the source shows; 1970 when none',
    seen_first        DateTime64(6, 'UTC') COMMENT 'visit which first found the mention',
    collected         DateTime64(6, 'UTC') COMMENT 'visit which gave this revision',
    origin            LowCardinality(String) COMMENT 'live, backfill or import: how the mention first came',
    language          LowCardinality(String) COMMENT 'language of the text, ISO 639-1, or und',
    score             Float64 COMMENT '-1 worst to 1 best',
    raw               Float64 COMMENT 'score before squashing: the sum of the weights of the reasons',
    mood              LowCardinality(String) COMMENT 'angry, dissatisfied, mixed, neutral, satisfied or unknown',
    anger             Float64 COMMENT '0 calm to 1 furious',
    topics            Array(LowCardinality(String)) COMMENT 'codes of what is complained about',
    praise            Array(LowCardinality(String)) COMMENT 'codes of what is praised',
    blamed            Array(LowCardinality(String)) COMMENT 'brand, seller, courier, bank, customer',
    customer          Array(LowCardinality(String)) COMMENT 'kinds of customer which the text claims',
    signals           Array(LowCardinality(String)) COMMENT 'codes of what else the text gives away',
    switch_from       String COMMENT 'brand which the customer leaves',
    switch_to         String COMMENT 'brand to which the customer goes',
    priority          UInt8 COMMENT '1 first to 4 last; 0 when not scored',
    coverage          Float64 COMMENT 'share of the words of the text which the scorer understood',
    reasons           Array(Tuple(rule String, text String, start UInt32, end UInt32, weight Float64)) COMMENT 'evidence; start and end are bytes of text',
    lexicon           LowCardinality(String) COMMENT 'version of lexicons and rules',
    fingerprint       String COMMENT 'hash of the whole verdict, 16 hex digits' CODEC(ZSTD(1)),
    scored            DateTime64(6, 'UTC') COMMENT 'collection or rescore run which gave the verdict',
    search            String COMMENT 'title and text, folded: lower case, digits and letters unified, words parted by spaces' CODEC(ZSTD(1)),
    INDEX written_range written TYPE minmax GRANULARITY 1,
    INDEX author_bloom author_id TYPE bloom_filter GRANULARITY 4
)
ENGINE = ReplicatedReplacingMergeTree(version, gone)
PARTITION BY toYYYYMM(day)
ORDER BY (brand, day, id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'newest revision and verdict of every mention and brand; read v_mentions instead'
;

-- What was said, revision by revision. It is ordered by id, so it is also how storage
-- finds out which mentions of a batch it knows; hence the small granules.
CREATE TABLE IF NOT EXISTS mention_versions ON CLUSTER main
(
    id                String COMMENT 'id of the mention' CODEC(ZSTD(1)),
    revision          String COMMENT 'hash of text, title, rating and gone' CODEC(ZSTD(1)),
    collected         DateTime64(6, 'UTC') COMMENT 'visit which first gave this revision',
    day               Date COMMENT 'day of the mention; the same for all its revisions',
    written           DateTime('UTC') COMMENT 'time of writing at first sight',
    written_precision LowCardinality(String) COMMENT 'second, minute, hour, day or unknown',
    written_zone      LowCardinality(String) COMMENT 'IANA name of the zone of the source',
    written_clamped   Bool COMMENT 'the source showed a time in the future',
    written_shown     String COMMENT 'time as the page showed it at first sight',
    seen_first        DateTime64(6, 'UTC') COMMENT 'visit which first found the mention',
    origin            LowCardinality(String) COMMENT 'live, backfill or import: how the mention first came',
    source            LowCardinality(String) COMMENT 'name of the configured source',
    author_id         String COMMENT 'key of the author within the source',
    author            String COMMENT 'name of the author as shown',
    title             String COMMENT 'title as written',
    text              String COMMENT 'text as written' CODEC(ZSTD(1)),
    truncated         Bool COMMENT 'text was cut at the size limit',
    rating_value      Float64 COMMENT 'stars on the scale of the source',
    rating_worst      Float64 COMMENT 'lowest value of that scale',
    rating_best       Float64 COMMENT 'highest value of that scale; 0 without stars',
    edited            DateTime('UTC') COMMENT 'time of the edit which the source shows; 1970 when none'
)
ENGINE = ReplicatedReplacingMergeTree
ORDER BY (id, revision)
SETTINGS index_granularity = 512, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'what was said: one row for each revision of a mention; a deletion says nothing and is none'
;

CREATE TABLE IF NOT EXISTS verdicts ON CLUSTER main
(
    brand       LowCardinality(String) COMMENT 'watched brand',
    id          String COMMENT 'id of the mention' CODEC(ZSTD(1)),
    revision    String COMMENT 'revision which was scored' CODEC(ZSTD(1)),
    lexicon     LowCardinality(String) COMMENT 'version of lexicons and rules',
    scored      DateTime64(6, 'UTC') COMMENT 'collection or rescore run which gave the verdict',
    day         Date COMMENT 'day of the mention',
    language    LowCardinality(String) COMMENT 'language of the text, ISO 639-1, or und',
    score       Float64 COMMENT '-1 worst to 1 best',
    raw         Float64 COMMENT 'score before squashing',
    mood        LowCardinality(String) COMMENT 'angry, dissatisfied, mixed, neutral, satisfied or unknown',
    anger       Float64 COMMENT '0 calm to 1 furious',
    topics      Array(LowCardinality(String)) COMMENT 'codes of what is complained about',
    praise      Array(LowCardinality(String)) COMMENT 'codes of what is praised',
    blamed      Array(LowCardinality(String)) COMMENT 'brand, seller, courier, bank, customer',
    customer    Array(LowCardinality(String)) COMMENT 'kinds of customer which the text claims',
    signals     Array(LowCardinality(String)) COMMENT 'codes of what else the text gives away',
    switch_from String COMMENT 'brand which the customer leaves',
    switch_to   String COMMENT 'brand to which the customer goes',
    priority    UInt8 COMMENT '1 first to 4 last',
    coverage    Float64 COMMENT 'share of the words of the text which the scorer understood',
    reasons     Array(Tuple(rule String, text String, start UInt32, end UInt32, weight Float64)) COMMENT 'evidence; start and end are bytes of text',
    fingerprint String COMMENT 'hash of the whole verdict' CODEC(ZSTD(1))
)
ENGINE = ReplicatedReplacingMergeTree(scored)
ORDER BY (brand, id, revision, lexicon)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'every verdict, by version of the lexicon, so that a published figure can be reproduced'
;

CREATE TABLE IF NOT EXISTS corrections ON CLUSTER main
(
    id    String COMMENT 'id of the mention',
    brand LowCardinality(String) COMMENT 'watched brand',
    field LowCardinality(String) COMMENT 'mood, topics, brand, not_ours or not_customer',
    value String COMMENT 'right value; topics are parted by commas; empty takes the correction back',
    by    String COMMENT 'who corrected',
    note  String COMMENT 'why, for people',
    at    DateTime64(6, 'UTC') COMMENT 'when; the newest of a field holds'
)
ENGINE = ReplicatedReplacingMergeTree(at)
ORDER BY (id, brand, field)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'verdicts put right by people; they win in the views and survive every rescore'
;

CREATE TABLE IF NOT EXISTS crawl_ledger ON CLUSTER main
(
    source   LowCardinality(String) COMMENT 'name of the configured source',
    at       DateTime64(6, 'UTC') COMMENT 'start of the request',
    id       String COMMENT '32 hex digits, one a visit' CODEC(ZSTD(1)),
    run      String COMMENT 'one run of one source',
    url      String COMMENT 'address asked for, without secrets; empty on the last row of a run' CODEC(ZSTD(1)),
    took_ms  UInt32 COMMENT 'milliseconds until the answer was complete; of the whole run on its last row',
    status   UInt16 COMMENT 'HTTP status; 0 without an answer',
    bytes    Int64 COMMENT 'size of the answer, decoded',
    outcome  LowCardinality(String) COMMENT 'ok, not_modified, soft_fail, failed, or refused (by us)',
    reason   LowCardinality(String) COMMENT 'short code of the trouble, such as challenge, empty, robots, timeout',
    detail   String COMMENT 'one line for a person',
    mentions UInt32 COMMENT 'mentions found; of the whole run on its last row',
    attempt  UInt16 COMMENT 'which try this was',
    run_end  Bool COMMENT 'last row of a run'
)
ENGINE = ReplicatedReplacingMergeTree
PARTITION BY toYYYYMM(at)
ORDER BY (source, at, id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'coverage ledger: what each request gave, or why not; read it with FINAL'
;

CREATE TABLE IF NOT EXISTS escalation_events ON CLUSTER main
(
    escalation String COMMENT 'id of the escalation',
    id         String COMMENT 'one a step',
    at         DateTime64(9, 'UTC') COMMENT 'time of the step',
    type       LowCardinality(String) COMMENT 'opened, notified, notify_failed, acknowledged, …',
    state      LowCardinality(String) COMMENT 'state after the step: open, acknowledged, answered, resolved, reopened, expired',
    actor      String COMMENT 'person or channel',
    note       String COMMENT 'for people',
    rule       LowCardinality(String) COMMENT 'rule which fired',
    severity   LowCardinality(String) COMMENT 'critical, high or normal',
    brand      LowCardinality(String) COMMENT 'watched brand',
    mention    String COMMENT 'id of the mention',
    url        String COMMENT 'page that a person can open',
    author_id  String COMMENT 'key of the author within the source',
    author     String COMMENT 'name of the author as shown',
    followers  Int64 COMMENT 'followers of the author',
    excerpt    String COMMENT 'beginning of the text',
    mood       LowCardinality(String) COMMENT 'mood when the rule fired',
    topics     Array(LowCardinality(String)) COMMENT 'codes of what is complained about',
    signals    Array(LowCardinality(String)) COMMENT 'codes of what else the text gives away',
    why        Array(String) COMMENT 'conditions which held, for people',
    opened     DateTime64(6, 'UTC') COMMENT 'when the escalation was opened',
    written    DateTime64(6, 'UTC') COMMENT 'when the mention was written; 1970 when unknown',
    language   LowCardinality(String) COMMENT 'language of the text',
    priority   UInt8 COMMENT '1 first to 4 last'
)
ENGINE = ReplicatedReplacingMergeTree
ORDER BY (escalation, id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'every step in the life of every escalation; read v_escalations for where each stands'
;

CREATE TABLE IF NOT EXISTS forgotten ON CLUSTER main
(
    hash String COMMENT 'HMAC-SHA-256 of source and author under the secret of this installation',
    at   DateTime('UTC') COMMENT 'when the person asked to be forgotten'
)
ENGINE = ReplicatedReplacingMergeTree(at)
ORDER BY hash
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'authors whose words are never stored again'
;

-- Counters and not clocks: a mark made while a day is being rebuilt must stay visible,
-- whatever the clocks of the machines say.
CREATE TABLE IF NOT EXISTS dirty_days ON CLUSTER main
(
    day     Date COMMENT 'day whose roll-ups may be stale',
    marks   SimpleAggregateFunction(sum, UInt64) COMMENT 'marks made so far',
    rebuilt SimpleAggregateFunction(max, UInt64) COMMENT 'marks which the newest rebuild has seen; the day is dirty while it is less than marks',
    marked  SimpleAggregateFunction(max, DateTime64(9, 'UTC')) COMMENT 'time of the newest mark or rebuild'
)
ENGINE = ReplicatedAggregatingMergeTree
ORDER BY day
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'days whose roll-ups have to be rebuilt'
;

CREATE TABLE IF NOT EXISTS rollup_day ON CLUSTER main
(
    brand          LowCardinality(String) COMMENT 'watched brand',
    day            Date COMMENT 'day (UTC) of writing',
    source         LowCardinality(String) COMMENT 'name of the configured source',
    language       LowCardinality(String) COMMENT 'language of the text',
    mood           LowCardinality(String) COMMENT 'angry, dissatisfied, mixed, neutral, satisfied or unknown',
    mentions       UInt64 COMMENT 'mentions by customers',
    unhappy        UInt64 COMMENT 'of these, angry or dissatisfied',
    scored         UInt64 COMMENT 'of these, with a known mood: what score_sum is the sum of',
    score_sum      Float64 COMMENT 'sum of the scores of the scored',
    anger_sum      Float64 COMMENT 'sum of anger of the scored',
    ratings        UInt64 COMMENT 'of these, with stars',
    rating_sum     Float64 COMMENT 'sum of the stars as shares 0 to 1',
    urgent         UInt64 COMMENT 'of these, with priority 1',
    last_collected DateTime64(6, 'UTC') COMMENT 'newest collection'
)
ENGINE = ReplicatedMergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (brand, day, source, language, mood)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'figures of each day, rebuilt from v_mentions; a day in dirty_days may be stale'
;

-- What REPLACE PARTITION takes from; empty between rebuilds.
CREATE TABLE IF NOT EXISTS rollup_day_staging ON CLUSTER main AS rollup_day
;

-- Apart from rollup_day, because arrayJoin counts a mention once for each of its topics.
CREATE TABLE IF NOT EXISTS rollup_topic ON CLUSTER main
(
    brand      LowCardinality(String) COMMENT 'watched brand',
    day        Date COMMENT 'day (UTC) of writing',
    source     LowCardinality(String) COMMENT 'name of the configured source',
    language   LowCardinality(String) COMMENT 'language of the text',
    topic      LowCardinality(String) COMMENT 'code of the topic',
    complaints UInt64 COMMENT 'mentions by customers which complain about it',
    praise     UInt64 COMMENT 'mentions by customers which praise it',
    unhappy    UInt64 COMMENT 'of the complaints, angry or dissatisfied'
)
ENGINE = ReplicatedMergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (brand, day, source, language, topic)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'complaints and praise of each day by topic, rebuilt from v_mentions'
;

-- What REPLACE PARTITION takes from; empty between rebuilds.
CREATE TABLE IF NOT EXISTS rollup_topic_staging ON CLUSTER main AS rollup_topic
;

-- The corrections are gathered here and not in a view of their own: a view within a view doubles the time that a small
-- question takes.
CREATE OR REPLACE VIEW v_mentions ON CLUSTER main
(
    id                String COMMENT '32 hex digits; the same for all brands of a mention',
    brand             LowCardinality(String) COMMENT 'watched brand with whose eyes the mention is seen',
    day               Date COMMENT 'day (UTC) of written; fixed at first sight',
    source            LowCardinality(String) COMMENT 'name of the configured source',
    source_kind       LowCardinality(String) COMMENT 'site, recipe, feed, twitter',
    kind              LowCardinality(String) COMMENT 'review, complaint, post, comment, question, rating',
    url               String COMMENT 'page that a person can open',
    product           String COMMENT 'product or service spoken of, as the source names it',
    thread_id         String COMMENT 'key of the thread or page within the source',
    parent_id         String COMMENT 'id of the mention which this one answers',
    about             Array(LowCardinality(String)) COMMENT 'brands which the configuration of the source vouches for',
    author_id         String COMMENT 'key of the author within the source',
    author            String COMMENT 'name of the author as shown',
    followers         Int64 COMMENT 'followers of the author; 0 when not told',
    own               Bool COMMENT 'written by the brand itself',
    from_customer     Bool COMMENT 'a customer speaks: neither the brand itself nor somebody marked as no customer; what the figures count',
    title             String COMMENT 'title as written',
    text              String COMMENT 'text as written; its bytes may be no valid UTF-8',
    truncated         Bool COMMENT 'text was cut at the size limit',
    language          LowCardinality(String) COMMENT 'language of the text, ISO 639-1, or und',
    language_claimed  LowCardinality(String) COMMENT 'language which the source claims',
    rating            Nullable(Float64) COMMENT 'stars as a share, 0 worst to 1 best; NULL without stars',
    rating_value      Float64 COMMENT 'stars on the scale of the source',
    rating_worst      Float64 COMMENT 'lowest value of that scale',
    rating_best       Float64 COMMENT 'highest value of that scale; 0 without stars',
    likes             Int64 COMMENT 'likes at the collection of this revision',
    replies           Int64 COMMENT 'replies at the collection of this revision',
    shares            Int64 COMMENT 'shares at the collection of this revision',
    views             Int64 COMMENT 'views at the collection of this revision',
    verified          Bool COMMENT 'the source says that the author bought the thing',
    written           DateTime('UTC') COMMENT 'time of writing at first sight; the time of first sight where written_precision is unknown',
    written_precision LowCardinality(String) COMMENT 'second, minute, hour, day or unknown',
    written_zone      LowCardinality(String) COMMENT 'IANA name of the zone of the source',
    written_clamped   Bool COMMENT 'the source showed a time in the future',
    written_shown     String COMMENT 'time as the page showed it',
    edited            DateTime('UTC') COMMENT 'time of the last edit which the source shows; 1970 when none',
    seen_first        DateTime64(6, 'UTC') COMMENT 'visit which first found the mention',
    collected         DateTime64(6, 'UTC') COMMENT 'visit which gave this revision',
    origin            LowCardinality(String) COMMENT 'live, backfill or import: how the mention first came',
    weak_id           Bool COMMENT 'the source has no key of its own; see the guide on identity',
    revision          String COMMENT 'hash of text, title, rating and gone, 16 hex digits',
    version           UInt64 COMMENT 'orders the rows of one key: time of the collection in microseconds since 1970, plus one for each rescore',
    score             Float64 COMMENT '-1 worst to 1 best',
    raw               Float64 COMMENT 'score before squashing: the sum of the weights of the reasons',
    mood              LowCardinality(String) COMMENT 'angry, dissatisfied, mixed, neutral, satisfied or unknown; the correction where there is one',
    unhappy           Bool COMMENT 'mood is angry or dissatisfied',
    anger             Float64 COMMENT '0 calm to 1 furious',
    topics            Array(LowCardinality(String)) COMMENT 'codes of what is complained about; the correction where there is one',
    praise            Array(LowCardinality(String)) COMMENT 'codes of what is praised',
    blamed            Array(LowCardinality(String)) COMMENT 'brand, seller, courier, bank, customer',
    customer          Array(LowCardinality(String)) COMMENT 'kinds of customer which the text claims',
    signals           Array(LowCardinality(String)) COMMENT 'codes of what else the text gives away',
    switch_from       String COMMENT 'brand which the customer leaves',
    switch_to         String COMMENT 'brand to which the customer goes',
    priority          UInt8 COMMENT '1 first to 4 last; 0 when not scored',
    coverage          Float64 COMMENT 'share of the words of the text which the scorer understood',
    reasons           Array(Tuple(rule String, text String, start UInt32, end UInt32, weight Float64)) COMMENT 'evidence; start and end are bytes of text',
    lexicon           LowCardinality(String) COMMENT 'version of lexicons and rules',
    scored            DateTime64(6, 'UTC') COMMENT 'collection or rescore run which gave the verdict',
    corrected         Bool COMMENT 'a person has put mood or topics right',
    search            String COMMENT 'title and text, folded: lower case, digits and letters unified, words parted by spaces'
)
COMMENT 'every mention that is there now, one row a mention and brand; a mention that names two brands is two rows with one id'
AS SELECT
    m.id AS id,
    m.brand AS brand,
    m.day AS day,
    m.source AS source,
    m.source_kind AS source_kind,
    m.kind AS kind,
    m.url AS url,
    m.product AS product,
    m.thread_id AS thread_id,
    m.parent_id AS parent_id,
    m.about AS about,
    m.author_id AS author_id,
    m.author AS author,
    m.followers AS followers,
    m.own AS own,
    NOT m.own AND NOT c.not_customer AS from_customer,
    m.title AS title,
    m.text AS text,
    m.truncated AS truncated,
    m.language AS language,
    m.language_claimed AS language_claimed,
    m.rating AS rating,
    m.rating_value AS rating_value,
    m.rating_worst AS rating_worst,
    m.rating_best AS rating_best,
    m.likes AS likes,
    m.replies AS replies,
    m.shares AS shares,
    m.views AS views,
    m.verified AS verified,
    m.written AS written,
    m.written_precision AS written_precision,
    m.written_zone AS written_zone,
    m.written_clamped AS written_clamped,
    m.written_shown AS written_shown,
    m.edited AS edited,
    m.seen_first AS seen_first,
    m.collected AS collected,
    m.origin AS origin,
    m.weak_id AS weak_id,
    m.revision AS revision,
    m.version AS version,
    m.score AS score,
    m.raw AS raw,
    if(c.mood != '', c.mood, m.mood) AS mood,
    toBool(if(c.mood != '', c.mood, m.mood) IN ('angry', 'dissatisfied')) AS unhappy,
    m.anger AS anger,
    multiIf(c.topics = '', m.topics, c.topics = 'none', [], splitByChar(',', c.topics)) AS topics,
    m.praise AS praise,
    m.blamed AS blamed,
    m.customer AS customer,
    m.signals AS signals,
    m.switch_from AS switch_from,
    m.switch_to AS switch_to,
    m.priority AS priority,
    m.coverage AS coverage,
    m.reasons AS reasons,
    m.lexicon AS lexicon,
    m.scored AS scored,
    toBool(c.mood != '' OR c.topics != '') AS corrected,
    m.search AS search
FROM mentions AS m FINAL
LEFT JOIN
(
    SELECT
        id,
        brand,
        anyIf(value, field = 'mood') AS mood,
        anyIf(value, field = 'topics') AS topics,
        toBool(countIf(field IN ('not_ours', 'brand') AND value != '') > 0) AS not_ours,
        toBool(countIf(field = 'not_customer' AND value != '') > 0) AS not_customer
    FROM corrections FINAL
    GROUP BY id, brand
) AS c ON m.id = c.id AND m.brand = c.brand
WHERE NOT c.not_ours
SETTINGS do_not_merge_across_partitions_select_final = 1
;

-- The window hangs on the newest visit and not on the clock, so that the answer depends on
-- the ledger alone; a source without a visit in it is no longer configured.
CREATE OR REPLACE VIEW v_coverage ON CLUSTER main
(
    source       LowCardinality(String) COMMENT 'name of the configured source',
    healthy      Bool COMMENT 'the last run had a good page, no more troubled pages than good ones, and did not end in trouble',
    reason       String COMMENT 'commonest trouble of the last run; empty without trouble',
    last_run     DateTime64(6, 'UTC') COMMENT 'newest visit',
    last_ok      DateTime64(6, 'UTC') COMMENT 'newest visit which ended ok or not_modified; 1970 when none',
    last_mention DateTime64(6, 'UTC') COMMENT 'newest collection of a new or changed mention, as of the last roll-up; 1970 when none',
    run          String COMMENT 'the last run: the newest that ended, or the newest if none did',
    run_started  DateTime64(6, 'UTC') COMMENT 'start of the last run',
    run_ended    Bool COMMENT 'the last run has ended',
    pages        UInt64 COMMENT 'visits of the last run, whatever came of them',
    good         UInt64 COMMENT 'of these, ok or not_modified',
    soft_fails   UInt64 COMMENT 'of these, answered without what they should hold',
    failures     UInt64 COMMENT 'of these, failed',
    refused      UInt64 COMMENT 'of these, not asked for: robots.txt, private network, limits',
    mentions     UInt64 COMMENT 'mentions found in the last run'
)
COMMENT 'coverage of each source with a visit in the 30 days before the newest visit of all'
AS WITH
    runs AS
    (
        SELECT
            l.source AS source,
            l.run AS run,
            min(l.at) AS started,
            max(l.at) AS newest,
            maxIf(l.at, NOT l.run_end AND l.outcome IN ('ok', 'not_modified')) AS newest_ok,
            max(l.run_end) AS ended,
            anyIf(l.outcome, l.run_end) AS end_outcome,
            anyIf(l.reason, l.run_end) AS end_reason,
            countIf(NOT l.run_end) AS pages,
            countIf(NOT l.run_end AND l.outcome IN ('ok', 'not_modified')) AS good,
            countIf(NOT l.run_end AND l.outcome = 'soft_fail') AS soft_fails,
            countIf(NOT l.run_end AND l.outcome = 'failed') AS failures,
            countIf(NOT l.run_end AND l.outcome = 'refused') AS refused,
            if(ended, anyIf(l.mentions, l.run_end), sumIf(l.mentions, NOT l.run_end)) AS mentions,
            topKIf(1)(l.reason, NOT l.run_end AND l.outcome IN ('soft_fail', 'failed'))[1] AS trouble,
            topKIf(1)(l.reason, NOT l.run_end AND l.outcome = 'refused')[1] AS refusal
        FROM crawl_ledger AS l FINAL
        WHERE l.at > (SELECT max(at) FROM crawl_ledger) - INTERVAL 30 DAY
        GROUP BY l.source, l.run
    ),
    last AS
    (
        SELECT
            r.source AS source,
            max(r.newest) AS last_run,
            max(r.newest_ok) AS last_ok,
            argMax(tuple(r.run, r.started, r.ended, r.pages, r.good, r.soft_fails, r.failures, r.refused, r.mentions,
                r.trouble, r.refusal, r.end_outcome, r.end_reason), tuple(r.ended, r.newest, r.run)) AS run
        FROM runs AS r
        GROUP BY r.source
    )
SELECT
    s.source AS source,
    toBool(s.run.5 > 0 AND s.run.6 + s.run.7 <= s.run.5 AND s.run.12 NOT IN ('soft_fail', 'failed', 'refused')) AS healthy,
    multiIf(s.run.10 != '', s.run.10, s.run.13 != '', s.run.13, s.run.5 = 0, s.run.11, '') AS reason,
    s.last_run AS last_run,
    s.last_ok AS last_ok,
    m.last_mention AS last_mention,
    s.run.1 AS run,
    s.run.2 AS run_started,
    s.run.3 AS run_ended,
    s.run.4 AS pages,
    s.run.5 AS good,
    s.run.6 AS soft_fails,
    s.run.7 AS failures,
    s.run.8 AS refused,
    s.run.9 AS mentions
FROM last AS s
LEFT JOIN (SELECT source, max(last_collected) AS last_mention FROM rollup_day GROUP BY source) AS m ON s.source = m.source
;

CREATE OR REPLACE VIEW v_escalations ON CLUSTER main
(
    id           String COMMENT 'id of the escalation',
    brand        LowCardinality(String) COMMENT 'watched brand',
    rule         LowCardinality(String) COMMENT 'rule which fired',
    severity     LowCardinality(String) COMMENT 'critical, high or normal',
    priority     UInt8 COMMENT '1 first to 4 last',
    state        LowCardinality(String) COMMENT 'open, acknowledged, answered, resolved, reopened or expired',
    waiting      Bool COMMENT 'neither resolved nor expired',
    since        DateTime64(9, 'UTC') COMMENT 'time of the newest step',
    actor        String COMMENT 'who took the newest step',
    note         String COMMENT 'what was noted at the newest step',
    opened       DateTime64(6, 'UTC') COMMENT 'when it was opened',
    notified     DateTime64(9, 'UTC') COMMENT 'when a person was first told; 1970 when not yet',
    acknowledged DateTime64(9, 'UTC') COMMENT 'when somebody first took it; 1970 when not yet',
    answered     DateTime64(9, 'UTC') COMMENT 'when the customer was first answered; 1970 when not yet',
    resolved     DateTime64(9, 'UTC') COMMENT 'when it was last solved; 1970 when not yet',
    mention      String COMMENT 'id of the mention',
    url          String COMMENT 'page that a person can open',
    author_id    String COMMENT 'key of the author within the source',
    author       String COMMENT 'name of the author as shown',
    followers    Int64 COMMENT 'followers of the author',
    excerpt      String COMMENT 'beginning of the text',
    mood         LowCardinality(String) COMMENT 'mood when the rule fired',
    topics       Array(LowCardinality(String)) COMMENT 'codes of what is complained about',
    signals      Array(LowCardinality(String)) COMMENT 'codes of what else the text gives away',
    why          Array(String) COMMENT 'conditions which held, for people',
    written      DateTime64(6, 'UTC') COMMENT 'when the mention was written; 1970 when unknown',
    language     LowCardinality(String) COMMENT 'language of the text'
)
COMMENT 'where each escalation stands now'
AS SELECT
    s.id AS id,
    s.last.1 AS brand,
    s.last.2 AS rule,
    s.last.3 AS severity,
    s.last.4 AS priority,
    s.last.5 AS state,
    toBool(s.last.5 NOT IN ('resolved', 'expired')) AS waiting,
    s.since AS since,
    s.last.6 AS actor,
    s.last.7 AS note,
    s.last.8 AS opened,
    s.notified AS notified,
    s.acknowledged AS acknowledged,
    s.answered AS answered,
    s.resolved AS resolved,
    s.last.9 AS mention,
    s.last.10 AS url,
    s.last.11 AS author_id,
    s.last.12 AS author,
    s.last.13 AS followers,
    s.last.14 AS excerpt,
    s.last.15 AS mood,
    s.last.16 AS topics,
    s.last.17 AS signals,
    s.last.18 AS why,
    s.last.19 AS written,
    s.last.20 AS language
FROM
(
    SELECT
        e.escalation AS id,
        max(e.at) AS since,
        minIf(e.at, e.type = 'notified') AS notified,
        minIf(e.at, e.state = 'acknowledged') AS acknowledged,
        minIf(e.at, e.state = 'answered') AS answered,
        maxIf(e.at, e.type = 'resolved') AS resolved,
        argMax(
            tuple(e.brand, e.rule, e.severity, e.priority, e.state, e.actor, e.note, e.opened, e.mention, e.url,
                e.author_id, e.author, e.followers, e.excerpt, e.mood, e.topics, e.signals, e.why, e.written, e.language),
            tuple(e.at, e.type != 'opened', e.id)) AS last
    FROM escalation_events AS e FINAL
    GROUP BY e.escalation
) AS s
;

-- optional: a server without text indexes reads the column instead
-- A search that uses it: … WHERE id IN (SELECT id FROM mentions WHERE hasAllTokens(search, 'kargo gelmedi')).
ALTER TABLE mentions ON CLUSTER main ADD INDEX IF NOT EXISTS search_text search TYPE text(tokenizer = splitByString([' ']))
;

-- They were partitioned by month; a partition is what a rebuild replaces, and a year of them is quicker than twelve.
DROP TABLE IF EXISTS rollup_day, rollup_day_staging, rollup_topic, rollup_topic_staging ON CLUSTER main
;

CREATE TABLE IF NOT EXISTS rollup_day ON CLUSTER main
(
    brand          LowCardinality(String) COMMENT 'watched brand',
    day            Date COMMENT 'day (UTC) of writing',
    source         LowCardinality(String) COMMENT 'name of the configured source',
    language       LowCardinality(String) COMMENT 'language of the text',
    mood           LowCardinality(String) COMMENT 'angry, dissatisfied, mixed, neutral, satisfied or unknown',
    mentions       UInt64 COMMENT 'mentions by customers',
    unhappy        UInt64 COMMENT 'of these, angry or dissatisfied',
    scored         UInt64 COMMENT 'of these, with a known mood: what score_sum is the sum of',
    score_sum      Float64 COMMENT 'sum of the scores of the scored',
    anger_sum      Float64 COMMENT 'sum of anger of the scored',
    ratings        UInt64 COMMENT 'of these, with stars',
    rating_sum     Float64 COMMENT 'sum of the stars as shares 0 to 1',
    urgent         UInt64 COMMENT 'of these, with priority 1',
    last_collected DateTime64(6, 'UTC') COMMENT 'newest collection'
)
ENGINE = ReplicatedMergeTree
PARTITION BY toYear(day)
ORDER BY (brand, day, source, language, mood)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'figures of each day, rebuilt from v_mentions; a day in dirty_days may be stale'
;

-- What REPLACE PARTITION takes from; empty between rebuilds.
CREATE TABLE IF NOT EXISTS rollup_day_staging ON CLUSTER main AS rollup_day
;

-- Apart from rollup_day, because arrayJoin counts a mention once for each of its topics.
CREATE TABLE IF NOT EXISTS rollup_topic ON CLUSTER main
(
    brand      LowCardinality(String) COMMENT 'watched brand',
    day        Date COMMENT 'day (UTC) of writing',
    source     LowCardinality(String) COMMENT 'name of the configured source',
    language   LowCardinality(String) COMMENT 'language of the text',
    topic      LowCardinality(String) COMMENT 'code of the topic',
    complaints UInt64 COMMENT 'mentions by customers which complain about it',
    praise     UInt64 COMMENT 'mentions by customers which praise it',
    unhappy    UInt64 COMMENT 'of the complaints, angry or dissatisfied'
)
ENGINE = ReplicatedMergeTree
PARTITION BY toYear(day)
ORDER BY (brand, day, source, language, topic)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'complaints and praise of each day by topic, rebuilt from v_mentions'
;

-- What REPLACE PARTITION takes from; empty between rebuilds.
CREATE TABLE IF NOT EXISTS rollup_topic_staging ON CLUSTER main AS rollup_topic
;

-- The roll-ups are new and empty: every day is rebuilt from the mentions.
INSERT INTO dirty_days SELECT DISTINCT day, 1, 0, now64(9) FROM mentions
;

ALTER TABLE escalation_events ON CLUSTER main
    ADD COLUMN IF NOT EXISTS step UInt32 COMMENT 'number of the step among those that change state or holder, from 1; 0 for the others',
    ADD COLUMN IF NOT EXISTS source LowCardinality(String) COMMENT 'name of the source',
    ADD COLUMN IF NOT EXISTS thread String COMMENT 'key of the thread or page within the source',
    ADD COLUMN IF NOT EXISTS product String COMMENT 'product as the source names it',
    ADD COLUMN IF NOT EXISTS customer Array(LowCardinality(String)) COMMENT 'kinds of customer which the text claims',
    ADD COLUMN IF NOT EXISTS observed Array(LowCardinality(String)) COMMENT 'kinds of customer which history or the customer list shows',
    ADD COLUMN IF NOT EXISTS standing LowCardinality(String) COMMENT 'happy, good, unhappy or angry when it was opened; empty without a history',
    ADD COLUMN IF NOT EXISTS holder String COMMENT 'who has it after the step',
    ADD COLUMN IF NOT EXISTS team LowCardinality(String) COMMENT 'whose it is by the routes',
    ADD COLUMN IF NOT EXISTS incident String COMMENT 'id of the incident which it is part of',
    ADD COLUMN IF NOT EXISTS seen DateTime64(6, 'UTC') COMMENT 'when the crawler had the mention; 1970 when unknown',
    ADD COLUMN IF NOT EXISTS stored DateTime64(6, 'UTC') COMMENT 'when the mention was in the store; 1970 when unknown',
    ADD COLUMN IF NOT EXISTS due DateTime64(6, 'UTC') COMMENT 'when the promised answer is due; 1970 when none is promised',
    ADD COLUMN IF NOT EXISTS answered_at DateTime64(6, 'UTC') COMMENT 'when the customer was answered, as the reply or the mark says; 1970 when not yet',
    ADD COLUMN IF NOT EXISTS resolved_at DateTime64(6, 'UTC') COMMENT 'when it was solved; 1970 when not yet',
    ADD COLUMN IF NOT EXISTS reply LowCardinality(String) COMMENT 'what the answer was: canned, hand_off, solution or other; empty when not known',
    ADD COLUMN IF NOT EXISTS reach Int64 COMMENT 'followers or views, whichever is more'
;

CREATE OR REPLACE VIEW v_escalations ON CLUSTER main
(
    id           String COMMENT 'id of the escalation',
    brand        LowCardinality(String) COMMENT 'watched brand',
    rule         LowCardinality(String) COMMENT 'rule which fired',
    severity     LowCardinality(String) COMMENT 'critical, high or normal',
    priority     UInt8 COMMENT '1 first to 4 last',
    state        LowCardinality(String) COMMENT 'open, acknowledged, answered, resolved, reopened, not_winnable or expired',
    waiting      Bool COMMENT 'neither resolved nor not_winnable nor expired',
    since        DateTime64(9, 'UTC') COMMENT 'time of the newest step which changed state or holder',
    actor        String COMMENT 'who took that step',
    note         String COMMENT 'what was noted at that step',
    holder       String COMMENT 'who has it; empty for nobody',
    team         LowCardinality(String) COMMENT 'whose it is by the routes',
    opened       DateTime64(6, 'UTC') COMMENT 'when it was opened',
    notified     DateTime64(9, 'UTC') COMMENT 'when a person was first told; 1970 when not yet',
    acknowledged DateTime64(9, 'UTC') COMMENT 'when somebody first took it; 1970 when not yet',
    due          DateTime64(6, 'UTC') COMMENT 'when the promised answer is due; 1970 when none is promised',
    answered     DateTime64(6, 'UTC') COMMENT 'when the customer was answered, as the reply or the mark says; 1970 when not yet',
    resolved     DateTime64(6, 'UTC') COMMENT 'when it was solved; 1970 when not yet',
    reply        LowCardinality(String) COMMENT 'what the answer was: canned, hand_off, solution or other; empty when not known',
    false_alarm  Bool COMMENT 'a person said that nobody had to be told',
    mention      String COMMENT 'id of the mention; empty where many mentions are the cause',
    source       LowCardinality(String) COMMENT 'name of the source',
    thread       String COMMENT 'key of the thread or page within the source',
    product      String COMMENT 'product as the source names it',
    incident     String COMMENT 'id of the incident which it is part of',
    url          String COMMENT 'page that a person can open',
    author_id    String COMMENT 'key of the author within the source',
    author       String COMMENT 'name of the author as shown',
    followers    Int64 COMMENT 'followers of the author',
    reach        Int64 COMMENT 'followers or views, whichever is more',
    standing     LowCardinality(String) COMMENT 'happy, good, unhappy or angry when it was opened; empty without a history',
    customer     Array(LowCardinality(String)) COMMENT 'kinds of customer which the text claims',
    observed     Array(LowCardinality(String)) COMMENT 'kinds of customer which history or the customer list shows',
    excerpt      String COMMENT 'beginning of the text',
    mood         LowCardinality(String) COMMENT 'mood when the rule fired',
    topics       Array(LowCardinality(String)) COMMENT 'codes of what is complained about',
    signals      Array(LowCardinality(String)) COMMENT 'codes of what else the text gives away',
    why          Array(String) COMMENT 'conditions which held, for people',
    written      DateTime64(6, 'UTC') COMMENT 'when the mention was written; 1970 when unknown',
    seen         DateTime64(6, 'UTC') COMMENT 'when the crawler had the mention; 1970 when unknown',
    stored       DateTime64(6, 'UTC') COMMENT 'when the mention was in the store; 1970 when unknown',
    language     LowCardinality(String) COMMENT 'language of the text'
)
COMMENT 'where each escalation stands now'
AS SELECT
    s.id AS id,
    s.last.1 AS brand,
    s.last.2 AS rule,
    s.last.3 AS severity,
    s.last.4 AS priority,
    s.last.5 AS state,
    toBool(s.last.5 NOT IN ('resolved', 'not_winnable', 'expired')) AS waiting,
    s.since AS since,
    s.last.6 AS actor,
    s.last.7 AS note,
    s.last.8 AS holder,
    s.last.9 AS team,
    s.last.10 AS opened,
    s.notified AS notified,
    s.acknowledged AS acknowledged,
    s.last.11 AS due,
    s.last.12 AS answered,
    s.last.13 AS resolved,
    s.last.14 AS reply,
    s.false_alarm AS false_alarm,
    s.last.15 AS mention,
    s.last.16 AS source,
    s.last.17 AS thread,
    s.last.18 AS product,
    s.last.19 AS incident,
    s.last.20 AS url,
    s.last.21 AS author_id,
    s.last.22 AS author,
    s.last.23 AS followers,
    s.last.24 AS reach,
    s.last.25 AS standing,
    s.last.26 AS customer,
    s.last.27 AS observed,
    s.last.28 AS excerpt,
    s.last.29 AS mood,
    s.last.30 AS topics,
    s.last.31 AS signals,
    s.last.32 AS why,
    s.last.33 AS written,
    s.last.34 AS seen,
    s.last.35 AS stored,
    s.last.36 AS language
FROM
(
    SELECT
        e.escalation AS id,
        maxIf(e.at, e.type IN ('opened', 'raised', 'acknowledged', 'assigned', 'answered', 'resolved', 'reopened', 'not_winnable', 'expired')) AS since,
        minIf(e.at, e.type = 'notified') AS notified,
        minIf(e.at, e.type = 'acknowledged') AS acknowledged,
        toBool(argMaxIf(e.note, e.at, e.type = 'feedback') = 'false_alarm') AS false_alarm,
        argMaxIf(
            tuple(
                e.brand, e.rule, e.severity, e.priority, e.state, e.actor, e.note, e.holder, e.team, e.opened,
                e.due, e.answered_at, e.resolved_at, e.reply, e.mention, e.source, e.thread, e.product,
                e.incident, e.url, e.author_id, e.author, e.followers, e.reach, e.standing, e.customer,
                e.observed, e.excerpt, e.mood, e.topics, e.signals, e.why, e.written, e.seen, e.stored,
                e.language),
            tuple(e.step, e.at, e.type != 'opened', e.id), e.type IN ('opened', 'raised', 'acknowledged', 'assigned', 'answered', 'resolved', 'reopened', 'not_winnable', 'expired')) AS last
    FROM escalation_events AS e FINAL
    GROUP BY e.escalation
    HAVING countIf(e.type IN ('opened', 'raised', 'acknowledged', 'assigned', 'answered', 'resolved', 'reopened', 'not_winnable', 'expired')) > 0
) AS s
;

CREATE TABLE IF NOT EXISTS customers ON CLUSTER main
(
    key         String COMMENT 'key of the customer within the company',
    name        String COMMENT 'name; empty when not told',
    value       Float64 COMMENT 'turnover with the customer; 0 when not told',
    margin      Float64 COMMENT 'profit with the customer, below 0 for a loss; 0 when not told',
    since       Date COMMENT 'day of the first purchase; 1970 when not told',
    renewal     Date COMMENT 'day on which the customer may leave; 1970 when not told',
    last_seen   Date COMMENT 'day of the last purchase or visit; 1970 when not told',
    referrals   UInt32 COMMENT 'customers whom this one brought',
    imported_at DateTime64(6, 'UTC') COMMENT 'import which gave this row; the newest of a key holds'
)
ENGINE = ReplicatedReplacingMergeTree(imported_at)
ORDER BY key
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'customer list of the company, as far as it was imported'
;

CREATE TABLE IF NOT EXISTS customer_links ON CLUSTER main
(
    source   LowCardinality(String) COMMENT 'name of the configured source',
    author   String COMMENT 'key of the author within the source, or the name where it has none',
    customer String COMMENT 'key of the customer; empty takes the link back',
    by       String COMMENT 'who linked them',
    at       DateTime64(6, 'UTC') COMMENT 'when; the newest of an author holds'
)
ENGINE = ReplicatedReplacingMergeTree(at)
ORDER BY (source, author)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'which authors are which customers of the list, as people said'
;

-- An answer is a public reply by the brand, or a person's mark on the escalation of the mention. One that was deleted
-- since was an answer too, and all rows of a key have the same written: there is no need for FINAL, which costs as much
-- as the rest.
CREATE OR REPLACE VIEW v_author_history ON CLUSTER main
(
    brand     LowCardinality(String) COMMENT 'watched brand',
    source    LowCardinality(String) COMMENT 'name of the configured source',
    author    String COMMENT 'key of the author within the source, or the name where it has none',
    bare      Bool COMMENT 'the author is known by a mere name',
    author_id String COMMENT 'key of the author within the source; empty where it has none',
    name      String COMMENT 'name of the author as shown',
    id        String COMMENT 'id of the mention',
    written   DateTime('UTC') COMMENT 'time of writing at first sight; the time of first sight where the source shows none',
    mood      LowCardinality(String) COMMENT 'angry, dissatisfied, mixed, neutral, satisfied or unknown',
    complaint Bool COMMENT 'the mood is angry or dissatisfied',
    peace     Bool COMMENT 'satisfied, or not unhappy and said to be resolved or won back',
    signals   Array(LowCardinality(String)) COMMENT 'codes of what else the text gives away',
    answered  DateTime('UTC') COMMENT 'first public reply of the brand or mark of a person, not before written; 1970 when none is known'
)
COMMENT 'what customers who can be told apart said of a brand, one row a mention'
AS SELECT
    m.brand AS brand,
    m.source AS source,
    if(m.author_id != '', m.author_id, m.author) AS author,
    toBool(m.author_id = '' OR m.author_id = m.author) AS bare,
    m.author_id AS author_id,
    m.author AS name,
    m.id AS id,
    m.written AS written,
    m.mood AS mood,
    m.unhappy AS complaint,
    toBool(m.mood = 'satisfied' OR NOT m.unhappy AND hasAny(m.signals, ['resolved', 'win_back'])) AS peace,
    m.signals AS signals,
    toDateTime(multiIf(
        toUnixTimestamp(r.at) = 0 AND toUnixTimestamp(e.at) = 0, 0,
        toUnixTimestamp(r.at) = 0, greatest(toUnixTimestamp(m.written), toUnixTimestamp(e.at)),
        toUnixTimestamp(e.at) = 0, greatest(toUnixTimestamp(m.written), toUnixTimestamp(r.at)),
        greatest(toUnixTimestamp(m.written), least(toUnixTimestamp(r.at), toUnixTimestamp(e.at)))), 'UTC') AS answered
FROM v_mentions AS m
LEFT JOIN
(
    SELECT brand, parent_id AS id, min(written) AS at
    FROM mentions
    WHERE own AND parent_id != ''
    GROUP BY brand, parent_id
) AS r ON m.brand = r.brand AND m.id = r.id
LEFT JOIN
(
    SELECT brand, mention AS id, min(toDateTime(if(answered_at > 0, answered_at, resolved_at), 'UTC')) AS at
    FROM escalation_events
    WHERE mention != '' AND (answered_at > 0 OR resolved_at > 0)
    GROUP BY brand, mention
) AS e ON m.brand = e.brand AND m.id = e.id
WHERE m.from_customer AND (m.author_id != '' OR m.author != '')
SETTINGS do_not_merge_across_partitions_select_final = 1
;

-- The rule is the table in the comment of package alert/customer, and a test holds the two together: each mention gives
-- spans of time with what holds in them, and the worst that holds at a moment is the standing then. A span is (begin, end,
-- line): 1 makes angry, 2 unhappy, 3 is against happy, 4 makes happy, 5 good. Times are seconds since 1970, lengths
-- 2592000 = 30 days, 7776000 = 90, 15552000 = 180, 31536000 = 365; 99999999999 is never.
CREATE OR REPLACE VIEW v_authors_state ON CLUSTER main
(
    brand          LowCardinality(String) COMMENT 'watched brand',
    source         LowCardinality(String) COMMENT 'name of the configured source',
    author         String COMMENT 'key of the author within the source, or the name where it has none',
    name           String COMMENT 'name of the author as shown last',
    mentions       UInt64 COMMENT 'mentions of the brand by the author',
    complaints     UInt64 COMMENT 'those whose mood is angry or dissatisfied',
    complaints_30d UInt64 COMMENT 'those of the last 30 days',
    first_written  DateTime('UTC') COMMENT 'time of the first mention',
    last_written   DateTime('UTC') COMMENT 'time of the newest mention',
    last_mood      LowCardinality(String) COMMENT 'mood of the newest mention',
    standing       LowCardinality(String) COMMENT 'happy, good, unhappy or angry; empty for who said nothing telling in the last year, or may be many people',
    changed        DateTime('UTC') COMMENT 'when that came about; 1970 when never',
    before         LowCardinality(String) COMMENT 'standing before that; empty for none',
    ups            UInt64 COMMENT 'changes for the better, in the newest 1,000 mentions',
    downs          UInt64 COMMENT 'changes for the worse, in the newest 1,000 mentions',
    as_of          DateTime('UTC') COMMENT 'time for which all this was reckoned: that of the question'
)
COMMENT 'how each customer who can be told apart stands with a brand now, by what he said of it'
-- Each step is a query of its own: as aliases of one query they would be written out into one another.
AS SELECT
    brand,
    source,
    author,
    name,
    mentions,
    complaints,
    complaints_30d,
    first_written,
    last_written,
    last_mood,
    if(empty(changes), '', ['', 'happy', 'good', 'unhappy', 'angry'][changes[-1].2]) AS standing,
    toDateTime(if(empty(changes), 0, changes[-1].1), 'UTC') AS changed,
    if(empty(changes), '', ['', 'happy', 'good', 'unhappy', 'angry'][changes[-1].3]) AS before,
    arrayCount(x -> x.2 > 1 AND x.2 < x.3, changes) AS ups,
    arrayCount(x -> x.3 > 1 AND x.2 > x.3, changes) AS downs,
    as_of
FROM
(
SELECT *,
    -- (at, to, from)
    arrayFilter(x -> x.2 != x.3, arrayMap((x, y) -> tuple(x.1, x.2, y.2), steps,
        arraySlice(arrayPushFront(steps, tuple(toInt64(0), 1)), 1, length(steps)))) AS changes
FROM
(
SELECT *,
    -- of edges at one time the last, up to now
    arrayFilter((x, y) -> x.1 != y.1 AND x.1 <= toUnixTimestamp(as_of), stood,
        arraySlice(arrayPushBack(stood, tuple(toInt64(99999999999), 1)), 2)) AS steps
FROM
(
SELECT *,
    -- (at, place among the standings) at each edge
    arrayMap(
        (x, angry, unhappy, against, happy, known) -> tuple(x.1, multiIf(angry > 0, 5, unhappy > 0, 4, against = 0 AND happy > 0, 2, known > 0, 3, 1)),
        edges,
        arrayCumSum(arrayMap(x -> if(x.2 = 1, x.3, 0), edges)),
        arrayCumSum(arrayMap(x -> if(x.2 = 2, x.3, 0), edges)),
        arrayCumSum(arrayMap(x -> if(x.2 = 3, x.3, 0), edges)),
        arrayCumSum(arrayMap(x -> if(x.2 = 4, x.3, 0), edges)),
        arrayCumSum(arrayMap(x -> if(x.2 = 5, x.3, 0), edges))) AS stood
FROM
(
SELECT *,
    -- (at, line, step)
    arraySort(arrayConcat(
        arrayMap(x -> tuple(x.1, x.3, 1), arrayFilter(x -> x.1 < x.2, spans)),
        arrayMap(x -> tuple(x.2, x.3, -1), arrayFilter(x -> x.1 < x.2, spans)))) AS edges
FROM
(
SELECT *,
    -- (begin, end, line)
    arrayConcat(
        arrayMap(x -> tuple(x.1, least(x.1 + 31536000, x.4), 3), complaint),
        arrayMap(x -> tuple(x.1, x.1 + 2592000, 3), complaint),
        arrayMap(x -> tuple(x.1, least(x.1 + 7776000, x.4), 1), arrayFilter(x -> x.2, complaint)),
        arrayMap(x -> tuple(x.1, least(x.1 + 15552000, x.4), 2), arrayFilter(x -> x.2, complaint)),
        arrayMap(x -> tuple(x.1, least(x.1 + 7776000, x.4), 2), arrayFilter(x -> x.3, complaint)),
        arrayMap(x -> tuple(x.1 + 259200, least(x.1 + 7776000, x.5), 1), arrayFilter(x -> x.3, complaint)),
        arrayMap(x -> tuple(x.1 + 259200, least(x.1 + 15552000, x.5), 2), arrayFilter(x -> x.3, complaint)),
        arrayMap(x -> tuple(x, x + 31536000, 4), peaces),
        arrayMap(x -> tuple(x.1, x.1 + 31536000, 5), arrayFilter(x -> x.3 > -2, past))) AS spans
FROM
(
SELECT *,
    -- (at, angry, repeated, closed, closed or answered)
    arrayMap(x -> tuple(x.1, x.2, x.3, if(x.4 = 0, 99999999999, x.4), least(if(x.4 = 0, 99999999999, x.4), if(x.5 = 0, 99999999999, x.5))), ended) AS complaint
FROM
(
SELECT *,
    -- (at, angry, repeated, closed or 0, answered or 0)
    arrayMap(
        (x, y) -> tuple(x.1, x.3, x.4 = y.4 AND x.1 - y.1 <= 2592000, peaces[x.4 + 1], arrayFirst(a -> a >= x.1, answers)),
        complained, arraySlice(arrayPushFront(complained, tuple(toInt64(0), true, false, toUInt64(99999999999))), 1, length(complained))) AS ended
FROM
(
SELECT *,
    arrayFilter(x -> x.2, counted) AS complained
FROM
(
SELECT *,
    -- (at, complaint, angry, number of peaces so far)
    arrayMap((x, n) -> tuple(x.1, x.3 > 0, x.3 = 2, n), past, arrayCumSum(arrayMap(x -> x.3 = -1, past))) AS counted,
    arrayMap(x -> x.1, arrayFilter(x -> x.3 = -1, past)) AS peaces,
    arraySort(arrayMap(x -> x.4, arrayFilter(x -> x.4 > 0, past))) AS answers
FROM
(
    SELECT
        a.brand AS brand,
        a.source AS source,
        a.author AS author,
        argMax(a.name, (a.written, a.id)) AS name,
        count() AS mentions,
        countIf(a.complaint) AS complaints,
        countIf(a.complaint AND a.written > now('UTC') - 2592000) AS complaints_30d,
        min(a.written) AS first_written,
        max(a.written) AS last_written,
        argMax(a.mood, (a.written, a.id)) AS last_mood,
        now('UTC') AS as_of,
        -- a name which sites give to visitors, or a mere name that says too much for one person
        max(a.bare) AND (a.author IN ('anonymous', 'Anonymous', 'ANONYMOUS', 'anonim', 'Anonim', 'ANONİM', 'misafir', 'Misafir', 'MİSAFİR', 'guest', 'Guest', 'GUEST', 'ziyaretçi', 'Ziyaretçi', 'isimsiz', 'İsimsiz', 'gizli kullanıcı', 'Gizli Kullanıcı', 'user', 'User', 'visitor', 'Visitor', 'ناشناس', 'مهمان', 'میهمان', 'کاربر', 'کاربر مهمان', 'کاربر ناشناس', 'بازدیدکننده', 'بی‌نام', 'کاربر دیجی‌کالا')
            OR countIf(a.written > now('UTC') - 31536000) > 50) AS crowd,
        -- (at, id, what: 2 angry, 1 other complaint, -1 peace, -2 unknown, 0 other; answered) of the newest
        arrayReverse(arraySlice(arrayReverseSort(
            groupArrayIf(
                tuple(
                    toInt64(toUnixTimestamp(a.written)), a.id,
                    toInt8(multiIf(a.mood = 'angry', 2, a.complaint, 1, a.peace, -1, a.mood IN ('unknown', ''), -2, 0)),
                    toInt64(if(a.complaint, toUnixTimestamp(a.answered), 0))),
                a.written <= now('UTC'))), 1, 1000)) AS newest,
        if(crowd, arrayFilter(x -> 0, newest), newest) AS past
    FROM v_author_history AS a
    GROUP BY a.brand, a.source, a.author
)
)
)
)
)
)
)
)
)
)
;

-- A mention whose page shows less than the minute has no exact written: the clock then starts at first sight, and the part
-- of the delay that passed before it stays unknown. How exact it is stands with the mention and does not change after first
-- sight, so that any of its rows will do and FINAL is spared; a mention that was forgotten is no longer known, nor exact.
CREATE OR REPLACE VIEW v_sla ON CLUSTER main
(
    id               String COMMENT 'id of the escalation',
    brand            LowCardinality(String) COMMENT 'watched brand',
    source           LowCardinality(String) COMMENT 'name of the source',
    team             LowCardinality(String) COMMENT 'whose it is by the routes',
    rule             LowCardinality(String) COMMENT 'rule which fired',
    severity         LowCardinality(String) COMMENT 'critical, high or normal',
    language         LowCardinality(String) COMMENT 'language of the text',
    topics           Array(LowCardinality(String)) COMMENT 'codes of what is complained about',
    state            LowCardinality(String) COMMENT 'open, acknowledged, answered, resolved, reopened, not_winnable or expired',
    waiting          Bool COMMENT 'neither resolved nor not_winnable nor expired',
    false_alarm      Bool COMMENT 'a person said that nobody had to be told',
    counted          Bool COMMENT 'an answer was promised, and it was no false alarm: what the share in time is taken of',
    written          DateTime64(6, 'UTC') COMMENT 'when the mention was written; 1970 when unknown',
    written_exact    Bool COMMENT 'the source shows the second or the minute of writing',
    started          DateTime64(6, 'UTC') COMMENT 'when the clock starts: written where it is exact, else seen, else opened',
    seen             DateTime64(6, 'UTC') COMMENT 'when the crawler had the mention; 1970 when unknown',
    stored           DateTime64(6, 'UTC') COMMENT 'when the mention was in the store; 1970 when unknown',
    opened           DateTime64(6, 'UTC') COMMENT 'when the escalation was opened',
    told             DateTime64(6, 'UTC') COMMENT 'when a person was first told; 1970 when not yet',
    due              DateTime64(6, 'UTC') COMMENT 'when the promised answer is due; 1970 when none is promised',
    answered         DateTime64(6, 'UTC') COMMENT 'when the customer was answered; without an answer when it was resolved or found not winnable; 1970 when not yet',
    resolved         DateTime64(6, 'UTC') COMMENT 'when it was solved; 1970 when not yet',
    decided          DateTime64(6, 'UTC') COMMENT 'when the promise was kept (answered) or broken (due); 1970 when that is still open',
    reply            LowCardinality(String) COMMENT 'what the answer was: canned, hand_off, solution or other; empty when not known',
    answer_seconds   Nullable(Float64) COMMENT 'from started to answered; NULL when not yet',
    solve_seconds    Nullable(Float64) COMMENT 'from started to resolved; NULL when not yet',
    answered_in_time Nullable(Bool) COMMENT 'the promise was kept; NULL while neither answered nor due, and where nothing was promised',
    breached         Bool COMMENT 'the promise was broken, by a late answer or by none',
    seen_seconds     Nullable(Float64) COMMENT 'own delay from written to seen; NULL where one of the two is not known exactly',
    stored_seconds   Nullable(Float64) COMMENT 'own delay from seen to stored; NULL where one of the two is unknown',
    told_seconds     Nullable(Float64) COMMENT 'own delay from stored to told; NULL where one of the two is unknown'
)
COMMENT 'the clocks of each escalation that a mention caused; answers and delays are 0 where clocks of two machines disagree'
AS WITH
    toDateTime64(0, 6, 'UTC') AS never,
    now64(6, 'UTC') AS this_moment,
    p.precision IN ('second', 'minute') AND e.written > never AS exact,
    multiIf(exact, e.written, e.seen > never, e.seen, e.opened) AS start,
    multiIf(e.answered > never, e.answered, e.resolved > never, e.resolved, e.state = 'not_winnable', e.since::DateTime64(6, 'UTC'), never) AS end,
    multiIf(e.due = never, NULL, end > never, end <= e.due, this_moment > e.due, false, NULL) AS in_time,
    (a, b) -> if(a > never AND b > never, greatest(0, dateDiff('millisecond', a, b) / 1000), NULL) AS seconds
SELECT
    e.id AS id,
    e.brand AS brand,
    e.source AS source,
    e.team AS team,
    e.rule AS rule,
    e.severity AS severity,
    e.language AS language,
    e.topics AS topics,
    e.state AS state,
    e.waiting AS waiting,
    e.false_alarm AS false_alarm,
    toBool(e.due > never AND NOT e.false_alarm) AS counted,
    e.written AS written,
    toBool(exact) AS written_exact,
    start AS started,
    e.seen AS seen,
    e.stored AS stored,
    e.opened AS opened,
    e.notified AS told,
    e.due AS due,
    end AS answered,
    e.resolved AS resolved,
    multiIf(isNull(in_time), never, in_time, end, e.due) AS decided,
    e.reply AS reply,
    seconds(start, end) AS answer_seconds,
    seconds(start, e.resolved) AS solve_seconds,
    in_time::Nullable(Bool) AS answered_in_time,
    toBool(ifNull(NOT in_time, false)) AS breached,
    if(exact, seconds(e.written, e.seen), NULL) AS seen_seconds,
    seconds(e.seen, e.stored) AS stored_seconds,
    seconds(e.stored, e.notified) AS told_seconds
FROM v_escalations AS e
LEFT JOIN
(
    SELECT id, any(written_precision) AS precision
    FROM mentions
    WHERE id IN (SELECT mention FROM escalation_events WHERE type = 'opened')
    GROUP BY id
) AS p ON e.mention = p.id
WHERE e.mention != ''
;

-- The interval is Wilson's at 95 % (z = 1.96): it stays between 0 and 1 and says how little three judgements tell.
CREATE OR REPLACE VIEW v_alert_quality ON CLUSTER main
(
    rule            LowCardinality(String) COMMENT 'rule which fired',
    escalations     UInt64 COMMENT 'how often it fired',
    told            UInt64 COMMENT 'of these, a person was told',
    acknowledged    UInt64 COMMENT 'of these, somebody took it',
    confirmed       UInt64 COMMENT 'a person said that it was right to tell; the newest word on an escalation counts',
    false_alarms    UInt64 COMMENT 'a person said that nobody had to be told',
    precision       Nullable(Float64) COMMENT 'confirmed as a share of confirmed and false alarms; NULL without feedback',
    precision_low   Nullable(Float64) COMMENT 'lower end of its 95 % interval',
    precision_high  Nullable(Float64) COMMENT 'upper end of its 95 % interval',
    minutes_to_take Nullable(Float64) COMMENT 'median from told (or opened, when nobody was) to acknowledged; NULL when none was'
)
COMMENT 'how well each rule does, by what people did and said'
AS WITH
    3.8416 AS z2,
    sum(f.word = 'true_alarm') AS yes,
    sum(f.word = 'false_alarm') AS no,
    nullIf(yes + no, 0) AS n,
    yes / n AS share,
    (share + z2 / (2 * n)) / (1 + z2 / n) AS middle,
    sqrt(z2 * (share * (1 - share) + z2 / (4 * n)) / n) / (1 + z2 / n) AS half
SELECT
    e.rule AS rule,
    count() AS escalations,
    countIf(e.notified > 0) AS told,
    countIf(e.acknowledged > 0) AS acknowledged,
    yes AS confirmed,
    no AS false_alarms,
    share AS precision,
    if(share IS NULL, NULL, greatest(0, middle - half)) AS precision_low,
    if(share IS NULL, NULL, least(1, middle + half)) AS precision_high,
    quantileExactInclusiveOrNullIf(0.5)(dateDiff('second', if(e.notified > 0, e.notified, e.opened), e.acknowledged) / 60, e.acknowledged > 0) AS minutes_to_take
FROM v_escalations AS e
LEFT JOIN
(
    SELECT escalation, argMax(note, at) AS word
    FROM escalation_events FINAL
    WHERE type = 'feedback'
    GROUP BY escalation
) AS f ON e.id = f.escalation
GROUP BY e.rule
;

-- What has grown shows its newest figures and topics, though that is no step.
CREATE OR REPLACE VIEW v_escalations ON CLUSTER main
(
    id           String COMMENT 'id of the escalation',
    brand        LowCardinality(String) COMMENT 'watched brand',
    rule         LowCardinality(String) COMMENT 'rule which fired',
    severity     LowCardinality(String) COMMENT 'critical, high or normal',
    priority     UInt8 COMMENT '1 first to 4 last',
    state        LowCardinality(String) COMMENT 'open, acknowledged, answered, resolved, reopened, not_winnable or expired',
    waiting      Bool COMMENT 'neither resolved nor not_winnable nor expired',
    since        DateTime64(9, 'UTC') COMMENT 'time of the newest step which changed state or holder',
    actor        String COMMENT 'who took that step',
    note         String COMMENT 'what was noted at that step',
    holder       String COMMENT 'who has it; empty for nobody',
    team         LowCardinality(String) COMMENT 'whose it is by the routes',
    opened       DateTime64(6, 'UTC') COMMENT 'when it was opened',
    notified     DateTime64(9, 'UTC') COMMENT 'when a person was first told; 1970 when not yet',
    acknowledged DateTime64(9, 'UTC') COMMENT 'when somebody first took it; 1970 when not yet',
    due          DateTime64(6, 'UTC') COMMENT 'when the promised answer is due; 1970 when none is promised',
    answered     DateTime64(6, 'UTC') COMMENT 'when the customer was answered, as the reply or the mark says; 1970 when not yet',
    resolved     DateTime64(6, 'UTC') COMMENT 'when it was solved; 1970 when not yet',
    reply        LowCardinality(String) COMMENT 'what the answer was: canned, hand_off, solution or other; empty when not known',
    false_alarm  Bool COMMENT 'a person said that nobody had to be told',
    mention      String COMMENT 'id of the mention; empty where many mentions are the cause',
    source       LowCardinality(String) COMMENT 'name of the source',
    thread       String COMMENT 'key of the thread or page within the source',
    product      String COMMENT 'product as the source names it',
    incident     String COMMENT 'id of the incident which it is part of',
    url          String COMMENT 'page that a person can open',
    author_id    String COMMENT 'key of the author within the source',
    author       String COMMENT 'name of the author as shown',
    followers    Int64 COMMENT 'followers of the author',
    reach        Int64 COMMENT 'followers or views, whichever is more',
    standing     LowCardinality(String) COMMENT 'happy, good, unhappy or angry when it was opened; empty without a history',
    customer     Array(LowCardinality(String)) COMMENT 'kinds of customer which the text claims',
    observed     Array(LowCardinality(String)) COMMENT 'kinds of customer which history or the customer list shows',
    excerpt      String COMMENT 'beginning of the text, or the figures of what many mentions caused, as of late',
    mood         LowCardinality(String) COMMENT 'mood when the rule fired',
    topics       Array(LowCardinality(String)) COMMENT 'codes of what is complained about',
    signals      Array(LowCardinality(String)) COMMENT 'codes of what else the text gives away',
    why          Array(String) COMMENT 'conditions which held, for people',
    written      DateTime64(6, 'UTC') COMMENT 'when the mention was written; 1970 when unknown',
    seen         DateTime64(6, 'UTC') COMMENT 'when the crawler had the mention; 1970 when unknown',
    stored       DateTime64(6, 'UTC') COMMENT 'when the mention was in the store; 1970 when unknown',
    language     LowCardinality(String) COMMENT 'language of the text'
)
COMMENT 'where each escalation stands now'
AS SELECT
    s.id AS id,
    s.last.1 AS brand,
    s.last.2 AS rule,
    s.last.3 AS severity,
    s.last.4 AS priority,
    s.last.5 AS state,
    toBool(s.last.5 NOT IN ('resolved', 'not_winnable', 'expired')) AS waiting,
    s.since AS since,
    s.last.6 AS actor,
    s.last.7 AS note,
    s.last.8 AS holder,
    s.last.9 AS team,
    s.last.10 AS opened,
    s.notified AS notified,
    s.acknowledged AS acknowledged,
    s.last.11 AS due,
    s.last.12 AS answered,
    s.last.13 AS resolved,
    s.last.14 AS reply,
    s.false_alarm AS false_alarm,
    s.last.15 AS mention,
    s.last.16 AS source,
    s.last.17 AS thread,
    s.last.18 AS product,
    s.last.19 AS incident,
    s.last.20 AS url,
    s.last.21 AS author_id,
    s.last.22 AS author,
    s.last.23 AS followers,
    s.last.24 AS reach,
    s.last.25 AS standing,
    s.last.26 AS customer,
    s.last.27 AS observed,
    s.newest.1 AS excerpt,
    s.last.29 AS mood,
    s.newest.2 AS topics,
    s.last.31 AS signals,
    s.last.32 AS why,
    s.last.33 AS written,
    s.last.34 AS seen,
    s.last.35 AS stored,
    s.last.36 AS language
FROM
(
    SELECT
        e.escalation AS id,
        maxIf(e.at, e.type IN ('opened', 'raised', 'acknowledged', 'assigned', 'answered', 'resolved', 'reopened', 'not_winnable', 'expired')) AS since,
        minIf(e.at, e.type = 'notified') AS notified,
        minIf(e.at, e.type = 'acknowledged') AS acknowledged,
        toBool(argMaxIf(e.note, e.at, e.type = 'feedback') = 'false_alarm') AS false_alarm,
        argMaxIf(
            tuple(
                e.brand, e.rule, e.severity, e.priority, e.state, e.actor, e.note, e.holder, e.team, e.opened,
                e.due, e.answered_at, e.resolved_at, e.reply, e.mention, e.source, e.thread, e.product,
                e.incident, e.url, e.author_id, e.author, e.followers, e.reach, e.standing, e.customer,
                e.observed, e.excerpt, e.mood, e.topics, e.signals, e.why, e.written, e.seen, e.stored,
                e.language),
            tuple(e.step, e.at, e.type != 'opened', e.id), e.type IN ('opened', 'raised', 'acknowledged', 'assigned', 'answered', 'resolved', 'reopened', 'not_winnable', 'expired')) AS last,
        argMaxIf(tuple(e.excerpt, e.topics), tuple(e.at, e.step, e.type != 'opened', e.id),
            e.type IN ('opened', 'raised', 'acknowledged', 'assigned', 'answered', 'resolved', 'reopened', 'not_winnable', 'expired', 'grown')) AS newest
    FROM escalation_events AS e FINAL
    GROUP BY e.escalation
    HAVING countIf(e.type IN ('opened', 'raised', 'acknowledged', 'assigned', 'answered', 'resolved', 'reopened', 'not_winnable', 'expired')) > 0
) AS s
;

-- A brand's reply asks for its thread; see decision 17.
ALTER TABLE mentions ON CLUSTER main ADD INDEX IF NOT EXISTS thread_bloom thread_id TYPE bloom_filter GRANULARITY 4
;

-- As before (0028), with the names of nobody from the same list as package mention.
-- The rule is the table in the comment of package alert/customer, and a test holds the two together: each mention gives
-- spans of time with what holds in them, and the worst that holds at a moment is the standing then. A span is (begin, end,
-- line): 1 makes angry, 2 unhappy, 3 is against happy, 4 makes happy, 5 good. Times are seconds since 1970, lengths
-- 2592000 = 30 days, 7776000 = 90, 15552000 = 180, 31536000 = 365; 99999999999 is never.
CREATE OR REPLACE VIEW v_authors_state ON CLUSTER main
(
    brand          LowCardinality(String) COMMENT 'watched brand',
    source         LowCardinality(String) COMMENT 'name of the configured source',
    author         String COMMENT 'key of the author within the source, or the name where it has none',
    name           String COMMENT 'name of the author as shown last',
    mentions       UInt64 COMMENT 'mentions of the brand by the author',
    complaints     UInt64 COMMENT 'those whose mood is angry or dissatisfied',
    complaints_30d UInt64 COMMENT 'those of the last 30 days',
    first_written  DateTime('UTC') COMMENT 'time of the first mention',
    last_written   DateTime('UTC') COMMENT 'time of the newest mention',
    last_mood      LowCardinality(String) COMMENT 'mood of the newest mention',
    standing       LowCardinality(String) COMMENT 'happy, good, unhappy or angry; empty for who said nothing telling in the last year, or may be many people',
    changed        DateTime('UTC') COMMENT 'when that came about; 1970 when never',
    before         LowCardinality(String) COMMENT 'standing before that; empty for none',
    ups            UInt64 COMMENT 'changes for the better, in the newest 1,000 mentions',
    downs          UInt64 COMMENT 'changes for the worse, in the newest 1,000 mentions',
    as_of          DateTime('UTC') COMMENT 'time for which all this was reckoned: that of the question'
)
COMMENT 'how each customer who can be told apart stands with a brand now, by what he said of it'
-- Each step is a query of its own: as aliases of one query they would be written out into one another.
AS SELECT
    brand,
    source,
    author,
    name,
    mentions,
    complaints,
    complaints_30d,
    first_written,
    last_written,
    last_mood,
    if(empty(changes), '', ['', 'happy', 'good', 'unhappy', 'angry'][changes[-1].2]) AS standing,
    toDateTime(if(empty(changes), 0, changes[-1].1), 'UTC') AS changed,
    if(empty(changes), '', ['', 'happy', 'good', 'unhappy', 'angry'][changes[-1].3]) AS before,
    arrayCount(x -> x.2 > 1 AND x.2 < x.3, changes) AS ups,
    arrayCount(x -> x.3 > 1 AND x.2 > x.3, changes) AS downs,
    as_of
FROM
(
SELECT *,
    -- (at, to, from)
    arrayFilter(x -> x.2 != x.3, arrayMap((x, y) -> tuple(x.1, x.2, y.2), steps,
        arraySlice(arrayPushFront(steps, tuple(toInt64(0), 1)), 1, length(steps)))) AS changes
FROM
(
SELECT *,
    -- of edges at one time the last, up to now
    arrayFilter((x, y) -> x.1 != y.1 AND x.1 <= toUnixTimestamp(as_of), stood,
        arraySlice(arrayPushBack(stood, tuple(toInt64(99999999999), 1)), 2)) AS steps
FROM
(
SELECT *,
    -- (at, place among the standings) at each edge
    arrayMap(
        (x, angry, unhappy, against, happy, known) -> tuple(x.1, multiIf(angry > 0, 5, unhappy > 0, 4, against = 0 AND happy > 0, 2, known > 0, 3, 1)),
        edges,
        arrayCumSum(arrayMap(x -> if(x.2 = 1, x.3, 0), edges)),
        arrayCumSum(arrayMap(x -> if(x.2 = 2, x.3, 0), edges)),
        arrayCumSum(arrayMap(x -> if(x.2 = 3, x.3, 0), edges)),
        arrayCumSum(arrayMap(x -> if(x.2 = 4, x.3, 0), edges)),
        arrayCumSum(arrayMap(x -> if(x.2 = 5, x.3, 0), edges))) AS stood
FROM
(
SELECT *,
    -- (at, line, step)
    arraySort(arrayConcat(
        arrayMap(x -> tuple(x.1, x.3, 1), arrayFilter(x -> x.1 < x.2, spans)),
        arrayMap(x -> tuple(x.2, x.3, -1), arrayFilter(x -> x.1 < x.2, spans)))) AS edges
FROM
(
SELECT *,
    -- (begin, end, line)
    arrayConcat(
        arrayMap(x -> tuple(x.1, least(x.1 + 31536000, x.4), 3), complaint),
        arrayMap(x -> tuple(x.1, x.1 + 2592000, 3), complaint),
        arrayMap(x -> tuple(x.1, least(x.1 + 7776000, x.4), 1), arrayFilter(x -> x.2, complaint)),
        arrayMap(x -> tuple(x.1, least(x.1 + 15552000, x.4), 2), arrayFilter(x -> x.2, complaint)),
        arrayMap(x -> tuple(x.1, least(x.1 + 7776000, x.4), 2), arrayFilter(x -> x.3, complaint)),
        arrayMap(x -> tuple(x.1 + 259200, least(x.1 + 7776000, x.5), 1), arrayFilter(x -> x.3, complaint)),
        arrayMap(x -> tuple(x.1 + 259200, least(x.1 + 15552000, x.5), 2), arrayFilter(x -> x.3, complaint)),
        arrayMap(x -> tuple(x, x + 31536000, 4), peaces),
        arrayMap(x -> tuple(x.1, x.1 + 31536000, 5), arrayFilter(x -> x.3 > -2, past))) AS spans
FROM
(
SELECT *,
    -- (at, angry, repeated, closed, closed or answered)
    arrayMap(x -> tuple(x.1, x.2, x.3, if(x.4 = 0, 99999999999, x.4), least(if(x.4 = 0, 99999999999, x.4), if(x.5 = 0, 99999999999, x.5))), ended) AS complaint
FROM
(
SELECT *,
    -- (at, angry, repeated, closed or 0, answered or 0)
    arrayMap(
        (x, y) -> tuple(x.1, x.3, x.4 = y.4 AND x.1 - y.1 <= 2592000, peaces[x.4 + 1], arrayFirst(a -> a >= x.1, answers)),
        complained, arraySlice(arrayPushFront(complained, tuple(toInt64(0), true, false, toUInt64(99999999999))), 1, length(complained))) AS ended
FROM
(
SELECT *,
    arrayFilter(x -> x.2, counted) AS complained
FROM
(
SELECT *,
    -- (at, complaint, angry, number of peaces so far)
    arrayMap((x, n) -> tuple(x.1, x.3 > 0, x.3 = 2, n), past, arrayCumSum(arrayMap(x -> x.3 = -1, past))) AS counted,
    arrayMap(x -> x.1, arrayFilter(x -> x.3 = -1, past)) AS peaces,
    arraySort(arrayMap(x -> x.4, arrayFilter(x -> x.4 > 0, past))) AS answers
FROM
(
    SELECT
        a.brand AS brand,
        a.source AS source,
        a.author AS author,
        argMax(a.name, (a.written, a.id)) AS name,
        count() AS mentions,
        countIf(a.complaint) AS complaints,
        countIf(a.complaint AND a.written > now('UTC') - 2592000) AS complaints_30d,
        min(a.written) AS first_written,
        max(a.written) AS last_written,
        argMax(a.mood, (a.written, a.id)) AS last_mood,
        now('UTC') AS as_of,
        -- a name which sites give to visitors, or hide, or a mere name that says too much for one person
        max(a.bare) AND (translateUTF8(lower(trimBoth(a.author)), 'İıÇŞĞÖÜيك‌', 'iiçşğöüیک ') IN ('anonymous', 'anonym', 'guest', 'user', 'visitor', 'customer', 'a customer', 'amazon customer', 'google user', 'a google user', 'deleted', '[deleted]', 'anonim', 'isimsiz', 'misafir', 'ziyaretçi', 'ziyaretci', 'müşteri', 'musteri', 'kullanici', 'gizli kullanici', 'ناشناس', 'مهمان', 'میهمان', 'کاربر', 'کاربر مهمان', 'کاربر ناشناس', 'بازدیدکننده', 'خریدار', 'مشتری', 'بی نام', 'کاربر دیجی کالا') OR multiSearchAny(a.author, ['*', '•', '…'])
            OR countIf(a.written > now('UTC') - 31536000) > 50) AS crowd,
        -- (at, id, what: 2 angry, 1 other complaint, -1 peace, -2 unknown, 0 other; answered) of the newest
        arrayReverse(arraySlice(arrayReverseSort(
            groupArrayIf(
                tuple(
                    toInt64(toUnixTimestamp(a.written)), a.id,
                    toInt8(multiIf(a.mood = 'angry', 2, a.complaint, 1, a.peace, -1, a.mood IN ('unknown', ''), -2, 0)),
                    toInt64(if(a.complaint, toUnixTimestamp(a.answered), 0))),
                a.written <= now('UTC'))), 1, 1000)) AS newest,
        if(crowd, arrayFilter(x -> 0, newest), newest) AS past
    FROM v_author_history AS a
    GROUP BY a.brand, a.source, a.author
)
)
)
)
)
)
)
)
)
)
;

ALTER TABLE escalation_events ON CLUSTER main
    ADD COLUMN IF NOT EXISTS mentions UInt32 COMMENT 'of an incident, how many mentions it has; else what the same customer wrote of it; 0 when not known',
    ADD COLUMN IF NOT EXISTS authors UInt32 COMMENT 'of an incident, how many people wrote; 0 when not known'
;

CREATE OR REPLACE VIEW v_complaints ON CLUSTER main
(
    id                String COMMENT '32 hex digits; the same for all brands of a mention',
    brand             LowCardinality(String) COMMENT 'watched brand with whose eyes the mention is seen',
    day               Date COMMENT 'day (UTC) of written; fixed at first sight',
    written           DateTime('UTC') COMMENT 'time of writing at first sight; the time of first sight where written_precision is unknown',
    written_precision LowCardinality(String) COMMENT 'second, minute, hour, day or unknown',
    source            LowCardinality(String) COMMENT 'name of the configured source',
    source_kind       LowCardinality(String) COMMENT 'site, recipe, feed, twitter',
    kind              LowCardinality(String) COMMENT 'review, complaint, post, comment, question, rating',
    language          LowCardinality(String) COMMENT 'language of the text, ISO 639-1, or und',
    url               String COMMENT 'page that a person can open',
    product           String COMMENT 'product or service spoken of, as the source names it',
    thread_id         String COMMENT 'key of the thread or page within the source',
    parent_id         String COMMENT 'id of the mention which this one answers',
    author_id         String COMMENT 'key of the author within the source',
    author            String COMMENT 'name of the author as shown',
    who               String COMMENT 'key of the author within the source, or the name where it has none: who it is within one source; empty when not told',
    followers         Int64 COMMENT 'followers of the author; 0 when not told',
    views             Int64 COMMENT 'views at the collection of this revision',
    reach             Int64 COMMENT 'followers of the author or views of the mention, whichever is more',
    verified          Bool COMMENT 'the source says that the author bought the thing',
    title             String COMMENT 'title as written',
    text              String COMMENT 'text as written; its bytes may be no valid UTF-8',
    rating            Nullable(Float64) COMMENT 'stars as a share, 0 worst to 1 best; NULL without stars',
    score             Float64 COMMENT '-1 worst to 1 best',
    mood              LowCardinality(String) COMMENT 'angry, dissatisfied, mixed, neutral, satisfied or unknown; the correction where there is one',
    anger             Float64 COMMENT '0 calm to 1 furious',
    topics            Array(LowCardinality(String)) COMMENT 'codes of what is complained about; the correction where there is one',
    praise            Array(LowCardinality(String)) COMMENT 'codes of what is praised',
    blamed            Array(LowCardinality(String)) COMMENT 'brand, seller, courier, bank, customer',
    customer          Array(LowCardinality(String)) COMMENT 'kinds of customer which the text claims',
    signals           Array(LowCardinality(String)) COMMENT 'codes of what else the text gives away',
    switch_from       String COMMENT 'brand which the customer leaves',
    switch_to         String COMMENT 'brand to which the customer goes',
    priority          UInt8 COMMENT '1 first to 4 last; 0 when not scored',
    coverage          Float64 COMMENT 'share of the words of the text which the scorer understood',
    lexicon           LowCardinality(String) COMMENT 'version of lexicons and rules',
    corrected         Bool COMMENT 'a person has put mood or topics right',
    origin            LowCardinality(String) COMMENT 'live, backfill or import: how the mention first came',
    seen_first        DateTime64(6, 'UTC') COMMENT 'visit which first found the mention',
    collected         DateTime64(6, 'UTC') COMMENT 'visit which gave this revision'
)
COMMENT 'every mention by an unhappy customer that is there now, one row a mention and brand: its mood, the corrected one where there is one, is angry or dissatisfied'
AS SELECT
    m.id AS id,
    m.brand AS brand,
    m.day AS day,
    m.written AS written,
    m.written_precision AS written_precision,
    m.source AS source,
    m.source_kind AS source_kind,
    m.kind AS kind,
    m.language AS language,
    m.url AS url,
    m.product AS product,
    m.thread_id AS thread_id,
    m.parent_id AS parent_id,
    m.author_id AS author_id,
    m.author AS author,
    if(m.author_id != '', m.author_id, m.author) AS who,
    m.followers AS followers,
    m.views AS views,
    greatest(m.followers, m.views) AS reach,
    m.verified AS verified,
    m.title AS title,
    m.text AS text,
    m.rating AS rating,
    m.score AS score,
    m.mood AS mood,
    m.anger AS anger,
    m.topics AS topics,
    m.praise AS praise,
    m.blamed AS blamed,
    m.customer AS customer,
    m.signals AS signals,
    m.switch_from AS switch_from,
    m.switch_to AS switch_to,
    m.priority AS priority,
    m.coverage AS coverage,
    m.lexicon AS lexicon,
    m.corrected AS corrected,
    m.origin AS origin,
    m.seen_first AS seen_first,
    m.collected AS collected
FROM v_mentions AS m
WHERE m.unhappy AND m.from_customer
;

-- rollup_topic counts the same. A mention that is not unhappy may complain of something, too.
CREATE OR REPLACE VIEW v_topics ON CLUSTER main
(
    id          String COMMENT '32 hex digits; the same for all brands of a mention',
    brand       LowCardinality(String) COMMENT 'watched brand with whose eyes the mention is seen',
    topic       LowCardinality(String) COMMENT 'code of the topic',
    polarity    LowCardinality(String) COMMENT 'complaint or praise',
    day         Date COMMENT 'day (UTC) of written; fixed at first sight',
    written     DateTime('UTC') COMMENT 'time of writing at first sight; the time of first sight where written_precision is unknown',
    source      LowCardinality(String) COMMENT 'name of the configured source',
    source_kind LowCardinality(String) COMMENT 'site, recipe, feed, twitter',
    kind        LowCardinality(String) COMMENT 'review, complaint, post, comment, question, rating',
    language    LowCardinality(String) COMMENT 'language of the text, ISO 639-1, or und',
    url         String COMMENT 'page that a person can open',
    product     String COMMENT 'product or service spoken of, as the source names it',
    who         String COMMENT 'key of the author within the source, or the name where it has none: who it is within one source; empty when not told',
    reach       Int64 COMMENT 'followers of the author or views of the mention, whichever is more',
    rating      Nullable(Float64) COMMENT 'stars as a share, 0 worst to 1 best; NULL without stars',
    score       Float64 COMMENT '-1 worst to 1 best',
    mood        LowCardinality(String) COMMENT 'angry, dissatisfied, mixed, neutral, satisfied or unknown; the correction where there is one',
    unhappy     Bool COMMENT 'mood is angry or dissatisfied',
    corrected   Bool COMMENT 'a person has put mood or topics right',
    origin      LowCardinality(String) COMMENT 'live, backfill or import: how the mention first came'
)
COMMENT 'what customers complain of and what they praise, one row a mention, brand, topic and polarity: a mention counts once for each of its topics, so rows do not add up to mentions'
AS SELECT
    m.id AS id,
    m.brand AS brand,
    p.1 AS topic,
    p.2 AS polarity,
    m.day AS day,
    m.written AS written,
    m.source AS source,
    m.source_kind AS source_kind,
    m.kind AS kind,
    m.language AS language,
    m.url AS url,
    m.product AS product,
    if(m.author_id != '', m.author_id, m.author) AS who,
    greatest(m.followers, m.views) AS reach,
    m.rating AS rating,
    m.score AS score,
    m.mood AS mood,
    m.unhappy AS unhappy,
    m.corrected AS corrected,
    m.origin AS origin
FROM v_mentions AS m
ARRAY JOIN arrayConcat(
    arrayMap(x -> tuple(x, 'complaint'), arrayDistinct(m.topics)),
    arrayMap(x -> tuple(x, 'praise'), arrayDistinct(m.praise))) AS p
WHERE m.from_customer AND p.1 != ''
;

-- Each brand that a text names sees the move with its own eyes, and may see one side only: what tells both sides is taken,
-- else the first brand by the alphabet.
CREATE OR REPLACE VIEW v_switches ON CLUSTER main
(
    id          String COMMENT '32 hex digits; the same for all brands of a mention',
    switch_from String COMMENT 'brand which the customer leaves; empty when not told',
    switch_to   String COMMENT 'brand to which the customer goes; empty when not told',
    direction   LowCardinality(String) COMMENT 'between: both are told; away: only the brand which is left; to: only the one gone to',
    brands      Array(LowCardinality(String)) COMMENT 'watched brands in whose eyes the mention tells of it, in order of the alphabet',
    day         Date COMMENT 'day (UTC) of written; fixed at first sight',
    written     DateTime('UTC') COMMENT 'time of writing at first sight; the time of first sight where written_precision is unknown',
    source      LowCardinality(String) COMMENT 'name of the configured source',
    source_kind LowCardinality(String) COMMENT 'site, recipe, feed, twitter',
    kind        LowCardinality(String) COMMENT 'review, complaint, post, comment, question, rating',
    language    LowCardinality(String) COMMENT 'language of the text, ISO 639-1, or und',
    url         String COMMENT 'page that a person can open',
    product     String COMMENT 'product or service spoken of, as the source names it',
    who         String COMMENT 'key of the author within the source, or the name where it has none: who it is within one source; empty when not told',
    reach       Int64 COMMENT 'followers of the author or views of the mention, whichever is more',
    origin      LowCardinality(String) COMMENT 'live, backfill or import: how the mention first came'
)
COMMENT 'mentions by customers who say that they move between brands, one row a mention however many brands it names'
AS SELECT
    s.id AS id,
    s.move.1 AS switch_from,
    s.move.2 AS switch_to,
    multiIf(s.move.1 = '', 'to', s.move.2 = '', 'away', 'between') AS direction,
    s.brands AS brands,
    s.day AS day,
    s.said.1 AS written,
    s.said.2 AS source,
    s.said.3 AS source_kind,
    s.said.4 AS kind,
    s.said.5 AS language,
    s.said.6 AS url,
    s.said.7 AS product,
    s.said.8 AS who,
    s.said.9 AS reach,
    s.said.10 AS origin
FROM
(
    SELECT
        m.id AS id,
        m.day AS day,
        argMin(tuple(m.switch_from, m.switch_to), tuple(m.switch_from = '' OR m.switch_to = '', m.brand)) AS move,
        arraySort(groupUniqArray(m.brand)) AS brands,
        argMin(tuple(m.written, m.source, m.source_kind, m.kind, m.language, m.url, m.product, if(m.author_id != '', m.author_id, m.author), greatest(m.followers, m.views), m.origin), m.brand) AS said
    FROM v_mentions AS m
    WHERE m.from_customer AND (m.switch_from != '' OR m.switch_to != '')
    GROUP BY m.day, m.id
) AS s
;

-- An incident is an escalation that is its own incident. What it has grown to is no step of its state (0033), so that the
-- figures and whether it looks like a campaign are taken from the newest of both.
CREATE OR REPLACE VIEW v_incidents ON CLUSTER main
(
    id           String COMMENT 'id of the incident',
    brand        LowCardinality(String) COMMENT 'watched brand',
    topic        LowCardinality(String) COMMENT 'code of what is complained about',
    product      String COMMENT 'product whose fault it is; empty where the topic is no fault of goods',
    source       LowCardinality(String) COMMENT 'source which is the matter; empty for several',
    campaign     Bool COMMENT 'few people, mostly one text: perhaps arranged',
    authors      UInt32 COMMENT 'people who wrote, as of the last step; 0 when not known',
    mentions     UInt32 COMMENT 'mentions, as of the last step; of very large incidents reckoned from a sample; 0 when not known',
    reach        Int64 COMMENT 'sum of the reach of the mentions, as of the last step',
    cases        UInt64 COMMENT 'escalations of single customers that are part of it',
    began        DateTime64(6, 'UTC') COMMENT 'when its first mention was written; 1970 when unknown',
    opened       DateTime64(6, 'UTC') COMMENT 'when it was opened',
    last_step    DateTime64(9, 'UTC') COMMENT 'when it last grew, changed state or holder',
    state        LowCardinality(String) COMMENT 'open, acknowledged, answered, resolved, reopened, not_winnable or expired',
    waiting      Bool COMMENT 'neither resolved nor not_winnable nor expired',
    holder       String COMMENT 'who has it; empty for nobody',
    team         LowCardinality(String) COMMENT 'whose it is by the routes',
    notified     DateTime64(9, 'UTC') COMMENT 'when a person was first told; 1970 when not yet',
    acknowledged DateTime64(9, 'UTC') COMMENT 'when somebody first took it; 1970 when not yet',
    answered     DateTime64(6, 'UTC') COMMENT 'when the customer was answered, as the reply or the mark says; 1970 when not yet',
    resolved     DateTime64(6, 'UTC') COMMENT 'when it was solved; 1970 when not yet',
    false_alarm  Bool COMMENT 'a person said that nobody had to be told',
    excerpt      String COMMENT 'beginning of one of the texts',
    url          String COMMENT 'page of that text',
    language     LowCardinality(String) COMMENT 'language of the text'
)
COMMENT 'incidents, several customers on one matter: one row an incident, where it stands now'
AS SELECT
    e.id AS id,
    e.brand AS brand,
    e.topics[1] AS topic,
    e.product AS product,
    e.source AS source,
    toBool(has(n.last.4, 'campaign')) AS campaign,
    n.last.1 AS authors,
    n.last.2 AS mentions,
    n.last.3 AS reach,
    c.cases AS cases,
    e.written AS began,
    e.opened AS opened,
    n.at AS last_step,
    e.state AS state,
    e.waiting AS waiting,
    e.holder AS holder,
    e.team AS team,
    e.notified AS notified,
    e.acknowledged AS acknowledged,
    e.answered AS answered,
    e.resolved AS resolved,
    e.false_alarm AS false_alarm,
    e.excerpt AS excerpt,
    e.url AS url,
    e.language AS language
FROM v_escalations AS e
INNER JOIN
(
    SELECT
        escalation,
        max(at) AS at,
        argMax(tuple(authors, mentions, reach, why), tuple(escalation_events.at, step, type != 'opened', id)) AS last
    FROM escalation_events FINAL
    WHERE escalation = incident AND type IN ('opened', 'raised', 'acknowledged', 'assigned', 'answered', 'resolved', 'reopened', 'not_winnable', 'expired', 'grown')
    GROUP BY escalation
) AS n ON e.id = n.escalation
LEFT JOIN
(
    SELECT incident, uniqExact(escalation) AS cases
    FROM escalation_events
    WHERE incident != '' AND escalation != incident
    GROUP BY incident
) AS c ON e.id = c.incident
;

-- A correction judges the text that was shown when it was made. v_mentions keeps it for what is written later, too; here an
-- edit is judged anew, or a customer who was won back would stay angry.
-- brand, day and id stand in each join and in the window, so that what is asked of them is asked of every table. Each step is
-- a query of its own: as aliases of one query they would be written out into one another.
CREATE OR REPLACE VIEW v_versions ON CLUSTER main
(
    id            String COMMENT '32 hex digits; the same for all brands of a mention',
    brand         LowCardinality(String) COMMENT 'watched brand with whose eyes the mention is seen',
    number        UInt64 COMMENT 'number of the version of this mention and brand, from 1',
    day           Date COMMENT 'day (UTC) of written; fixed at first sight',
    revision      String COMMENT 'hash of what was said, 16 hex digits',
    current       Bool COMMENT 'what the page shows now; of an edit that was taken back the older version is',
    seen          DateTime64(6, 'UTC') COMMENT 'visit which first found the version',
    edited        DateTime('UTC') COMMENT 'time of the edit which the source shows; 1970 when none',
    written       DateTime('UTC') COMMENT 'time of writing at first sight; the time of first sight where written_precision is unknown',
    source        LowCardinality(String) COMMENT 'name of the configured source',
    source_kind   LowCardinality(String) COMMENT 'site, recipe, feed, twitter',
    kind          LowCardinality(String) COMMENT 'review, complaint, post, comment, question, rating',
    language      LowCardinality(String) COMMENT 'language of the text, ISO 639-1, or und',
    url           String COMMENT 'page that a person can open',
    product       String COMMENT 'product or service spoken of, as the source names it',
    who           String COMMENT 'key of the author within the source, or the name where it has none: who it is within one source; empty when not told',
    reach         Int64 COMMENT 'followers of the author or views of the mention, whichever is more',
    title         String COMMENT 'title of the version',
    text          String COMMENT 'text of the version; its bytes may be no valid UTF-8',
    rating        Nullable(Float64) COMMENT 'stars of the version as a share, 0 worst to 1 best; NULL without stars',
    score         Float64 COMMENT '-1 worst to 1 best, by the newest lexicon that scored the version',
    mood          LowCardinality(String) COMMENT 'mood of the version: that of the correction which was made while it was shown, else by the newest lexicon that scored it',
    unhappy       Bool COMMENT 'that mood is angry or dissatisfied',
    corrected     Bool COMMENT 'a person has put that mood right',
    rating_before Nullable(Float64) COMMENT 'rating of the version before; NULL without stars or version',
    score_before  Nullable(Float64) COMMENT 'score of the version before; NULL for the first',
    mood_before   LowCardinality(String) COMMENT 'mood of the version before; empty for the first',
    text_changed  Bool COMMENT 'title or text differ from the version before; else the stars do',
    answered      DateTime('UTC') COMMENT 'last public reply of the brand or mark of a person, after the version before was seen (for the second version: since written) and until this one was seen; 1970 when none, and for the first',
    won_back      Bool COMMENT 'unhappy before and satisfied now; or two stars of five more than before, and not unhappy'
)
COMMENT 'what customers said before and after each edit, one row a version, mention and brand, of mentions that are there now'
AS SELECT
    id,
    brand,
    number,
    day,
    revision,
    revision = shown AS current,
    seen,
    edited,
    written,
    source,
    source_kind,
    kind,
    language,
    url,
    product,
    who,
    reach,
    title,
    text,
    rating,
    score,
    mood,
    toBool(mood IN ('angry', 'dissatisfied')) AS unhappy,
    corrected,
    before.1 AS rating_before,
    if(number = 1, NULL, before.2) AS score_before,
    before.3 AS mood_before,
    toBool(number > 1 AND (title != before.4 OR text != before.5)) AS text_changed,
    toDateTime(if(number = 1, 0, arrayLast(x -> x <= toUnixTimestamp(seen) AND (number = 2 OR x > toUnixTimestamp(before.6)), answers)), 'UTC') AS answered,
    toBool(before.3 IN ('angry', 'dissatisfied') AND mood = 'satisfied'
        OR ifNull(round(rating - before.1, 6) >= 0.5, false) AND mood NOT IN ('angry', 'dissatisfied')) AS won_back
FROM
(
SELECT *,
    lagInFrame(tuple(rating, score, mood, title, text, seen)) OVER
        (PARTITION BY brand, day, id ORDER BY seen, revision ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS before
FROM
(
SELECT *,
    toBool(judged != '' AND (number = 1 OR judged_at >= seen) AND (number = versions OR judged_at < next)) AS corrected,
    if(corrected, judged, scored_mood) AS mood
FROM
(
SELECT
    m.id AS id, m.brand AS brand, m.day AS day, m.revision AS shown, m.written AS written, m.source AS source, m.source_kind AS source_kind,
    m.kind AS kind, m.language AS language, m.url AS url, m.product AS product, if(m.author_id != '', m.author_id, m.author) AS who,
    greatest(m.followers, m.views) AS reach, r.revision AS revision, r.collected AS seen, r.edited AS edited, r.title AS title, r.text AS text,
    if(r.rating_best > r.rating_worst, least(1, greatest(0, (r.rating_value - r.rating_worst) / (r.rating_best - r.rating_worst))), NULL) AS rating,
    x.verdict.1 AS score,
    x.verdict.2 AS scored_mood,
    c.mood AS judged,
    c.at AS judged_at,
    arraySort(arrayMap(t -> greatest(t, toUnixTimestamp(m.written)), a.answers)) AS answers,
    row_number() OVER w AS number,
    count() OVER w AS versions,
    leadInFrame(r.collected) OVER w AS next
FROM mention_versions AS r FINAL
INNER JOIN
(
    SELECT brand, day, id, revision, argMax(tuple(score, mood), tuple(scored, lexicon)) AS verdict
    FROM verdicts
    GROUP BY brand, day, id, revision
) AS x ON r.id = x.id AND r.day = x.day AND r.revision = x.revision
INNER JOIN v_mentions AS m ON x.id = m.id AND x.day = m.day AND x.brand = m.brand
LEFT JOIN
(
    SELECT id, brand, value AS mood, at
    FROM corrections FINAL
    WHERE field = 'mood' AND value != ''
) AS c ON m.id = c.id AND m.brand = c.brand
LEFT JOIN
(
    SELECT brand, id, groupUniqArray(at) AS answers
    FROM
    (
        SELECT brand, parent_id AS id, toUnixTimestamp(written) AS at
        FROM mentions
        WHERE own AND parent_id != ''
        UNION ALL
        SELECT brand, mention AS id, toUnixTimestamp(if(answered_at > 0, answered_at, resolved_at)) AS at
        FROM escalation_events
        WHERE mention != '' AND (answered_at > 0 OR resolved_at > 0)
    )
    GROUP BY brand, id
) AS a ON m.brand = a.brand AND m.id = a.id
WHERE m.from_customer
WINDOW w AS (PARTITION BY m.brand, m.day, m.id ORDER BY r.collected, r.revision ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
)
)
)
;

-- The judged text is the one that was shown when the correction was made. The interval is Wilson's at 95 % (z = 1.96), as in
-- v_alert_quality.
CREATE OR REPLACE VIEW v_accuracy ON CLUSTER main
(
    source     LowCardinality(String) COMMENT 'name of the configured source',
    language   LowCardinality(String) COMMENT 'language of the text as the scorer saw it, ISO 639-1, or und',
    lexicon    LowCardinality(String) COMMENT 'version of lexicons and rules that gave the verdict',
    field      LowCardinality(String) COMMENT 'mood: the same of six; unhappy: whether it is angry or dissatisfied; topics: the same set',
    labelled   UInt64 COMMENT 'mentions and brands for which a person gave the field and this lexicon a verdict on the same text',
    agreed     UInt64 COMMENT 'of these, the verdict says the same',
    share      Float64 COMMENT 'agreed as a share of labelled',
    share_low  Float64 COMMENT 'lower end of its 95 % interval',
    share_high Float64 COMMENT 'upper end of its 95 % interval'
)
COMMENT 'how often the scorer agrees with people, one row a source, language, lexicon and field, by corrections alone: these are no random sample, for people correct what is wrong, and so it is a lower bound rather than the accuracy'
AS WITH
    3.8416 AS z2,
    count() AS n,
    countIf(f.agrees) / n AS p,
    (p + z2 / (2 * n)) / (1 + z2 / n) AS middle,
    sqrt(z2 * (p * (1 - p) + z2 / (4 * n)) / n) / (1 + z2 / n) AS half
SELECT
    f.source AS source,
    f.language AS language,
    f.lexicon AS lexicon,
    f.field AS field,
    n AS labelled,
    countIf(f.agrees) AS agreed,
    p AS share,
    greatest(0, middle - half) AS share_low,
    least(1, middle + half) AS share_high
FROM
(
    SELECT
        j.source AS source,
        x.language AS language,
        x.lexicon AS lexicon,
        arrayJoin(if(j.field = 'topics',
            [tuple('topics', arraySort(arrayMap(t -> toString(t), arrayDistinct(x.topics))) = arraySort(arrayDistinct(if(j.value = 'none', [], splitByChar(',', j.value)))))],
            [tuple('mood', x.mood = j.value), tuple('unhappy', (x.mood IN ('angry', 'dissatisfied')) = (j.value IN ('angry', 'dissatisfied')))])) AS told,
        told.1 AS field,
        told.2 AS agrees
    FROM
    (
        SELECT
            c.id AS id,
            c.brand AS brand,
            c.field AS field,
            any(c.value) AS value,
            any(r.source) AS source,
            argMax(r.revision, tuple(r.collected <= c.at, if(r.collected <= c.at, 1, -1) * toUnixTimestamp64Micro(r.collected))) AS revision
        FROM corrections AS c FINAL
        INNER JOIN mention_versions AS r FINAL ON c.id = r.id
        WHERE c.field IN ('mood', 'topics') AND c.value != '' AND r.id IN (SELECT id FROM corrections)
        GROUP BY c.id, c.brand, c.field
    ) AS j
    INNER JOIN verdicts AS x FINAL ON j.id = x.id AND j.brand = x.brand AND j.revision = x.revision
    WHERE (x.brand, x.id) IN (SELECT brand, id FROM corrections)
) AS f
GROUP BY f.source, f.language, f.lexicon, f.field
;

-- v_coverage tells of the last run alone; who compares two weeks has to know what was seen in both.
CREATE OR REPLACE VIEW v_coverage_day ON CLUSTER main
(
    source     LowCardinality(String) COMMENT 'name of the configured source',
    day        Date COMMENT 'day (UTC) of the visits',
    pages      UInt64 COMMENT 'visits, whatever came of them',
    good       UInt64 COMMENT 'of these, ok or not_modified',
    soft_fails UInt64 COMMENT 'of these, answered without what they should hold',
    failures   UInt64 COMMENT 'of these, failed',
    refused    UInt64 COMMENT 'of these, not asked for: robots.txt, private network, limits',
    good_hours UInt64 COMMENT 'hours of the day with a good page, 0 to 24; how many there should be follows from the schedule of the source',
    first_good DateTime64(6, 'UTC') COMMENT 'first good page; 1970 when none',
    last_good  DateTime64(6, 'UTC') COMMENT 'last good page; 1970 when none',
    trouble    String COMMENT 'commonest trouble, of equals any; empty without trouble'
)
COMMENT 'how well each source was seen, one row a source and day with a visit: a day without any has no row'
AS SELECT
    l.source AS source,
    toDate(l.at) AS day,
    count() AS pages,
    countIf(l.outcome IN ('ok', 'not_modified')) AS good,
    countIf(l.outcome = 'soft_fail') AS soft_fails,
    countIf(l.outcome = 'failed') AS failures,
    countIf(l.outcome = 'refused') AS refused,
    uniqExactIf(toHour(l.at), l.outcome IN ('ok', 'not_modified')) AS good_hours,
    minIf(l.at, l.outcome IN ('ok', 'not_modified')) AS first_good,
    maxIf(l.at, l.outcome IN ('ok', 'not_modified')) AS last_good,
    topKIf(1)(l.reason, l.outcome IN ('soft_fail', 'failed', 'refused') AND l.reason != '')[1] AS trouble
FROM crawl_ledger AS l FINAL
WHERE NOT l.run_end
GROUP BY l.source, toDate(l.at)
;

-- optional: a server without text indexes reads the column instead
-- The first index parted words at spaces alone, so that "gelmedi," was not found by "gelmedi".
-- Parts from before are read as a whole until they are merged.
ALTER TABLE mentions ON CLUSTER main
    DROP INDEX IF EXISTS search_text,
    ADD INDEX IF NOT EXISTS search_words search TYPE text(tokenizer = splitByString([' ', ',', '.', '!', '?', ':', ';', '"', '\'', '(', ')', '[', ']', '{', '}', '<', '>',
        '/', '\\', '|', '-', '_', '+', '=', '*', '&', '%', '#', '@', '~', '^', '$', '…', '–', '—', '“', '”', '‘', '’', '«', '»', '،', '؛', '؟', '٪', '·', '•']))
;

-- Nothing here changes what the views show: were labels to win there as corrections do, a hundredth of all mentions would be
-- put right, and figures would mix two measures.
CREATE TABLE IF NOT EXISTS sample_labels ON CLUSTER main
(
    sample       String COMMENT 'name of the draw',
    id           String COMMENT 'id of the mention' CODEC(ZSTD(1)),
    brand        LowCardinality(String) COMMENT 'watched brand with whose eyes the mention is judged',
    number       UInt32 COMMENT 'place in the draw, from 1: a sample is labelled in this order, so that the first part of it is a random sample, too',
    revision     String COMMENT 'revision which was drawn, and which the person reads' CODEC(ZSTD(1)),
    drawn        DateTime64(6, 'UTC') COMMENT 'when it was drawn',
    mood         LowCardinality(String) COMMENT 'mood which the person reads from the text; empty when not given',
    topics       Array(LowCardinality(String)) COMMENT 'codes of what is complained about, as the person reads it',
    topics_given Bool COMMENT 'the person has looked at the topics; else topics says nothing',
    not_ours     Bool COMMENT 'the text is not about the brand; then no mood is given',
    labelled     Bool COMMENT 'a person has given a label',
    by           String COMMENT 'who gave it',
    note         String COMMENT 'why, for people',
    at           DateTime64(6, 'UTC') COMMENT 'when it was labelled, else drawn; the newest holds'
)
ENGINE = ReplicatedReplacingMergeTree(at)
ORDER BY (sample, id, brand)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'mentions that were drawn at random, and how people who did not see the verdict read them'
;

-- The judged text is the one that was drawn, or, of a correction, the one that was shown when it was made. Of several labels
-- of one text the newest counts. The interval is Wilson's at 95 % (z = 1.96), as in v_alert_quality.
CREATE OR REPLACE VIEW v_accuracy ON CLUSTER main
(
    basis      LowCardinality(String) COMMENT 'sample: labels of a random sample, by people who did not see the verdict, which is the accuracy; corrections: what people put right where they saw it, mostly what is wrong, which is a lower bound',
    source     LowCardinality(String) COMMENT 'name of the configured source',
    language   LowCardinality(String) COMMENT 'language of the text as the scorer saw it, ISO 639-1, or und',
    lexicon    LowCardinality(String) COMMENT 'version of lexicons and rules that gave the verdict',
    field      LowCardinality(String) COMMENT 'mood: the same of six; unhappy: whether it is angry or dissatisfied; topics: the same set; ours: it is about the brand (of a sample alone)',
    labelled   UInt64 COMMENT 'mentions and brands for which a person gave the field and this lexicon a verdict on the same text',
    agreed     UInt64 COMMENT 'of these, the verdict says the same',
    share      Float64 COMMENT 'agreed as a share of labelled',
    share_low  Float64 COMMENT 'lower end of its 95 % interval',
    share_high Float64 COMMENT 'upper end of its 95 % interval'
)
COMMENT 'how often the scorer agrees with people, one row a basis, source, language, lexicon and field; never add up the two bases'
AS WITH
    3.8416 AS z2,
    count() AS n,
    countIf(f.agrees) / n AS p,
    (p + z2 / (2 * n)) / (1 + z2 / n) AS middle,
    sqrt(z2 * (p * (1 - p) + z2 / (4 * n)) / n) / (1 + z2 / n) AS half
SELECT
    f.basis AS basis,
    f.source AS source,
    f.language AS language,
    f.lexicon AS lexicon,
    f.field AS field,
    n AS labelled,
    countIf(f.agrees) AS agreed,
    p AS share,
    greatest(0, middle - half) AS share_low,
    least(1, middle + half) AS share_high
FROM
(
    SELECT
        j.basis AS basis,
        j.source AS source,
        x.language AS language,
        x.lexicon AS lexicon,
        arrayJoin(multiIf(
            j.field = 'topics',
            [tuple('topics', arraySort(arrayMap(t -> toString(t), arrayDistinct(x.topics))) = arraySort(arrayDistinct(if(j.value = 'none', [], splitByChar(',', j.value)))))],
            j.field = 'ours',
            [tuple('ours', j.value = 'yes')],
            [tuple('mood', x.mood = j.value), tuple('unhappy', (x.mood IN ('angry', 'dissatisfied')) = (j.value IN ('angry', 'dissatisfied')))])) AS told,
        told.1 AS field,
        told.2 AS agrees
    FROM
    (
        SELECT
            'corrections' AS basis,
            c.id AS id,
            c.brand AS brand,
            toString(c.field) AS field,
            any(c.value) AS value,
            any(toString(r.source)) AS source,
            argMax(r.revision, tuple(r.collected <= c.at, if(r.collected <= c.at, 1, -1) * toUnixTimestamp64Micro(r.collected))) AS revision
        FROM corrections AS c FINAL
        INNER JOIN mention_versions AS r FINAL ON c.id = r.id
        WHERE c.field IN ('mood', 'topics') AND c.value != '' AND r.id IN (SELECT id FROM corrections)
        GROUP BY c.id, c.brand, c.field
        UNION ALL
        SELECT
            'sample' AS basis,
            s.id AS id,
            s.brand AS brand,
            said.1 AS field,
            said.2 AS value,
            toString(r.source) AS source,
            s.revision AS revision
        FROM
        (
            SELECT
                id,
                brand,
                revision,
                argMax(tuple(mood, topics, topics_given, not_ours), tuple(at, sample)) AS label,
                arrayJoin(arrayConcat(
                    [tuple('ours', if(label.4, 'no', 'yes'))],
                    if(label.1 = '', [], [tuple('mood', toString(label.1))]),
                    if(label.3, [tuple('topics', if(empty(label.2), 'none', arrayStringConcat(label.2, ',')))], []))) AS said
            FROM sample_labels FINAL
            WHERE labelled
            GROUP BY id, brand, revision
        ) AS s
        INNER JOIN mention_versions AS r FINAL ON s.id = r.id AND s.revision = r.revision
        WHERE r.id IN (SELECT id FROM sample_labels)
    ) AS j
    INNER JOIN verdicts AS x FINAL ON j.id = x.id AND j.brand = x.brand AND j.revision = x.revision
    WHERE (x.brand, x.id) IN (SELECT brand, id FROM corrections UNION ALL SELECT brand, id FROM sample_labels)
) AS f
GROUP BY f.basis, f.source, f.language, f.lexicon, f.field
;

-- A mention that names several brands is one mention, whichever of them is asked for: so a row is of all its views, the
-- arrays brands, sources, languages and moods side by side, and who asks for some brands looks at their places alone. By
-- the month, because a year of hours is too much to replace.
CREATE TABLE IF NOT EXISTS rollup_hour ON CLUSTER main
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
ENGINE = ReplicatedMergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (day, at)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'figures of each hour, rebuilt from v_mentions; a day in v_stale_days may be stale or missing'
;

-- What REPLACE PARTITION takes from; empty between rebuilds.
CREATE TABLE IF NOT EXISTS rollup_hour_staging ON CLUSTER main AS rollup_hour
;

-- Written down before anything is dropped: from then on the days before are neither rebuilt nor added to.
CREATE TABLE IF NOT EXISTS retention ON CLUSTER main
(
    what  LowCardinality(String) COMMENT 'mentions, hours or days',
    since Date COMMENT 'first day that is kept',
    at    DateTime64(6, 'UTC') COMMENT 'when that was decided'
)
ENGINE = ReplicatedReplacingMergeTree(since)
ORDER BY what
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'from which day on mentions and roll-ups are kept; without a row all are'
;

CREATE OR REPLACE VIEW v_stale_days ON CLUSTER main
(
    day Date COMMENT 'day (UTC)'
)
COMMENT 'days of which rollup_hour cannot be asked but the mentions can: what changed since the last rebuild, and hours that are no longer kept'
AS SELECT day
FROM dirty_days
WHERE day >= (SELECT max(since) FROM retention WHERE what = 'mentions')
GROUP BY day
HAVING sum(marks) > max(rebuilt)
UNION ALL
SELECT DISTINCT day
FROM rollup_day
WHERE day < (SELECT max(since) FROM retention WHERE what = 'hours') AND day >= (SELECT max(since) FROM retention WHERE what = 'mentions')
;

-- The hours are new and empty: every day is rebuilt from the mentions.
INSERT INTO dirty_days SELECT DISTINCT day, 1, 0, now64(9) FROM mentions
;

-- What a search without words counts beside its list. Unlike the other figures these are of replies by the brand, too.
CREATE TABLE IF NOT EXISTS rollup_facet ON CLUSTER main
(
    brand    LowCardinality(String) COMMENT 'watched brand',
    day      Date COMMENT 'day (UTC) of writing',
    kind     LowCardinality(String) COMMENT 'total, brand, source, language, mood, topic, signal or stars',
    value    LowCardinality(String) COMMENT 'name or code; empty for the total',
    mentions UInt64 COMMENT 'mentions, by whomever'
)
ENGINE = ReplicatedMergeTree
PARTITION BY toYear(day)
ORDER BY (kind, value, brand, day)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'how many mentions of each day have a value, rebuilt from v_mentions; a day in dirty_days may be stale'
;

-- What REPLACE PARTITION takes from; empty between rebuilds.
CREATE TABLE IF NOT EXISTS rollup_facet_staging ON CLUSTER main AS rollup_facet
;

-- As before (0030), but that precision comes from the table which is ordered by id: mentions are read as a whole for it.
-- A mention whose page shows less than the minute has no exact written: the clock then starts at first sight, and the part
-- of the delay that passed before it stays unknown. How exact it is stands with the mention and does not change after first
-- sight, so that any of its rows will do and FINAL is spared; a mention that was forgotten is no longer known, nor exact.
CREATE OR REPLACE VIEW v_sla ON CLUSTER main
(
    id               String COMMENT 'id of the escalation',
    brand            LowCardinality(String) COMMENT 'watched brand',
    source           LowCardinality(String) COMMENT 'name of the source',
    team             LowCardinality(String) COMMENT 'whose it is by the routes',
    rule             LowCardinality(String) COMMENT 'rule which fired',
    severity         LowCardinality(String) COMMENT 'critical, high or normal',
    language         LowCardinality(String) COMMENT 'language of the text',
    topics           Array(LowCardinality(String)) COMMENT 'codes of what is complained about',
    state            LowCardinality(String) COMMENT 'open, acknowledged, answered, resolved, reopened, not_winnable or expired',
    waiting          Bool COMMENT 'neither resolved nor not_winnable nor expired',
    false_alarm      Bool COMMENT 'a person said that nobody had to be told',
    counted          Bool COMMENT 'an answer was promised, and it was no false alarm: what the share in time is taken of',
    written          DateTime64(6, 'UTC') COMMENT 'when the mention was written; 1970 when unknown',
    written_exact    Bool COMMENT 'the source shows the second or the minute of writing',
    started          DateTime64(6, 'UTC') COMMENT 'when the clock starts: written where it is exact, else seen, else opened',
    seen             DateTime64(6, 'UTC') COMMENT 'when the crawler had the mention; 1970 when unknown',
    stored           DateTime64(6, 'UTC') COMMENT 'when the mention was in the store; 1970 when unknown',
    opened           DateTime64(6, 'UTC') COMMENT 'when the escalation was opened',
    told             DateTime64(6, 'UTC') COMMENT 'when a person was first told; 1970 when not yet',
    due              DateTime64(6, 'UTC') COMMENT 'when the promised answer is due; 1970 when none is promised',
    answered         DateTime64(6, 'UTC') COMMENT 'when the customer was answered; without an answer when it was resolved or found not winnable; 1970 when not yet',
    resolved         DateTime64(6, 'UTC') COMMENT 'when it was solved; 1970 when not yet',
    decided          DateTime64(6, 'UTC') COMMENT 'when the promise was kept (answered) or broken (due); 1970 when that is still open',
    reply            LowCardinality(String) COMMENT 'what the answer was: canned, hand_off, solution or other; empty when not known',
    answer_seconds   Nullable(Float64) COMMENT 'from started to answered; NULL when not yet',
    solve_seconds    Nullable(Float64) COMMENT 'from started to resolved; NULL when not yet',
    answered_in_time Nullable(Bool) COMMENT 'the promise was kept; NULL while neither answered nor due, and where nothing was promised',
    breached         Bool COMMENT 'the promise was broken, by a late answer or by none',
    seen_seconds     Nullable(Float64) COMMENT 'own delay from written to seen; NULL where one of the two is not known exactly',
    stored_seconds   Nullable(Float64) COMMENT 'own delay from seen to stored; NULL where one of the two is unknown',
    told_seconds     Nullable(Float64) COMMENT 'own delay from stored to told; NULL where one of the two is unknown'
)
COMMENT 'the clocks of each escalation that a mention caused; answers and delays are 0 where clocks of two machines disagree'
AS WITH
    toDateTime64(0, 6, 'UTC') AS never,
    now64(6, 'UTC') AS this_moment,
    p.precision IN ('second', 'minute') AND e.written > never AS exact,
    multiIf(exact, e.written, e.seen > never, e.seen, e.opened) AS start,
    multiIf(e.answered > never, e.answered, e.resolved > never, e.resolved, e.state = 'not_winnable', e.since::DateTime64(6, 'UTC'), never) AS end,
    multiIf(e.due = never, NULL, end > never, end <= e.due, this_moment > e.due, false, NULL) AS in_time,
    (a, b) -> if(a > never AND b > never, greatest(0, dateDiff('millisecond', a, b) / 1000), NULL) AS seconds
SELECT
    e.id AS id,
    e.brand AS brand,
    e.source AS source,
    e.team AS team,
    e.rule AS rule,
    e.severity AS severity,
    e.language AS language,
    e.topics AS topics,
    e.state AS state,
    e.waiting AS waiting,
    e.false_alarm AS false_alarm,
    toBool(e.due > never AND NOT e.false_alarm) AS counted,
    e.written AS written,
    toBool(exact) AS written_exact,
    start AS started,
    e.seen AS seen,
    e.stored AS stored,
    e.opened AS opened,
    e.notified AS told,
    e.due AS due,
    end AS answered,
    e.resolved AS resolved,
    multiIf(isNull(in_time), never, in_time, end, e.due) AS decided,
    e.reply AS reply,
    seconds(start, end) AS answer_seconds,
    seconds(start, e.resolved) AS solve_seconds,
    in_time::Nullable(Bool) AS answered_in_time,
    toBool(ifNull(NOT in_time, false)) AS breached,
    if(exact, seconds(e.written, e.seen), NULL) AS seen_seconds,
    seconds(e.seen, e.stored) AS stored_seconds,
    seconds(e.stored, e.notified) AS told_seconds
FROM v_escalations AS e
LEFT JOIN
(
    SELECT id, any(written_precision) AS precision
    FROM mention_versions
    WHERE id IN (SELECT mention FROM escalation_events WHERE type = 'opened')
    GROUP BY id
) AS p ON e.mention = p.id
WHERE e.mention != ''
;

ALTER TABLE escalation_events ON CLUSTER main
    ADD COLUMN IF NOT EXISTS written_precision LowCardinality(String) COMMENT 'how exactly the source shows the time of writing: second, minute, hour, day or unknown; empty but for the opening, or where the mention was not known then'
;

-- Openings from before the column, once more with what the mention says: the row that comes later replaces the other.
INSERT INTO escalation_events
SELECT e.* REPLACE(p.precision AS written_precision)
FROM escalation_events AS e FINAL
INNER JOIN
(
    SELECT id, any(written_precision) AS precision
    FROM mention_versions
    WHERE id IN (SELECT mention FROM escalation_events)
    GROUP BY id
) AS p ON e.mention = p.id
WHERE e.type = 'opened' AND e.mention != '' AND e.written_precision = ''
;

-- As before (0033), but that it knows how exactly the time of writing is shown.
-- What has grown shows its newest figures and topics, though that is no step.
CREATE OR REPLACE VIEW v_escalations ON CLUSTER main
(
    id           String COMMENT 'id of the escalation',
    brand        LowCardinality(String) COMMENT 'watched brand',
    rule         LowCardinality(String) COMMENT 'rule which fired',
    severity     LowCardinality(String) COMMENT 'critical, high or normal',
    priority     UInt8 COMMENT '1 first to 4 last',
    state        LowCardinality(String) COMMENT 'open, acknowledged, answered, resolved, reopened, not_winnable or expired',
    waiting      Bool COMMENT 'neither resolved nor not_winnable nor expired',
    since        DateTime64(9, 'UTC') COMMENT 'time of the newest step which changed state or holder',
    actor        String COMMENT 'who took that step',
    note         String COMMENT 'what was noted at that step',
    holder       String COMMENT 'who has it; empty for nobody',
    team         LowCardinality(String) COMMENT 'whose it is by the routes',
    opened       DateTime64(6, 'UTC') COMMENT 'when it was opened',
    notified     DateTime64(9, 'UTC') COMMENT 'when a person was first told; 1970 when not yet',
    acknowledged DateTime64(9, 'UTC') COMMENT 'when somebody first took it; 1970 when not yet',
    due          DateTime64(6, 'UTC') COMMENT 'when the promised answer is due; 1970 when none is promised',
    answered     DateTime64(6, 'UTC') COMMENT 'when the customer was answered, as the reply or the mark says; 1970 when not yet',
    resolved     DateTime64(6, 'UTC') COMMENT 'when it was solved; 1970 when not yet',
    reply        LowCardinality(String) COMMENT 'what the answer was: canned, hand_off, solution or other; empty when not known',
    false_alarm  Bool COMMENT 'a person said that nobody had to be told',
    mention      String COMMENT 'id of the mention; empty where many mentions are the cause',
    source       LowCardinality(String) COMMENT 'name of the source',
    thread       String COMMENT 'key of the thread or page within the source',
    product      String COMMENT 'product as the source names it',
    incident     String COMMENT 'id of the incident which it is part of',
    url          String COMMENT 'page that a person can open',
    author_id    String COMMENT 'key of the author within the source',
    author       String COMMENT 'name of the author as shown',
    followers    Int64 COMMENT 'followers of the author',
    reach        Int64 COMMENT 'followers or views, whichever is more',
    standing     LowCardinality(String) COMMENT 'happy, good, unhappy or angry when it was opened; empty without a history',
    customer     Array(LowCardinality(String)) COMMENT 'kinds of customer which the text claims',
    observed     Array(LowCardinality(String)) COMMENT 'kinds of customer which history or the customer list shows',
    excerpt      String COMMENT 'beginning of the text, or the figures of what many mentions caused, as of late',
    mood         LowCardinality(String) COMMENT 'mood when the rule fired',
    topics       Array(LowCardinality(String)) COMMENT 'codes of what is complained about',
    signals      Array(LowCardinality(String)) COMMENT 'codes of what else the text gives away',
    why          Array(String) COMMENT 'conditions which held, for people',
    written      DateTime64(6, 'UTC') COMMENT 'when the mention was written; 1970 when unknown',
    seen         DateTime64(6, 'UTC') COMMENT 'when the crawler had the mention; 1970 when unknown',
    stored       DateTime64(6, 'UTC') COMMENT 'when the mention was in the store; 1970 when unknown',
    language     LowCardinality(String) COMMENT 'language of the text',
    exact        Bool COMMENT 'the source shows the second or the minute of writing'
)
COMMENT 'where each escalation stands now'
AS SELECT
    s.id AS id,
    s.last.1 AS brand,
    s.last.2 AS rule,
    s.last.3 AS severity,
    s.last.4 AS priority,
    s.last.5 AS state,
    toBool(s.last.5 NOT IN ('resolved', 'not_winnable', 'expired')) AS waiting,
    s.since AS since,
    s.last.6 AS actor,
    s.last.7 AS note,
    s.last.8 AS holder,
    s.last.9 AS team,
    s.last.10 AS opened,
    s.notified AS notified,
    s.acknowledged AS acknowledged,
    s.last.11 AS due,
    s.last.12 AS answered,
    s.last.13 AS resolved,
    s.last.14 AS reply,
    s.false_alarm AS false_alarm,
    s.last.15 AS mention,
    s.last.16 AS source,
    s.last.17 AS thread,
    s.last.18 AS product,
    s.last.19 AS incident,
    s.last.20 AS url,
    s.last.21 AS author_id,
    s.last.22 AS author,
    s.last.23 AS followers,
    s.last.24 AS reach,
    s.last.25 AS standing,
    s.last.26 AS customer,
    s.last.27 AS observed,
    s.newest.1 AS excerpt,
    s.last.29 AS mood,
    s.newest.2 AS topics,
    s.last.31 AS signals,
    s.last.32 AS why,
    s.last.33 AS written,
    s.last.34 AS seen,
    s.last.35 AS stored,
    s.last.36 AS language,
    s.exact AS exact
FROM
(
    SELECT
        e.escalation AS id,
        maxIf(e.at, e.type IN ('opened', 'raised', 'acknowledged', 'assigned', 'answered', 'resolved', 'reopened', 'not_winnable', 'expired')) AS since,
        minIf(e.at, e.type = 'notified') AS notified,
        minIf(e.at, e.type = 'acknowledged') AS acknowledged,
        toBool(argMaxIf(e.note, e.at, e.type = 'feedback') = 'false_alarm') AS false_alarm,
        toBool(max(e.written_precision IN ('second', 'minute'))) AS exact,
        argMaxIf(
            tuple(
                e.brand, e.rule, e.severity, e.priority, e.state, e.actor, e.note, e.holder, e.team, e.opened,
                e.due, e.answered_at, e.resolved_at, e.reply, e.mention, e.source, e.thread, e.product,
                e.incident, e.url, e.author_id, e.author, e.followers, e.reach, e.standing, e.customer,
                e.observed, e.excerpt, e.mood, e.topics, e.signals, e.why, e.written, e.seen, e.stored,
                e.language),
            tuple(e.step, e.at, e.type != 'opened', e.id), e.type IN ('opened', 'raised', 'acknowledged', 'assigned', 'answered', 'resolved', 'reopened', 'not_winnable', 'expired')) AS last,
        argMaxIf(tuple(e.excerpt, e.topics), tuple(e.at, e.step, e.type != 'opened', e.id),
            e.type IN ('opened', 'raised', 'acknowledged', 'assigned', 'answered', 'resolved', 'reopened', 'not_winnable', 'expired', 'grown')) AS newest
    FROM escalation_events AS e FINAL
    GROUP BY e.escalation
    HAVING countIf(e.type IN ('opened', 'raised', 'acknowledged', 'assigned', 'answered', 'resolved', 'reopened', 'not_winnable', 'expired')) > 0
) AS s
;

-- As before (0059), but that the escalation itself knows how exact the time of writing is: it was looked up in all mentions.
-- A mention whose page shows less than the minute has no exact written: the clock then starts at first sight, and the part
-- of the delay that passed before it stays unknown.
CREATE OR REPLACE VIEW v_sla ON CLUSTER main
(
    id               String COMMENT 'id of the escalation',
    brand            LowCardinality(String) COMMENT 'watched brand',
    source           LowCardinality(String) COMMENT 'name of the source',
    team             LowCardinality(String) COMMENT 'whose it is by the routes',
    rule             LowCardinality(String) COMMENT 'rule which fired',
    severity         LowCardinality(String) COMMENT 'critical, high or normal',
    language         LowCardinality(String) COMMENT 'language of the text',
    product          String COMMENT 'product as the source names it',
    topics           Array(LowCardinality(String)) COMMENT 'codes of what is complained about',
    state            LowCardinality(String) COMMENT 'open, acknowledged, answered, resolved, reopened, not_winnable or expired',
    waiting          Bool COMMENT 'neither resolved nor not_winnable nor expired',
    false_alarm      Bool COMMENT 'a person said that nobody had to be told',
    counted          Bool COMMENT 'an answer was promised, and it was no false alarm: what the share in time is taken of',
    written          DateTime64(6, 'UTC') COMMENT 'when the mention was written; 1970 when unknown',
    written_exact    Bool COMMENT 'the source shows the second or the minute of writing',
    started          DateTime64(6, 'UTC') COMMENT 'when the clock starts: written where it is exact, else seen, else opened',
    seen             DateTime64(6, 'UTC') COMMENT 'when the crawler had the mention; 1970 when unknown',
    stored           DateTime64(6, 'UTC') COMMENT 'when the mention was in the store; 1970 when unknown',
    opened           DateTime64(6, 'UTC') COMMENT 'when the escalation was opened',
    told             DateTime64(6, 'UTC') COMMENT 'when a person was first told; 1970 when not yet',
    due              DateTime64(6, 'UTC') COMMENT 'when the promised answer is due; 1970 when none is promised',
    answered         DateTime64(6, 'UTC') COMMENT 'when the customer was answered; without an answer when it was resolved or found not winnable; 1970 when not yet',
    resolved         DateTime64(6, 'UTC') COMMENT 'when it was solved; 1970 when not yet',
    decided          DateTime64(6, 'UTC') COMMENT 'when the promise was kept (answered) or broken (due); 1970 when that is still open',
    reply            LowCardinality(String) COMMENT 'what the answer was: canned, hand_off, solution or other; empty when not known',
    answer_seconds   Nullable(Float64) COMMENT 'from started to answered; NULL when not yet',
    solve_seconds    Nullable(Float64) COMMENT 'from started to resolved; NULL when not yet',
    answered_in_time Nullable(Bool) COMMENT 'the promise was kept; NULL while neither answered nor due, and where nothing was promised',
    breached         Bool COMMENT 'the promise was broken, by a late answer or by none',
    seen_seconds     Nullable(Float64) COMMENT 'own delay from written to seen; NULL where one of the two is not known exactly',
    stored_seconds   Nullable(Float64) COMMENT 'own delay from seen to stored; NULL where one of the two is unknown',
    told_seconds     Nullable(Float64) COMMENT 'own delay from stored to told; NULL where one of the two is unknown'
)
COMMENT 'the clocks of each escalation that a mention caused; answers and delays are 0 where clocks of two machines disagree'
AS WITH
    toDateTime64(0, 6, 'UTC') AS never,
    now64(6, 'UTC') AS this_moment,
    e.exact AND e.written > never AS exact,
    multiIf(exact, e.written, e.seen > never, e.seen, e.opened) AS start,
    multiIf(e.answered > never, e.answered, e.resolved > never, e.resolved, e.state = 'not_winnable', e.since::DateTime64(6, 'UTC'), never) AS end,
    multiIf(e.due = never, NULL, end > never, end <= e.due, this_moment > e.due, false, NULL) AS in_time,
    (a, b) -> if(a > never AND b > never, greatest(0, dateDiff('millisecond', a, b) / 1000), NULL) AS seconds
SELECT
    e.id AS id,
    e.brand AS brand,
    e.source AS source,
    e.team AS team,
    e.rule AS rule,
    e.severity AS severity,
    e.language AS language,
    e.product AS product,
    e.topics AS topics,
    e.state AS state,
    e.waiting AS waiting,
    e.false_alarm AS false_alarm,
    toBool(e.due > never AND NOT e.false_alarm) AS counted,
    e.written AS written,
    toBool(exact) AS written_exact,
    start AS started,
    e.seen AS seen,
    e.stored AS stored,
    e.opened AS opened,
    e.notified AS told,
    e.due AS due,
    end AS answered,
    e.resolved AS resolved,
    multiIf(isNull(in_time), never, in_time, end, e.due) AS decided,
    e.reply AS reply,
    seconds(start, end) AS answer_seconds,
    seconds(start, e.resolved) AS solve_seconds,
    in_time::Nullable(Bool) AS answered_in_time,
    toBool(ifNull(NOT in_time, false)) AS breached,
    if(exact, seconds(e.written, e.seen), NULL) AS seen_seconds,
    seconds(e.seen, e.stored) AS stored_seconds,
    seconds(e.stored, e.notified) AS told_seconds
FROM v_escalations AS e
WHERE e.mention != ''
;

-- What figures need of single mentions, without what is long or has to be merged first. It names authors: forgetting takes
-- from it. By the week, for of the present one all mentions are written again whenever some of them changed.
CREATE TABLE IF NOT EXISTS rollup_mention ON CLUSTER main
(
    day         Date COMMENT 'day (UTC) of written; fixed at first sight',
    own         Bool COMMENT 'a public reply by the brand itself, also one that was deleted since: only brand, day, id, written and parent_id are set; else a customer speaks',
    brand       LowCardinality(String) COMMENT 'watched brand with whose eyes the mention is seen',
    source      LowCardinality(String) COMMENT 'name of the configured source',
    language    LowCardinality(String) COMMENT 'language of the text, ISO 639-1, or und',
    kind        LowCardinality(String) COMMENT 'review, complaint, post, comment, question, rating',
    product     LowCardinality(String) COMMENT 'product or service spoken of, as the source names it',
    id          String COMMENT '32 hex digits; the same for all brands of a mention' CODEC(ZSTD(1)),
    twin        UInt64 COMMENT 'tells mentions apart that several brands see, which are several rows; 0 where one row is one mention: countIf(twin = 0) + uniqExactIf(twin, twin != 0) counts each once',
    who         UInt64 COMMENT 'hash of source and author; 0 where the author is not told',
    author      String COMMENT 'key of the author within the source, or the name where it has none',
    name        String COMMENT 'name of the author as shown',
    bare        Bool COMMENT 'the author is known by a mere name',
    followers   Int64 COMMENT 'followers of the author; 0 when not told',
    written     DateTime('UTC') COMMENT 'time of writing at first sight; the time of first sight where the source shows none',
    exact       Bool COMMENT 'the source shows the second or the minute of writing',
    seen        DateTime('UTC') COMMENT 'visit which first found the mention',
    origin      LowCardinality(String) COMMENT 'live, backfill or import: how the mention first came',
    mood        LowCardinality(String) COMMENT 'angry, dissatisfied, mixed, neutral, satisfied or unknown; the correction where there is one',
    unhappy     Bool COMMENT 'mood is angry or dissatisfied',
    peace       Bool COMMENT 'satisfied, or not unhappy and said to be resolved or won back',
    topics      Array(LowCardinality(String)) COMMENT 'codes of what is complained about; the correction where there is one',
    praise      Array(LowCardinality(String)) COMMENT 'codes of what is praised',
    customer    Array(LowCardinality(String)) COMMENT 'kinds of customer which the text claims',
    signals     Array(LowCardinality(String)) COMMENT 'codes of what else the text gives away',
    switch_from LowCardinality(String) COMMENT 'brand which the customer leaves',
    switch_to   LowCardinality(String) COMMENT 'brand to which the customer goes',
    marked      DateTime('UTC') COMMENT 'when a person first said that the customer was answered; 1970 when nobody did',
    words       Array(LowCardinality(String)) COMMENT 'of an unhappy mention what speaks against the brand, in lower case',
    weights     Array(Float64) COMMENT 'weights of these words, in the same order',
    parent_id   String COMMENT 'of a reply by the brand: id of the mention which it answers' CODEC(ZSTD(1)),
    INDEX who_bloom who TYPE bloom_filter GRANULARITY 1,
    INDEX seen_range seen TYPE minmax GRANULARITY 1
)
ENGINE = ReplicatedMergeTree
PARTITION BY toYearWeek(day, 3)
ORDER BY (own, day, brand)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'each mention by a customer in brief, one row a mention and brand, and the replies by brands, rebuilt from v_brief_now; read v_brief, which is never stale'
;

-- What REPLACE PARTITION takes from; empty between rebuilds.
CREATE TABLE IF NOT EXISTS rollup_mention_staging ON CLUSTER main AS rollup_mention
;

-- A row that is out of date is not replaced but made due: one with nothing but who and the default of until does it. So
-- nothing is stale that breaks off anywhere. It names authors: forgetting takes from it.
CREATE TABLE IF NOT EXISTS rollup_author ON CLUSTER main
(
    who            UInt64 COMMENT 'hash of source and author',
    brand          LowCardinality(String) COMMENT 'watched brand',
    source         LowCardinality(String) COMMENT 'name of the configured source',
    author         String COMMENT 'key of the author within the source, or the name where it has none',
    name           String COMMENT 'name of the author as shown last',
    mentions       UInt64 COMMENT 'mentions of the brand by the author',
    complaints     UInt64 COMMENT 'those whose mood is angry or dissatisfied',
    complaints_30d UInt64 COMMENT 'those of the last 30 days',
    first_written  DateTime('UTC') COMMENT 'time of the first mention',
    last_written   DateTime('UTC') COMMENT 'time of the newest mention',
    last_mood      LowCardinality(String) COMMENT 'mood of the newest mention',
    standing       LowCardinality(String) COMMENT 'happy, good, unhappy or angry; empty for who said nothing telling in the last year, or may be many people',
    changed        DateTime('UTC') COMMENT 'when that came about; 1970 when never',
    before         LowCardinality(String) COMMENT 'standing before that; empty for none',
    ups            UInt64 COMMENT 'changes for the better, in the newest 1,000 mentions',
    downs          UInt64 COMMENT 'changes for the worse, in the newest 1,000 mentions',
    reckoned       DateTime64(6, 'UTC') COMMENT 'time for which all this was reckoned',
    until          DateTime('UTC') COMMENT 'when it ceases to hold if nothing is said meanwhile; what has passed is reckoned anew, and so is every row of an author of whom one has'
)
ENGINE = ReplicatedMergeTree
ORDER BY who
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'how each customer who can be told apart stands with a brand, as reckoned last; read v_authors_state, which is never stale'
;

CREATE OR REPLACE VIEW v_dirty_days ON CLUSTER main
(
    day Date COMMENT 'day (UTC)'
)
COMMENT 'days that changed since the last rebuild of the roll-ups, among those whose mentions are kept'
AS SELECT day
FROM dirty_days
WHERE day >= (SELECT max(since) FROM retention WHERE what = 'mentions')
GROUP BY day
HAVING sum(marks) > max(rebuilt)
;

-- Replies are taken without FINAL: one that was deleted since was an answer too, and all rows of a key have the same written.
-- Whether several brands see a mention is not looked up here: every one has a twin.
CREATE OR REPLACE VIEW v_brief_now ON CLUSTER main
(
    day         Date COMMENT 'day (UTC) of written; fixed at first sight',
    own         Bool COMMENT 'a public reply by the brand itself, also one that was deleted since: only brand, day, id, written and parent_id are set; else a customer speaks',
    brand       LowCardinality(String) COMMENT 'watched brand with whose eyes the mention is seen',
    source      LowCardinality(String) COMMENT 'name of the configured source',
    language    LowCardinality(String) COMMENT 'language of the text, ISO 639-1, or und',
    kind        LowCardinality(String) COMMENT 'review, complaint, post, comment, question, rating',
    product     LowCardinality(String) COMMENT 'product or service spoken of, as the source names it',
    id          String COMMENT '32 hex digits; the same for all brands of a mention',
    twin        UInt64 COMMENT 'tells mentions apart that several brands see, which are several rows; 0 where one row is one mention: countIf(twin = 0) + uniqExactIf(twin, twin != 0) counts each once',
    who         UInt64 COMMENT 'hash of source and author; 0 where the author is not told',
    author      String COMMENT 'key of the author within the source, or the name where it has none',
    name        String COMMENT 'name of the author as shown',
    bare        Bool COMMENT 'the author is known by a mere name',
    followers   Int64 COMMENT 'followers of the author; 0 when not told',
    written     DateTime('UTC') COMMENT 'time of writing at first sight; the time of first sight where the source shows none',
    exact       Bool COMMENT 'the source shows the second or the minute of writing',
    seen        DateTime('UTC') COMMENT 'visit which first found the mention',
    origin      LowCardinality(String) COMMENT 'live, backfill or import: how the mention first came',
    mood        LowCardinality(String) COMMENT 'angry, dissatisfied, mixed, neutral, satisfied or unknown; the correction where there is one',
    unhappy     Bool COMMENT 'mood is angry or dissatisfied',
    peace       Bool COMMENT 'satisfied, or not unhappy and said to be resolved or won back',
    topics      Array(LowCardinality(String)) COMMENT 'codes of what is complained about; the correction where there is one',
    praise      Array(LowCardinality(String)) COMMENT 'codes of what is praised',
    customer    Array(LowCardinality(String)) COMMENT 'kinds of customer which the text claims',
    signals     Array(LowCardinality(String)) COMMENT 'codes of what else the text gives away',
    switch_from LowCardinality(String) COMMENT 'brand which the customer leaves',
    switch_to   LowCardinality(String) COMMENT 'brand to which the customer goes',
    marked      DateTime('UTC') COMMENT 'when a person first said that the customer was answered; 1970 when nobody did',
    words       Array(LowCardinality(String)) COMMENT 'of an unhappy mention what speaks against the brand, in lower case',
    weights     Array(Float64) COMMENT 'weights of these words, in the same order',
    parent_id   String COMMENT 'of a reply by the brand: id of the mention which it answers'
)
COMMENT 'what rollup_mention is made from: each mention by a customer in brief as it is now, and the replies by brands'
AS WITH
    if(m.unhappy, arrayFilter(r -> r.weight < 0 AND r.text != '', m.reasons), []) AS against
SELECT
    m.day AS day,
    toBool(false) AS own,
    m.brand AS brand,
    m.source AS source,
    m.language AS language,
    m.kind AS kind,
    m.product AS product,
    m.id AS id,
    cityHash64(m.id) AS twin,
    if(m.author_id = '' AND m.author = '', 0, cityHash64(toString(m.source), if(m.author_id != '', m.author_id, m.author))) AS who,
    if(m.author_id != '', m.author_id, m.author) AS author,
    m.author AS name,
    toBool(m.author_id = '' OR m.author_id = m.author) AS bare,
    m.followers AS followers,
    m.written AS written,
    toBool(m.written_precision IN ('second', 'minute')) AS exact,
    toDateTime(m.seen_first, 'UTC') AS seen,
    m.origin AS origin,
    m.mood AS mood,
    m.unhappy AS unhappy,
    toBool(m.mood = 'satisfied' OR NOT m.unhappy AND hasAny(m.signals, ['resolved', 'win_back'])) AS peace,
    m.topics AS topics,
    m.praise AS praise,
    m.customer AS customer,
    m.signals AS signals,
    m.switch_from AS switch_from,
    m.switch_to AS switch_to,
    e.at AS marked,
    arrayMap(r -> lowerUTF8(r.text), against) AS words,
    arrayMap(r -> r.weight, against) AS weights,
    '' AS parent_id
FROM v_mentions AS m
LEFT JOIN
(
    SELECT brand, mention AS id, min(toDateTime(if(answered_at > 0, answered_at, resolved_at), 'UTC')) AS at
    FROM escalation_events
    WHERE mention != '' AND (answered_at > 0 OR resolved_at > 0)
    GROUP BY brand, mention
) AS e ON m.brand = e.brand AND m.id = e.id
WHERE m.from_customer
UNION ALL
SELECT
    day AS day,
    toBool(true) AS own,
    brand AS brand,
    '' AS source,
    '' AS language,
    '' AS kind,
    '' AS product,
    id AS id,
    cityHash64(id) AS twin,
    toUInt64(0) AS who,
    '' AS author,
    '' AS name,
    toBool(false) AS bare,
    toInt64(0) AS followers,
    min(mentions.written) AS written,
    toBool(false) AS exact,
    toDateTime(0, 'UTC') AS seen,
    '' AS origin,
    '' AS mood,
    toBool(false) AS unhappy,
    toBool(false) AS peace,
    []::Array(LowCardinality(String)) AS topics,
    []::Array(LowCardinality(String)) AS praise,
    []::Array(LowCardinality(String)) AS customer,
    []::Array(LowCardinality(String)) AS signals,
    '' AS switch_from,
    '' AS switch_to,
    toDateTime(0, 'UTC') AS marked,
    []::Array(LowCardinality(String)) AS words,
    []::Array(Float64) AS weights,
    mentions.parent_id AS parent_id
FROM mentions
WHERE mentions.own AND mentions.parent_id != ''
GROUP BY day, brand, id, mentions.parent_id
;

-- Each part is read only where it is needed, for its condition is a constant to the server. While filters of Grafana on further
-- columns are set the mentions answer, for a filter names v_mentions.
CREATE OR REPLACE VIEW v_brief ON CLUSTER main
(
    day         Date COMMENT 'day (UTC) of written; fixed at first sight',
    own         Bool COMMENT 'a public reply by the brand itself, also one that was deleted since: only brand, day, id, written and parent_id are set; else a customer speaks',
    brand       LowCardinality(String) COMMENT 'watched brand with whose eyes the mention is seen',
    source      LowCardinality(String) COMMENT 'name of the configured source',
    language    LowCardinality(String) COMMENT 'language of the text, ISO 639-1, or und',
    kind        LowCardinality(String) COMMENT 'review, complaint, post, comment, question, rating',
    product     LowCardinality(String) COMMENT 'product or service spoken of, as the source names it',
    id          String COMMENT '32 hex digits; the same for all brands of a mention',
    twin        UInt64 COMMENT 'tells mentions apart that several brands see, which are several rows; 0 where one row is one mention: countIf(twin = 0) + uniqExactIf(twin, twin != 0) counts each once',
    who         UInt64 COMMENT 'hash of source and author; 0 where the author is not told',
    author      String COMMENT 'key of the author within the source, or the name where it has none',
    name        String COMMENT 'name of the author as shown',
    bare        Bool COMMENT 'the author is known by a mere name',
    followers   Int64 COMMENT 'followers of the author; 0 when not told',
    written     DateTime('UTC') COMMENT 'time of writing at first sight; the time of first sight where the source shows none',
    exact       Bool COMMENT 'the source shows the second or the minute of writing',
    seen        DateTime('UTC') COMMENT 'visit which first found the mention',
    origin      LowCardinality(String) COMMENT 'live, backfill or import: how the mention first came',
    mood        LowCardinality(String) COMMENT 'angry, dissatisfied, mixed, neutral, satisfied or unknown; the correction where there is one',
    unhappy     Bool COMMENT 'mood is angry or dissatisfied',
    peace       Bool COMMENT 'satisfied, or not unhappy and said to be resolved or won back',
    topics      Array(LowCardinality(String)) COMMENT 'codes of what is complained about; the correction where there is one',
    praise      Array(LowCardinality(String)) COMMENT 'codes of what is praised',
    customer    Array(LowCardinality(String)) COMMENT 'kinds of customer which the text claims',
    signals     Array(LowCardinality(String)) COMMENT 'codes of what else the text gives away',
    switch_from LowCardinality(String) COMMENT 'brand which the customer leaves',
    switch_to   LowCardinality(String) COMMENT 'brand to which the customer goes',
    marked      DateTime('UTC') COMMENT 'when a person first said that the customer was answered; 1970 when nobody did',
    words       Array(LowCardinality(String)) COMMENT 'of an unhappy mention what speaks against the brand, in lower case',
    weights     Array(Float64) COMMENT 'weights of these words, in the same order',
    parent_id   String COMMENT 'of a reply by the brand: id of the mention which it answers'
)
COMMENT 'each mention by a customer in brief, without texts: quicker than v_mentions, and as true; days that changed since the last rebuild are taken from the mentions'
AS SELECT
    day, own, brand, source, language, kind, product, id, twin, who, author, name, bare, followers, written, exact, seen, origin, mood, unhappy, peace, topics, praise, customer, signals, switch_from, switch_to, marked, words, weights, parent_id
FROM rollup_mention
WHERE empty(getSetting('additional_table_filters')) AND day NOT IN (SELECT day FROM v_dirty_days)
UNION ALL
SELECT
    day, own, brand, source, language, kind, product, id, twin, who, author, name, bare, followers, written, exact, seen, origin, mood, unhappy, peace, topics, praise, customer, signals, switch_from, switch_to, marked, words, weights, parent_id
FROM v_brief_now
WHERE NOT empty(getSetting('additional_table_filters')) OR day IN (SELECT day FROM v_dirty_days)
;

-- Those of days that changed are told by what these said before and say now, and by what replies in them answer. The mentions are
-- asked as they lie there, without FINAL: one author too many is only work.
CREATE OR REPLACE VIEW v_due_authors ON CLUSTER main
(
    who UInt64 COMMENT 'hash of source and author, as in rollup_author; one may stand here several times, and some in vain'
)
COMMENT 'authors of whom rollup_author cannot be asked: their time is up, or they have a part in days that changed since the last rebuild'
AS SELECT who
FROM rollup_author
WHERE until <= now('UTC')
UNION ALL
SELECT who
FROM rollup_mention
WHERE day IN (SELECT day FROM v_dirty_days) AND NOT own AND who != 0
UNION ALL
SELECT cityHash64(toString(source), if(author_id != '', author_id, author)) AS who
FROM mentions
WHERE day IN (SELECT day FROM v_dirty_days)
UNION ALL
SELECT cityHash64(toString(source), if(author_id != '', author_id, author)) AS who
FROM mention_versions
WHERE id IN
(
    SELECT parent_id FROM rollup_mention WHERE day IN (SELECT day FROM v_dirty_days) AND own
    UNION ALL
    SELECT parent_id FROM mentions WHERE day IN (SELECT day FROM v_dirty_days) AND own AND parent_id != ''
)
;

-- As v_authors_state was before (0036), but that it tells until when its answer holds, and of whom.
-- The rule is the table in the comment of package alert/customer, and a test holds the two together: each mention gives
-- spans of time with what holds in them, and the worst that holds at a moment is the standing then. A span is (begin, end,
-- line): 1 makes angry, 2 unhappy, 3 is against happy, 4 makes happy, 5 good. Times are seconds since 1970, lengths
-- 2592000 = 30 days, 7776000 = 90, 15552000 = 180, 31536000 = 365; 99999999999 is never.
CREATE OR REPLACE VIEW v_author_reckoned ON CLUSTER main
(
    who            UInt64 COMMENT 'hash of source and author',
    brand          LowCardinality(String) COMMENT 'watched brand',
    source         LowCardinality(String) COMMENT 'name of the configured source',
    author         String COMMENT 'key of the author within the source, or the name where it has none',
    name           String COMMENT 'name of the author as shown last',
    mentions       UInt64 COMMENT 'mentions of the brand by the author',
    complaints     UInt64 COMMENT 'those whose mood is angry or dissatisfied',
    complaints_30d UInt64 COMMENT 'those of the last 30 days',
    first_written  DateTime('UTC') COMMENT 'time of the first mention',
    last_written   DateTime('UTC') COMMENT 'time of the newest mention',
    last_mood      LowCardinality(String) COMMENT 'mood of the newest mention',
    standing       LowCardinality(String) COMMENT 'happy, good, unhappy or angry; empty for who said nothing telling in the last year, or may be many people',
    changed        DateTime('UTC') COMMENT 'when that came about; 1970 when never',
    before         LowCardinality(String) COMMENT 'standing before that; empty for none',
    ups            UInt64 COMMENT 'changes for the better, in the newest 1,000 mentions',
    downs          UInt64 COMMENT 'changes for the worse, in the newest 1,000 mentions',
    reckoned       DateTime64(6, 'UTC') COMMENT 'time for which all this was reckoned',
    until          DateTime('UTC') COMMENT 'when it ceases to hold if nothing is said meanwhile; what has passed is reckoned anew, and so is every row of an author of whom one has'
)
COMMENT 'how the customers in v_due_authors stand with a brand, reckoned by what they said of it; read v_authors_state, which knows all'
-- Each step is a query of its own: as aliases of one query they would be written out into one another.
AS SELECT
    who,
    brand,
    source,
    author,
    name,
    mentions,
    complaints,
    complaints_30d,
    first_written,
    last_written,
    last_mood,
    if(empty(changes), '', ['', 'happy', 'good', 'unhappy', 'angry'][changes[-1].2]) AS standing,
    toDateTime(if(empty(changes), 0, changes[-1].1), 'UTC') AS changed,
    if(empty(changes), '', ['', 'happy', 'good', 'unhappy', 'angry'][changes[-1].3]) AS before,
    arrayCount(x -> x.2 > 1 AND x.2 < x.3, changes) AS ups,
    arrayCount(x -> x.3 > 1 AND x.2 > x.3, changes) AS downs,
    as_of AS reckoned,
    toDateTime(arrayMin(arrayPushBack(arrayFilter(x -> x > toUnixTimestamp(as_of), arrayPushBack(turns, next)), 4294967295)), 'UTC') AS until
FROM
(
SELECT *,
    -- (at, to, from)
    arrayFilter(x -> x.2 != x.3, arrayMap((x, y) -> tuple(x.1, x.2, y.2), steps,
        arraySlice(arrayPushFront(steps, tuple(toInt64(0), 1)), 1, length(steps)))) AS changes
FROM
(
SELECT *,
    -- of edges at one time the last, up to now
    arrayFilter((x, y) -> x.1 != y.1 AND x.1 <= toUnixTimestamp(as_of), stood,
        arraySlice(arrayPushBack(stood, tuple(toInt64(99999999999), 1)), 2)) AS steps,
    -- the next edge; 0 where there is none
    arrayFirst(x -> x.1 > toUnixTimestamp(as_of), stood).1 AS next
FROM
(
SELECT *,
    -- (at, place among the standings) at each edge
    arrayMap(
        (x, angry, unhappy, against, happy, known) -> tuple(x.1, multiIf(angry > 0, 5, unhappy > 0, 4, against = 0 AND happy > 0, 2, known > 0, 3, 1)),
        edges,
        arrayCumSum(arrayMap(x -> if(x.2 = 1, x.3, 0), edges)),
        arrayCumSum(arrayMap(x -> if(x.2 = 2, x.3, 0), edges)),
        arrayCumSum(arrayMap(x -> if(x.2 = 3, x.3, 0), edges)),
        arrayCumSum(arrayMap(x -> if(x.2 = 4, x.3, 0), edges)),
        arrayCumSum(arrayMap(x -> if(x.2 = 5, x.3, 0), edges))) AS stood
FROM
(
SELECT *,
    -- (at, line, step)
    arraySort(arrayConcat(
        arrayMap(x -> tuple(x.1, x.3, 1), arrayFilter(x -> x.1 < x.2, spans)),
        arrayMap(x -> tuple(x.2, x.3, -1), arrayFilter(x -> x.1 < x.2, spans)))) AS edges
FROM
(
SELECT *,
    -- (begin, end, line)
    arrayConcat(
        arrayMap(x -> tuple(x.1, least(x.1 + 31536000, x.4), 3), complaint),
        arrayMap(x -> tuple(x.1, x.1 + 2592000, 3), complaint),
        arrayMap(x -> tuple(x.1, least(x.1 + 7776000, x.4), 1), arrayFilter(x -> x.2, complaint)),
        arrayMap(x -> tuple(x.1, least(x.1 + 15552000, x.4), 2), arrayFilter(x -> x.2, complaint)),
        arrayMap(x -> tuple(x.1, least(x.1 + 7776000, x.4), 2), arrayFilter(x -> x.3, complaint)),
        arrayMap(x -> tuple(x.1 + 259200, least(x.1 + 7776000, x.5), 1), arrayFilter(x -> x.3, complaint)),
        arrayMap(x -> tuple(x.1 + 259200, least(x.1 + 15552000, x.5), 2), arrayFilter(x -> x.3, complaint)),
        arrayMap(x -> tuple(x, x + 31536000, 4), peaces),
        arrayMap(x -> tuple(x.1, x.1 + 31536000, 5), arrayFilter(x -> x.3 > -2, past))) AS spans
FROM
(
SELECT *,
    -- (at, angry, repeated, closed, closed or answered)
    arrayMap(x -> tuple(x.1, x.2, x.3, if(x.4 = 0, 99999999999, x.4), least(if(x.4 = 0, 99999999999, x.4), if(x.5 = 0, 99999999999, x.5))), ended) AS complaint
FROM
(
SELECT *,
    -- (at, angry, repeated, closed or 0, answered or 0)
    arrayMap(
        (x, y) -> tuple(x.1, x.3, x.4 = y.4 AND x.1 - y.1 <= 2592000, peaces[x.4 + 1], arrayFirst(a -> a >= x.1, answers)),
        complained, arraySlice(arrayPushFront(complained, tuple(toInt64(0), true, false, toUInt64(99999999999))), 1, length(complained))) AS ended
FROM
(
SELECT *,
    arrayFilter(x -> x.2, counted) AS complained
FROM
(
SELECT *,
    -- (at, complaint, angry, number of peaces so far)
    arrayMap((x, n) -> tuple(x.1, x.3 > 0, x.3 = 2, n), past, arrayCumSum(arrayMap(x -> x.3 = -1, past))) AS counted,
    arrayMap(x -> x.1, arrayFilter(x -> x.3 = -1, past)) AS peaces,
    arraySort(arrayMap(x -> x.4, arrayFilter(x -> x.4 > 0, past))) AS answers
FROM
(
    SELECT
        a.who AS who,
        a.brand AS brand,
        a.source AS source,
        a.author AS author,
        argMax(a.name, (a.written, a.id)) AS name,
        count() AS mentions,
        countIf(a.unhappy) AS complaints,
        countIf(a.unhappy AND a.written > now('UTC') - 2592000) AS complaints_30d,
        min(a.written) AS first_written,
        max(a.written) AS last_written,
        argMax(a.mood, (a.written, a.id)) AS last_mood,
        now('UTC') AS as_of,
        -- a name which sites give to visitors, or hide, or a mere name that says too much for one person
        max(a.bare) AND (translateUTF8(lower(trimBoth(a.author)), 'İıÇŞĞÖÜيك‌', 'iiçşğöüیک ') IN ('anonymous', 'anonym', 'guest', 'user', 'visitor', 'customer', 'a customer', 'amazon customer', 'google user', 'a google user', 'deleted', '[deleted]', 'anonim', 'isimsiz', 'misafir', 'ziyaretçi', 'ziyaretci', 'müşteri', 'musteri', 'kullanici', 'gizli kullanici', 'ناشناس', 'مهمان', 'میهمان', 'کاربر', 'کاربر مهمان', 'کاربر ناشناس', 'بازدیدکننده', 'خریدار', 'مشتری', 'بی نام', 'کاربر دیجی کالا') OR multiSearchAny(a.author, ['*', '•', '…'])
            OR countIf(a.written > now('UTC') - 31536000) > 50) AS crowd,
        -- (at, id, what: 2 angry, 1 other complaint, -1 peace, -2 unknown, 0 other; answered) of the newest
        arrayReverse(arraySlice(arrayReverseSort(
            groupArrayIf(
                tuple(
                    toInt64(toUnixTimestamp(a.written)), a.id,
                    toInt8(multiIf(a.mood = 'angry', 2, a.unhappy, 1, a.peace, -1, a.mood IN ('unknown', ''), -2, 0)),
                    a.answered),
                a.written <= now('UTC'))), 1, 1000)) AS newest,
        if(crowd, arrayFilter(x -> 0, newest), newest) AS past,
        -- when a complaint is 30 days old, what is dated in the future is there, or a crowd may be a person again
        [
            minIf(toInt64(toUnixTimestamp(a.written)) + 2592000, a.unhappy AND a.written > now('UTC') - 2592000),
            minIf(toInt64(toUnixTimestamp(a.written)), a.written > now('UTC')),
            if(max(a.bare), arrayReverseSort(groupArray(toInt64(toUnixTimestamp(a.written))))[51] + 31536000, 0)
        ] AS turns
    FROM
    (
        SELECT
            b.who AS who, b.brand AS brand, b.source AS source, b.author AS author, b.name AS name, b.bare AS bare, b.id AS id, b.written AS written,
            b.mood AS mood, b.unhappy AS unhappy, b.peace AS peace,
            toInt64(multiIf(
                NOT b.unhappy OR toUnixTimestamp(r.at) = 0 AND toUnixTimestamp(b.marked) = 0, 0,
                toUnixTimestamp(r.at) = 0, greatest(toUnixTimestamp(b.written), toUnixTimestamp(b.marked)),
                toUnixTimestamp(b.marked) = 0, greatest(toUnixTimestamp(b.written), toUnixTimestamp(r.at)),
                greatest(toUnixTimestamp(b.written), least(toUnixTimestamp(r.at), toUnixTimestamp(b.marked))))) AS answered
        FROM v_brief AS b
        LEFT JOIN
        (
            -- a reply may stand in both, and is read of all days only where somebody is due
            SELECT brand, id, min(reply) AS at
            FROM
            (
                SELECT brand, parent_id AS id, written AS reply
                FROM rollup_mention
                WHERE own AND (SELECT count() FROM v_due_authors) > 0
                UNION ALL
                SELECT brand, parent_id AS id, written AS reply
                FROM mentions
                WHERE own AND parent_id != '' AND day IN (SELECT day FROM v_dirty_days)
            )
            GROUP BY brand, id
        ) AS r ON b.brand = r.brand AND b.id = r.id
        WHERE NOT b.own AND b.who IN (SELECT who FROM v_due_authors)
    ) AS a
    GROUP BY a.brand, a.source, a.author, a.who
)
)
)
)
)
)
)
)
)
)
;

-- Who is due is reckoned anew, so that an answer is never stale; all others are as rollup_author has them.
CREATE OR REPLACE VIEW v_authors_state ON CLUSTER main
(
    brand          LowCardinality(String) COMMENT 'watched brand',
    source         LowCardinality(String) COMMENT 'name of the configured source',
    author         String COMMENT 'key of the author within the source, or the name where it has none',
    name           String COMMENT 'name of the author as shown last',
    mentions       UInt64 COMMENT 'mentions of the brand by the author',
    complaints     UInt64 COMMENT 'those whose mood is angry or dissatisfied',
    complaints_30d UInt64 COMMENT 'those of the last 30 days',
    first_written  DateTime('UTC') COMMENT 'time of the first mention',
    last_written   DateTime('UTC') COMMENT 'time of the newest mention',
    last_mood      LowCardinality(String) COMMENT 'mood of the newest mention',
    standing       LowCardinality(String) COMMENT 'happy, good, unhappy or angry; empty for who said nothing telling in the last year, or may be many people',
    changed        DateTime('UTC') COMMENT 'when that came about; 1970 when never',
    before         LowCardinality(String) COMMENT 'standing before that; empty for none',
    ups            UInt64 COMMENT 'changes for the better, in the newest 1,000 mentions',
    downs          UInt64 COMMENT 'changes for the worse, in the newest 1,000 mentions',
    as_of          DateTime('UTC') COMMENT 'time for which all this holds: that of the question'
)
COMMENT 'how each customer who can be told apart stands with a brand now, by what he said of it; true at the moment of the question: reckoned beforehand, and anew for those who said something since, or whose time is up'
AS SELECT
    brand, source, author, name, mentions, complaints, complaints_30d, first_written, last_written, last_mood, standing, changed, before, ups, downs, now('UTC') AS as_of
FROM rollup_author
WHERE until > now('UTC') AND who NOT IN (SELECT who FROM v_due_authors)
UNION ALL
SELECT
    brand, source, author, name, mentions, complaints, complaints_30d, first_written, last_written, last_mood, standing, changed, before, ups, downs, now('UTC') AS as_of
FROM v_author_reckoned
;

-- Mentions in brief and authors are new and empty: every day is rebuilt from the mentions.
INSERT INTO dirty_days SELECT DISTINCT day, 1, 0, now64(9) FROM mentions
;

-- The places of views are bits of 64: of a day on which a text names more brands the codes are counted from the mentions.
ALTER TABLE rollup_hour ON CLUSTER main ADD INDEX IF NOT EXISTS crowded length(brands) TYPE minmax GRANULARITY 1
;

ALTER TABLE rollup_hour_staging ON CLUSTER main ADD INDEX IF NOT EXISTS crowded length(brands) TYPE minmax GRANULARITY 1
;

CREATE OR REPLACE VIEW v_stale_days ON CLUSTER main
(
    day Date COMMENT 'day (UTC)'
)
COMMENT 'days of which rollup_hour cannot be asked but the mentions can: what changed since the last rebuild, hours that are no longer kept, and texts that name more than 64 brands'
AS SELECT day
FROM v_dirty_days
UNION ALL
SELECT DISTINCT day
FROM rollup_day
WHERE day < (SELECT max(since) FROM retention WHERE what = 'hours') AND day >= (SELECT max(since) FROM retention WHERE what = 'mentions')
UNION ALL
SELECT DISTINCT day
FROM rollup_hour
WHERE length(brands) > 64 AND day >= (SELECT max(since) FROM retention WHERE what = 'mentions')
;

-- Authors are settled by what the roll-ups hold, and by that alone: a state between two rebuilds, which the next one need not
-- show as a change, must not stay. Package storage asks so under this comment.
CREATE OR REPLACE VIEW v_dirty_days ON CLUSTER main
(
    day Date COMMENT 'day (UTC)'
)
COMMENT 'days that changed since the last rebuild of the roll-ups, among those whose mentions are kept; none for who asks as of the last rebuild (log_comment)'
AS SELECT day
FROM dirty_days
WHERE day >= (SELECT max(since) FROM retention WHERE what = 'mentions')
GROUP BY day
HAVING sum(marks) > max(rebuilt) AND getSetting('log_comment') != 'as of the last rebuild'
;
