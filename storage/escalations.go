package storage

import (
	"context"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"feryat/mention"
)

// eventRow is a row of escalation_events.
type eventRow struct {
	Escalation string    `ch:"escalation"`
	ID         string    `ch:"id"`
	At         time.Time `ch:"at"`
	Step       uint32    `ch:"step"`
	Type       string    `ch:"type"`
	Actor      string    `ch:"actor"`
	Note       string    `ch:"note"`
	AnsweredAt time.Time `ch:"answered_at"`
	ResolvedAt time.Time `ch:"resolved_at"`
	Mentions   uint32    `ch:"mentions"`
	Authors    uint32    `ch:"authors"`
	Precision  string    `ch:"written_precision"`
	facts
}

// facts are the columns that escalation_events and v_escalations share.
type facts struct {
	State     string    `ch:"state"`
	Rule      string    `ch:"rule"`
	Severity  string    `ch:"severity"`
	Brand     string    `ch:"brand"`
	Mention   string    `ch:"mention"`
	Source    string    `ch:"source"`
	Thread    string    `ch:"thread"`
	Product   string    `ch:"product"`
	Incident  string    `ch:"incident"`
	URL       string    `ch:"url"`
	AuthorID  string    `ch:"author_id"`
	Author    string    `ch:"author"`
	Followers int64     `ch:"followers"`
	Reach     int64     `ch:"reach"`
	Standing  string    `ch:"standing"`
	Customer  []string  `ch:"customer"`
	Observed  []string  `ch:"observed"`
	Excerpt   string    `ch:"excerpt"`
	Mood      string    `ch:"mood"`
	Topics    []string  `ch:"topics"`
	Signals   []string  `ch:"signals"`
	Why       []string  `ch:"why"`
	Holder    string    `ch:"holder"`
	Team      string    `ch:"team"`
	Opened    time.Time `ch:"opened"`
	Written   time.Time `ch:"written"`
	Seen      time.Time `ch:"seen"`
	Stored    time.Time `ch:"stored"`
	Due       time.Time `ch:"due"`
	Reply     string    `ch:"reply"`
	Language  string    `ch:"language"`
	Priority  uint8     `ch:"priority"`
}

// InsertEvents stores steps of escalations. Twice the same event (by its Escalation.ID and ID) counts once; those of an
// author who was forgotten are left out.
func (s *Store) InsertEvents(ctx context.Context, events []mention.Event) error {
	ctx, cancel := s.limit(ctx)
	defer cancel()
	events, err := s.eventsToKeep(ctx, events)
	if err != nil {
		return err
	}
	rows := make([]*eventRow, len(events))
	for i, e := range events {
		x := e.Escalation
		rows[i] = &eventRow{
			Escalation: x.ID, ID: e.ID, At: within(e.At), Step: clamp32(int64(e.Step)), Type: e.Type, Actor: e.Actor, Note: e.Note,
			AnsweredAt: micro(x.Answered), ResolvedAt: micro(x.Resolved),
			Mentions: clamp32(int64(x.Mentions)), Authors: clamp32(int64(x.Authors)), facts: factsOf(x),
		}
		rows[i].State = string(e.State)
	}
	days, err := s.answeredDays(ctx, rows)
	if err != nil {
		return err
	}
	return firstError(
		func() error { return s.addPrecision(ctx, rows) },
		func() error { return s.markDirty(ctx, days) },
		func() error { return insertRows(ctx, s, "escalation_events", rows) },
		func() error { return s.markDirty(ctx, days) },
	)
}

// answeredDays are the days of the mentions that were answered: whether one was is a figure of its day.
func (s *Store) answeredDays(ctx context.Context, rows []*eventRow) ([]time.Time, error) {
	var answered []string
	for _, r := range rows {
		if r.Mention != "" && (r.AnsweredAt.Unix() > 0 || r.ResolvedAt.Unix() > 0) {
			answered = append(answered, r.Mention)
		}
	}
	if len(answered) == 0 {
		return nil, nil
	}
	return s.daysOf(ctx, "id IN "+inList(answered))
}

