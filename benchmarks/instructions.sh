#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Instructions of ten small cases, counted by callgrind: a measure of speed that a busy machine does not change.
#
#   benchmarks/instructions.sh [PROGRAM [STORED]]
#
# PROGRAM: default: the preset `release`, which is built. STORED: a file of an earlier call; default: the newest
# benchmarks/results/*-instructions.csv. Prints count, stored count and their ratio, and writes benchmarks/results/DATE-instructions.csv,
# or the file that OUTPUT names (OUTPUT=- writes none). The instructions of the start (cutropy --version) are a row of their own and taken from
# the others. One thread, the portable instruction set and OpenBLAS' Haswell kernels, because valgrind knows no AVX-512.
# The exit status is 1 if a case takes more than MOST percent (default 2) more than STORED says.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export LC_ALL=C OPENBLAS_NUM_THREADS=1 OPENBLAS_CORETYPE=Haswell CUTROPY_ISA=portable

program=${1:-}
stored=${2-$(find benchmarks/results -name "*-instructions.csv" | sort | tail -n 1)}
output=${OUTPUT:-benchmarks/results/$(date +%F)-instructions.csv}
if [ -z "$program" ]; then
    mkdir -p build/logs
    if ! { cmake --preset release && cmake --build --preset release --target cutropy_program; } >build/logs/release.log 2>&1; then
        tail -n 25 build/logs/release.log >&2
        exit 1
    fi
    program=build/release/src/cutropy
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# One path through the program each; no map, because that runs gnuplot.
cases=(
    "table connected --lattice 4x5 --cuts rows"
    "table random --lattice 2x5 --cuts all"
    "table loops --lattice links:3x3 --cuts rectangles,connected:3 --quantities spectrum,renyi:0.5"
    "table page --lattice chain:12 --cuts prefixes"
    "table ising --lattice 3x4 --cuts pairs --quantities mutual_information"
    "table connected --lattice 4x4 --cuts rows,sites --certify"
    "table primes --lattice chain:12 --cuts half --digits 40"
    "scaling percolation --lattice 3x4"
    "verify random --lattice 3x4 --cuts rows,half"
    "expressivity rbm --lattice chain:8 --hidden 0,2,4 --seeds 4"
)

count() { # count ARGUMENT...: instructions of one run
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$program" "$@" >"$scratch/out" 2>"$scratch/err" || {
        cat "$scratch/err" >&2
        return 1
    }
    sed -n 's/.*Collected : \([0-9]*\)$/\1/p' "$scratch/err" | tail -n 1
}

before() { # before CASE: its stored count
    [ -z "$stored" ] || awk -v q="\"$1\"" 'index($0, q "," ) == 1 { print substr($0, length(q) + 2) }' "$stored"
}

more=0
row() { # row CASE COUNT
    local old
    old=$(before "$1")
    printf '"%s",%s\n' "$1" "$2" >>"$scratch/counts.csv"
    printf '%14s %14s %7s  %s\n' "$2" "${old:--}" "$(awk -v a="$2" -v b="${old:-0}" 'BEGIN { print b ? sprintf("%.4f", a / b) : "-" }')" "$1"
    if [ -n "$old" ] && awk -v a="$2" -v b="$old" -v m="${MOST:-2}" 'BEGIN { exit !(a > b * (1 + m / 100)) }'; then
        more=$((more + 1))
    fi
}

echo 'case,instructions' >"$scratch/counts.csv"
printf '%14s %14s %7s  %s\n' instructions stored ratio case
start=$(count --version)
row start "$start"
for entry in "${cases[@]}"; do
    read -ra arguments <<<"$entry --quiet --threads 1"
    total=$(count "${arguments[@]}")
    row "$entry" $((total - start))
done
if [ "$output" != - ]; then
    mkdir -p "$(dirname "$output")"
    mv "$scratch/counts.csv" "$output"
    echo "written to $output"
fi
echo "$more rows take more than ${MOST:-2} % more instructions than ${stored:-nothing} says"
[ "$more" -eq 0 ]
