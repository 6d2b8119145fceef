package notify

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

// ErrRefused marks an answer that trying again will not change.
var ErrRefused = errors.New("refused for good")

// ErrUnauthorized marks a refusal that is about us and not about the message:
// the token, the password or the secret address of the channel is wrong, and
// every other message will be refused too. It is an ErrRefused.
var ErrUnauthorized = fmt.Errorf("the token, password or secret address is not accepted: %w", ErrRefused)

// maxRetryAfter bounds how long a receiver may put us off.
const maxRetryAfter = time.Hour

// RetryAfterError is a failure with the receiver's word when to try again.
type RetryAfterError struct {
	After time.Duration // more than 0, at most an hour
	err   error
}

// Error says what failed and how long to wait.
func (e *RetryAfterError) Error() string { return fmt.Sprintf("%v; asked to wait %s", e.err, e.After) }

// Unwrap gives the failure itself.
func (e *RetryAfterError) Unwrap() error { return e.err }

// RetryAfter is After, for queues that know no channels.
func (e *RetryAfterError) RetryAfter() time.Duration { return e.After }

// notTakenError marks a failure of which it is certain that the channel has not
// taken the message. Its text is the failure's.
type notTakenError struct{ error }

// Unwrap gives the failure itself.
func (e notTakenError) Unwrap() error { return e.error }

// NotTaken reports whether a channel has certainly not taken the message: it
// said so, or was never reached. After any other failure it may have told it.
func NotTaken(err error) bool {
	var certain notTakenError
	var wait *RetryAfterError
	return errors.Is(err, ErrRefused) || errors.As(err, &wait) || errors.As(err, &certain)
}

// neverReached reports whether no connection was made.
func neverReached(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

// after adds to err how long the receiver wants us to wait, if it said so.
func after(err error, wait time.Duration) error {
	if wait <= 0 {
		return err
	}
	return &RetryAfterError{After: min(wait, maxRetryAfter), err: err}
}

// cause keeps of a failed connection what holds no word of the other side and
// none of our secrets: errors of net/http and net/smtp quote addresses and
// what was answered.
func cause(err error) error {
	var op *net.OpError
	var certificate *tls.CertificateVerificationError
	var timeout interface{ Timeout() bool }
	switch {
	case errors.Is(err, context.Canceled):
		return context.Canceled
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return context.DeadlineExceeded
	case errors.As(err, &certificate):
		return errors.New("the certificate is not valid for this host")
	case errors.As(err, &op):
		return op
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the connection was cut")
	}
	return errors.New("the answer is not understood")
}
