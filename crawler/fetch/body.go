package fetch

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/andybalholm/brotli"
)

const (
	// maxRatio is the most that a body may grow when unpacked, once it is over
	// ratioFrom bytes. Pages seldom pass 30; a packed run of zeros reaches 1000.
	maxRatio  = 200
	ratioFrom = 1 << 20
	// minRate is the least rate of a body in bytes a second, over its first
	// rateGrace and at any time after.
	minRate   = 256
	rateGrace = 10 * time.Second
)

var (
	errWire  = errors.New("more bytes on the wire than max_wire")
	errBody  = errors.New("more bytes unpacked than max_body")
	errRatio = fmt.Errorf("unpacks to more than %d times its size", maxRatio)
	errSlow  = fmt.Errorf("fewer than %d bytes a second", minRate)
	errCoded = errors.New("content coding not understood")
)

// readBody reads and unpacks a body within the bounds. With an error, which is
// one of those above, one of the unpackers' or io.ErrUnexpectedEOF, come the
// bytes before it.
func readBody(resp *http.Response, maxWire, maxBody int64) ([]byte, error) {
	w := &wireReader{r: resp.Body, left: maxWire, start: time.Now()}
	r, err := unpack(resp.Header.Get("Content-Encoding"), w)
	if err != nil {
		return nil, err
	}
	r, err = gunzipped(r)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	chunk := make([]byte, 32<<10)
	for {
		n, err := r.Read(chunk)
		b.Write(chunk[:n])
		switch size := int64(b.Len()); {
		case size > maxBody:
			return b.Bytes()[:maxBody], errBody
		case size > ratioFrom && size > w.read*maxRatio:
			return b.Bytes(), errRatio
		case err == io.EOF:
			return b.Bytes(), nil
		case err != nil:
			return b.Bytes(), err
		}
	}
}

// unpack undoes the content coding named by a Content-Encoding header.
func unpack(coding string, r io.Reader) (io.Reader, error) {
	switch strings.ToLower(strings.TrimSpace(coding)) {
	case "", "identity":
		return r, nil
	case "gzip", "x-gzip":
		return gzip.NewReader(r)
	case "br":
		return brotli.NewReader(r), nil
	case "deflate":
		return inflate(r)
	}
	return nil, fmt.Errorf("%w: %q", errCoded, coding)
}

// inflate reads "deflate" both as the standard has it, with zlib's wrapping,
// and as some servers send it, without.
func inflate(r io.Reader) (io.Reader, error) {
	br := bufio.NewReader(r)
	head, err := br.Peek(2)
	if err != nil {
		return br, nil
	}
	if head[0]&0x0f == 8 && (uint(head[0])<<8|uint(head[1]))%31 == 0 {
		return zlib.NewReader(br)
	}
	return flate.NewReader(br), nil
}

// gunzipped unpacks a file that is itself packed, such as sitemap.xml.gz.
func gunzipped(r io.Reader) (io.Reader, error) {
	br := bufio.NewReader(r)
	if head, err := br.Peek(3); err == nil && head[0] == 0x1f && head[1] == 0x8b && head[2] == 8 {
		return gzip.NewReader(br)
	}
	return br, nil
}

// wireReader counts the bytes that travel, and ends a body that is too long or
// drips too slowly.
type wireReader struct {
	r     io.Reader
	left  int64
	read  int64
	start time.Time
}

func (w *wireReader) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	w.read += int64(n)
	if w.left -= int64(n); w.left < 0 {
		return 0, errWire
	}
	if took := time.Since(w.start); err == nil && took > rateGrace && float64(w.read) < minRate*took.Seconds() {
		return 0, errSlow
	}
	return n, err
}

// bodyReason says what an error of readBody means.
func bodyReason(err error) string {
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(err, errWire), errors.Is(err, errBody), errors.Is(err, errRatio):
		return ReasonTooLarge
	case errors.Is(err, errSlow):
		return ReasonTooSlow
	case errors.Is(err, errCoded), errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum),
		errors.Is(err, zlib.ErrHeader), errors.Is(err, zlib.ErrChecksum), errors.As(err, &corrupt),
		strings.HasPrefix(err.Error(), "brotli: "):
		return ReasonEncoding
	case errors.Is(err, context.DeadlineExceeded):
		return ReasonTimeout
	}
	return ReasonTruncated
}
