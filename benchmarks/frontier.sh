#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The table of docs/frontier.md: whole program, each case on one thread and on two.
#
#   benchmarks/frontier.sh [PROGRAM [CASES]]     default: build/native/src/cutropy, and all cases ("1 3": the first and the third)
#
# Prints seconds of the clock, of the processor (user and system), and MiB of peak memory. Five minutes of the processor. Needs GNU time.
set -euo pipefail
program=$(realpath "${1:-build/native/src/cutropy}")
chosen=${2:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export LC_ALL=C OPENBLAS_NUM_THREADS=1

number=0
measure() { # measure ARGUMENT...
    number=$((number + 1))
    if [ -n "$chosen" ] && [[ " $chosen " != *" $number "* ]]; then
        return
    fi
    printf '%2d  %-62s' "$number" "$*"
    for threads in 1 2; do
        command time -f '%e %U %S %M' -o "$work/time" "$program" table "$@" --threads "$threads" -o "$work/table.csv"
        awk -v t="$threads" '{ printf "  %d: %7.2f s %7.2f cpu %5.0f MiB", t, $1, $2 + $3, $4 / 1024 }' "$work/time"
    done
    echo
}
measure connected --lattice 6x6 --cuts rows --certify
measure connected --lattice 8x8 --cuts rows --certify
measure independent-set --lattice 12x12 --cuts rows --certify
measure independent-set --lattice 16x16 --cuts half
measure pixel-loops --lattice 12x12 --cuts half --certify
measure connected --lattice 10x10 --cuts rows
measure percolation --lattice 10x10 --cuts rows
measure still-life --lattice 8x8 --cuts rows
measure connected --lattice 8x8 --cuts 'x<4&y<4' --certify
measure connected --lattice 8x8 --cuts 'x>2&x<6&y>2&y<6' --certify
measure percolation --lattice 8x8 --cuts 'x>2&x<6&y>2&y<6' --certify
measure independent-set --lattice 12x12 --cuts 'x>3&x<8&y>3&y<8' --certify
measure independent-set --lattice 16x16 --cuts 'x<8&y<8'
measure pixel-loops --lattice 10x10 --cuts 'x<5&y<5' --certify
measure connected --lattice 5x5:torus --cuts half --solver frontier
measure percolation --lattice 10x10:torus --cuts half
measure pixel-loops --lattice 6x6:torus --cuts half
measure independent-set --lattice 8x8:torus --cuts half
measure rectangle --lattice 16x16 --cuts rows --certify
measure majority --lattice chain:200 --cuts half --certify
measure contains --lattice 12x12 --cuts half
measure rectangle --lattice 24x24 --cuts rows --certify
measure majority --lattice 24x24 --cuts rows
measure independent-set --lattice 12x48 --cuts rows
measure connected --lattice 6x96 --cuts rows
measure percolation --lattice 8x72 --cuts half
measure pixel-loops --lattice 9x64 --cuts half
measure connected --lattice 8x8 --cuts prefixes
measure independent-set --lattice 12x12 --cuts prefixes --certify
