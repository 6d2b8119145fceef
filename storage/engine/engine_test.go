package engine_test

import (
	"context"
	"fmt"
	"net/url"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"feryat/storage/engine"
	"feryat/storage/engine/enginetest"
)

func TestMain(m *testing.M) { enginetest.Main(m) }

func open(t *testing.T, access engine.Access, method clickhouse.CompressionMethod) driver.Conn {
	t.Helper()
	u, err := url.Parse(access.URL)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := clickhouse.Open(&clickhouse.Options{
		Protocol:    clickhouse.HTTP,
		Addr:        []string{u.Host},
		Auth:        clickhouse.Auth{Database: access.Database, Username: access.WriterUser, Password: access.WriterPassword},
		Compression: &clickhouse.Compression{Method: method},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func TestRoundTrip(t *testing.T) {
	for _, method := range []clickhouse.CompressionMethod{clickhouse.CompressionNone, clickhouse.CompressionLZ4, clickhouse.CompressionZSTD, clickhouse.CompressionGZIP} {
		t.Run(fmt.Sprint(method), func(t *testing.T) {
			access := enginetest.Start(t)
			conn := open(t, access, method)
			ctx := context.Background()
			if err := conn.Exec(ctx, `CREATE TABLE t (id String, n LowCardinality(String), at DateTime64(3,'UTC'), d DateTime, tags Array(String), r Array(Tuple(a String, b Float32)), x Nullable(Float64), m Map(String,String)) ENGINE = MergeTree ORDER BY id`); err != nil {
				t.Fatal(err)
			}
			batch, err := conn.PrepareBatch(ctx, "INSERT INTO t")
			if err != nil {
				t.Fatal(err)
			}
			at := time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC)
			for i := range 1000 {
				if err := batch.Append(fmt.Sprint(i), "x", at, at, []string{"a", "ğ"}, [][]any{{"r", float32(1.5)}}, nil, map[string]string{"k": "v"}); err != nil {
					t.Fatal(err)
				}
			}
			if err := batch.Send(); err != nil {
				t.Fatal(err)
			}
			var n uint64
			if err := conn.QueryRow(ctx, "SELECT count() FROM t WHERE tags = ['a', 'ğ'] AND at = {at:DateTime64(3)}", clickhouse.DateNamed("at", at, clickhouse.MilliSeconds)).Scan(&n); err != nil {
				t.Fatal(err)
			}
			if n != 1000 {
				t.Errorf("got %d rows, want 1000", n)
			}
		})
	}
}
