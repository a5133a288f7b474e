#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The speed table of the CUDA backend: benchmarks/gpu.sh PROGRAM FILE
#
# Every case runs REPEAT times (default 3) on the first device, after one run that does not count, each at most DEVICE_SECONDS (default
# 1800) long, and once on the CPU of the same machine, at most CPU_SECONDS (default 100) long. FILE becomes a JSON array, which grows
# case by case: seconds of the whole program and of each stage; device_s, the sum of the stages that a device does, which is what must
# reach the limit (the start of process and context is in the whole); the floor (what an H200 cannot undercut: arithmetic and memory
# traffic alone) and the ratio to it. A limit x20 means that the whole program is 20 times as fast as on the CPU, or as CPU_SECONDS
# where those were not enough. BACKEND (default cuda) picks another backend, CASES a file with other cases.
set -euo pipefail
export LC_ALL=C
program=$1 file=$2
repeat=${REPEAT:-3} cpu_seconds=${CPU_SECONDS:-100} device_seconds=${DEVICE_SECONDS:-1800} backend=${BACKEND:-cuda}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# must reach | floor, "" where none is known | arguments; the longest comes last
default_cases() {
    local list=$scratch/list.npy images=$scratch/images.npy
    # 2^22 random images of 8x8, where there is a Python with NumPy to draw them
    python3 -c '
import sys, numpy
numpy.save(sys.argv[1], numpy.random.default_rng(1).integers(0, 2, (1 << 22, 8, 8), dtype="u1"))' "$list" 2>/dev/null || list=
    cases=(
        "0.06|0.0027|table random --lattice 4x4 --cuts all"
        "6|0.7|table random --lattice chain:30 --cuts half"
        "0.6||table rbm --lattice 4x6 --cuts rectangles"
        "x20||table connected --lattice 6x5 --cuts rectangles --solver enumerate"
    )
    # 10^4 images of 28x28 pixels, and 783 cuts (of 2000 in 10 s) of the first 1000 of them, likewise
    python3 -c '
import sys, numpy
r = numpy.random.default_rng(2).random((10000, 28, 28), dtype="f4")
numpy.save(sys.argv[1], ((r + numpy.roll(r, 1, 1) + numpy.roll(r, 1, 2)) / 3).astype("f8"))' "$images" 2>/dev/null || images=
    [ -z "$images" ] || cases+=(
        "4||table data:images=$images,theta=0.1 --cuts half"
        "3.9||table data:images=$images,theta=0.1,first=1000 --cuts prefixes"
    )
    [ -z "$list" ] || cases+=("x20||table $list --cuts rectangles")
    cases+=("30|2.5|table random --lattice 4x5 --cuts all")
}
if [ -n "${CASES:-}" ]; then
    mapfile -t cases <"$CASES"
else
    default_cases
fi

quote() { printf '"%s"' "$(printf '%s' "$1" | tr '\n' ' ' | sed 's/\\/\\\\/g; s/"/\\"/g; s/ *$//')"; }

# once BACKEND TABLE LIMIT ARGUMENT...: "seconds stages-as-JSON"
once() {
    local name=$1 table=$2 limit=$3 start end
    shift 3
    start=$EPOCHREALTIME
    timeout "$limit" "$program" "$@" --backend "$name" --quiet --timings -o "$table" 2>"$scratch/error" || return
    end=$EPOCHREALTIME
    awk -v a="$start" -v b="$end" 'BEGIN { printf "%.4f ", b - a }'
    sed -n '/^{/,$p' "$scratch/error" | tr -d '\n' # not what a library says before
    echo
}

# row JSON: one more case of FILE
row() {
    local k
    rows+=("$1")
    {
        echo "["
        for ((k = 0; k < ${#rows[@]}; k++)); do
            printf '    %s%s\n' "${rows[k]}" "$([ $((k + 1)) -eq ${#rows[@]} ] || echo ,)"
        done
        echo "  ]"
    } >"$file"
}

failures=0
rows=()
printf '%9s %9s %9s %8s %9s  %s\n' seconds device 'at most' 'x floor' CPU case
for entry in "${cases[@]}"; do
    IFS='|' read -r limit floor text <<<"$entry"
    read -ra arguments <<<"$text"
    : >"$scratch/runs"
    status=0
    for ((k = 0; k <= repeat; k++)); do # the first one does not count
        once "$backend" "$scratch/cuda.csv" "$device_seconds" "${arguments[@]}" >"$scratch/run" || { status=$? && break; }
        [ "$k" -eq 0 ] || cat "$scratch/run" >>"$scratch/runs"
    done
    if [ "$status" -ne 0 ]; then
        failures=$((failures + 1))
        printf '%9s %9s %9s %8s %9s  %s\n' failed - "$limit" - - "$text"
        row "{\"case\": $(quote "$text"), \"failed\": $(quote "status $status: $(cat "$scratch/error")")}"
        continue
    fi
    median=$(sort -n "$scratch/runs" | sed -n "$(((repeat + 1) / 2))p")
    seconds=${median%% *}
    cpu=null cpu_stages=null difference=null status=0
    once cpu "$scratch/cpu.csv" "$cpu_seconds" "${arguments[@]}" >"$scratch/run" || status=$?
    if [ "$status" -eq 0 ]; then
        cpu=$(cut -d ' ' -f 1 "$scratch/run")
        cpu_stages=$(cut -d ' ' -f 2- "$scratch/run")
        if ! difference=$(bash "$here/../tests/cuda/compare_tables.sh" "$scratch/cpu.csv" "$scratch/cuda.csv"); then
            failures=$((failures + 1))
            difference='"disagree"'
        fi
    fi
    device=$(sed -n 's/.*"quotient": *\([0-9.e+-]*\), *"blocks": *\([0-9.e+-]*\), *"gram": *\([0-9.e+-]*\), *"eigenvalues": *\([0-9.e+-]*\).*/\1 \2 \3 \4/p' \
        <<<"$median" | awk '{ printf "%.4f", $1 + $2 + $3 + $4 }')
    ratio=$(awk -v s="$device" -v f="$floor" 'BEGIN { if (f > 0) printf "%.1f", s / f; else print "null" }')
    reached=$(awk -v s="$seconds" -v d="$device" -v l="$limit" -v c="$cpu" -v most="$([ "$status" -eq 124 ] && echo "$cpu_seconds")" 'BEGIN {
        if (l ~ /^x/) print ((c == "null" ? most : c) >= substr(l, 2) * s) ? "true" : (c == "null") ? "null" : "false"
        else print (d <= l) ? "true" : "false" }')
    printf '%9s %9s %9s %8s %9s  %s\n' "$seconds" "$device" "$limit" "$ratio" "$cpu" "$text"
    row "{\"case\": $(quote "$text"), \"runs\": $repeat, \"median_s\": $seconds, \"device_s\": $device, \"must_reach\": $(quote "$limit"), \"reached\": $reached,
     \"floor_s\": ${floor:-null}, \"times_floor\": $ratio, \"stages\": ${median#* },
     \"cpu_s\": $cpu, \"cpu_at_most_s\": $cpu_seconds, \"cpu_stages\": $cpu_stages, \"largest_difference\": $difference}"
done
[ "$failures" -eq 0 ]
