#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Gram matrices of automata, CPU against device: compare_levels.sh PROGRAM [BACKEND]
#
# Prints one line a case, "PROBLEM LATTICE CUTS DIFFERENCE GRAM_CPU GRAM_DEVICE WHO" (the largest difference of the entropies; the seconds of
# the Gram matrices; the backend that the table names), or says what differs, goes on and ends with status 1. Every integer of the tables must be the
# same: classes, blocks, ranks, exact purities. CUTROPY_TEST_SMALL=1: small lattices, all of whose levels go to the device.
set -eu
program=$1 backend=${2:-cuda:0}
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# table BACKEND ARGUMENT...: the table into BACKEND.csv, the seconds of its Gram matrices to standard output
table() {
    "$program" table "${@:2}" --solver frontier --backend "$1" --timings -o "$work/$1.csv" 2>"$work/said" || {
        echo "FAILED: ${*:2} on $1: $(head -n 3 "$work/said")" >&2
        exit 1
    }
    sed -n 's/.*"gram": *\([0-9.e+-]*\),.*/\1/p' "$work/said"
}

# compare PROBLEM LATTICE CUTS: in a shell of its own
compare() (
    local arguments=("$1" --lattice "$2" --cuts "$3") cpu device difference who
    cpu=$(table cpu "${arguments[@]}") || exit 1
    device=$(table "$backend" "${arguments[@]}") || exit 1
    difference=$(bash "$here/compare_tables.sh" "$work/cpu.csv" "$work/$backend.csv") || exit 1
    "$program" table "${arguments[@]}" --solver frontier --backend "$backend" --format json --quiet -o "$work/table.json" || exit 1
    who=$(sed -n 's/.*"backend": *"\([^"]*\)".*/\1/p' "$work/table.json")
    case $who in
    *"Gram matrices"*) ;;
    *)
        echo "FAILED: $*: made by '$who'" >&2
        exit 1
        ;;
    esac
    echo "$* $difference $cpu $device $who"
)

failed=0
if [ -n "${CUTROPY_TEST_SMALL:-}" ]; then
    export CUTROPY_CUDA_LEVEL=0
    compare independent-set 5x5 rows || failed=1
    compare pixel-loops 4x4 half || failed=1
    exit "$failed"
fi
compare independent-set 16x16 half || failed=1
compare percolation 10x10 half || failed=1
compare connected 9x9 rows || failed=1
CUTROPY_CUDA_LEVEL=0 compare pixel-loops 12x12 half || failed=1 # many blocks
CUTROPY_CUDA_LEVEL=0 compare connected 8x8 prefixes || failed=1
exit "$failed"
