#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Libraries are opened when they are needed: lazy.sh PROGRAM HIDE, a library for LD_PRELOAD that hides others.
set -u
program=$1 hide=$2
failed=0
cd "$(mktemp -d)" || exit 1
trap 'rm -rf "$PWD"' EXIT

complain() {
    echo "$*"
    failed=1
}

# opened ARGUMENT...: which of the libraries a run loads
opened() {
    LD_DEBUG=files "$program" "$@" 2>&1 >/dev/null | grep -oE "file=lib(openblas|lapacke|flint|gfortran|ntl)[^ ]*" | sort -u
}

# Neither small tables nor words need them, and who asks for them gets them.
for arguments in --version "problems" "table connected --lattice 3x3 --cuts rows --quiet" "table page:complex=1 --lattice 2x2 --cuts rows --quiet --certify"; do
    # shellcheck disable=SC2086
    loaded=$(opened $arguments)
    case $arguments in
    *complex*) [ -n "$loaded" ] || complain "cutropy $arguments opened nothing" ;;
    *) [ -z "$loaded" ] || complain "cutropy $arguments opened $loaded" ;;
    esac
done

# without NAME ARGUMENT...: one line that names it, exit code 6, nothing on standard output
without() {
    local hidden=$1
    shift
    HIDDEN=$hidden LD_PRELOAD=$hide "$program" "$@" >out 2>err
    local status=$?
    [ "$status" -eq 6 ] || complain "cutropy $* without $hidden: exit code $status"
    [ "$(wc -l <err)" -eq 1 ] || complain "cutropy $* without $hidden: $(cat err)"
    grep -qi "^cutropy: this needs .*$hidden.*cannot be opened" err || complain "cutropy $* without $hidden: $(cat err)"
    [ ! -s out ] || complain "cutropy $* without $hidden: $(cat out)"
}
without flint table random --lattice 2x4 --cuts rows --quiet --certify
small="table mps:complex=1 --lattice chain:8 --cuts half --quantities renyi:0.5 --quiet" # singular values
# shellcheck disable=SC2086
without openblas $small
# shellcheck disable=SC2086
without lapacke $small --output result.json
[ ! -e result.json ] || complain "half a result"

# OpenBLAS falls back to kernels of 2004 on processors younger than itself: the program does not, whoever asks for them gets them.
kernels() {
    "$program" info | sed -n 's/^libraries .*OpenBLAS .* \([A-Za-z0-9]*\) MAX_THREADS.*/\1/p'
}
if grep -qw avx2 /proc/cpuinfo && grep -qw fma /proc/cpuinfo && [ -n "$(kernels)" ]; then
    [ "$(kernels)" != Prescott ] || complain "OpenBLAS runs the kernels of Prescott on a processor with AVX2"
    [ "$(OPENBLAS_CORETYPE=Prescott kernels)" = Prescott ] || complain "OPENBLAS_CORETYPE has no effect: $(OPENBLAS_CORETYPE=Prescott kernels)"
fi

# The same numbers whoever opens them first, on several threads.
"$program" table page:complex=1 --lattice 2x4 --cuts all --certify --threads 1 --quiet >one || complain "one thread: exit code $?"
"$program" table page:complex=1 --lattice 2x4 --cuts all --certify --threads 4 --quiet >four || complain "four threads: exit code $?"
cmp one four || complain "threads make a difference"
HIDDEN=flint LD_PRELOAD=$hide "$program" table connected --lattice 3x3 --cuts rows --quiet >without || complain "without flint: exit code $?"
"$program" table connected --lattice 3x3 --cuts rows --quiet >with || complain "with flint: exit code $?"
cmp with without || complain "a hidden library makes a difference"
exit $failed
