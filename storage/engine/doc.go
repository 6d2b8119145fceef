// Package engine runs an embedded ClickHouse: the library libchdb in a child process, behind ClickHouse's HTTP interface.
//
// How it hangs together, from the caller inwards:
//
//   - [Engine] is the supervisor. It lives in the program's own process, holds the listening socket, starts the child
//     (the program itself with another argument, say "feryat engine"), hands it the socket and one JSON line of
//     configuration, and starts it again when it dies. Because the socket outlives the child, the address never changes
//     and a client that connects during a restart waits instead of being refused.
//   - [Serve] is the body of the child. It takes the folder's lock, writes the engine's configuration files, loads the
//     library, answers HTTP and ends when its standard input closes, that is, when its owner is gone.
//   - handler.go checks who asks (Host, Origin, user), request.go reads one statement out of a request, scanner.go looks
//     at the statement's words outside strings and comments, policy.go says what each user may do, run.go runs it.
//   - chdb_linux.go binds the C functions of libchdb without cgo. Each request has a session (a connection of the library)
//     of its own, which takes half a millisecond to open: a setting, a current database or the remains of a failed
//     statement can never leak from one caller to another.
//
// Why a child process: libchdb installs signal handlers, keeps hundreds of megabytes and may crash; none of this may
// take the crawler with it.
//
// There are two users. The writer (random password, new at every start of the supervisor) may change tables. The reader
// ("default", without password, can be switched off) is for Grafana, curl and people. ClickHouse's own readonly is no
// boundary, so four checks stand one behind the other: the words a reader's statement may begin with, libchdb's own
// classification of the statement, readonly=2 with limits, and an engine user that was granted nothing outside the
// store: no file, no URL, no other server, for the writer either.
package engine
