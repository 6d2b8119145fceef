// Command feryat watches public complaints: it collects reviews, posts and
// mentions of brands, says how each customer feels and why, keeps it in
// ClickHouse, shows it, and tells people of those who must not wait.
package main

import (
	"os"
	_ "time/tzdata" // zones of brands and pages, also where the system has none
)

// version is set by the build.
var version = "dev"

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
