#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What --certify costs beside the plain values: the same cuts with and without it, in turns.
#
#   benchmarks/certify.sh [PROGRAM]     default: builds the preset `native` and takes its program
#
# Prints seconds and ratios, and writes benchmarks/results/DATE-certify-CPU.json. Cases of one thread are medians of REPEAT
# (default 7) pairs of whole runs, in seconds of the processor (BLAS has one thread, so that none of its own waits beside); the
# ratio is that of the medians. "less start": without the seconds of a table of two pixels. The last one, every cut of a random
# 4x4 function, runs once on all cores: seconds of the clock and of the processor.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export LC_ALL=C OPENBLAS_NUM_THREADS=1

repeat=${REPEAT:-7}
program=${1:-}
if [ -z "$program" ]; then
    mkdir -p build/logs
    if ! { cmake --preset native && cmake --build --preset native; } >build/logs/native.log 2>&1; then
        tail -n 25 build/logs/native.log >&2
        exit 1
    fi
    program=build/native/src/cutropy
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

measure() { # measure ARGUMENT...: seconds of the clock and of the processor of one run
    local clock user system
    TIMEFORMAT='%R %U %S'
    { time "$program" table "$@" -o "$scratch/table.csv" 2>"$scratch/error"; } 2>"$scratch/time" || {
        cat "$scratch/error" >&2
        return 1
    }
    read -r clock user system <"$scratch/time"
    awk -v a="$clock" -v b="$user" -v c="$system" 'BEGIN { printf "%.3f %.3f\n", a, b + c }'
}

median() { # median FILE: of the seconds of the processor
    awk '{ print $2 }' "$1" | sort -n | awk '{ x[NR] = $1 } END { print x[int((NR + 1) / 2)] }'
}

start=0
rows=()
compare() { # compare NAME N CUTS ARGUMENT...: plain and certified in turns
    local name=$1 n=$2 count=$3 i plain proved ratio inside
    shift 3
    rm -f "$scratch"/plain "$scratch"/proved
    for ((i = 0; i < repeat; i++)); do
        measure "$@" --threads 1 >>"$scratch/plain"
        measure "$@" --threads 1 --certify >>"$scratch/proved"
    done
    plain=$(median "$scratch/plain") proved=$(median "$scratch/proved")
    ratio=$(awk -v a="$proved" -v b="$plain" 'BEGIN { printf "%.1f", a / b }')
    inside=$(awk -v a="$proved" -v b="$plain" -v s="$start" 'BEGIN { printf "%.0f", (a - s) / (b > s ? b - s : 0.001) }')
    printf '%-18s plain %s s   certified %s s   ratio %4s   less start %s\n' "$name" "$plain" "$proved" "$ratio" "$inside"
    rows+=("{\"case\": \"$name\", \"n\": $n, \"cuts\": $count, \"plain_s\": $plain, \"certified_s\": $proved, \"ratio\": $ratio, \"less_start\": $inside}")
}

# 40 cuts of k pixels each: n = 2^k
cuts() {
    awk -v k="$1" 'BEGIN {
        for (mask = 1; found < 40; mask++) {
            bits = 0
            for (x = mask; x > 0; x = int(x / 2)) bits += x % 2
            if (bits == k) printf "%s0x%x", found++ ? "," : "", mask
        }
    }'
}

cpu=$(sed -n 's/^model name[[:space:]]*: *//p' /proc/cpuinfo | head -n 1)
cpu=${cpu:-$(uname -m)}
file=benchmarks/results/$(date +%F)-certify-$(printf '%s' "$cpu" | tr -cs 'A-Za-z0-9' '-' | sed 's/^-//; s/-$//').json
commit=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)
[ -z "$(git status --porcelain 2>/dev/null)" ] || commit="$commit (with changes)"
for ((i = 0; i < repeat; i++)); do measure ghz --lattice chain:2 --cuts half --threads 1; done >"$scratch/start"
start=$(median "$scratch/start")
for k in 4 6 7 8; do
    compare "n = $((1 << k)), 40 cuts" $((1 << k)) 40 random --lattice 4x4 --cuts "$(cuts "$k")"
done
for k in 7 8 9 10; do
    compare "chain:$((2 * k)), half" $((1 << k)) 1 random --lattice "chain:$((2 * k))" --cuts half
done
read -r plain plain_cpu < <(measure random --lattice 4x4 --cuts all)
read -r proved proved_cpu < <(measure random --lattice 4x4 --cuts all --certify)
printf 'every cut of random 4x4 (32,767), %s cores: plain %s s (%s of the processor), certified %s s (%s)\n' "$(nproc)" "$plain" "$plain_cpu" "$proved" "$proved_cpu"
{
    printf '{"commit": "%s", "cpu": "%s", "cores": %s, "start_s": %s,\n "blocks": [\n  ' "$commit" "$cpu" "$(nproc)" "$start"
    (
        IFS=,
        printf '%s' "${rows[*]}" | sed 's/},{/},\n  {/g'
    )
    printf '],\n "random_4x4_all": {"plain_s": %s, "plain_cpu_s": %s, "certified_s": %s, "certified_cpu_s": %s}}\n' "$plain" "$plain_cpu" "$proved" "$proved_cpu"
} >"$file"
echo "$file"
