#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The speed table of the CUDA backend: benchmarks/gpu.sh PROGRAM FILE
#
# Every case runs REPEAT times (default 3) on the first device, after one run that does not count, and once on the CPU of the
# same machine, at most CPU_SECONDS (default 300) long. FILE becomes a JSON array: seconds of the whole program and of each
# stage, the time the case must reach, the floor (what an H200 cannot undercut: arithmetic and memory traffic alone) and the
# ratio to it. BACKEND (default cuda) picks another backend.
set -euo pipefail
export LC_ALL=C
program=$1 file=$2
repeat=${REPEAT:-3} cpu_seconds=${CPU_SECONDS:-300} backend=${BACKEND:-cuda}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# must reach | floor, "" where none is known | arguments
cases=(
    "0.4|0.0027|table random --lattice 4x4 --cuts all"
    "150|2.5|table random --lattice 4x5 --cuts all"
    "20|0.7|table random --lattice chain:30 --cuts half"
    "0.3|0.043|table pixel-loops --lattice 6x6 --cuts rows"
    "300||table pixel-loops --lattice 7x7 --cuts rows --solver enumerate"
    "1||table rbm --lattice 4x6 --cuts rectangles"
)
[ -z "${CASES:-}" ] || mapfile -t cases <"$CASES"

quote() { printf '"%s"' "$(printf '%s' "$1" | tr '\n' ' ' | sed 's/\\/\\\\/g; s/"/\\"/g; s/ *$//')"; }

# once BACKEND TABLE LIMIT ARGUMENT...: "seconds stages-as-JSON"
once() {
    local name=$1 table=$2 limit=$3 start end
    shift 3
    start=$EPOCHREALTIME
    timeout "$limit" "$program" "$@" --backend "$name" --quiet --timings -o "$table" 2>"$scratch/error" || return
    end=$EPOCHREALTIME
    awk -v a="$start" -v b="$end" 'BEGIN { printf "%.4f ", b - a }'
    tr -d '\n' <"$scratch/error"
    echo
}

failures=0
rows=()
printf '%9s %9s %8s %9s  %s\n' seconds 'at most' 'x floor' CPU case
for entry in "${cases[@]}"; do
    IFS='|' read -r limit floor text <<<"$entry"
    read -ra arguments <<<"$text"
    : >"$scratch/runs"
    status=0
    for ((k = 0; k <= repeat; k++)); do # the first one does not count
        once "$backend" "$scratch/cuda.csv" 1800 "${arguments[@]}" >"$scratch/run" || { status=$? && break; }
        [ "$k" -eq 0 ] || cat "$scratch/run" >>"$scratch/runs"
    done
    if [ "$status" -ne 0 ]; then
        failures=$((failures + 1))
        printf '%9s %9s %8s %9s  %s\n' failed "$limit" - - "$text"
        rows+=("{\"case\": $(quote "$text"), \"failed\": $(quote "status $status: $(cat "$scratch/error")")}")
        continue
    fi
    median=$(sort -n "$scratch/runs" | sed -n "$(((repeat + 1) / 2))p")
    seconds=${median%% *}
    cpu=null cpu_stages=null difference=null
    if once cpu "$scratch/cpu.csv" "$cpu_seconds" "${arguments[@]}" >"$scratch/run"; then
        cpu=$(cut -d ' ' -f 1 "$scratch/run")
        cpu_stages=$(cut -d ' ' -f 2- "$scratch/run")
        if ! difference=$(bash "$here/../tests/cuda/compare_tables.sh" "$scratch/cpu.csv" "$scratch/cuda.csv"); then
            failures=$((failures + 1))
            difference='"disagree"'
        fi
    fi
    ratio=$(awk -v s="$seconds" -v f="$floor" 'BEGIN { if (f > 0) printf "%.1f", s / f; else print "null" }')
    reached=$(awk -v s="$seconds" -v l="$limit" 'BEGIN { print (s <= l) ? "true" : "false" }')
    printf '%9s %9s %8s %9s  %s\n' "$seconds" "$limit" "$ratio" "$cpu" "$text"
    rows+=("{\"case\": $(quote "$text"), \"median_s\": $seconds, \"limit_s\": $limit, \"reached\": $reached,
     \"floor_s\": ${floor:-null}, \"times_floor\": $ratio, \"stages\": ${median#* },
     \"cpu_s\": $cpu, \"cpu_at_most_s\": $cpu_seconds, \"cpu_stages\": $cpu_stages, \"largest_difference\": $difference}")
done
{
    echo "["
    for ((k = 0; k < ${#rows[@]}; k++)); do
        printf '    %s%s\n' "${rows[k]}" "$([ $((k + 1)) -eq ${#rows[@]} ] || echo ,)"
    done
    echo "  ]"
} >"$file"
[ "$failures" -eq 0 ]
