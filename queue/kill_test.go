package queue

import "os"

func child() (bool, int) { return false, 0 }
func exit(code int)      { os.Exit(code) }
