package mention

import "errors"

// Delivery is one record handed over by the queue. Redelivered is true where
// the record may have been handed over before: work that a crash may have cut
// short must then be done again.
type Delivery[T any] struct {
	Value       T
	Redelivered bool
}

// ErrBad marks an error that the record itself causes and that no retry can
// cure. The queue looks for the record at fault and sets it aside, with the
// error as reason, so that it holds up nothing else.
var ErrBad = errors.New("record refused")

// ErrUnavailable marks an error that no record causes: a part is down, a disk is
// full. The queue keeps the records and tries again for as long as it takes.
var ErrUnavailable = errors.New("not available now")
