#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Reports of maps in headless Chromium, in a broad and in a narrow window: no message on the console, no text cut off, overlapping or too small,
# every mark with its cut; screenshots, light and dark, are kept. CUTROPY_TEST_LARGE=1: five maps instead of one.
# Usage: map_browser.sh PROGRAM FOLDER (FOLDER gets the screenshots). Exit status 77: no Chromium or no gnuplot here.
set -u
here=$(dirname "$(realpath "$0")")
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

# browse OPTION...: a page, messages of the console in the log
browse() {
    HOME=$work timeout 120 "$browser" --headless --no-sandbox --disable-gpu --hide-scrollbars --disable-dev-shm-usage \
        --user-data-dir="$work/profile" --enable-logging=stderr "$@" >"$work/page" 2>"$work/log"
}

# The check can fail: a page that complains is heard.
echo '<script>console.error("planted");</script>' >"$work/planted.html"
browse --dump-dom "file://$work/planted.html" || fail "the browser does not run: $(tail -n 3 "$work/log")"
grep -q 'CONSOLE.*planted' "$work/log" || fail "messages of the console are not heard"

# look NAME PROBLEM [OPTION...]: its map in a broad and in a narrow window
look() {
    local name=$1 width repeated
    shift
    "$program" map "$@" -o "$work/$name" >/dev/null || fail "no map $name"
    [ "$(stat -c %s "$work/$name/report.html")" -lt 2097152 ] || fail "$name: the report has 2 MiB or more"
    { cat "$work/$name/report.html" && echo '<script>' && cat "$here/report_check.js" && echo '</script>'; } >"$work/$name/check.html"
    for width in 1280 400; do
        browse --window-size=$width,3000 --virtual-time-budget=5000 --dump-dom "file://$work/$name/check.html" ||
            fail "the browser failed: $(tail -n 3 "$work/log")"
        grep 'CONSOLE' "$work/log" | head -n 20 | grep . && fail "$name: messages on the console at $width pixels"
        grep -q '<title>checked</title>' "$work/page" || fail "$name: not checked at $width pixels"
        browse --window-size=$width,9000 --screenshot="$keep/$name-$width.png" "file://$work/$name/report.html" || fail "no screenshot"
        [ -z "${CUTROPY_TEST_LARGE:-}" ] || browse --window-size=$width,9000 --force-dark-mode --screenshot="$keep/$name-$width-dark.png" "file://$work/$name/report.html"
    done
    # An empty id or a repeated one would mix the pictures.
    repeated=$(grep -o ' id="[^"]*"' "$work/page" | sort | uniq -d)
    [ -z "$repeated" ] || fail "repeated ids: $repeated"
}

look percolation percolation --lattice 4x4
[ "$(stat -c %s "$keep/percolation-1280.png")" -gt 100000 ] || fail "the screenshot is empty"
if [ -n "${CUTROPY_TEST_LARGE:-}" ]; then
    look ising ising --lattice chain:12:ring
    look connected connected --lattice 5x5
    look loops loops --lattice links:3x3:torus
    look digits digits:class=3
fi
echo "passed; screenshots in $keep"
