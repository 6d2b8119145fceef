package engine

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

const libraryName = "libchdb.so"

// npmLibrary is where `make setup` puts the library, from the top of the repository.
const npmLibrary = "storage/engine/npm/node_modules/@chdb/lib-linux-x64-gnu/" + libraryName

// FindLibrary gives the path of libchdb.so. It is, in this order: the explicit path, if one is given; lib/libchdb.so and
// libchdb.so beside the program; what `make setup` installed, in the working directory or a folder above it.
func FindLibrary(explicit string) (string, error) {
	if explicit != "" {
		if !isFile(explicit) {
			return "", fmt.Errorf("the configured engine library %s is not there; correct the path or run: make setup", explicit)
		}
		return explicit, nil
	}
	for _, candidate := range candidates() {
		if isFile(candidate) {
			return candidate, nil
		}
	}
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		return "", fmt.Errorf("no engine library %s for %s/%s: the embedded ClickHouse is proven on linux/amd64 only; "+
			"configure the path of a build for this platform, or the URL of a ClickHouse server", libraryName, runtime.GOOS, runtime.GOARCH)
	}
	return "", fmt.Errorf("the engine library %s is neither beside the program nor in %s of this folder or one above it; run: make setup",
		libraryName, npmLibrary)
}

func candidates() []string {
	var paths []string
	if program, err := os.Executable(); err == nil {
		dir := filepath.Dir(program)
		paths = append(paths, filepath.Join(dir, "lib", libraryName), filepath.Join(dir, libraryName))
	}
	dir, err := os.Getwd()
	for err == nil {
		paths = append(paths, filepath.Join(dir, filepath.FromSlash(npmLibrary)))
		parent := filepath.Dir(dir)
		if parent == dir {
			break
		}
		dir = parent
	}
	return paths
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
