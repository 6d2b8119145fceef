package dashboards

import (
	"fmt"

	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/cog/variants"
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
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

// chosen narrows a question about customers' mentions to the dashboard's time and variables.
const chosen = `from_customer AND $__timeFilter(written)
  AND $__conditionalAll(brand IN (${brand:singlequote}), $brand)
  AND $__conditionalAll(language IN (${language:singlequote}), $language)
  AND $__conditionalAll(source IN (${source:singlequote}), $source)`

// variable lets the reader choose among the values of a column.
func (m maker) variable(column, label string) cog.Builder[dashboard.VariableModel] {
	sql := fmt.Sprintf("SELECT DISTINCT %s FROM feryat.v_mentions ORDER BY %[1]s", column)
	return dashboard.NewQueryVariableBuilder(column).
		Label(m.t(label)).
		Datasource(source()).
		Query(dashboard.StringOrMap{String: &sql}).
		Refresh(dashboard.VariableRefreshOnTimeRangeChanged).
		Multi(true).
		IncludeAll(true)
}
