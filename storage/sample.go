package storage

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"feryat/mention"
)

// labelRow is a row of sample_labels.
type labelRow struct {
	Sample      string    `ch:"sample"`
	ID          string    `ch:"id"`
	Brand       string    `ch:"brand"`
	Number      uint32    `ch:"number"`
	Revision    string    `ch:"revision"`
	Drawn       time.Time `ch:"drawn"`
	Mood        string    `ch:"mood"`
	Topics      []string  `ch:"topics"`
	TopicsGiven bool      `ch:"topics_given"`
	NotOurs     bool      `ch:"not_ours"`
	Labelled    bool      `ch:"labelled"`
	By          string    `ch:"by"`
	Note        string    `ch:"note"`
	At          time.Time `ch:"at"`
}

// MostDrawn bounds a sample: nobody labels more.
const MostDrawn = 10_000

// Why a sample cannot be drawn or labelled.
var (
	// ErrSampleExists says that a sample of this name was drawn before.
	ErrSampleExists = errors.New("there is a sample of this name")
	// ErrNotInSample says that the text was not drawn, or its author was forgotten since.
	ErrNotInSample = errors.New("not in this sample")
)

// drawable are the mentions that a sample is drawn from, as conditions on mentions: also those that a person corrected or
// said are not ours, or the scorer would look better than it is.
const drawable = "NOT own AND (text != '' OR title != '')"