// addPrecision tells openings how exactly their mention's time of writing is known, which does not change after first sight.
func (s *Store) addPrecision(ctx context.Context, rows []*eventRow) error {
	opened := map[string][]*eventRow{}
	for _, r := range rows {
		if r.Type == "opened" && r.Mention != "" {
			opened[r.Mention] = append(opened[r.Mention], r)
		}
	}
	if len(opened) == 0 {
		return nil
	}
	var found []struct {
		ID        string `ch:"id"`
		Precision string `ch:"precision"`
	}
	err := s.conn.Select(ctx, &found, "SELECT id, any(written_precision) AS precision FROM mention_versions WHERE id IN "+inList(slices.Collect(maps.Keys(opened)))+" GROUP BY id")
	for _, f := range found {
		for _, r := range opened[f.ID] {
			r.Precision = f.Precision
		}
	}
	return s.explain("look up how exactly mentions are dated", err)
}

func factsOf(x mention.Escalation) facts {
	return facts{
		State: string(x.State), Rule: x.Rule, Severity: x.Severity, Brand: x.Brand, Mention: string(x.Mention), Source: x.Source,
		Thread: x.Thread, Product: x.Product, Incident: x.Incident, URL: x.URL,
		AuthorID: x.Author.ID, Author: x.Author.Name, Followers: x.Author.Followers, Reach: x.Reach, Standing: string(x.Standing),
		Customer: x.Customer, Observed: x.Observed, Excerpt: x.Excerpt, Mood: string(x.Mood), Topics: x.Topics, Signals: x.Signals, Why: x.Why,
		Holder: x.Holder, Team: x.Team, Opened: micro(x.Opened), Written: micro(x.Written), Seen: micro(x.Seen), Stored: micro(x.Stored), Due: micro(x.Due),
		Reply: string(x.Reply), Language: x.Language, Priority: uint8(min(max(x.Priority, 0), math.MaxUint8)),
	}
}

// escalationRow is a row of v_escalations.
type escalationRow struct {
	ID       string    `ch:"id"`
	Since    time.Time `ch:"since"`
	Answered time.Time `ch:"answered"`
	Resolved time.Time `ch:"resolved"`
	facts
}

// escalationColumns are those of escalationRow.
const escalationColumns = `id, since, answered, resolved, state, rule, severity, brand, mention, source, thread, product, incident, url, author_id, author,
	followers, reach, standing, customer, observed, excerpt, mood, topics, signals, why, holder, team, opened, written, seen, stored, due, reply, language, priority`

// OpenEscalations gives the escalations that wait: neither resolved nor not winnable nor expired. The most severe come
// first, among equals the newest; a limit of 0 is none.
func (s *Store) OpenEscalations(ctx context.Context, limit int) ([]mention.OpenEscalation, error) {
	return s.escalations(ctx, "open escalations",
		"waiting ORDER BY indexOf(['normal', 'high', 'critical'], severity) DESC, opened DESC, id"+limitBy(limit))
}

func (s *Store) escalations(ctx context.Context, what, where string, args ...any) ([]mention.OpenEscalation, error) {
	var rows []escalationRow
	err := s.conn.Select(ctx, &rows, "SELECT "+escalationColumns+" FROM v_escalations WHERE "+where, args...)
	found := make([]mention.OpenEscalation, len(rows))
	for i, r := range rows {
		found[i] = mention.OpenEscalation{Since: r.Since.UTC(), Escalation: r.record()}
	}
	return found, s.explain(what, err)
}

