#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# scripts/gallery of two functions: the page, its files, a table that is proved, and what it leaves out.
# Usage: gallery.sh PROGRAM GALLERY. Exit status 77: no gnuplot or no python3 here.
command -v gnuplot >/dev/null && command -v python3 >/dev/null || { echo "SKIPPED: no gnuplot or no python3"; exit 77; }
gallery=$(realpath "$2")
docs=$(dirname "$gallery")/../docs
# shellcheck source=tests/cli/common.sh
. "$(dirname "$(realpath "$0")")/common.sh"

test_two() {
    local name link
    python3 "$gallery" "$program" pages loops parity >out 2>err || complain "no gallery: $(cat err)"
    is "2" "$(grep -c '^<h2' pages/index.html)" "functions in the gallery"
    for name in loops parity; do
        grep -qxF "$(grep "^| .$name" out)" "$docs/gallery.md" || complain "docs/gallery.md says something else of $name: $(grep "$name" out)"
        is "certified" "$(column guarantee pages/$name/certified.csv | tr ' ' '\n' | sed 's/exact/certified/' | sort -u)" "guarantees of the table of $name"
    done
    for link in $(grep -o '\(src\|href\)="[^"#:]*"' pages/index.html | cut -d '"' -f 2); do
        [ -s "pages/$link" ] || complain "a link leads nowhere: $link"
    done
    is 8 "$(find pages -type f -path '*/*/*' | wc -l)" "files beside the page"
    is 12 "$(grep -o 'class="image ' pages/index.html | wc -l)" "images with label 1"
    grep -q '<strong>Area law, exact.</strong>' pages/index.html || complain "no verdict"
}

# Every function of the program is in the table of the documentation.
test_all() {
    local name
    for name in $("$program" problems | sed -n 's/^  \([a-z-]*\)  *.*/\1/p' | grep -vx 'file\|data'); do
        grep -q "^| .$name[:\`]" "$docs/gallery.md" || complain "$name is not in docs/gallery.md"
    done
    python3 "$gallery" "$program" pages nothing >out 2>err && complain "a gallery of nothing"
    grep -q "no built-in function: nothing" err || complain "an unknown function is not named"
}

run_tests
