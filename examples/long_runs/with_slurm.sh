#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# One table in parts as an array job of Slurm: with_slurm.sh PARTS FILE PROBLEM [OPTION...]
#
#   examples/long_runs/with_slurm.sh 64 all.csv random --lattice 5x5 --cuts all
#
# A part that is killed or requeued goes on from its journal; the same call begins only parts that are not there, and the table is
# made when all are. CUTROPY_ISA: nodes with different processors must compute alike.
set -eu
parts=$1 file=$2
shift 2
program=${CUTROPY:-cutropy}
if [ -n "${SLURM_ARRAY_TASK_ID:-}" ]; then # one of the jobs
    part="$file.parts/$SLURM_ARRAY_TASK_ID.part"
    [ -e "$part" ] && exit
    exec "$program" table "$@" --part "$SLURM_ARRAY_TASK_ID/$parts" -o "$part" --resume
fi
export CUTROPY_ISA="${CUTROPY_ISA:-avx2}"
mkdir -p "$file.parts"
sbatch --wait --requeue --array="1-$parts" --output="$file.parts/%a.log" --job-name=cutropy "$0" "$parts" "$file" "$@"
"$program" merge "$file.parts"/*.part -o "$file"
rm -r "$file.parts"