// DrawSample draws a random sample and tells how many there are in it.
func (s *Store) DrawSample(ctx context.Context, d mention.Draw) (int, error) {
	if d.Name == "" || d.N < 1 || d.N > MostDrawn {
		return 0, fmt.Errorf("draw sample %q of %d: it needs a name, and between 1 and %d mentions", d.Name, d.N, MostDrawn)
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	var there uint64
	if err := s.conn.QueryRow(ctx, "SELECT count() FROM sample_labels WHERE sample = {sample:String}", clickhouse.Named("sample", d.Name)).Scan(&there); err != nil {
		return 0, s.explain("look for a sample", err)
	}
	if there > 0 {
		return 0, fmt.Errorf("draw sample %q: %w", d.Name, ErrSampleExists)
	}
	d.Topic = ""
	w := onMentions(d.Filter)
	w.args = append(w.args, clickhouse.Named("seed", d.Seed))
	rank := "0"
	if d.Even {
		rank = "row_number() OVER (PARTITION BY source, language ORDER BY chance, id, brand)"
	}
	var found []struct {
		ID       string `ch:"id"`
		Brand    string `ch:"brand"`
		Revision string `ch:"revision"`
	}
	err := s.conn.Select(ctx, &found, `SELECT id, brand, revision FROM (SELECT *, `+rank+` AS rank FROM
			(SELECT id, brand, revision, source, language, sipHash64Keyed(({seed:UInt64}, toUInt64(0)), id, brand) AS chance FROM mentions FINAL WHERE `+drawable+" AND "+w.sql()+`))
		ORDER BY rank, chance, id, brand`+limitBy(d.N), w.args...)
	if err != nil {
		return 0, s.explain("draw a sample", err)
	}
	rows := make([]*labelRow, len(found))
	for i, f := range found {
		rows[i] = &labelRow{Sample: d.Name, ID: f.ID, Brand: f.Brand, Number: uint32(i + 1), Revision: f.Revision, Drawn: micro(d.At), At: micro(d.At), Topics: []string{}}
	}
	return len(rows), insertRows(ctx, s, "sample_labels", rows)
}

// Samples lists the samples, the newest first.
func (s *Store) Samples(ctx context.Context) ([]mention.Sample, error) {
	var rows []struct {
		Name     string    `ch:"sample"`
		Drawn    int64     `ch:"n"`
		Labelled int64     `ch:"done"`
		At       time.Time `ch:"first"`
	}
	err := s.conn.Select(ctx, &rows, `SELECT sample, toInt64(count()) AS n, toInt64(countIf(labelled)) AS done, min(drawn) AS first
		FROM sample_labels FINAL GROUP BY sample ORDER BY first DESC, sample`)
	samples := make([]mention.Sample, len(rows))
	for i, r := range rows {
		samples[i] = mention.Sample{Name: r.Name, Drawn: r.Drawn, Labelled: r.Labelled, At: r.At.UTC()}
	}
	return samples, s.explain("samples", err)
}

// SampleItems gives the texts of a sample as they were drawn, in order: one of a number, where number is not 0, else all, or
// those without a label, where waiting. A limit of 0 is none.
func (s *Store) SampleItems(ctx context.Context, sample string, number int, waiting bool, limit int) ([]mention.SampleItem, error) {
	w := &where{}
	w.add("sample = {sample:String}", "sample", sample)
	if number > 0 {
		w.add("number = {number:UInt32}", "number", uint32(number))
	}
	if waiting {
		w.terms = append(w.terms, "NOT labelled")
	}
	var rows []itemRow
	err := s.conn.Select(ctx, &rows, `SELECT l.sample AS sample, l.id AS id, l.brand AS brand, l.number AS number, l.revision AS revision, l.drawn AS drawn, l.mood AS mood, l.topics AS topics,
			l.topics_given AS topics_given, l.not_ours AS not_ours, l.labelled AS labelled, l.by AS by, l.note AS note, l.at AS at,
			r.source AS source, r.author AS author, r.title AS title, r.text AS text, r.rating_value AS rating_value, r.rating_worst AS rating_worst, r.rating_best AS rating_best,
			r.written AS written, r.written_precision AS written_precision, r.written_zone AS written_zone, m.url AS url, m.product AS product
		FROM (SELECT * FROM sample_labels FINAL WHERE `+w.sql()+` ORDER BY number`+limitBy(limit)+`) AS l
		INNER JOIN (SELECT * FROM mention_versions FINAL WHERE id IN (SELECT id FROM sample_labels WHERE sample = {sample:String})) AS r ON l.id = r.id AND l.revision = r.revision
		LEFT JOIN (SELECT id, argMax(url, version) AS url, argMax(product, version) AS product FROM mentions
			WHERE id IN (SELECT id FROM sample_labels WHERE sample = {sample:String}) GROUP BY id) AS m ON l.id = m.id
		ORDER BY number`, w.args...)
	items := make([]mention.SampleItem, len(rows))
	for i, r := range rows {
		items[i] = r.item()
	}
	return items, s.explain("read a sample", err)
}

// itemRow is a label with the text that it is of.
type itemRow struct {
	labelRow
	Source    string    `ch:"source"`
	Author    string    `ch:"author"`
	Title     string    `ch:"title"`
	Text      string    `ch:"text"`
	Value     float64   `ch:"rating_value"`
	Worst     float64   `ch:"rating_worst"`
	Best      float64   `ch:"rating_best"`
	Written   time.Time `ch:"written"`
	Precision string    `ch:"written_precision"`
	Zone      string    `ch:"written_zone"`
	URL       string    `ch:"url"`
	Product   string    `ch:"product"`
}

func (r itemRow) item() mention.SampleItem {
	m := mention.Mention{
		ID: mention.ID(r.ID), Revision: mention.Revision(r.Revision), Source: r.Source, URL: r.URL, Product: r.Product, Author: mention.Author{Name: r.Author},
		Title: r.Title, Text: r.Text, Written: mention.Written{Time: r.Written.UTC(), Precision: mention.Precision(r.Precision), Zone: r.Zone},
	}
	if r.Best > r.Worst {
		m.Rating = &mention.Rating{Value: r.Value, Worst: r.Worst, Best: r.Best}
	}
	it := mention.SampleItem{Sample: r.Sample, Number: int(r.Number), Brand: r.Brand, Mention: m}
	if r.Labelled {
		l := r.label()
		it.Label = &l
	}
	return it
}

func (r labelRow) label() mention.Label {
	l := mention.Label{Sample: r.Sample, Mention: mention.ID(r.ID), Brand: r.Brand, Mood: mention.Mood(r.Mood), NotOurs: r.NotOurs, By: r.By, Note: r.Note, At: r.At.UTC()}
	if r.TopicsGiven {
		l.Topics = append([]string{}, r.Topics...)
	}
	return l
}

// LabelSample keeps labels of one sample; the newest of a text counts. Nothing is kept where one of them cannot be.
func (s *Store) LabelSample(ctx context.Context, labels []mention.Label) error {
	if len(labels) == 0 {
		return nil
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	drawn, err := s.drawnOf(ctx, labels[0].Sample)
	if err != nil {
		return err
	}
	rows := make([]*labelRow, len(labels))
	for i, l := range labels {
		was, ok := drawn[rowKey{string(l.Mention), l.Brand}]
		if !ok || l.Sample != labels[0].Sample {
			return fmt.Errorf("label mention %s of %s in sample %q: %w", l.Mention, l.Brand, l.Sample, ErrNotInSample)
		}
		if err := checkLabel(l); err != nil {
			return err
		}
		r := was
		r.Mood, r.Topics, r.TopicsGiven, r.NotOurs, r.Labelled, r.By, r.Note, r.At = string(l.Mood), append([]string{}, l.Topics...), l.Topics != nil, l.NotOurs, true, l.By, l.Note, micro(l.At)
		if r.At.Before(was.At) {
			r.At = was.At.Add(time.Microsecond) // the clock of another machine must not make a label lose against the draw
		}
		rows[i] = &r
	}
	return insertRows(ctx, s, "sample_labels", rows)
}

func checkLabel(l mention.Label) error {
	switch {
	case l.NotOurs && (l.Mood != "" || len(l.Topics) > 0):
		return fmt.Errorf("label mention %s: what is not ours has no mood and no topics", l.Mention)
	case !l.NotOurs && !slices.Contains(mention.Moods(), l.Mood):
		return fmt.Errorf("label mention %s: %q is no mood, the moods are %v", l.Mention, l.Mood, mention.Moods())
	}
	return nil
}

// drawnOf gives the rows of a sample by mention and brand.
func (s *Store) drawnOf(ctx context.Context, sample string) (map[rowKey]labelRow, error) {
	var rows []labelRow
	err := s.conn.Select(ctx, &rows, "SELECT * FROM sample_labels FINAL WHERE sample = {sample:String}", clickhouse.Named("sample", sample))
	drawn := make(map[rowKey]labelRow, len(rows))
	for _, r := range rows {
		drawn[rowKey{r.ID, r.Brand}] = r
	}
	return drawn, s.explain("read a sample", err)
}

// Judged gives the labels of a sample, or of all with an empty name, beside the verdicts as they are now. Of several labels
// of one text and brand the newest is given.
func (s *Store) Judged(ctx context.Context, sample string) ([]mention.Judged, error) {
	var rows []struct {
		labelRow
		Source   string   `ch:"source"`
		Language string   `ch:"language"`
		Verdict  string   `ch:"verdict"`
		Seen     []string `ch:"seen"`
		Lexicon  string   `ch:"lexicon"`
		Shown    string   `ch:"shown"`
	}
	err := s.conn.Select(ctx, &rows, `SELECT l.*, m.source AS source, m.language AS language, m.mood AS verdict, m.topics AS seen, m.lexicon AS lexicon, m.revision AS shown
		FROM (SELECT * FROM sample_labels FINAL WHERE labelled AND ({sample:String} = '' OR sample = {sample:String}) ORDER BY at DESC, sample LIMIT 1 BY id, brand) AS l
		LEFT JOIN (SELECT id, brand, source, language, mood, topics, lexicon, revision FROM mentions FINAL WHERE id IN (SELECT id FROM sample_labels)) AS m ON l.id = m.id AND l.brand = m.brand
		ORDER BY l.sample, l.number`, clickhouse.Named("sample", sample))
	judged := make([]mention.Judged, len(rows))
	for i, r := range rows {
		judged[i] = mention.Judged{Sample: r.Sample, Brand: r.Brand, Mention: mention.ID(r.ID), Source: r.Source, Language: r.Language, Said: r.label(),
			Mood: mention.Mood(r.Verdict), Topics: r.Seen, Lexicon: r.Lexicon, Changed: r.Shown != r.Revision}
	}
	return judged, s.explain("compare labels with verdicts", err)
}

// Strata counts what a sample of some brands would be drawn from now, by source and language.
func (s *Store) Strata(ctx context.Context, brands []string) ([]mention.Stratum, error) {
	var rows []struct {
		Source   string `ch:"source"`
		Language string `ch:"language"`
		N        int64  `ch:"n"`
	}
	err := s.conn.Select(ctx, &rows, "SELECT source, language, toInt64(count()) AS n FROM mentions FINAL WHERE "+drawable+
		" AND brand IN {brands:Array(String)} GROUP BY source, language ORDER BY source, language", clickhouse.Named("brands", append([]string{}, brands...)))
	strata := make([]mention.Stratum, len(rows))
	for i, r := range rows {
		strata[i] = mention.Stratum{Source: r.Source, Language: r.Language, Mentions: r.N}
	}
	return strata, s.explain("count what samples stand for", err)
}

// Accuracy tells how often the scorer, as it is now, says what people say who labelled a sample, or all of them with an
// empty name.
func (s *Store) Accuracy(ctx context.Context, sample string) (mention.Accuracy, error) {
	judged, err := s.Judged(ctx, sample)
	if err != nil {
		return mention.Accuracy{}, err
	}
	brands := map[string]bool{}
	for _, j := range judged {
		brands[j.Brand] = true
	}
	strata, err := s.Strata(ctx, slices.Collect(maps.Keys(brands)))
	return mention.NewAccuracy(judged, strata), err
}
