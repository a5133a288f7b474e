#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# One table in parts with GNU parallel, on this machine or, with --sshlogin, on others: with_parallel.sh PARTS FILE PROBLEM [OPTION...]
#
#   examples/long_runs/with_parallel.sh 8 all.csv random --lattice 5x4 --cuts all
#
# Whatever ends it, the same call goes on: finished parts stay, and the others have their journals.
set -eu
parts=$1 file=$2
shift 2
program=${CUTROPY:-cutropy}
mkdir -p "$file.parts"
for i in $(seq "$parts"); do
    [ -e "$file.parts/$i.part" ] || echo "$i"
done | parallel --quote --halt soon,fail=1 \
    "$program" table "$@" --threads 1 --quiet --part "{}/$parts" -o "$file.parts/{}.part" --resume
"$program" merge "$file.parts"/*.part -o "$file"
rm -r "$file.parts"
