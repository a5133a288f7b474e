#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Instructions of small cases, counted by callgrind: a measure of speed that a busy machine does not change, and the guard against
# changes that make the program slower without anybody's noticing (the test `instructions`).
#
#   benchmarks/instructions.sh [PROGRAM [STORED]]
#
# PROGRAM: default: the preset `release`, which is built. STORED: a file of an earlier call; default: the newest
# benchmarks/results/*-instructions.csv. Prints count, stored count and their ratio, and writes benchmarks/results/DATE-instructions.csv,
# or the file that OUTPUT names (OUTPUT=- writes none).
#
# Counted are instructions of the program's own code, so that neither the C library nor OpenBLAS matters; one thread, AVX2, which valgrind
# knows. The compiler does matter: COMPILER (default: GNU and the version of cc) is the first line of the file, and where STORED names another
# one nothing is compared. The exit status is 1 if a case takes more than MOST percent (default 3) more than STORED says, or as much less (then the
# stored counts are to be made again: a guard that hangs too high does not guard), and 77 where nothing can be compared.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export LC_ALL=C OPENBLAS_NUM_THREADS=1 OPENBLAS_CORETYPE=Haswell CUTROPY_ISA=avx2

program=${1:-}
stored=${2-$(find benchmarks/results -name "*-instructions.csv" | sort | tail -n 1)}
output=${OUTPUT:-benchmarks/results/$(date +%F)-instructions.csv}
compiler=${COMPILER:-GNU $(cc -dumpfullversion)}
most=${MOST:-3}

skip() {
    echo "not compared: $*"
    exit 77
}

command -v valgrind >/dev/null || skip "valgrind is not here"
grep -qw avx2 /proc/cpuinfo || skip "this processor has no AVX2"
if [ -n "$stored" ] && [ "$output" = - ]; then
    theirs=$(sed -n '1s/^# //p' "$stored")
    [ "$theirs" = "$compiler" ] || skip "the counts of $stored are of '$theirs', this is '$compiler'"
fi
if [ -z "$program" ]; then
    mkdir -p build/logs
    if ! { cmake --preset release && cmake --build --preset release --target cutropy_program; } >build/logs/release.log 2>&1; then
        tail -n 25 build/logs/release.log >&2
        exit 1
    fi
    program=build/release/src/cutropy
fi
program=$(realpath "$program")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# One path through the program each; no map, because that runs gnuplot.
cases=(
    "table connected --lattice 4x4 --cuts rows"
    "table random --lattice 2x5 --cuts all"
    "table loops --lattice links:3x3 --cuts rectangles,connected:3 --quantities spectrum,renyi:0.5"
    "table page --lattice chain:12 --cuts prefixes"
    "table page:complex=1 --lattice chain:12 --cuts prefixes"
    "table ising --lattice 3x4 --cuts pairs --quantities mutual_information"
    "table connected --lattice 4x4 --cuts rows,sites --certify"
    "table primes --lattice chain:12 --cuts half --digits 40"
    "scaling percolation --lattice 3x4"
    "verify random --lattice 3x3 --cuts rows,half"
    "expressivity rbm --lattice chain:8 --hidden 0,2,4 --seeds 4"
)

# count ARGUMENT...: instructions of the program's own code. Lines of costs follow the object and the function that they belong to;
# what follows a line of calls belongs to the function that was called.
count() {
    valgrind --tool=callgrind --callgrind-out-file="$scratch/profile" "$program" "$@" >"$scratch/out" 2>"$scratch/err" || {
        cat "$scratch/err" >&2
        return 1
    }
    awk -v program="$program" '
        /^ob=/ {
            id = $1
            sub(/^ob=/, "", id)
            if (NF > 1)
                is_own[id] = substr($0, index($0, " ") + 1) == program
            own = is_own[id]
        }
        /^cob=/ && NF > 1 {
            id = $1
            sub(/^cob=/, "", id)
            is_own[id] = substr($0, index($0, " ") + 1) == program
        }
        /^calls=/ { getline; next }
        /^[-+*0-9]/ && own { sum += $2 }
        END { printf "%d\n", sum }' "$scratch/profile"
}

before() { # before CASE: its stored count
    [ -z "$stored" ] || awk -v q="\"$1\"" 'index($0, q "," ) == 1 { print substr($0, length(q) + 2) }' "$stored"
}

wrong=0
row() { # row CASE COUNT
    local old
    old=$(before "$1")
    printf '"%s",%s\n' "$1" "$2" >>"$scratch/counts.csv"
    printf '%14s %14s %7s  %s\n' "$2" "${old:--}" "$(awk -v a="$2" -v b="${old:-0}" 'BEGIN { print b ? sprintf("%.4f", a / b) : "-" }')" "$1"
    if [ -n "$old" ] && awk -v a="$2" -v b="$old" -v m="$most" 'BEGIN { exit !(a > b * (1 + m / 100) || a < b * (1 - m / 100)) }'; then
        wrong=$((wrong + 1))
    fi
}

printf '# %s\ncase,instructions\n' "$compiler" >"$scratch/counts.csv"
printf '%14s %14s %7s  %s\n' instructions stored ratio case
for entry in "${cases[@]}"; do
    read -ra arguments <<<"$entry --quiet --threads 1"
    total=$(count "${arguments[@]}")
    if [ "$total" -eq 0 ]; then
        echo "no code of $program was counted: has it been stripped of its name?" >&2
        exit 1
    fi
    row "$entry" "$total"
done
if [ "$output" != - ]; then
    mkdir -p "$(dirname "$output")"
    mv "$scratch/counts.csv" "$output"
    echo "written to $output"
fi
echo "$wrong cases differ by more than $most % from what ${stored:-nothing} says"
[ "$wrong" -eq 0 ]
