package engine

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/ClickHouse/ch-go/compress"
)

// maxText is how long a statement may be, inline data of an INSERT apart.
const maxText = 4 << 20

// request is one statement with everything that belongs to it, out of an HTTP request.
type request struct {
	sql      string
	parsed   statement
	data     io.Reader // of an INSERT; nil if it has none
	database string
	format   string // of the answer, or of data
	params   map[string]string
	settings map[string]string
	id       string
	revision uint64 // of the Native format that the client wants; 0: as files have it
	compress compress.Method
	hold     bool // give the answer only when it is complete
	gzip     bool
	readonly bool // the method promises to change nothing
}

// transportParameters are the query parameters that are not settings of the engine.
func transportParameters() []string {
	return []string{
		"query", "user", "password", "database", "default_format", "query_id", "quota_key", "compress", "decompress",
		"client_protocol_version", "wait_end_of_query", "buffer_size", "enable_http_compression", "http_zlib_compression_level",
		"network_compression_method", "network_zstd_compression_level", "send_progress_in_http_headers",
		"add_http_cors_header", "session_check", "session_timeout", "role",
	}
}

// parse takes a request apart and reads its statement. The body may still hold the data of an INSERT.
func parse(r *http.Request) (*request, error) {
	query := r.URL.Query()
	if query.Has("session_id") || strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		return nil, refuse(codeNotImplemented, "NOT_IMPLEMENTED", "sessions and external tables are not supported by the embedded engine")
	}
	req := &request{
		database: first(query.Get("database"), r.Header.Get("X-ClickHouse-Database")),
		format:   first(query.Get("default_format"), r.Header.Get("X-ClickHouse-Format"), "TabSeparated"),
		id:       query.Get("query_id"),
		gzip:     strings.Contains(r.Header.Get("Accept-Encoding"), "gzip"),
		hold:     query.Get("wait_end_of_query") == "1",
		readonly: r.Method == http.MethodGet || r.Method == http.MethodHead,
	}
	req.options(query)
	body, err := decoded(r, query)
	if err != nil {
		return nil, err
	}
	return req, req.read(query.Get("query"), body)
}

func (req *request) options(query url.Values) {
	req.params, req.settings = map[string]string{}, map[string]string{}
	for name := range query {
		if param, ok := strings.CutPrefix(name, "param_"); ok {
			req.params[param] = query.Get(name)
		} else {
			req.settings[name] = query.Get(name)
		}
	}
	for _, name := range transportParameters() {
		delete(req.settings, name)
	}
	if revision, err := strconv.ParseUint(query.Get("client_protocol_version"), 10, 32); err == nil {
		req.revision = revision
	}
	if query.Get("compress") == "1" {
		req.compress = compress.LZ4
		if strings.EqualFold(query.Get("network_compression_method"), "ZSTD") {
			req.compress = compress.ZSTD
		}
	}
}

// decoded is the body without its compression.
func decoded(r *http.Request, query url.Values) (io.Reader, error) {
	var body io.Reader = r.Body
	switch encoding := r.Header.Get("Content-Encoding"); encoding {
	case "", "identity":
	case "gzip":
		unzipped, err := gzip.NewReader(body)
		if errors.Is(err, io.EOF) {
			return http.NoBody, nil
		}
		if err != nil {
			return nil, refuse(codeCannotDecompress, "CANNOT_DECOMPRESS", "the body is not gzip: %v", err)
		}
		body = unzipped
	default:
		return nil, refuse(codeNotImplemented, "NOT_IMPLEMENTED", "Content-Encoding %q is not supported, gzip is", encoding)
	}
	if query.Get("decompress") == "1" {
		body = &blocks{reader: compress.NewReader(body)}
	}
	return body, nil
}

// blocks reads ClickHouse's compressed blocks. The reader beneath hides io.EOF in another error and, asked again after
// it, would repeat its last block.
type blocks struct {
	reader *compress.Reader
	err    error
}

func (b *blocks) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	n, err := b.reader.Read(p)
	switch {
	case errors.Is(err, io.EOF):
		b.err = io.EOF
	case err != nil:
		b.err = refuse(codeCannotDecompress, "CANNOT_DECOMPRESS", "the body is not made of compressed blocks: %v", err)
	}
	return n, b.err
}

// read finds the statement in the query parameter and the body. Where the parameter holds an INSERT that wants data, the
// body is nothing but data; else the body continues the text, and what follows FORMAT or VALUES in it is data.
func (req *request) read(parameter string, body io.Reader) error {
	if parameter != "" {
		if parsed := scan([]byte(parameter)); parsed.data >= 0 {
			req.take([]byte(parameter), parsed, body)
			if strings.TrimSpace(parameter[parsed.data:]) == "" {
				req.data = body
			}
			return nil
		}
		parameter += "\n"
	}
	head, err := io.ReadAll(io.LimitReader(io.MultiReader(strings.NewReader(parameter), body), maxText+1))
	if err != nil {
		return fmt.Errorf("read the statement: %w", err)
	}
	parsed := scan(head)
	if len(head) > maxText && (parsed.data < 0 || parsed.data > maxText) {
		return refuse(codeTooLargeText, "TOO_MANY_BYTES", "the statement is longer than %d bytes", maxText)
	}
	req.take(head, parsed, body)
	return nil
}

// take keeps the statement and, for an INSERT, its data: the remains of the text and whatever follows in more.
func (req *request) take(text []byte, parsed statement, more io.Reader) {
	req.parsed = parsed
	req.format = first(parsed.format, req.format)
	req.sql = string(text[:parsed.head])
	if parsed.data < 0 {
		req.sql = string(text)
		return
	}
	req.data = io.MultiReader(bytes.NewReader(afterNewline(text[parsed.data:])), more)
}

// held tells whether the whole answer stays in memory before the client gets it.
func (req *request) held() bool { return req.hold || !streams(req.format) }

// afterNewline drops the blanks after FORMAT name and one line end, where the inline data begin.
func afterNewline(data []byte) []byte {
	rest := bytes.TrimLeft(data, " \t\r")
	if after, ok := bytes.CutPrefix(rest, []byte("\n")); ok {
		return after
	}
	return rest
}

func first(values ...string) string {
	for _, value := range values {
		if value != "" {
			return value
		}
	}
	return ""
}
