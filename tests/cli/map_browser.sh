#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Reports of maps, and pictures of plot, scaling, range and expressivity, in headless Chromium, in a broad and in a narrow window: no message on the console, no text cut off, overlapping or too small,
# every mark with its cut; screenshots, light and dark, are kept. CUTROPY_TEST_LARGE=1: six maps instead of one.
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

# Pictures of plot, scaling, range and expressivity, all in one page, which the same check reads.
draw() {
    "$program" "$@" >/dev/null || fail "no picture: cutropy $*"
}
pictures() {
    local name
    cd "$work" || exit 1
    draw table percolation --lattice 4x4 --cuts rectangles -o rectangles.csv
    draw table connected --lattice 4x4 --cuts rows -o rows.csv
    for name in 4 5 6 7 8; do
        draw table random --lattice chain:$name --cuts half -o $name.json
        draw table random --lattice chain:$name --cuts prefixes -o p$name.csv
    done
    draw plot rectangles.csv -o rectangles.svg
    draw plot rows.csv --title "Blocks of rows" -o rows.svg
    draw plot 4.json 6.json 8.json -o growth.svg
    draw plot p4.csv p6.csv p8.csv -o prefixes.svg
    draw plot p4.csv p5.csv p6.csv p7.csv p8.csv -o many.svg
    draw plot p4.csv p5.csv p6.csv p7.csv p8.csv -o many-narrow.svg
    draw scaling random --lattices 2x2..3x3 --plot law.svg
    draw scaling loops --lattice links:3x3:torus --plot exact.svg
    draw range connected --lattice 4x4 --plot range.svg
    draw range percolation --lattice 3x3 --cuts rectangles --plot ranges.svg
    draw plot rectangles.csv -o rectangles-narrow.svg
    draw plot rows.csv -o rows-narrow.svg
    draw scaling random --lattices 2x2..3x3 --plot law-narrow.svg
    draw range connected --lattice 4x4 --plot range-narrow.svg
    draw expressivity cnn --lattice 2x2 --channels 1,2,4 --layers 1,2,3 --seeds 3 --pictures expressivity
    {
        echo '<!DOCTYPE html><meta charset="utf-8"><title>pictures</title><style>svg { width: 660px; height: auto; } svg[width="360"] { width: 360px; }</style>'
        for name in *.svg expressivity/expressivity.svg; do
            printf '<figure aria-label="%s"><div class="plot broad">' "$name"
            sed -n '/<svg/,$p' "$name" | sed "s/gnuplot_plot_/$(basename "$name" .svg)_&/g; s/id='gpPt/id='$(basename "$name" .svg)_gpPt/g; s/#gpPt/#$(basename "$name" .svg)_gpPt/g"
            echo '</div></figure>'
        done
        echo '<script>' && cat "$here/report_check.js" && echo '</script>'
    } >pictures.html
    browse --window-size=1280,3000 --virtual-time-budget=5000 --dump-dom "file://$work/pictures.html" || fail "the browser failed: $(tail -n 3 "$work/log")"
    grep 'CONSOLE' "$work/log" | head -n 20 | grep . && fail "messages on the console about pictures"
    grep -q '<title>checked</title>' "$work/page" || fail "pictures are not checked"
    browse --window-size=1280,6500 --screenshot="$keep/pictures.png" "file://$work/pictures.html" || fail "no screenshot"
}
pictures

look percolation percolation --lattice 4x4
[ "$(stat -c %s "$keep/percolation-1280.png")" -gt 100000 ] || fail "the screenshot is empty"
if [ -n "${CUTROPY_TEST_LARGE:-}" ]; then
    look ising ising --lattice chain:12:ring
    look connected connected --lattice 5x5
    look loops loops --lattice links:3x3:torus
    python3 -c "for k in range(60):
    print('\\n'.join(''.join('.#'[abs((x - 14 - k % 5) ** 2 + (y - 12 - k % 7) ** 2 - 40 - k) < 20] for x in range(28)) for y in range(28)), end='\\n\\n')" >"$work/rings.txt"
    look rings "$work/rings.txt"
    look digits digits:class=3
fi
echo "passed; screenshots in $keep"
