#!/bin/sh
# Installs the engine library that package-lock.json pins, and does nothing at all when it is already there.
# npm checks the archive against the lock's integrity; the marker written afterwards remembers which integrity that was.
set -eu
cd "$(dirname "$0")"

package=node_modules/@chdb/lib-linux-x64-gnu
library=$package/libchdb.so
marker=node_modules/.installed

if [ "$(uname -s)-$(uname -m)" != Linux-x86_64 ]; then
    echo "setup: the embedded ClickHouse is proven on Linux x86-64 only, this is $(uname -s) $(uname -m): not installed;" >&2
    echo "setup: use a ClickHouse server (storage.url), or a libchdb of your own (storage.engine.library)" >&2
    exit 0
fi

wanted=$(sed -n 's/.*"integrity": "\(.*\)".*/\1/p' package-lock.json)
if [ -s "$library" ] && [ "$(cat "$marker" 2>/dev/null)" = "$wanted $(wc -c <"$library")" ]; then
    exit 0
fi

command -v npm >/dev/null || {
    echo "setup: npm is missing; install Node.js with npm (Debian: apt-get install nodejs npm) and run: make setup" >&2
    exit 1
}
echo "setup: installing the engine library (about 540 MB unpacked)" >&2
npm ci --prefer-offline --no-audit --no-fund >&2 || {
    echo "setup: npm could not install the engine library; its message is above. It needs the registry once, or a filled npm cache" >&2
    exit 1
}
[ -s "$library" ] || {
    echo "setup: npm reported success, but $library is missing" >&2
    exit 1
}
echo "$wanted $(wc -c <"$library")" >"$marker"
