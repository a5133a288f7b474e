#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Tables of every problem, CPU against CUDA: compare_problems.sh PROGRAM [BACKEND]
#
# Prints one line a problem, "PROBLEM LATTICE CUTS DIFFERENCE" (the largest difference of the entropies), or says what differs
# and ends with status 1. CUTROPY_TEST_SMALL=1: a few of them.
set -eu
program=$1 backend=${2:-cuda:all}
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

# compare PROBLEM LATTICE CUTS: "" is the problem's own lattice
compare() {
    local lattice=() difference
    [ -z "$2" ] || lattice=(--lattice "$2")
    if ! "$program" table "$1" "${lattice[@]}" --cuts "$3" --backend cpu >"$work/cpu.csv" 2>"$work/error" ||
        ! "$program" table "$1" "${lattice[@]}" --cuts "$3" --backend "$backend" >"$work/cuda.csv" 2>"$work/error" ||
        ! difference=$(bash "$here/compare_tables.sh" "$work/cpu.csv" "$work/cuda.csv" 2>"$work/error"); then
        echo "FAILED: $1 ${2:-own} $3: $(head -n 3 "$work/error")" >&2
        failures=$((failures + 1))
        return
    fi
    echo "$1 ${2:-own} $3 $difference"
}

# Every problem that the program knows on its own lattice (file needs a file), then some on larger and other ones.
problems=$("$program" problems | sed -n 's/^  \([a-z][a-z-]*\)  .*/\1/p' | grep -v '^file$' | sed 's/^digits$/digits:class=3/')
[ "$(wc -l <<<"$problems")" -ge 20 ] || { echo "cannot read the list of problems" >&2; exit 1; }
if [ -n "${CUTROPY_TEST_SMALL:-}" ]; then
    compare connected 3x3 prefixes,half
    compare page chain:8 prefixes
    compare page:complex=1 chain:8 half
    [ "$failures" -eq 0 ] || exit 1
    exit
fi
for problem in $problems; do
    compare "$problem" "" prefixes,half
done
compare connected 3x4 all
compare random:density=0.25,seed=3 3x4 all
compare random:density=0.5,seed=4,encoding=pm1 3x4 rectangles
compare majority chain:13 all
compare percolation 3x4:torus rectangles
compare loops links:3x3 rectangles
compare page chain:12 all
compare cnn 3x4 rectangles
compare rbm chain:11 all
compare mps chain:12 prefixes
compare logistic 3x3 all
[ "$failures" -eq 0 ] || exit 1
