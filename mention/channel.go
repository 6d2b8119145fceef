package mention

import "time"

// ChannelHealth tells whether a channel takes messages.
type ChannelHealth struct {
	Name string `json:"name"`
	Up   bool   `json:"up"`
	// Reason says why it is down: unauthorized (it does not accept our token,
	// password or address) or failing (several tries in a row failed).
	Reason string    `json:"reason,omitempty"`
	Since  time.Time `json:"since,omitzero"` // the first of the tries that failed
}
