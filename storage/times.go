package storage

import "time"

// epoch stands for "never": ClickHouse's times have no zero of their own.
func epoch() time.Time { return time.Unix(0, 0).UTC() }

// doomsday is the end of the type DateTime, which is 32 bits wide.
func doomsday() time.Time { return time.Date(2106, 1, 1, 0, 0, 0, 0, time.UTC) }

// within pulls a time into what ClickHouse can hold; a time outside is no time of this world.
func within(t time.Time) time.Time {
	if t.Before(epoch()) || !t.Before(doomsday()) {
		return epoch()
	}
	return t.UTC()
}

// second is t as column type DateTime holds it.
func second(t time.Time) time.Time { return within(t).Truncate(time.Second) }

// micro is t as column type DateTime64(6) holds it.
func micro(t time.Time) time.Time { return within(t).Truncate(time.Microsecond) }

// version orders the rows of one key.
func version(t time.Time) uint64 { return uint64(micro(t).UnixMicro()) }

// moment is the time of a version that is no rescore.
func moment(v uint64) time.Time { return time.UnixMicro(int64(v)).UTC() }

// orZero is the way back.
func orZero(t time.Time) time.Time {
	if t.Equal(epoch()) {
		return time.Time{}
	}
	return t.UTC()
}
