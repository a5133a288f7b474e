#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Whole-program times of the six cases of the speed table.
#
#   benchmarks/run.sh [PROGRAM]     default: builds the preset `native` and takes its program
#
# Each case runs REPEAT times (default 3); the median of the wall-clock times is printed beside the time it must reach,
# and everything goes to benchmarks/results/DATE-CPU.json. Environment: REPEAT, OMP_NUM_THREADS.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export LC_ALL=C

repeat=${REPEAT:-3}
program=${1:-}
if [ -z "$program" ]; then
    mkdir -p build/logs
    if ! { cmake --preset native && cmake --build --preset native; } >build/logs/native.log 2>&1; then
        tail -n 25 build/logs/native.log >&2
        exit 1
    fi
    program=$(find build/native -type f -name cutropy -perm -u+x -not -path '*/install/*' | head -n 1)
fi

# seconds that must be reached (two cores) | arguments
cases=(
    "4|table pixel-loops --lattice 6x6 --cuts rows"
    "8|table random --lattice 4x4 --cuts all"
    "10|table connected --lattice 5x5 --cuts rectangles"
    "5|table majority --lattice chain:20 --cuts all"
    "4|table random --lattice 5x5 --cuts half"
    "0.2|table digits:class=3 --cuts rows"
)

cpu=$(sed -n 's/^model name[[:space:]]*: *//p' /proc/cpuinfo | head -n 1)
cpu=${cpu:-$(uname -m)}
cores=$(nproc)
memory=$(awk '/^MemTotal/ { printf "%.0f", $2 / 1048576 }' /proc/meminfo)
commit=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)
[ -z "$(git status --porcelain 2>/dev/null)" ] || commit="$commit (with changes)"
version=$("$program" --version | head -n 1)
file=benchmarks/results/$(date +%F)-$(printf '%s' "$cpu" | tr -cs 'A-Za-z0-9' '-' | sed 's/^-//; s/-$//').json
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

quote() { printf '"%s"' "$(printf '%s' "$1" | sed 's/\\/\\\\/g; s/"/\\"/g')"; }

# Runs the program once; prints the seconds. The peak memory in KiB (0: not known) goes to $scratch/memory.
once() {
    local start end
    echo 0 >"$scratch/memory"
    if [ -x /usr/bin/time ]; then
        start=$EPOCHREALTIME
        /usr/bin/time -f '%M' -o "$scratch/memory" "$program" "$@" -o "$scratch/table.csv" 2>"$scratch/error" || return
    else
        start=$EPOCHREALTIME
        "$program" "$@" -o "$scratch/table.csv" 2>"$scratch/error" || return
    fi
    end=$EPOCHREALTIME
    awk -v a="$start" -v b="$end" 'BEGIN { printf "%.3f\n", b - a }'
}

mkdir -p benchmarks/results
printf '%s, %s cores, %s GiB, %s, %s\n\n' "$cpu" "$cores" "$memory" "$version" "$commit"
printf '%8s %8s %10s  %s\n' seconds 'at most' 'peak MiB' case
rows=()
missed=0
for entry in "${cases[@]}"; do
    limit=${entry%%|*}
    read -ra arguments <<<"${entry#*|}"
    : >"$scratch/seconds"
    peak=0
    for ((k = 0; k < repeat; k++)); do
        if ! once "${arguments[@]}" >>"$scratch/seconds"; then
            echo "failed: cutropy ${entry#*|}" >&2
            cat "$scratch/error" >&2
            exit 1
        fi
        now=$(tail -n 1 "$scratch/memory")
        ((now <= peak)) || peak=$now
    done
    median=$(sort -n "$scratch/seconds" | sed -n "$(((repeat + 1) / 2))p")
    reached=$(awk -v m="$median" -v l="$limit" 'BEGIN { print (m <= l) ? "true" : "false" }')
    [ "$reached" = true ] || missed=$((missed + 1))
    printf '%8s %8s %10s  %s%s\n' "$median" "$limit" $((peak / 1024)) "${entry#*|}" \
        "$([ "$reached" = true ] || echo '   <- too slow')"
    rows+=("    {\"case\": $(quote "${entry#*|}"), \"median_s\": $median, \"limit_s\": $limit, \"reached\": $reached,
     \"seconds\": [$(paste -sd, "$scratch/seconds")], \"peak_kib\": $peak}")
done

{
    echo "{"
    echo "  \"date\": \"$(date +%F)\","
    echo "  \"version\": $(quote "$version"),"
    echo "  \"commit\": $(quote "$commit"),"
    echo "  \"machine\": {\"cpu\": $(quote "$cpu"), \"cores\": $cores, \"memory_gib\": $memory},"
    echo "  \"threads\": $(quote "${OMP_NUM_THREADS:-all}"),"
    echo "  \"repeat\": $repeat,"
    echo "  \"cases\": ["
    for ((k = 0; k < ${#rows[@]}; k++)); do
        printf '%s%s\n' "${rows[k]}" "$([ $((k + 1)) -eq ${#rows[@]} ] || echo ,)"
    done
    echo "  ]"
    echo "}"
} >"$scratch/result.json"
mv "$scratch/result.json" "$file"
echo
echo "written to $file; $missed of ${#cases[@]} cases too slow"
