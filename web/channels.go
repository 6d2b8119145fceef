package web

import (
	"slices"

	"feryat/i18n"
	"feryat/mention"
)

// silent lists the channels that take no messages now.
func (s *Server) silent() []mention.ChannelHealth {
	if s.outlets == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(s.outlets.Channels()), func(h mention.ChannelHealth) bool { return h.Up })
}

// down says since when a channel takes no messages, and why.
func (s *Server) down(l i18n.Language, h mention.ChannelHealth) string {
	return s.texts.T(l, "ui.channel_down", h.Name, s.texts.DateTime(l, h.Since, s.zone), s.texts.Code(l, "channel", h.Reason))
}
