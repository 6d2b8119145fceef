package engine

import (
	"errors"
	"fmt"
	"runtime"
	"unsafe"

	"github.com/ebitengine/purego"
)

// library is libchdb's C interface, as far as the engine uses it. The names in the tags are the C functions;
// chdb.h of the same release documents them. Handles are opaque addresses of C memory.
type library struct {
	version           func() string
	classify          func(conn uintptr, sql unsafe.Pointer, sqlLen uintptr, database unsafe.Pointer, databaseLen uintptr, out *analysis) int32
	setSignalHandlers func(enabled int32)
	connect           func(argc int32, argv unsafe.Pointer) unsafe.Pointer
	closeConn         func(conn unsafe.Pointer)
	streamQuery       ask
	runQuery          ask
	streamFetch       func(conn, stream uintptr) uintptr
	streamCancel      func(conn, stream uintptr)
	insert            func(conn uintptr, sql unsafe.Pointer, sqlLen uintptr, format unsafe.Pointer, formatLen uintptr) uintptr
	insertAppend      func(stream uintptr, data unsafe.Pointer, size uintptr) int32
	insertDone        func(stream uintptr) uintptr
	insertCancel      func(stream uintptr)
	insertError       func(stream uintptr) string
	insertDestroy     func(stream uintptr)
	resultBuffer      func(result uintptr) unsafe.Pointer
	resultLength      func(result uintptr) uintptr
	resultError       func(result uintptr) string
	resultWritten     func(result uintptr) uint64
	destroy           func(result uintptr)
}

// loadLibrary maps libchdb into this process and resolves its functions. Nothing of it may be unloaded again.
func loadLibrary(path string) (*library, error) {
	handle, err := purego.Dlopen(path, purego.RTLD_NOW|purego.RTLD_LOCAL)
	if err != nil {
		return nil, fmt.Errorf("load the engine library %s: %w", path, err)
	}
	lib := &library{}
	for name, function := range map[string]any{
		"chdb_version":                     &lib.version,
		"chdb_classify_query_n":            &lib.classify,
		"chdb_set_signal_handlers_enabled": &lib.setSignalHandlers,
		"chdb_connect":                     &lib.connect,
		"chdb_close_conn":                  &lib.closeConn,
		"chdb_stream_query_with_params_n":  &lib.streamQuery,
		"chdb_query_with_params_n":         &lib.runQuery,
		"chdb_stream_fetch_result":         &lib.streamFetch,
		"chdb_stream_cancel_query":         &lib.streamCancel,
		"chdb_stream_insert_n":             &lib.insert,
		"chdb_stream_append":               &lib.insertAppend,
		"chdb_stream_done":                 &lib.insertDone,
		"chdb_stream_cancel_insert":        &lib.insertCancel,
		"chdb_stream_insert_error":         &lib.insertError,
		"chdb_destroy_insert_stream":       &lib.insertDestroy,
		"chdb_result_buffer":               &lib.resultBuffer,
		"chdb_result_length":               &lib.resultLength,
		"chdb_result_error":                &lib.resultError,
		"chdb_result_rows_written":         &lib.resultWritten,
		"chdb_destroy_query_result":        &lib.destroy,
	} {
		address, err := purego.Dlsym(handle, name)
		if err != nil {
			return nil, fmt.Errorf("the engine library %s has no function %s; install the pinned version with make setup: %w", path, name, err)
		}
		purego.RegisterFunc(function, address)
	}
	return lib, nil
}

// session is one connection to the store of this process. It runs one statement at a time and is not safe for concurrent use.
type session struct {
	lib  *library
	conn unsafe.Pointer // chdb_connection *
}

// open makes a connection; args are command line options such as --path=DIR and settings of this connection.
func (l *library) open(args ...string) (*session, error) {
	argv := make([]*byte, 0, len(args)+1)
	for _, arg := range append([]string{"clickhouse"}, args...) {
		argv = append(argv, unsafe.SliceData(append([]byte(arg), 0)))
	}
	conn := l.connect(int32(len(argv)), unsafe.Pointer(unsafe.SliceData(argv)))
	runtime.KeepAlive(argv)
	if conn == nil {
		return nil, errors.New("the engine refused the connection; what it wrote to standard error says why")
	}
	return &session{lib: l, conn: conn}, nil
}

func (s *session) close() { s.lib.closeConn(s.conn) }

func (s *session) handle() uintptr { return *(*uintptr)(s.conn) }

// analysis is what libchdb's own parser makes of a statement (chdb_query_analysis_v1).
type analysis struct{ size, statements, _, class uint32 }

