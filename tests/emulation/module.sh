#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The CUDA module from outside: module.sh PROGRAM EMULATED_MODULE OLD_MODULE
set -eu
program=$1 emulated=$2 old=$3
export ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_stack_use_after_return=0 # fibers.cpp says why
compare=$(dirname "$0")/../cuda/compare_tables.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

report() {
    echo "FAILED: $*"
    failures=$((failures + 1))
}

# fails STATUS PATTERN ARGUMENT...: one line on standard error, nothing else
fails() {
    local expected=$1 pattern=$2 status=0
    shift 2
    "$program" "$@" >"$work/out" 2>"$work/err" || status=$?
    [ "$status" -eq "$expected" ] || report "$*: status $status"
    grep -q -- "$pattern" "$work/err" || report "$*: $(cat "$work/err")"
    [ "$(wc -l <"$work/err")" -eq 1 ] || report "$*: not one line"
    [ ! -s "$work/out" ] || report "$*: wrote a table"
}

table=(table connected --lattice 3x3 --cuts all)

# Why there is no CUDA; `auto` then uses the CPU without a word and says so in the table.
missing() {
    export CUTROPY_CUDA_MODULE=$1 CT_FAKE_DEVICES=${3:-1}
    fails 6 "$2" "${table[@]}" --backend cuda
    "$program" info | grep -q "^cuda.*$2" || report "info does not say: $2"
    "$program" info | grep -qx "backends         cpu" || report "info promises CUDA"
    "$program" "${table[@]}" --format json >"$work/json" 2>"$work/err" || report "auto fails: $2"
    [ ! -s "$work/err" ] || report "auto speaks"
    grep -q '"backend": *"cpu"' "$work/json" || report "the table does not name the CPU"
}
missing "$work/nowhere.so" "there is no file"
echo "no library" >"$work/text.so"
missing "$work/text.so" "does not load"
missing "$old" "belongs to another version"
missing "$emulated" "no CUDA-capable device" 0
missing "$emulated" "driver version is insufficient" -1

# It runs as the user: what somebody else could have put there is not opened, wherever it is found.
mkdir -p "$work/prefix/bin" "$work/prefix/src" "$work/prefix/lib/cutropy"
cp "$program" "$work/prefix/bin/cutropy"
found() { (unset CUTROPY_CUDA_MODULE && "$work/prefix/bin/cutropy" info | grep "^cuda"); }
cp "$emulated" "$work/prefix/src/cutropy-cuda.so"
found | grep -q "is not there" || report "a module in ../src is opened: $(found)"
module=$work/prefix/lib/cutropy/cutropy-cuda.so
cp "$emulated" "$module"
CT_FAKE_DEVICES=1 found | grep -q "^cuda module  *an emulation$" || report "lib/cutropy is not searched: $(found)"
refused() { # refused WHY CHANGE PLACE UNDO
    chmod "$2" "$3"
    found | grep -q "is not opened: it and its folder" || report "a module is opened that $1: $(found)"
    missing "$module" "is not opened"
    chmod "$4" "$3"
}
refused "others may write" o+w "$module" o-w
refused "lies where others may write" o+w "$(dirname "$module")" o-w
if [ "$(id -u)" -eq 0 ]; then
    chown 65533 "$module" # nobody's
    found | grep -q "is not opened" || report "a module of another user is opened"
    chown 0:65533 "$module" && refused "a group may write" g+w "$module" g-w
fi

# The emulated devices serve whole runs.
export CUTROPY_CUDA_MODULE=$emulated CT_FAKE_DEVICES=2
"$program" info >"$work/info"
for line in "^backends  *cpu, cuda$" "^cuda module  *an emulation$" "^cuda:1  *fake device 1, capability 9.0"; do
    grep -q "$line" "$work/info" || report "info lacks '$line': $(cat "$work/info")"
done
fails 6 "no CUDA device 2\|there is no CUDA device" "${table[@]}" --backend cuda:2
fails 2 "there is no backend 'cuda:x'" "${table[@]}" --backend cuda:x
fails 2 "there is no backend 'cuda:'" "${table[@]}" --backend cuda:
"$program" "${table[@]}" --backend cuda:1 --format json | grep -q '"backend": *"cuda' || report "the table does not name CUDA"

# same PROBLEM LATTICE CUTS: CPU and devices agree, in two orders of lanes and blocks (tests/kernels tries more), once with guarded memory
runs=("cuda 1 0" "cuda:all 7 1")
[ -z "${CUTROPY_TEST_SMALL:-}" ] || runs=("cuda:all 7 1")
same() {
    local backend order guarded run
    "$program" table "$1" --lattice "$2" --cuts "$3" --backend cpu --no-symmetry >"$work/cpu.csv"
    for run in "${runs[@]}"; do
        read -r backend order guarded <<<"$run"
        CT_EMULATION_ORDER=$order CUTROPY_CUDA_GUARDED=$guarded "$program" table "$1" --lattice "$2" --cuts "$3" --backend "$backend" --no-symmetry \
            >"$work/cuda.csv" || report "$1 $2 $3 on $backend fails"
        bash "$compare" "$work/cpu.csv" "$work/cuda.csv" >/dev/null || report "$1 $2 $3 on $backend, order $order differs"
    done
}
same connected 3x3 all
same random:density=0.5,seed=7 3x3 all
same random:density=0.5,seed=3,encoding=pm1 chain:10 prefixes
same page chain:8 prefixes
same rbm chain:8 all
same majority chain:9 half

# Gram matrices of automata: levels below the threshold are the CPU's, whatever it is, the table is the same.
levels=(table independent-set --lattice 6x6 --cuts rows --solver frontier --format json)
says() { # says BACKEND LEVEL
    CUTROPY_CUDA_LEVEL=$2 "$program" "${levels[@]}" --backend cuda >"$work/cuda.json" || report "levels from $2 words on fail"
    grep -q "\"backend\": *\"$1\"" "$work/cuda.json" || report "levels from $2 words on: $(grep '"backend"' "$work/cuda.json")"
    cmp -s <(grep '"cut":' "$work/cpu.json") <(grep '"cut":' "$work/cuda.json") || report "levels from $2 words on differ"
}
"$program" "${levels[@]}" --backend cpu >"$work/cpu.json"
[ "$(grep -c '"cut":' "$work/cpu.json")" -eq 5 ] || report "the table has other cuts than 5"
says "cuda (Gram matrices; cuts on the cpu)" 0
says "cuda (some Gram matrices; cuts on the cpu)" 150
says "cuda (cuts on the cpu)" ""
CUTROPY_CUDA_LEVEL=many fails 2 "CUTROPY_CUDA_LEVEL is 'many': give a number of words" "${levels[@]}" --backend cuda
[ "$failures" -eq 0 ] || exit 1
