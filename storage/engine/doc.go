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
//   - handler.go checks who asks (Host, Origin, user), request.go reads one statement out of a request, lexer.go and
//     scanner.go look at its words outside strings and comments, policy.go says what each user may do, run.go runs it,
//     native.go and answer.go write what it gives in the form that the client wants.
//   - chdb_linux.go binds the C functions of libchdb without cgo. Each request has a session (a connection of the library)
//     of its own, which takes half a millisecond to open: a setting, a current database or the remains of a failed
//     statement can never leak from one caller to another.
//
// Why a child process: libchdb installs signal handlers, keeps hundreds of megabytes and may crash; none of this may
// take the crawler with it.
//
// There are two users. The writer (random password, new at every start of the supervisor) may change tables. The reader
// ("default", without password, can be switched off) is for Grafana, curl and people. ClickHouse's own readonly is no
// boundary, and neither are grants: the function file() reads any file for anybody, INTO OUTFILE writes one. So several
// checks stand one behind the other, each tested without those behind it:
//
//   - the words of the statement: what a reader's may begin with, which settings it may choose, which functions, table
//     engines and settings nobody may use because they reach files, services or hidden SQL text (scanner.go, policy.go);
//   - libchdb's own parser, which says what a statement changes and how many there are (chdb_classify_query_n);
//   - readonly=2 with limits for readers, and an engine user that was granted nothing outside the store (xml.go);
//   - the kernel: the child can open no file outside its folders and no TCP connection (sandbox_linux.go).
//
// Answers in formats whose pieces can be put together (Native, TSV, CSV, JSONEachRow …) are streamed; others, such as JSON,
// are held in memory and limited by max_result_bytes. A statement whose client has gone is killed.
package engine