// Classes of a statement, by what it changes.
const (
	classReadOnly = 0
	classControl  = 3 // session and system statements, and whatever writes outside the store
)

// classify parses a statement without running it. Text that does not parse has no statements.
func (s *session) classify(sql string) analysis {
	text, result := []byte(sql), analysis{size: uint32(unsafe.Sizeof(analysis{}))}
	if s.lib.classify(s.handle(), pointer(text), uintptr(len(text)), nil, 0, &result) != 0 {
		return analysis{}
	}
	return result
}

// ask is the form that chdb_query_with_params_n and its streaming variant share.
type ask func(conn uintptr, sql unsafe.Pointer, sqlLen uintptr, format unsafe.Pointer, formatLen uintptr,
	names, nameLens, values, valueLens unsafe.Pointer, count uintptr) uintptr

// ask starts a statement with params bound to its {name:Type} places and gives the handle of its result.
func (s *session) ask(call ask, sql, format string, params map[string]string) uintptr {
	names, values := newCStrings(len(params)), newCStrings(len(params))
	for name, value := range params {
		names.add(name)
		values.add(value)
	}
	text, form := []byte(sql), []byte(format)
	result := call(s.handle(), pointer(text), uintptr(len(text)), pointer(form), uintptr(len(form)),
		pointer(names.data), pointer(names.sizes), pointer(values.data), pointer(values.sizes), uintptr(len(params)))
	runtime.KeepAlive([]any{text, form, names, values})
	return result
}

// run runs any statement and hands the whole answer, if there is one, to emit, which must not keep it.
func (s *session) run(sql, format string, params map[string]string, emit func([]byte) error) error {
	_, err := s.take(s.ask(s.lib.runQuery, sql, format, params), emit)
	return err
}

// stream runs a SELECT and hands the answer to emit piece by piece, each a whole document of the format. An error of emit
// abandons the statement and is returned.
func (s *session) stream(sql, format string, params map[string]string, emit func([]byte) error) error {
	stream := s.ask(s.lib.streamQuery, sql, format, params)
	defer s.lib.destroy(stream)
	if message := s.lib.resultError(stream); message != "" {
		return newException(message)
	}
	for {
		more, err := s.take(s.lib.streamFetch(s.handle(), stream), emit)
		if err != nil {
			s.lib.streamCancel(s.handle(), stream)
			return err
		}
		if !more {
			return nil
		}
	}
}

// take hands the content of a result to emit and frees the result.
func (s *session) take(result uintptr, emit func([]byte) error) (more bool, err error) {
	defer s.lib.destroy(result)
	if message := s.lib.resultError(result); message != "" {
		return false, newException(message)
	}
	size := s.lib.resultLength(result)
	if size == 0 {
		return false, nil
	}
	return true, emit(unsafe.Slice((*byte)(s.lib.resultBuffer(result)), size))
}

// insert runs an INSERT statement that has no FORMAT clause, feeding it what next gives until that is empty.
// An error of next abandons the statement. It returns the rows written.
func (s *session) insert(sql, format string, next func() ([]byte, error)) (uint64, error) {
	text, form := []byte(sql), []byte(format)
	stream := s.lib.insert(s.handle(), pointer(text), uintptr(len(text)), pointer(form), uintptr(len(form)))
	runtime.KeepAlive([]any{text, form})
	defer s.lib.insertDestroy(stream)
	if message := s.lib.insertError(stream); message != "" {
		return 0, newException(message)
	}
	for {
		data, err := next()
		if err != nil {
			s.lib.insertCancel(stream)
			return 0, err
		}
		if len(data) == 0 {
			break
		}
		if s.lib.insertAppend(stream, pointer(data), uintptr(len(data))) != 0 {
			break // insertDone tells what went wrong
		}
		runtime.KeepAlive(data)
	}
	result := s.lib.insertDone(stream)
	defer s.lib.destroy(result)
	if message := s.lib.resultError(result); message != "" {
		return 0, newException(message)
	}
	return s.lib.resultWritten(result), nil
}

// cStrings are strings as C takes them with explicit lengths.
type cStrings struct {
	data  []*byte
	sizes []uintptr
}

func newCStrings(n int) *cStrings {
	return &cStrings{data: make([]*byte, 0, n), sizes: make([]uintptr, 0, n)}
}

func (c *cStrings) add(s string) {
	c.data = append(c.data, unsafe.StringData(s+"\x00"))
	c.sizes = append(c.sizes, uintptr(len(s)))
}

func pointer[T any](s []T) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(s)) }
