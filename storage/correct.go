package storage

import (
	"context"
	"fmt"
	"slices"
	"time"

	"feryat/mention"
)

// correctionRow is a row of corrections.
type correctionRow struct {
	ID    string    `ch:"id"`
	Brand string    `ch:"brand"`
	Field string    `ch:"field"`
	Value string    `ch:"value"`
	By    string    `ch:"by"`
	Note  string    `ch:"note"`
	At    time.Time `ch:"at"`
}

// Correct stores corrections by people. They hold at once, in every view and question.
func (s *Store) Correct(ctx context.Context, corrections []mention.Correction) error {
	rows := make([]*correctionRow, len(corrections))
	ids := make([]string, len(corrections))
	for i, c := range corrections {
		if err := checkCorrection(c); err != nil {
			return err
		}
		ids[i] = string(c.Mention)
		rows[i] = &correctionRow{string(c.Mention), c.Brand, string(c.Field), c.Value, c.By, c.Note, micro(c.At)}
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	ctx, cancel := s.limit(ctx)
	defer cancel()
	days, err := s.daysOf(ctx, "id IN "+inList(ids))
	if err != nil {
		return err
	}
	return firstError(
		func() error { return s.markDirty(ctx, days) },
		func() error { return insertRows(ctx, s, "corrections", rows) },
		func() error { return s.markDirty(ctx, days) },
	)
}

func checkCorrection(c mention.Correction) error {
	switch c.Field {
	case mention.FieldMood:
		if c.Value != "" && !slices.Contains(mention.Moods(), mention.Mood(c.Value)) {
			return fmt.Errorf("correct mention %s: %q is no mood, the moods are %v", c.Mention, c.Value, mention.Moods())
		}
	case mention.FieldTopics, mention.FieldBrand, mention.FieldNotOurs, mention.FieldNotCustomer:
	default:
		return fmt.Errorf("correct mention %s: field %q cannot be corrected", c.Mention, c.Field)
	}
	return nil
}

// daysOf gives the days of the mentions that a condition on mention_versions selects.
func (s *Store) daysOf(ctx context.Context, condition string, args ...any) ([]time.Time, error) {
	var found []struct {
		Day time.Time `ch:"day"`
	}
	err := s.conn.Select(ctx, &found, "SELECT DISTINCT day FROM mention_versions WHERE "+condition, args...)
	days := make([]time.Time, len(found))
	for i, f := range found {
		days[i] = f.Day
	}
	return days, s.explain("look up the days of mentions", err)
}
