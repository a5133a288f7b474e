#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# 2^30 images of C text from the text to the table of one cut (docs/own-functions.md): the compiler included, nothing in the cache;
# the second time of a line is that of the processor, all processes together. Medians of three. Last: the same function built in.
# usage: ctext.sh [PROGRAM]; half a minute, 256 MiB
set -euo pipefail
program=$(realpath "${1:-build/native/src/cutropy}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat >words.c <<'END'
word label(const word *image)
{
    word bad = NONE;
    each_pixel(x, y)
        bad |= pixel(x, y) & (pixel(x + 1, y) | pixel(x, y + 1));
    return ~bad;
}
END
# measure NAME ARGUMENT...
measure() {
    local name=$1 k
    shift
    for k in 1 2 3; do
        rm -rf cache
        TIMEFORMAT='%R %U %S'
        { time XDG_CACHE_HOME=$PWD/cache "$program" table "$@" --lattice 6x5 --cuts 0x7fff >table; } 2>&1
    done | awk '{ print $1, $2 + $3 }' >times
    printf '%-40s %5.2f s  %5.2f s of the processor\n' "$name" "$(cut -d' ' -f1 times | sort -n | sed -n 2p)" \
        "$(cut -d' ' -f2 times | sort -n | sed -n 2p)"
}
measure "lit % 3 == 0" --expr 'lit % 3 == 0'
measure "512 images a step" words.c
measure "independent-set, built in" independent-set
