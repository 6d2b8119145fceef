package sentiment_test

import (
	"strings"
	"testing"

	"feryat/mention"
	"feryat/sentiment"
)

// Whatever comes, there is a verdict; where nothing speaks, it is unknown.
func TestBadInput(t *testing.T) {
	s := all(t)
	for name, tt := range map[string]struct {
		text string
		mood mention.Mood // empty: any
	}{
		"empty":           {"", mention.Unknown},
		"spaces":          {" \t\r\n\u200c\u00a0", mention.Unknown},
		"address":         {"https://shop.example/rezalet?x=awful", mention.Unknown},
		"one emoji":       {"😡", mention.Angry},
		"unknown emoji":   {"🧱", mention.Unknown},
		"NULs":            {"rezalet\x00\x00", ""},
		"nothing but NUL": {strings.Repeat("\x00", 1000), mention.Unknown},
		"invalid UTF-8":   {"kargo \xff\xfe gelmedi, rezalet", ""},
		"mixed scripts":   {"kargo افتضاح awful кошмар 糟糕", ""},
		"marks":           {"\u202e\u200fافتضاح\u202c بود", ""},
		"markup":          {"<p class='x'>Kargo <b>rezalet</b>&nbsp;!</p>", ""},
		"open markup":     {strings.Repeat("<a ", 1<<16), ""},
		"1 MB of letters": {strings.Repeat("a", 1<<20), ""},
		"1 MB of words":   {strings.Repeat("rezalet ", 1<<17), ""},
		"1 MB of quotes":  {strings.Repeat("« “ > \n", 1<<17), ""},
	} {
		in := sentiment.Input{Text: tt.text}
		v := s.Score(in)
		sound(t, in, v)
		if tt.mood != "" && v.Mood != tt.mood {
			t.Errorf("%s: %s, want %s", name, v.Mood, tt.mood)
		}
	}
}
