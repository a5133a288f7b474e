#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Decimals of the prime state's half cut (docs/digits.md): N = 16, 20 and 24, with their times.
# usage: primes.sh [PROGRAM]; minutes, and 3 GiB for N = 24
set -euo pipefail
program=${1:-build/native/src/cutropy}
for case in 16:33 20:33 24:25; do
    printf 'N = %s: ' "${case%:*}"
    start=$(date +%s.%N)
    "$program" table primes --lattice "chain:${case%:*}" --cuts half --digits "${case#*:}" | tail -1 | cut -d, -f4-6
    awk -v a="$start" -v b="$(date +%s.%N)" 'BEGIN { printf "        %.1f s\n", b - a }'
done