func (r escalationRow) record() mention.Escalation {
	var figures *mention.Figures
	if r.Mention == "" {
		figures = mention.ParseFigures(r.Excerpt)
	}
	return mention.Escalation{
		ID: r.ID, Rule: r.Rule, Severity: r.Severity, Brand: r.Brand, Source: r.Source, Mention: mention.ID(r.Mention),
		Thread: r.Thread, Product: r.Product, URL: r.URL, Author: mention.Author{ID: r.AuthorID, Name: r.Author, Followers: r.Followers},
		Excerpt: r.Excerpt, Mood: mention.Mood(r.Mood), Topics: r.Topics, Signals: r.Signals, Customer: filled(r.Customer), Observed: filled(r.Observed),
		Standing: mention.Standing(r.Standing), Why: r.Why, Reach: r.Reach, State: mention.State(r.State), Holder: r.Holder, Team: r.Team, Incident: r.Incident,
		Opened: r.Opened.UTC(), Written: orZero(r.Written), Seen: orZero(r.Seen), Stored: orZero(r.Stored), Due: orZero(r.Due),
		Answered: orZero(r.Answered), Resolved: orZero(r.Resolved), Reply: mention.Reply(r.Reply), Language: r.Language, Priority: int(r.Priority), Figures: figures,
	}
}

// Escalations gives those whose ID begins with prefix, the newest first; a limit of 0 is none.
func (s *Store) Escalations(ctx context.Context, prefix string, limit int) ([]mention.OpenEscalation, error) {
	return s.escalations(ctx, "escalations", "startsWith(id, {prefix:String}) ORDER BY opened DESC, id"+limitBy(limit), clickhouse.Named("prefix", prefix))
}

// EscalationsOf gives the escalations of who has an ID or a name on a source; an empty one counts for nothing, an empty
// source means all.
func (s *Store) EscalationsOf(ctx context.Context, a mention.Author, source string) ([]mention.OpenEscalation, error) {
	return s.escalations(ctx, "escalations of an author", `((author_id = {id:String} AND author_id != '') OR (author = {name:String} AND author != ''))
		AND (source = {source:String} OR {source:String} = '')`,
		clickhouse.Named("id", a.ID), clickhouse.Named("name", a.Name), clickhouse.Named("source", source))
}

// Events gives the steps of one escalation, in order of time; their Escalation has no more than the ID.
func (s *Store) Events(ctx context.Context, escalation string) ([]mention.Event, error) {
	var rows []struct {
		ID    string    `ch:"id"`
		At    time.Time `ch:"at"`
		Step  uint32    `ch:"step"`
		Type  string    `ch:"type"`
		State string    `ch:"state"`
		Actor string    `ch:"actor"`
		Note  string    `ch:"note"`
	}
	err := s.conn.Select(ctx, &rows, `SELECT id, at, step, type, state, actor, note FROM escalation_events FINAL
		WHERE escalation = {id:String} ORDER BY at, step, id LIMIT 1000`, clickhouse.Named("id", escalation))
	events := make([]mention.Event, len(rows))
	for i, r := range rows {
		events[i] = mention.Event{ID: r.ID, At: r.At.UTC(), Step: int(r.Step), Type: r.Type, State: mention.State(r.State), Actor: r.Actor, Note: r.Note,
			Escalation: mention.Escalation{ID: escalation}}
	}
	return events, s.explain("steps of an escalation", err)
}

// Feedback gives the newest word of people on each mention that they were told of: true alarm (true) or false alarm.
func (s *Store) Feedback(ctx context.Context, since time.Time) (map[mention.ID]map[string]bool, error) {
	var rows []struct {
		Mention string `ch:"mention"`
		Brand   string `ch:"brand"`
		True    bool   `ch:"yes"`
	}
	err := s.conn.Select(ctx, &rows, `SELECT mention, brand, toBool(argMax(note, at) = 'true_alarm') AS yes FROM escalation_events FINAL
		WHERE type = 'feedback' AND mention != '' AND opened >= {since:DateTime64(6, 'UTC')} GROUP BY mention, brand`,
		clickhouse.Named("since", since.UTC().Format("2006-01-02 15:04:05")))
	found := map[mention.ID]map[string]bool{}
	for _, r := range rows {
		id := mention.ID(r.Mention)
		if found[id] == nil {
			found[id] = map[string]bool{}
		}
		found[id][r.Brand] = r.True
	}
	return found, s.explain("feedback", err)
}
