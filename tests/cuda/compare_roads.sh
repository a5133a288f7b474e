#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Eigenvalues by our own kernels against cuSOLVER's, both on the device: compare_roads.sh PROGRAM [BACKEND]
#
# Prints one line a case, "PROBLEM LATTICE CUTS DIFFERENCE OWN CUSOLVER" (the largest difference of the entropies, the seconds of the eigenvalues by
# either), or says what differs, goes on and ends with status 1. CUTROPY_TEST_SMALL=1: small matrices.
set -eu
program=$1 backend=${2:-cuda:0}
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# table FILE ARGUMENT...: the seconds of its eigenvalues to standard output
table() {
    "$program" table "${@:2}" --backend "$backend" --timings -o "$work/$1.csv" 2>"$work/said" || {
        echo "FAILED: ${*:2}: $(head -n 3 "$work/said")" >&2
        exit 1
    }
    sed -n 's/.*"eigenvalues": *\([0-9.e+-]*\),.*/\1/p' "$work/said"
}

# compare PROBLEM LATTICE CUTS: in a shell of its own
compare() (
    local arguments=("$1" --lattice "$2" --cuts "$3") own library difference
    own=$(table own "${arguments[@]}") || exit 1
    library=$(CUTROPY_CUDA_WIDE=0 table library "${arguments[@]}") || exit 1
    difference=$(bash "$here/compare_tables.sh" "$work/own.csv" "$work/library.csv") || exit 1
    echo "$* $difference $own $library"
)

failed=0
if [ -n "${CUTROPY_TEST_SMALL:-}" ]; then
    compare page:complex=1 chain:14 half || failed=1
    exit "$failed"
fi
compare page:complex=1 chain:14 all || failed=1  # 1716 cuts of n = 128
compare page:complex=1 chain:20 half || failed=1 # n = 1024
compare page:complex=1 chain:24 half || failed=1 # n = 4096
compare page chain:22 half || failed=1           # real, n = 2048
exit "$failed"
