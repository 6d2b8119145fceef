package storage

import (
	"bytes"
	"strings"
	"testing"
	"testing/iotest"
)

// FuzzCopyAnswer holds that an answer comes through whole and an error, wherever the network cuts it, never as data.
func FuzzCopyAnswer(f *testing.F) {
	f.Add([]byte("1\n2\n"), "Code: 395. DB::Exception: too much", true)
	f.Add([]byte("__exception__\r\n0123456789abcdeX"), "", false)
	f.Add(bytes.Repeat([]byte("row\r\n"), 20000), "Code: 1.", true)
	f.Fuzz(func(t *testing.T, data []byte, message string, fails bool) {
		const tag = "0123456789abcdef"
		if bytes.Contains(data, []byte(tag)) || strings.Contains(message, tag) || len(message) > maxException/2 {
			t.Skip()
		}
		body := string(data)
		if fails {
			body += "\r\n__exception__\r\n" + tag + "\r\n" + message + "\n12 " + tag + "\r\n__exception__\r\n"
		}
		var out bytes.Buffer
		err := copyAnswer(&out, iotest.HalfReader(strings.NewReader(body)), tag)
		if (err != nil) != fails || !bytes.Equal(out.Bytes(), data) {
			t.Errorf("error %v, %d of %d bytes", err, out.Len(), len(data))
		}
		if fails && !strings.Contains(err.Error(), strings.Join(strings.Fields(message), " ")) {
			t.Errorf("the error %v does not say %q", err, message)
		}
	})
}

func TestAnswerBreaksOff(t *testing.T) {
	var out bytes.Buffer
	if err := copyAnswer(&out, iotest.TimeoutReader(strings.NewReader(strings.Repeat("x", 1<<20))), ""); err == nil {
		t.Error("an answer that broke off is no error")
	}
}
