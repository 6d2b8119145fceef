package main

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"unicode/utf8"

	"feryat/mention"
)

// What encoding/json would write of a verdict, without its reflection: half of
// the time that feryat score takes would go there. A test compares the two.

// appendVerdict appends a line: the id, and v.
func appendVerdict(dst []byte, id any, v *mention.Verdict) ([]byte, error) {
	dst = append(dst, `{"id":`...)
	dst, err := appendAny(dst, id)
	if err != nil {
		return nil, err
	}
	dst = appendString(append(dst, `,"language":`...), v.Language)
	dst = appendFloat(append(dst, `,"score":`...), v.Score)
	dst = appendString(append(dst, `,"mood":`...), string(v.Mood))
	dst = appendFloat(append(dst, `,"anger":`...), v.Anger)
	dst = appendStrings(append(dst, `,"topics":`...), v.Topics)
	if len(v.Praise) > 0 {
		dst = appendStrings(append(dst, `,"praise":`...), v.Praise)
	}
	if len(v.Blamed) > 0 {
		dst = appendStrings(append(dst, `,"blamed":`...), v.Blamed)
	}
	dst = appendStrings(append(dst, `,"customer":`...), v.Customer)
	dst = appendStrings(append(dst, `,"signals":`...), v.Signals)
	if v.Switches != nil {
		if dst, err = appendAny(append(dst, `,"switches":`...), v.Switches); err != nil {
			return nil, err
		}
	}
	dst = strconv.AppendInt(append(dst, `,"priority":`...), int64(v.Priority), 10)
	dst = appendFloat(append(dst, `,"coverage":`...), v.Coverage)
	dst = appendReasons(append(dst, `,"reasons":`...), v.Reasons)
	dst = appendFloat(append(dst, `,"raw":`...), v.Raw)
	dst = appendString(append(dst, `,"lexicon":`...), v.Lexicon)
	return append(dst, "}\n"...), nil
}

func appendReasons(dst []byte, reasons []mention.Reason) []byte {
	dst = append(dst, '[')
	for i := range reasons {
		r := &reasons[i]
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendString(append(dst, `{"rule":`...), r.Rule)
		dst = appendString(append(dst, `,"text":`...), r.Text)
		dst = strconv.AppendInt(append(dst, `,"start":`...), int64(r.Start), 10)
		dst = strconv.AppendInt(append(dst, `,"end":`...), int64(r.End), 10)
		dst = append(appendFloat(append(dst, `,"weight":`...), r.Weight), '}')
	}
	return append(dst, ']')
}

func appendStrings(dst []byte, list []string) []byte {
	dst = append(dst, '[')
	for i, s := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendString(dst, s)
	}
	return append(dst, ']')
}

// appendAny appends what is mostly a string or a number and may be any value.
func appendAny(dst []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case string:
		return appendString(dst, v), nil
	case float64:
		return appendFloat(dst, v), nil
	}
	out := bytes.NewBuffer(dst)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}

// appendFloat takes finite numbers, as all of a verdict are.
func appendFloat(dst []byte, f float64) []byte {
	if size := math.Abs(f); size != 0 && (size < 1e-6 || size >= 1e21) {
		dst = strconv.AppendFloat(dst, f, 'e', -1, 64)
		if n := len(dst); n >= 4 && dst[n-4] == 'e' && dst[n-2] == '0' { // e-09 is e-9
			dst = append(dst[:n-2], dst[n-1])
		}
		return dst
	}
	return strconv.AppendFloat(dst, f, 'f', -1, 64)
}

// appendString quotes s. Invalid bytes become U+FFFD.
func appendString(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	from := 0
	for i := 0; i < len(s); {
		r, size := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[i:])
		}
		escaped := ""
		switch {
		case r == '"' || r == '\\':
			escaped = `\` + s[i:i+1]
		case r == '\n':
			escaped = `\n`
		case r == '\r':
			escaped = `\r`
		case r == '\t':
			escaped = `\t`
		case r == '\b':
			escaped = `\b`
		case r == '\f':
			escaped = `\f`
		case r < ' ':
			escaped = `\u00` + hex[r>>4:r>>4+1] + hex[r&15:r&15+1]
		case r == utf8.RuneError && size == 1:
			escaped = `\ufffd`
		case r == 0x2028:
			escaped = `\u2028`
		case r == 0x2029:
			escaped = `\u2029`
		}
		if escaped != "" {
			dst = append(append(dst, s[from:i]...), escaped...)
			from = i + size
		}
		i += size
	}
	return append(append(dst, s[from:]...), '"')
}
