package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"feryat/i18n"
	"feryat/mention"
)

func labelsOf(t testing.TB) labelReader {
	t.Helper()
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	return newLabelReader(texts)
}

// TestLabelsAreRead: words in three languages, keys, and each mistake with its line.
func TestLabelsAreRead(t *testing.T) {
	lines, empty, refused, err := labelsOf(t).read(strings.NewReader("\ufeffnumber;sample;mood;topics;not_ours;note;id\r\n" +
		"1;s;angry;delay, price;;;a1\r\n" + "2;s;MEMNUN DEĞİL;yok;;;\r\n" + "2;s;Memnun değil;none;;=1;\r\n" + "3;s;راضی;;;;\r\n" + "4;s;6;;;;\r\n" + "5;s;;;evet;;\r\n" + "6;s;;;;;\r\n" +
		"7;s;glad;;;;\r\n" + "x;s;angry;;;;\r\n" + "8;;angry;;;;\r\n" + "9;s;angry;;yes;;\r\n" + "1;s;neutral;;;;\r\n" + "10;s;;delay;;;\r\n" + "11;s;angry;;perhaps;;\r\n"))
	if err != nil || empty != 1 {
		t.Errorf("%d empty, %v", empty, err)
	}
	var got strings.Builder
	for _, l := range lines {
		fmt.Fprintf(&got, "%d %d %s %s %q %v %s\n", l.Line, l.Number, l.ID, l.Label.Mood, l.Label.Topics, l.Label.NotOurs, l.Label.Note)
	}
	for _, f := range refused {
		fmt.Fprintln(&got, f)
	}
	want := `2 1 a1 angry ["delay" "price"] false 
4 2  dissatisfied [] false =1
5 3  satisfied [] false 
6 4  unknown [] false 
7 5   [] true 
line 3: topic "yok" is none: feryat score and docs/sql.md show the codes
line 9: mood "glad" is none of [angry dissatisfied mixed neutral satisfied unknown], of their words in three languages, or of 1 to 6
line 10: sample "s", number "x" name no text: do not change these columns
line 11: sample "", number "8" name no text: do not change these columns
line 12: not_ours with a mood or topics: what is not about the brand has none
line 13: the same text is labelled in line 2
line 14: topics without a mood
line 15: not_ours "perhaps": say yes, or nothing
`
	if got.String() != want {
		t.Errorf("got\n%s", got.String())
	}
	if lines[1].Label.Topics == nil || lines[2].Label.Topics != nil {
		t.Error("no topics and topics that nobody looked at are the same")
	}
	small := labelsOf(t)
	small.most = 60
	if _, _, _, err := small.read(strings.NewReader("sample,number,mood\n" + strings.Repeat("s,1,angry\n", 5))); err == nil || !strings.Contains(err.Error(), "more than 60 bytes") {
		t.Errorf("a file that is too long: %v", err)
	}
	if lines, _, _, err := small.read(strings.NewReader("sample,number,mood\ns,1,angry\n")); err != nil || len(lines) != 1 {
		t.Errorf("a short one: %d lines, %v", len(lines), err)
	}
	for _, bad := range []string{"", "a,b\n", "sample,number\n1,2\n"} {
		if _, _, _, err := labelsOf(t).read(strings.NewReader(bad)); err == nil {
			t.Errorf("%q is taken for a table", bad)
		}
	}
}

// TestSampleFileComesBack: what is written is read as it was, and is no formula.
func TestSampleFileComesBack(t *testing.T) {
	item := mention.SampleItem{Sample: "s", Number: 3, Brand: "=Paytak", Mention: mention.Mention{ID: "a1", Text: "=HYPERLINK(\"x\")\nhi \x00\xff", Title: "\t=1", Written: mention.Written{Time: time.Unix(0, 0)}},
		Label: &mention.Label{Mood: mention.Mixed, Topics: []string{"delay", "price"}, Note: "-1"}}
	none := item
	none.Number, none.Label = 4, &mention.Label{NotOurs: true}
	var file bytes.Buffer
	if err := writeSample(&file, []mention.SampleItem{item, none}); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(file.String(), ",=") || strings.Contains(file.String(), "\"=") || strings.Contains(file.String(), "\x00") {
		t.Errorf("a spreadsheet would reckon: %q", file.String())
	}
	lines, _, refused, err := labelsOf(t).read(&file)
	if err != nil || len(refused) > 0 || len(lines) != 2 {
		t.Fatalf("%v, %v, %v", lines, refused, err)
	}
	if l := lines[0]; l.Label.Mood != mention.Mixed || fmt.Sprint(l.Label.Topics) != "[delay price]" || l.Number != 3 || l.Label.Note != "-1" || !lines[1].Label.NotOurs {
		t.Errorf("%+v", lines)
	}
}

