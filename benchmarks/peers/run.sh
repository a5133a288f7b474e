#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Times cutropy beside what Python users have (docs/benchmarks.md): makes an environment with pinned versions, builds the preset `native`,
# measures, and writes the tables and the picture.
#
#   benchmarks/peers/run.sh [--quick] [--cases A,B] [--peers 'NumPy; MKL'] [--threads 1,all] ...      (--help: all of them)
#
# Rows go to build/peers/results.json (--quick: quick.json) and are extended by further calls, so that a measurement can be made in parts;
# tables and picture are made of all rows that are there. Needs python3 with venv and PyPI (some GiB for PyTorch). Everything lies in build/peers.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1
here=benchmarks/peers
work=build/peers
program=build/native/src/cutropy
library=build/native/src/libcutropy.so

mkdir -p build/logs "$work"
environment=$work/environment
wanted=$here/requirements.txt
[ ! -e /dev/nvidiactl ] || wanted="$wanted $here/requirements-device.txt"
# shellcheck disable=SC2086
stamp=$(cat $wanted | sha256sum)
if [ "$stamp" != "$(cat "$environment/stamp" 2>/dev/null)" ]; then
    echo "making $environment" >&2
    python3 -m venv --clear "$environment"
    for file in $wanted; do
        "$environment/bin/pip" -q --disable-pip-version-check install -r "$file"
    done
    echo "$stamp" >"$environment/stamp"
fi
if ! { cmake --preset native && cmake --build --preset native --target cutropy_program cutropy_shared; } >build/logs/native.log 2>&1; then
    tail -n 25 build/logs/native.log >&2
    exit 1
fi

results=$work/results.json
for argument; do
    [ "$argument" != --quick ] || results=$work/quick.json
done
commit=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)
[ -z "$(git status --porcelain --untracked-files=no 2>/dev/null)" ] || commit="$commit (with changes)"
export PYTHONPATH=python CUTROPY_LIBRARY=$PWD/$library
"$environment/bin/python" $here/measure.py --program "$program" --work "$work" --results "$results" --commit "$commit" "$@"
"$environment/bin/python" $here/report.py "$results" --folder "$work"
