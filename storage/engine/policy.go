package engine

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// role is what a caller may do.
type role byte

const (
	reader role = iota
	writer
)

// judge refuses what the engine's own parser finds to be more than the user may do. It stands behind check, which looks at
// words only. A text that does not parse is left to the engine, which says where the mistake is.
func judge(who role, s statement, found analysis) error {
	switch {
	case found.statements == 0:
		return nil
	case found.statements > 1:
		return refuse(codeSyntaxError, "SYNTAX_ERROR", "Multi-statements are not allowed: send one statement a request")
	case who == reader && found.class != classReadOnly:
		return refuse(codeReadonly, "READONLY", "Cannot execute query in readonly mode")
	case found.class == classControl && slices.Contains(append(readerStatements(), "INSERT", "CREATE"), s.lead):
		return refuse(codeAccessDenied, "ACCESS_DENIED", "statements that reach outside the store are not allowed")
	}
	return nil
}

// readerStatements are the keywords that a reader's statement may begin with.
func readerStatements() []string {
	return []string{"SELECT", "WITH", "SHOW", "DESCRIBE", "DESC", "EXISTS", "EXPLAIN"}
}

// readerSettings are the settings that a reader may choose freely: they change how an answer is computed or written,
// and none of them names a file, lifts a limit or turns a check off.
func readerSettings() []string {
	return []string{
		"final", "max_threads", "max_block_size", "do_not_merge_across_partitions_select_final", "optimize_move_to_prewhere_if_final",
		"join_use_nulls", "group_by_use_nulls", "transform_null_in", "aggregate_functions_null_for_empty", "prefer_column_name_to_alias",
		"union_default_mode", "session_timezone", "date_time_input_format", "date_time_output_format", "log_comment",
		"output_format_json_quote_64bit_integers", "output_format_json_quote_64bit_floats", "output_format_json_quote_denormals",
		"output_format_json_named_tuples_as_objects", "output_format_json_escape_forward_slashes", "output_format_json_array_of_rows",
		"output_format_write_statistics", "output_format_csv_crlf_end_of_line", "output_format_pretty_max_rows",
		"output_format_pretty_color", "output_format_pretty_row_numbers", "output_format_native_encode_types_in_binary_format",
		"format_csv_delimiter", "use_query_cache", "use_skip_indexes", "force_primary_key", "extremes", "limit", "offset",
		"async_insert", "wait_for_async_insert", "wait_end_of_query", "send_progress_in_http_headers",
		"cancel_http_readonly_queries_on_client_close", // here it is always so
	}
}

// limits are settings that a reader may lower but not raise, with their highest values. Zero, which means without limit
// to ClickHouse, counts as the highest.
func (c Config) limits() map[string]int64 {
	return map[string]int64{
		"max_memory_usage":               c.ReaderMemory,
		"max_execution_time":             int64(c.ReaderTime / time.Second),
		"max_result_rows":                c.ReaderRows,
		"max_result_bytes":               maxResult,
		"max_rows_to_read":               maxRowsToRead,
		"max_bytes_before_external_sort": c.ReaderMemory / 2, "max_bytes_before_external_group_by": c.ReaderMemory / 2,
	}
}

const (
	maxResult     = 256 << 20      // bytes of one answer to a reader, or of one to the writer that is held in memory
	maxRowsToRead = 10_000_000_000 // of one statement of a reader
)

// check refuses what the user may not do, as far as the words of the statement tell.
func (p policy) check(who role, s statement) error {
	switch {
	case s.count == 0:
		return refuse(codeSyntaxError, "SYNTAX_ERROR", "the statement is empty")
	case s.invalid:
		return refuse(codeSyntaxError, "SYNTAX_ERROR", "a quote or comment does not end, or a backslash stands outside quotes")
	case s.count > 1:
		return refuse(codeSyntaxError, "SYNTAX_ERROR", "Multi-statements are not allowed: send one statement a request")
	case s.outfile:
		return refuse(codeAccessDenied, "ACCESS_DENIED", "INTO OUTFILE and FROM INFILE are not allowed: files of the server cannot be reached")
	case slices.ContainsFunc(s.calls, s.reachesOut):
		return refuse(codeAccessDenied, "ACCESS_DENIED", "%s is not allowed: it reaches files, other servers or hidden statements",
			s.calls[slices.IndexFunc(s.calls, s.reachesOut)])
	case who == reader && slices.ContainsFunc(s.calls, looksInside):
		return refuse(codeAccessDenied, "ACCESS_DENIED", "%s is not allowed: it reads what lies behind a table, whatever rows are hidden",
			s.calls[slices.IndexFunc(s.calls, looksInside)])
	case creates(s) && slices.ContainsFunc(s.engines, isForeignEngine):
		return refuse(codeAccessDenied, "ACCESS_DENIED", "engine %s is not allowed: tables are of the MergeTree family", strings.Join(s.engines, ", "))
	case s.lead == "SET" || s.lead == "USE":
		return refuse(codeAccessDenied, "ACCESS_DENIED", "%s has no effect beyond its own request here: give settings and database as query parameters", s.lead)
	case slices.ContainsFunc(s.settings, func(item setting) bool { return item.name == "disk" || slices.Contains(pathlikeSettings(), item.name) }):
		return refuse(codeAccessDenied, "ACCESS_DENIED", "settings that name files, services or disks are not allowed")
	case who == writer:
		return nil
	case !slices.Contains(readerStatements(), s.lead):
		return refuse(codeReadonly, "READONLY", "Cannot execute %s in readonly mode: this user may use %s", s.lead, strings.Join(readerStatements(), ", "))
	}
	for _, item := range s.settings {
		if !p.readerMaySet(item) {
			return refuse(codeReadonly, "READONLY", "Cannot modify '%s' setting in readonly mode", item.name)
		}
	}
	return nil
}

