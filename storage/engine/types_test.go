package engine_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/go-cmp/cmp"

	"feryat/storage/engine/enginetest"
)

// columns are all column types that feryat's tables use, and near relatives, with two values each.
func columns() []struct {
	kind   string
	values [2]any
} {
	at := time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC)
	text, number := "ş", 1.5
	return []struct {
		kind   string
		values [2]any
	}{
		{"String", [2]any{"çok kötü 😡\x00'\\", ""}},
		{"FixedString(4)", [2]any{"abcd", "\x00\x01\x02\xff"}},
		{"DateTime64(3, 'UTC')", [2]any{at, time.Unix(0, 0).UTC()}},
		{"DateTime('UTC')", [2]any{at.Truncate(time.Second), time.Unix(1, 0).UTC()}},
		{"DateTime", [2]any{at.Truncate(time.Second), time.Unix(1, 0).UTC()}},
		{"Date", [2]any{at.Truncate(24 * time.Hour), time.Unix(0, 0).UTC()}},
		{"Bool", [2]any{true, false}},
		{"Int8", [2]any{int8(-128), int8(127)}},
		{"UInt8", [2]any{uint8(0), uint8(255)}},
		{"UInt16", [2]any{uint16(1), uint16(65535)}},
		{"UInt32", [2]any{uint32(1), uint32(math.MaxUint32)}},
		{"Int32", [2]any{int32(-1), int32(math.MaxInt32)}},
		{"Int64", [2]any{int64(math.MinInt64), int64(0)}},
		{"UInt64", [2]any{uint64(math.MaxUint64), uint64(10)}},
		{"Float32", [2]any{float32(0.25), float32(-1)}},
		{"Float64", [2]any{0.1, math.Inf(1)}},
		{"LowCardinality(String)", [2]any{"angry", ""}},
		{"LowCardinality(Nullable(String))", [2]any{&text, (*string)(nil)}},
		{"Enum8('review' = 1, 'complaint' = 2)", [2]any{"review", "complaint"}},
		{"Nullable(Float64)", [2]any{&number, (*float64)(nil)}},
		{"Nullable(DateTime64(3, 'UTC'))", [2]any{&at, (*time.Time)(nil)}},
		{"Array(String)", [2]any{[]string{"a", "ğ"}, []string{}}},
		{"Array(LowCardinality(String))", [2]any{[]string{"late", "late", "lost"}, []string{}}},
		{"Array(Array(UInt8))", [2]any{[][]uint8{{1}, {}}, [][]uint8{}}},
		{"Array(Tuple(rule String, start UInt32, weight Float32))", [2]any{
			[]map[string]any{{"rule": "lexicon", "start": uint32(3), "weight": float32(-1.5)}}, []map[string]any{}}},
		{"Tuple(String, UInt8)", [2]any{[]any{"x", uint8(1)}, []any{"", uint8(0)}}},
		{"Map(String, UInt64)", [2]any{map[string]uint64{"a": 1, "b": 2}, map[string]uint64{}}},
		{"Map(LowCardinality(String), Array(String))", [2]any{map[string][]string{"a": {"x"}}, map[string][]string{}}},
		{"IPv4", [2]any{netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("10.0.0.1")}},
		{"UUID", [2]any{"61f0c404-5cb3-11e7-907b-a6006ad3dba0", "00000000-0000-0000-0000-000000000000"}},
	}
}

// TestRoundTrip stores a value of every type through clickhouse-go and reads it back, in every compression.
func TestRoundTrip(t *testing.T) {
	for _, method := range []clickhouse.CompressionMethod{
		clickhouse.CompressionNone, clickhouse.CompressionLZ4, clickhouse.CompressionZSTD, clickhouse.CompressionGZIP,
	} {
		t.Run(method.String(), func(t *testing.T) {
			access := enginetest.Start(t)
			roundTrip(t, open(t, access, method))
		})
	}
}

