-- An incident is an escalation that is its own incident. What it has grown to is no step of its state (0033), so that the
-- figures and whether it looks like a campaign are taken from the newest of both.
CREATE OR REPLACE VIEW v_incidents{{.OnCluster}}
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
