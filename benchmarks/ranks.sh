#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Ranks of MPI on this machine: the processor seconds of every rank, for one table on 1, 2 and 4 ranks (strong scaling) and for tables of 1/4, 1/2
# and all of its cuts (weak scaling), and for one cut whose matrix (n = 2048, 4096) has no room in one rank: benchmarks/ranks.sh
# [PROGRAM [PROBLEM LATTICE]]. One thread a rank; docs/scale.md has a run of it.
#
# A line a run: ranks, share of the cuts, processor seconds of all ranks and of each one, and the seconds that went by with the start. Whoever
# gets less of the machine gets fewer cuts, so the seconds of ranks are equal only where each has a core to itself.
set -eu
program=$(realpath "${1:-build/release/src/cutropy}") problem=${2:-random:seed=3} lattice=${3:-4x4}
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 PRTE_ALLOW_RUN_AS_ROOT=1 PRTE_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1 PRTE_MCA_rmaps_default_mapping_policy=:oversubscribe
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

timed() { # timed RANKS WHAT ARGUMENT...
    rm -f cpu.*
    local begun=$EPOCHREALTIME ranks=$1 what=$2
    shift 2
    # shellcheck disable=SC2016
    mpirun --bind-to none -n "$ranks" bash -c 'TIMEFORMAT="%U %S"; { time "$@"; } 2>"cpu.${OMPI_COMM_WORLD_RANK:-$PMI_RANK}"' - \
        "$program" table "$@" --threads 1 --quiet >/dev/null
    tail -qn 1 cpu.* | awk -v ranks="$ranks" -v what="$what" -v wall="$(awk -v a="$begun" -v b="$EPOCHREALTIME" 'BEGIN { print b - a }')" '
        { sum += $1 + $2; kernel += $2; each = each sprintf(" %.2f", $1 + $2) }
        END { printf "%d ranks, %s: %.2f s of all (%.2f in the system),%s of each, %.2f s went by\n", ranks, what, sum, kernel, each, wall }'
}
share() { # share RANKS PART
    timed "$1" "share $2" "$problem" --lattice "$lattice" --cuts all --no-symmetry --part "$2" -o "part.$1"
}
echo "strong: $problem $lattice"
share 1 1/1
share 2 1/1
share 4 1/1
echo "weak"
share 1 1/4
share 2 1/2
echo "one cut"
for size in 22:31M 24:127M; do
    timed 1 "half of ${size%:*} pixels" random:seed=3 --lattice "chain:${size%:*}" --cuts half
    for ranks in 2 4; do
        timed "$ranks" "half of ${size%:*} pixels" random:seed=3 --lattice "chain:${size%:*}" --cuts half --memory "${size#*:}"
    done
done
