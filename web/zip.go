package web

import (
	"compress/gzip"
	"net/http"
	"strings"
)

// zipped compresses what next writes, for those who take it; what is flushed goes out at once. It is for pages and files
// that hold no secret beside what a stranger could put there.
func zipped(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Accept-Encoding")
		if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") || r.Header.Get("Range") != "" {
			next.ServeHTTP(w, r)
			return
		}
		z := &zipWriter{ResponseWriter: w}
		next.ServeHTTP(z, r)
		if z.to != nil {
			_ = z.to.Close() // the reader may have gone
		}
	})
}

// zipWriter compresses answers that are fine; errors and answers without a body go as they are.
type zipWriter struct {
	http.ResponseWriter
	begun bool
	to    *gzip.Writer
}

// WriteHeader tells of the compression.
func (z *zipWriter) WriteHeader(status int) {
	if !z.begun && status == http.StatusOK {
		z.Header().Set("Content-Encoding", "gzip")
		z.Header().Del("Content-Length")
		z.to = gzip.NewWriter(z.ResponseWriter)
	}
	z.begun = true
	z.ResponseWriter.WriteHeader(status)
}

// Write compresses the body where the header says so.
func (z *zipWriter) Write(p []byte) (int, error) {
	if !z.begun {
		if z.Header().Get("Content-Type") == "" {
			z.Header().Set("Content-Type", http.DetectContentType(p))
		}
		z.WriteHeader(http.StatusOK)
	}
	if z.to == nil {
		return z.ResponseWriter.Write(p)
	}
	return z.to.Write(p)
}

// Flush sends what was written so far.
func (z *zipWriter) Flush() {
	if z.to != nil {
		_ = z.to.Flush() // the reader may have gone
	}
	_ = http.NewResponseController(z.ResponseWriter).Flush() // where that is not possible it comes with the rest
}
