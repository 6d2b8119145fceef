#!/bin/sh
# Sees to it that there is a Prometheus Alertmanager for the tests of channels:
# Debian's, fetched and unpacked once under .cache, so that no service is
# installed, started or enabled. Only the templates, which the program looks for
# under /usr/share, are put there. Where apt is missing, install
# prometheus-alertmanager by hand.
set -eu
cd "$(dirname "$0")/../.."
into=$PWD/.cache/alertmanager
share=/usr/share/prometheus/alertmanager
if command -v prometheus-alertmanager >/dev/null 2>&1 || [ -x "$into/usr/bin/prometheus-alertmanager" ] && [ -e $share/default.tmpl ]; then
	exit 0
fi
if ! command -v apt-get >/dev/null 2>&1 || ! command -v dpkg >/dev/null 2>&1; then
	echo "the tests of channels need prometheus-alertmanager on the PATH; install it and run again" >&2
	exit 1
fi
as_root=""
[ "$(id -u)" = 0 ] || as_root="sudo"
echo "fetching prometheus-alertmanager from Debian's packages, once"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
apt-get download -qq prometheus-alertmanager 2>/dev/null || {
	$as_root apt-get update -qq
	apt-get download -qq prometheus-alertmanager
}
dpkg -x prometheus-alertmanager_*.deb unpacked
$as_root mkdir -p $share
$as_root cp unpacked$share/*.tmpl $share
mkdir -p "${into%/*}"
rm -rf "$into"
mv unpacked "$into"
