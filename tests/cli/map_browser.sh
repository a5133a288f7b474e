#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The report of a map in headless Chromium: no message on the console, nothing asked from the network, a screenshot kept.
# Usage: map_browser.sh PROGRAM FOLDER (FOLDER gets report.png). Exit status 77: no Chromium or no gnuplot here.
set -u
program=$(realpath "$1")
mkdir -p "$2" && keep=$(realpath "$2") || exit 1
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) ||
    { echo "SKIPPED: no Chromium"; exit 77; }
command -v gnuplot >/dev/null || { echo "SKIPPED: no gnuplot"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

# browse OPTION...: the page in ./map, messages of the console in the log
browse() {
    HOME=$work timeout 120 "$browser" --headless --no-sandbox --disable-gpu --hide-scrollbars --disable-dev-shm-usage \
        --user-data-dir="$work/profile" --enable-logging=stderr --window-size=1000,9000 "$@" >"$work/page" 2>"$work/log"
}

"$program" map percolation --lattice 4x4 -o "$work/map" >/dev/null || fail "no map"
# The check can fail: a page that complains is heard.
echo '<script>console.error("planted");</script>' >"$work/planted.html"
browse --dump-dom "file://$work/planted.html" || fail "the browser does not run: $(tail -n 3 "$work/log")"
grep -q 'CONSOLE.*planted' "$work/log" || fail "messages of the console are not heard"

browse --dump-dom "file://$work/map/report.html" || fail "the browser failed: $(tail -n 3 "$work/log")"
grep 'CONSOLE' "$work/log" && fail "messages on the console"
[ "$(grep -c '<svg' "$work/page")" -eq 10 ] || fail "not ten pictures in the page"
# An empty id or a repeated one would mix the pictures.
repeated=$(grep -o ' id="[^"]*"' "$work/page" | sort | uniq -d)
[ -z "$repeated" ] || fail "repeated ids: $repeated"
browse --screenshot="$keep/report.png" "file://$work/map/report.html" || fail "no screenshot"
[ "$(stat -c %s "$keep/report.png")" -gt 100000 ] || fail "the screenshot is empty"
echo "passed; screenshot: $keep/report.png"
