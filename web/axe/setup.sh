#!/bin/sh
# Installs axe-core, which package-lock.json pins, for the tests of the pages; does nothing when it is already there.
set -eu
cd "$(dirname "$0")"

marker=node_modules/.installed
wanted=$(sed -n 's/.*"integrity": "\(.*\)".*/\1/p' package-lock.json)
if [ -s node_modules/axe-core/axe.min.js ] && [ "$(cat "$marker" 2>/dev/null)" = "$wanted" ]; then
	exit 0
fi
command -v npm >/dev/null || {
	echo "the tests of the pages need axe-core, and npm is missing; install Node.js with npm (Debian: apt-get install nodejs npm)" >&2
	exit 1
}
npm ci --prefer-offline --no-audit --no-fund >&2
echo "$wanted" >"$marker"
