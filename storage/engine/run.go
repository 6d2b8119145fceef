package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
)

// runner runs statements, each in a session of its own.
type runner struct {
	lib     *library
	path    string
	policy  policy
	running sync.WaitGroup // statements
	mu      sync.Mutex     // guards base
	base    *session       // keeps the store open
}

// run runs one statement and hands its result to emit, piece by piece. It returns the rows an INSERT stored.
func (r *runner) run(ctx context.Context, who role, req *request, emit func([]byte) error) (uint64, error) {
	if err := r.policy.check(who, req.parsed); err != nil {
		return 0, err
	}
	options, err := r.policy.options(who, req.readonly, req.settings)
	if err != nil {
		return 0, err
	}
	r.running.Add(1)
	defer r.running.Done()
	mark := "feryat-" + randomHex(8)
	if req.held() {
		options = append([]string{"--max_result_bytes=" + strconv.Itoa(maxResult)}, options...) // the request's own comes later and counts
	}
	s, err := r.lib.open(append(options, "--path="+r.path, "--log_comment="+mark)...)
	if err != nil {
		return 0, refuse(codeBadArguments, "BAD_ARGUMENTS", "the engine does not accept the settings of the request")
	}
	defer s.close()
	if err := r.enter(s, req.database); err != nil {
		return 0, err
	}
	if err := judge(who, req.parsed, s.classify(req.sql)); err != nil {
		return 0, err
	}
	stop := context.AfterFunc(ctx, func() { r.kill(mark) })
	defer stop()
	return r.statement(s, req, emit)
}

// enter makes the database the current one of the session.
func (r *runner) enter(s *session, database string) error {
	if database == "" || database == "default" {
		return nil
	}
	name := strings.NewReplacer("\\", "\\\\", "`", "\\`").Replace(database)
	return s.run("USE `"+name+"`", "Null", nil, nil)
}

func (r *runner) statement(s *session, req *request, emit func([]byte) error) (uint64, error) {
	if req.data != nil {
		return s.insert(req.sql, req.parsed.format, chunks(req.data))
	}
	if !req.held() {
		err := s.stream(req.sql, req.format, req.params, emit)
		if !isNotStreamable(err) {
			return 0, err
		}
	}
	return 0, s.run(req.sql, req.format, req.params, emit)
}

// streams tells whether pieces of a result in this format can be put together: libchdb writes each piece as a whole.
func streams(format string) bool {
	switch format {
	case "Native", "RowBinary", "TabSeparated", "TSV", "CSV", "JSONEachRow", "JSONCompactEachRow", "JSONStringsEachRow", "TSKV", "LineAsString", "RawBLOB":
		return true
	}
	return false
}

// isNotStreamable recognises libchdb's refusal to stream anything but a SELECT, given before it runs the statement.
func isNotStreamable(err error) bool {
	var e *exception
	return errors.As(err, &e) && e.code == codeBadArguments && strings.Contains(e.message, "Streaming query is not supported for query")
}

// kill ends the statement that has this mark.
func (r *runner) kill(mark string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	// An error leaves the statement to its own time limit.
	_ = r.base.run(fmt.Sprintf("KILL QUERY WHERE Settings['log_comment'] = '%s' ASYNC", mark), "Null", nil, nil)
}

// settingNames asks the engine which settings it knows.
func settingNames(s *session) ([]string, error) {
	var list strings.Builder
	err := s.run("SELECT name FROM system.settings", "TSV", nil, func(chunk []byte) error {
		list.Write(chunk)
		return nil
	})
	return strings.Fields(list.String()), err
}

// chunks cuts what r gives into pieces; an empty one is the end.
func chunks(r io.Reader) func() ([]byte, error) {
	const size = 1 << 20
	buffer := make([]byte, size)
	return func() ([]byte, error) {
		n, err := io.ReadFull(r, buffer)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			err = nil
		}
		if err != nil {
			err = fmt.Errorf("read the data to insert: %w", err)
		}
		return buffer[:n], err
	}
}
