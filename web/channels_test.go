package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"feryat/mention"
)

type outletList []mention.ChannelHealth

func (o outletList) Channels() []mention.ChannelHealth { return o }

func TestAChannelThatTakesNothingIsShown(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	s := newServer(t, store, func(c *Config) { c.Zone = "UTC" })
	site := serve(t, s)
	if got := parse(t, get(t, site+"/?lang=en"), http.StatusOK).Find(".channel").Length(); got != 0 {
		t.Errorf("%d channels are shown where nobody watches any", got)
	}
	s.WatchChannels(outletList{
		{Name: "mail", Up: true},
		{Name: "slack <b>desk</b>", Reason: "unauthorized", Since: now().Add(-2 * time.Hour)},
		{Name: "hook", Reason: "failing", Since: now().Add(-time.Minute)},
	})
	for lang, want := range map[string][]string{
		"en": {"Channel “slack <b>desk</b>” has not taken messages since 6 Nov 2026 10:00: its token", "Channel “hook” has not taken messages since 6 Nov 2026 11:59: several tries"},
		"tr": {"«slack <b>desk</b>» kanalı mesaj almıyor. Başlangıç: 6 Kas 2026 10:00. Neden: belirteci", "«hook» kanalı mesaj almıyor"},
		"fa": {"کانال «slack <b>desk</b>» پیام", "کانال «hook» پیام"},
	} {
		for _, page := range []string{"/", "/inbox"} {
			got := lines(parse(t, get(t, site+page+"?lang="+lang), http.StatusOK).Find(".channel[role=alert]"))
			if len(got) != 2 || !strings.HasPrefix(got[0], want[0]) || !strings.HasPrefix(got[1], want[1]) {
				t.Errorf("%s in %s says %q", page, lang, got)
			}
			if lang == "fa" && (!strings.Contains(got[0], "آغاز: ۱۵ آبان ۱۴۰۵ ۱۰:۰۰. دلیل: توکن") || strings.Contains(got[1], "2026")) {
				t.Errorf("%s in Persian says %q", page, got)
			}
		}
	}
}
