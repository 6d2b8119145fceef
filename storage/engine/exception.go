package engine

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
)

// ClickHouse's error codes that this package makes itself or translates to an HTTP status.
// They are listed in ClickHouse's src/Common/ErrorCodes.cpp.
const (
	codeBadArguments     = 36
	codeNotImplemented   = 48
	codeSyntaxError      = 62
	codeUnknownSetting   = 115
	codeReadonly         = 164
	codeTooBusy          = 202
	codeAuthentication   = 516
	codeAccessDenied     = 497
	codeTooLargeText     = 307
	codeCannotDecompress = 271
	codeUnknown          = 1002
)

// exception is an error in ClickHouse's own form, as clients expect it.
type exception struct {
	code    int
	message string // with "Code: 62. DB::Exception: " in front
}

func (e *exception) Error() string { return e.message }

// refuse makes an exception of this package.
func refuse(code int, name, format string, args ...any) *exception {
	return &exception{code, fmt.Sprintf("Code: %d. DB::Exception: %s. (%s)", code, fmt.Sprintf(format, args...), name)}
}

var codePattern = regexp.MustCompile(`^Code: (\d+)\.`)

// newException understands a message of the engine.
func newException(message string) *exception {
	if match := codePattern.FindStringSubmatch(message); match != nil {
		if code, err := strconv.Atoi(match[1]); err == nil {
			return &exception{code, message}
		}
	}
	return &exception{codeUnknown, fmt.Sprintf("Code: %d. DB::Exception: %s", codeUnknown, message)}
}

// status is the HTTP status that ClickHouse's server gives for the error.
func (e *exception) status() int {
	switch e.code {
	case codeAuthentication, codeAccessDenied:
		return http.StatusForbidden
	case 46, 60, 81, 16, 47: // unknown function, table, database, column, identifier
		return http.StatusNotFound
	case codeBadArguments, codeSyntaxError, 6, 26, 27, 38, 41, 42, 43, 53, 69, 70, 72, 117, 130, 131, codeUnknownSetting, codeReadonly, 456, 457:
		return http.StatusBadRequest
	case codeNotImplemented:
		return http.StatusNotImplemented
	case codeTooLargeText:
		return http.StatusRequestEntityTooLarge
	case 159, 160: // the statement ran too long
		return http.StatusRequestTimeout
	case codeTooBusy:
		return http.StatusServiceUnavailable
	default:
		return http.StatusInternalServerError
	}
}
