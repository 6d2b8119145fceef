package storage

import (
	"context"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"feryat/mention"
)

// Day is the smallest span that roll-ups know.
const day = 24 * time.Hour

// where is a condition with its parameters. Foreign text is never part of the SQL.
type where struct {
	terms []string
	args  []any
}

func (w *where) add(term, name string, value any) {
	w.terms = append(w.terms, term)
	w.args = append(w.args, clickhouse.Named(name, value))
}

func (w *where) addText(term, name, value string) {
	if value != "" {
		w.add(term, name, value)
	}
}

// by narrows to rows by some writers, whose key is an expression; false where none of them has one. The keys alone come
// first: they leave few rows for the pairs.
func (w *where) by(key string, writers []mention.Writer) bool {
	var sources, authors []string
	for _, x := range writers {
		if x.Author != "" {
			sources, authors = append(sources, x.Source), append(authors, x.Author)
		}
	}
	w.add(key+" IN {authors:Array(String)}", "authors", authors)
	w.add("(source, "+key+") IN arrayZip({sources:Array(String)}, {authors:Array(String)})", "sources", sources)
	return len(authors) > 0
}

// sql gives the condition, true when empty.
func (w *where) sql() string {
	return strings.Join(append([]string{"1"}, w.terms...), " AND ")
}

// common holds the columns that roll-ups and mentions share.
func common(f mention.Filter) *where {
	w := &where{}
	w.addText("brand = {brand:String}", "brand", f.Brand)
	w.addText("language = {language:String}", "language", f.Language)
	w.addText("source = {source:String}", "source", f.Source)
	return w
}

// onMentions is the filter as a condition on v_mentions.
func onMentions(f mention.Filter) *where {
	w := common(f)
	w.addText("has(topics, {topic:String})", "topic", f.Topic)
	if !f.From.IsZero() {
		w.add("written >= {from:DateTime('UTC')}", "from", ceil(f.From))
	}
	if !f.To.IsZero() {
		w.add("written < {to:DateTime('UTC')}", "to", ceil(f.To))
	}
	return w
}

// onRollups is the filter as a condition on a roll-up; see aligned.
func onRollups(f mention.Filter) *where {
	w := common(f)
	if !f.From.IsZero() {
		w.add("day >= {from_day:Date}", "from_day", ceil(f.From).Format(time.DateOnly))
	}
	if !f.To.IsZero() {
		w.add("day < {to_day:Date}", "to_day", ceil(f.To).Format(time.DateOnly))
	}
	return w
}

// ceil gives the first whole second at or after t: written has whole seconds, so a half-open range stays the same.
func ceil(t time.Time) time.Time {
	if !t.Before(doomsday()) {
		return doomsday()
	}
	return second(t.Add(time.Second - 1))
}

// aligned tells whether the range of the filter is made of whole days and all else of it is in the roll-ups.
func aligned(f mention.Filter) bool {
	return f.Topic == "" && ceil(f.From).Truncate(day).Equal(ceil(f.From)) && ceil(f.To).Truncate(day).Equal(ceil(f.To))
}

// figures is a table expression for questions: from the roll-ups as far as they go, and from the mentions for days that
// changed since. So an answer holds right now, however far the roll-ups are behind.
type figures struct {
	rollup, mentions string // SELECT … FROM …, giving the same columns
}

// from gives the expression and its parameters. With live, and where the filter does not fit, roll-ups are left alone.
func (s *Store) from(ctx context.Context, f mention.Filter, live bool, x figures) (string, []any, error) {
	w := onMentions(f)
	if live || !aligned(f) {
		return "(" + x.mentions + " WHERE from_customer AND " + w.sql() + ")", w.args, nil
	}
	dirty, err := s.dirty(ctx, f.From, f.To)
	if err != nil {
		return "", nil, err
	}
	r := onRollups(f)
	if len(dirty) == 0 {
		return "(" + x.rollup + " WHERE " + r.sql() + ")", r.args, nil
	}
	args := append(w.args, r.args...)
	args = append(args, clickhouse.Named("dirty", dayList(daysOnly(dirty))))
	return "(" + x.rollup + " WHERE NOT has({dirty:Array(Date)}, day) AND " + r.sql() +
		" UNION ALL " + x.mentions + " WHERE from_customer AND day IN {dirty:Array(Date)} AND " + w.sql() + ")", args, nil
}
