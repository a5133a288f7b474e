#!/usr/bin/env bash
# What --certify costs beside the plain values: whole-program times of the same cuts.
#
#   benchmarks/certify.sh [PROGRAM]     default: builds the preset `native` and takes its program
#
# Prints seconds and ratios, and writes benchmarks/results/DATE-certify-CPU.json. The small cases run on one thread and
# are medians of REPEAT (default 5) runs; the last one, every cut of a random 4x4 function, runs once on all cores.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export LC_ALL=C

repeat=${REPEAT:-5}
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

seconds() { # seconds ARGUMENT...: of one run
    local start=$EPOCHREALTIME
    "$program" "$@" -o "$scratch/table.csv" 2>"$scratch/error" || {
        cat "$scratch/error" >&2
        return 1
    }
    awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.4f\n", b - a }'
}

median() { # median ARGUMENT...
    local i
    for ((i = 0; i < repeat; i++)); do seconds "$@"; done | sort -n | awk '{ x[NR] = $1 } END { print x[int((NR + 1) / 2)] }'
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
rows=()
for k in 4 6 7 8; do
    list=$(cuts "$k")
    plain=$(median table random --lattice 4x4 --cuts "$list" --threads 1)
    proved=$(median table random --lattice 4x4 --cuts "$list" --threads 1 --certify)
    ratio=$(awk -v a="$proved" -v b="$plain" 'BEGIN { printf "%.1f", a / b }')
    printf 'n = %-4d 40 cuts   plain %s s   certified %s s   ratio %s\n' $((1 << k)) "$plain" "$proved" "$ratio"
    rows+=("{\"n\": $((1 << k)), \"cuts\": 40, \"plain_s\": $plain, \"certified_s\": $proved, \"ratio\": $ratio}")
done
plain=$(seconds table random --lattice 4x4 --cuts all)
proved=$(seconds table random --lattice 4x4 --cuts all --certify)
printf 'every cut of random 4x4 (32,767), %s cores: plain %s s, certified %s s (must reach 180 s)\n' "$(nproc)" "$plain" "$proved"
{
    printf '{"commit": "%s", "cpu": "%s", "cores": %s,\n "blocks": [\n  ' "$commit" "$cpu" "$(nproc)"
    (
        IFS=,
        printf '%s' "${rows[*]}" | sed 's/},{/},\n  {/g'
    )
    printf '],\n "random_4x4_all": {"plain_s": %s, "certified_s": %s, "must_reach_s": 180}}\n' "$plain" "$proved"
} >"$file"
echo "$file"