// reaching are functions that get at files or services although the engine's user was granted none of these, or that
// run SQL text which no check has seen. They are named in small letters.
func reaching() []string {
	return []string{
		"file", "filesystem", "sqlite", "eval", "catboostevaluate", "evalmlmethod", "aiclassify", "aiembed", "aiextract", "aigenerate", "aitranslate",
	}
}

// reachesOut judges a name before an opening bracket. A backup's target is written like a function; it may be a file, for
// which the engine knows the only folder, and nothing else.
func (s statement) reachesOut(name string) bool {
	if s.lead == "BACKUP" || s.lead == "RESTORE" {
		return slices.Contains([]string{"disk", "s3", "azureblobstorage", "memory", "url"}, name)
	}
	return slices.Contains(reaching(), name)
}

// looksInside: these table functions show the keys in a table's index.
func looksInside(name string) bool { return strings.HasPrefix(name, "mergetree") }

func creates(s statement) bool {
	return s.lead == "CREATE" || s.lead == "REPLACE" || s.lead == "ATTACH"
}

// isForeignEngine: only engines that keep their data in the store or in memory and run nothing are our own.
func isForeignEngine(name string) bool {
	return (!strings.HasSuffix(name, "MergeTree") || strings.HasPrefix(name, "Replicated")) &&
		!slices.Contains([]string{"Atomic", "Memory", "Null", "View", "MaterializedView", "Set", "Join", "Buffer"}, name)
}

// policy holds what the checks need to know.
type policy struct {
	limits map[string]int64
	free   map[string]bool // settings a reader may choose
	known  map[string]bool // settings the engine has
}

func newPolicy(c Config, known []string) policy {
	p := policy{limits: c.limits(), free: map[string]bool{}, known: map[string]bool{}}
	for _, name := range readerSettings() {
		p.free[name] = true
	}
	for _, name := range known {
		p.known[name] = true
	}
	return p
}

// readerMaySet judges a setting within SQL text. The engine itself refuses changes of readonly only outside sub-queries.
func (p policy) readerMaySet(item setting) bool {
	if highest, limited := p.limits[item.name]; limited {
		n, err := strconv.ParseInt(item.value, 10, 64)
		return err == nil && n > 0 && n <= highest
	}
	return p.free[item.name]
}

// options are the connection arguments for a request with these settings, checked for the user.
func (p policy) options(who role, readonly bool, settings map[string]string) ([]string, error) {
	var args []string
	for name, value := range settings {
		if !p.known[name] {
			return nil, refuse(codeUnknownSetting, "UNKNOWN_SETTING", "Unknown setting '%s'", name)
		}
		if slices.Contains(pathlikeSettings(), name) {
			return nil, refuse(codeAccessDenied, "ACCESS_DENIED", "setting %s is not allowed: it reaches files or services", name)
		}
		if who == reader {
			if _, limited := p.limits[name]; limited || name == "readonly" {
				continue
			}
			if !p.free[name] {
				return nil, refuse(codeReadonly, "READONLY", "Cannot modify '%s' setting in readonly mode", name)
			}
		}
		args = append(args, "--"+name+"="+value)
	}
	if who == reader {
		for name, highest := range p.limits {
			args = append(args, "--"+name+"="+p.lower(settings[name], highest))
		}
	}
	if who == reader || readonly {
		args = append(args, "--readonly=2")
	}
	return args, nil
}

// lower gives the asked limit if it is one and below the highest, else the highest.
func (p policy) lower(asked string, highest int64) string {
	n, err := strconv.ParseFloat(asked, 64)
	if err != nil || n < 1 || n > float64(highest) {
		n = float64(highest)
	}
	return strconv.FormatInt(int64(n), 10)
}
