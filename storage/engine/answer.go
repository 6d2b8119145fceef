package engine

import (
	"compress/gzip"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/ClickHouse/ch-go/compress"
)

// answer writes the result of one statement. The HTTP header goes out with the first bytes, so that an error before them
// still has its own status; an error after them is appended in the frame that ClickHouse's clients look for.
type answer struct {
	w          http.ResponseWriter
	req        *request
	tag        string // marks this answer's exception frame
	started    bool
	zip        *gzip.Writer // nil: the client does not want it
	compressor *compress.Writer
}

func newAnswer(w http.ResponseWriter, req *request) *answer {
	a := &answer{w: w, req: req, tag: randomHex(8)}
	if req.compress != compress.None {
		a.compressor = compress.NewWriter(compress.LevelZero, req.compress)
	}
	return a
}

// start sends the header of a successful answer.
func (a *answer) start() {
	if a.started {
		return
	}
	a.started = true
	header := a.w.Header()
	header.Set("Content-Type", contentType(a.req.format))
	header.Set("X-ClickHouse-Format", a.req.format)
	header.Set("X-ClickHouse-Exception-Tag", a.tag)
	if a.req.gzip && a.req.compress == compress.None {
		header.Set("Content-Encoding", "gzip")
		a.zip, _ = gzip.NewWriterLevel(a.w, gzip.BestSpeed) // the level is valid
	}
}

// emit sends a piece of the result.
func (a *answer) emit(chunk []byte) error {
	a.start()
	if a.req.revision > 0 && a.req.format == "Native" {
		var err error
		if chunk, err = reencode(chunk, a.req.revision); err != nil {
			return err
		}
	}
	if a.compressor != nil {
		if err := a.compressor.Compress(chunk); err != nil {
			return fmt.Errorf("compress the answer: %w", err)
		}
		chunk = a.compressor.Data
	}
	return a.write(chunk)
}

func (a *answer) write(p []byte) error {
	// A client that takes nothing for so long would keep its place among the statements from others.
	const patience = time.Minute
	if err := http.NewResponseController(a.w).SetWriteDeadline(time.Now().Add(patience)); err != nil {
		return fmt.Errorf("send the answer: %w", err)
	}
	var out io.Writer = a.w
	if a.zip != nil {
		out = a.zip
	}
	if _, err := out.Write(p); err != nil {
		return fmt.Errorf("send the answer: %w", err)
	}
	return nil
}

// finish ends a successful answer. written is the number of rows an INSERT stored.
func (a *answer) finish(written uint64) error {
	if !a.started {
		a.w.Header().Set("X-ClickHouse-Summary", fmt.Sprintf(`{"written_rows":"%d"}`, written))
		a.start()
	}
	return a.close()
}

func (a *answer) close() error {
	if a.zip == nil {
		return nil
	}
	if err := a.zip.Close(); err != nil {
		return fmt.Errorf("end the answer: %w", err)
	}
	return nil
}

// fail tells the client what went wrong.
func (a *answer) fail(e *exception) {
	if !a.started {
		failPlain(a.w, e)
		return
	}
	message := e.message + "\n"
	frame := fmt.Sprintf("\r\n__exception__\r\n%s\r\n%s%d %s\r\n__exception__\r\n", a.tag, message, len(message), a.tag)
	if a.write([]byte(frame)) == nil {
		_ = a.close() // the client is gone if this fails; nothing is left to tell
	}
}

// failPlain answers with an exception and nothing else.
func failPlain(w http.ResponseWriter, e *exception) {
	w.Header().Set("X-ClickHouse-Exception-Code", strconv.Itoa(e.code))
	w.Header().Set("Content-Type", "text/plain; charset=UTF-8")
	w.WriteHeader(e.status())
	_, _ = fmt.Fprintln(w, e.message) // the client is gone if this fails
}

// contentType is the media type of a ClickHouse format.
func contentType(format string) string {
	switch {
	case strings.HasPrefix(format, "JSONEachRow"), strings.HasPrefix(format, "JSONCompactEachRow"), format == "NDJSON":
		return "application/x-ndjson; charset=UTF-8"
	case strings.HasPrefix(format, "JSON"):
		return "application/json; charset=UTF-8"
	case strings.HasPrefix(format, "CSV"):
		return "text/csv; charset=UTF-8"
	case strings.HasPrefix(format, "TabSeparated"), strings.HasPrefix(format, "TSV"):
		return "text/tab-separated-values; charset=UTF-8"
	case strings.HasPrefix(format, "Pretty"), format == "Vertical", format == "Values", format == "Markdown":
		return "text/plain; charset=UTF-8"
	case format == "XML":
		return "application/xml; charset=UTF-8"
	default:
		return "application/octet-stream"
	}
}

func randomHex(bytes int) string {
	b := make([]byte, bytes)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}
