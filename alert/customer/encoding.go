package customer

import (
	"bufio"
	"io"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// Encodings are those that a list may be in. Only the mark at its beginning tells
// UTF-16 from UTF-8; the others look like each other, so a person has to say.
func Encodings() []string { return []string{"utf-8", "utf-16", "windows-1254", "windows-1256"} }

// decoded is in as UTF-8, and whether it was anything else. What the encoding has
// no letter for becomes U+FFFD.
func decoded(in io.Reader, name string) (io.Reader, bool) {
	var e encoding.Encoding
	switch name {
	case "windows-1254":
		e = charmap.Windows1254
	case "windows-1256":
		e = charmap.Windows1256
	case "utf-16":
		e = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	default:
		buffered := bufio.NewReader(in)
		mark, _ := buffered.Peek(2) // an error comes again with the first line
		if string(mark) != "\xff\xfe" && string(mark) != "\xfe\xff" {
			return buffered, false
		}
		in, e = buffered, unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM)
	}
	return e.NewDecoder().Reader(in), true
}