func FuzzLabels(f *testing.F) {
	r := labelsOf(f)
	f.Add([]byte("sample,number,mood,topics,not_ours\ns,1,angry,delay,\n"))
	f.Add([]byte("\ufeffsample;number;mood\n\"s;1;2\n"))
	f.Add([]byte("sample\tnumber\tmood\n\xff\t1\t۱\n"))
	f.Fuzz(func(t *testing.T, body []byte) {
		lines, _, refused, err := r.read(bytes.NewReader(body))
		if err != nil {
			return
		}
		for _, l := range lines {
			if l.Line < 2 || l.Label.Sample == "" || (l.Label.Mood == "") != l.Label.NotOurs {
				t.Errorf("taken: %+v", l)
			}
		}
		for _, x := range refused {
			if x.Line < 1 || x.Why == "" {
				t.Errorf("refused without a line or a reason: %+v", x)
			}
		}
	})
}

// TestSample draws, labels by a file, and shows the accuracy: the way of the documentation, on a store of its own.
func TestSample(t *testing.T) {
	config := writeConfig(t, "brands: [{name: Paytak}]\nstorage: {embedded: {listen: \"127.0.0.1:0\"}}\n")
	h := ownHome(t, config)
	var rows []mention.Scored
	for i := range 30 {
		rows = append(rows, complaint("Paytak", fmt.Sprint(i), time.Now().Add(-time.Duration(i)*time.Minute), "delay"))
	}
	if _, err := h.store.Insert(t.Context(), rows); err != nil {
		t.Fatal(err)
	}
	if err := h.close(); err != nil {
		t.Fatal(err)
	}
	p := start(t, nil, "serve", "--roles", "score", "--config", config) // the commands are its clients
	p.says(t, "embedded ClickHouse is ready")
	do := func(want int, args ...string) string { return feryat(t, want, append(args, "--config", config)...) }
	if got := do(exitOK, "sample"); !strings.Contains(got, "no labels yet") {
		t.Errorf("of nothing: %s", got)
	}
	file := filepath.Join(t.TempDir(), "sample.csv")
	if got := do(exitOK, "sample", "--n", "25", "--name", "first", "--seed", "7", "--since", "720h", "--out", file); got != "sample first: 25 texts, seed 7\n" {
		t.Errorf("draw says %q", got)
	}
	body, err := os.ReadFile(file)
	if err != nil || bytes.Contains(body, []byte("dissatisfied")) || bytes.Contains(body, []byte("angry")) {
		t.Fatalf("the file tells the verdict, or %v", err)
	}
	if said := fails(t, exitTrouble, "sample", "--name", "first", "--out", file, "--config", config); !strings.Contains(said, "exists") {
		t.Errorf("a file is overwritten: %s", said)
	}
	lines := strings.Split(strings.TrimSpace(string(body)), "\n")
	for i := 1; i <= 22; i++ {
		lines[i] = strings.TrimSuffix(strings.TrimSpace(lines[i]), ",,,") + "öfkeli,delay,,"
	}
	lines[23] = strings.TrimSuffix(strings.TrimSpace(lines[23]), ",,,") + "glad,,,"
	if err := os.WriteFile(file, []byte(strings.Join(lines, "\r\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	said := fails(t, exitTrouble, "sample", "--labels", file, "--by", "ayse", "--config", config)
	if !strings.Contains(said, file+": line 24: mood \"glad\"") {
		t.Errorf("the bad line: %s", said)
	}
	if got := do(exitOK, "sample", "--format", "table"); !strings.Contains(got, "sample first: 22 of 25 labelled") || !strings.Contains(got, "n=22)") || !strings.Contains(got, "person ↓") {
		t.Errorf("the accuracy:\n%s", got)
	}
	x := decodeLine[accuracyLine](t, do(exitOK, "sample", "--name", "first", "--format", "json"))
	if x.Labelled != 22 || x.All.Unhappy.Agreed != 22 || x.All.Unhappy.Low < 0.8 || x.Covered != 1 || len(x.Samples) != 1 {
		t.Errorf("%+v", x)
	}
	if said := fails(t, exitTrouble, "sample", "--n", "5", "--name", "first", "--config", config); !strings.Contains(said, "there is a sample of this name") {
		t.Errorf("a name twice: %s", said)
	}
}
