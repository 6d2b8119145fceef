package dashboards

import (
	"fmt"

	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/cog/variants"
	"github.com/grafana/grafana-foundation-sdk/go/common"
)

// The result formats of the ClickHouse plugin (its src/types/sql.ts).
const (
	asTimeSeries = 0
	asTable      = 1
)

// query is one SQL query of the ClickHouse data source, as the plugin of
// version 4 stores it. It is its own builder.
type query struct {
	Datasource common.DataSourceRef `json:"datasource" yaml:"datasource"`
	EditorType string               `json:"editorType" yaml:"editorType"`
	Format     int                  `json:"format" yaml:"format"`
	QueryType  string               `json:"queryType" yaml:"queryType"`
	RawSQL     string               `json:"rawSql" yaml:"rawSql"`
	RefID      string               `json:"refId" yaml:"refId"`
}

func table(sql string) cog.Builder[variants.Dataquery] {
	return query{source(), "sql", asTable, "table", sql, "A"}
}

func series(sql string) cog.Builder[variants.Dataquery] {
	return query{source(), "sql", asTimeSeries, "timeseries", sql, "A"}
}

// Build answers the query itself.
func (q query) Build() (variants.Dataquery, error) { return q, nil }

// ImplementsDataqueryVariant marks query for the SDK.
func (query) ImplementsDataqueryVariant() {}

// Equals compares two queries.
func (q query) Equals(other variants.Dataquery) bool {
	o, ok := other.(query)
	return ok && o.RawSQL == q.RawSQL && o.Format == q.Format
}

// DataqueryType is the plugin's name.
func (query) DataqueryType() string { return pluginID }

// Validate refuses a query without SQL.
func (q query) Validate() error {
	if q.RawSQL == "" {
		return fmt.Errorf("query %s has no SQL", q.RefID)
	}
	return nil
}

// source is the data source that the reader chose.
func source() common.DataSourceRef { return ref("${datasource}") }

// own is the one that the exported files set up: rules of alerts have no variables.
func own() common.DataSourceRef { return ref(DatasourceUID) }

func ref(uid string) common.DataSourceRef {
	kind := pluginID
	return common.DataSourceRef{Uid: &uid, Type: &kind}
}
