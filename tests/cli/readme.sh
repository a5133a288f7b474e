#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What a newcomer copies runs as it stands: the lines of README.md and the examples of every help page, one after the other in an empty
# folder. Usage: readme.sh PROGRAM VERIFIER README.md
# shellcheck source=tests/cli/common.sh
. "$(dirname "$(realpath "$0")")/common.sh"
verifier=$(realpath "$2")
readme=$(realpath "$3")
places=$(mktemp -d) # of the programs
ln -s "$program" "$places/cutropy"
ln -s "$verifier" "$places/cutropy-verify"
PATH=$places:$PATH
trap 'rm -rf "$work" "$places"' EXIT

# runs LEAST: the lines on standard input, of which there are LEAST or more. Left out is what needs a GPU, files of one's own, or minutes:
# the set of proved tables (ground_truth.sh), bench (test_bench.c), a large map, and all of 32767 cuts are rectangles here.
runs() {
    local line count=0
    while read -r line; do
        bash -c "$line" >out 2>err </dev/null || complain "$line: $(cat err)"
        count=$((count + 1))
    done < <(grep -v -e '^cutropy \(ground-truth\|bench\)' -e '--backend cuda' -e '^cutropy check \(truth/\|other\)' -e mine.npy -e trained/ \
                 -e '-o random-map' -e '^cutropy expressivity cnn' | sed 's/--lattice 4x4 --cuts all/--lattice 4x4 --cuts rectangles/')
    [ $count -ge "$1" ] || complain "there are only $count lines to run"
    rm -rf ./*
}

test_readme() {
    # the table that README.md makes with NumPy
    python3 - <<'END'
import struct
labels = bytes(bin(k >> 1 & k & 0x7ff).count("1") % 2 for k in range(4096))
head = "{'descr': '|u1', 'fortran_order': False, 'shape': (4096,), }"
open("odd_pairs.npy", "wb").write(b"\x93NUMPY\x01\x00" + struct.pack("<H", 118) + head.ljust(117).encode() + b"\n" + labels)
END
    runs 40 < <(awk '/^```/ { inside = $0 == "```sh"; next }
                     inside && /^(cutropy|cutropy-verify|printf) / || sub(/^[$] /, "")' "$readme")
}

test_examples_of_help() {
    local command
    for command in $("$program" help | awk '/^  [a-z]/ && $1 != "help" && $1 != "cutropy" { print $1 }'); do
        "$program" "$command" --help >help-page
        grep -q '^.\{81\}' help-page && complain "$command --help has lines of more than 80 columns"
        sed -n 's/^  \(\(cutropy\|cutropy-verify\|printf\|for\) .*\)/\1/p' help-page
    done >examples
    exec 3<examples
    runs 45 <&3
    exec 3<&-
}

run_tests