func roundTrip(t *testing.T, conn clickhouse.Conn) {
	t.Helper()
	ctx := context.Background()
	all := columns()
	definitions := []string{"n UInt8"}
	rows := [2][]any{{uint8(0)}, {uint8(1)}}
	for i, c := range all {
		definitions = append(definitions, fmt.Sprintf("c%d %s", i, c.kind))
		rows[0], rows[1] = append(rows[0], c.values[0]), append(rows[1], c.values[1])
	}
	if err := conn.Exec(ctx, "CREATE TABLE t ("+strings.Join(definitions, ", ")+") ENGINE = MergeTree ORDER BY n"); err != nil {
		t.Fatal(err)
	}
	batch, err := conn.PrepareBatch(ctx, "INSERT INTO t")
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(batch.Append(rows[0]...), batch.Append(rows[1]...), batch.Send()); err != nil {
		t.Fatal(err)
	}
	found, err := conn.Query(ctx, "SELECT * FROM t ORDER BY n")
	if err != nil {
		t.Fatal(err)
	}
	defer found.Close()
	n := 0
	for ; found.Next(); n++ {
		got := places(found, rows[n])
		if err := found.Scan(got...); err != nil {
			t.Fatal(err)
		}
		for i, c := range all {
			if diff := cmp.Diff(plain(c.values[n]), plain(got[i+1])); diff != "" {
				t.Errorf("%s, value %d: (-want +got)\n%s", c.kind, n, diff)
			}
		}
	}
	if err := found.Err(); err != nil || n != len(rows) {
		t.Errorf("%d rows, %v", n, err)
	}
}

// places are pointers to read a row into, of the types that were stored where these are more than text.
func places(found driver.Rows, stored []any) []any {
	pointers := make([]any, len(stored))
	for i, column := range found.ColumnTypes() {
		kind := column.ScanType()
		if want := reflect.TypeOf(stored[i]); want.Kind() != reflect.String {
			kind = want
		}
		pointers[i] = reflect.New(kind).Interface()
	}
	return pointers
}

// plain makes values comparable whose Go types differ without the value doing so.
func plain(v any) any {
	for r := reflect.ValueOf(v); r.Kind() == reflect.Pointer; r = r.Elem() {
		if r.IsNil() {
			return nil
		}
		v = r.Elem().Interface()
	}
	switch v := v.(type) {
	case time.Time:
		return v.UTC().String()
	case fmt.Stringer:
		return v.String()
	}
	return v
}

// TestEmptyResult: a result without rows still has its columns' number right in every format that has a header.
func TestEmptyResult(t *testing.T) {
	access := enginetest.Start(t)
	conn := open(t, access, clickhouse.CompressionLZ4)
	rows, err := conn.Query(context.Background(), "SELECT toLowCardinality('x') AS a, toDateTime(0) AS b WHERE 0")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	if rows.Next() || rows.Err() != nil {
		t.Errorf("a row, or %v", rows.Err())
	}
	if got := count(t, access, "SELECT toLowCardinality('x') AS a, 1 AS b WHERE 0 FORMAT TSVWithNames"); got != "a\tb" {
		t.Errorf("got %q", got)
	}
}

// TestManyBlocks reads a result of many pieces, whose sum shows that none is lost or doubled.
func TestManyBlocks(t *testing.T) {
	conn := open(t, enginetest.Start(t), clickhouse.CompressionLZ4)
	rows, err := conn.Query(context.Background(), "SELECT number, toString(number) FROM numbers(300000)")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var sum, n uint64
	for ; rows.Next(); n++ {
		var number uint64
		var text string
		if err := rows.Scan(&number, &text); err != nil {
			t.Fatal(err)
		}
		if text != fmt.Sprint(number) {
			t.Fatalf("%d came with %q", number, text)
		}
		sum += number
	}
	if rows.Err() != nil || n != 300000 || sum != n*(n-1)/2 {
		t.Errorf("%d rows, sum %d, %v", n, sum, rows.Err())
	}
}
