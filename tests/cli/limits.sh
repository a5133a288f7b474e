#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Little address space, no more threads, memory that a plan knows not to suffice: one line, exit code 3, and no run hangs:
# limits.sh PROGRAM
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"

# within KIB ARGUMENT...: in so much address space the run works or says what is missing. Below about 80000 KiB the libraries
# do not even load (127, the loader's own line).
within() {
    local kib=$1 code
    shift
    (ulimit -v "$kib" && exec timeout -k 5 120 "$program" "$@") >out 2>err
    code=$?
    case $code in
    0) [ ! -s err ] || complain "ulimit -v $kib, cutropy $*: $(cat err)" ;;
    3) [ "$(grep -vc '^GNU MP:\|^Flint\|FLINT memory' err)" -eq 1 ] || complain "ulimit -v $kib, cutropy $*: not one line: $(cat err)" ;;
    127) grep -q "error while loading shared libraries" err || complain "ulimit -v $kib, cutropy $*: $(cat err)" ;;
    *) complain "ulimit -v $kib, cutropy $*: exit code $code: $(cat err)" ;;
    esac
}

test_address_space() {
    local kib
    for kib in $(seq 20000 20000 400000); do
        within $kib table page --lattice chain:12 --cuts half -t 1
        within $kib table random --lattice 4x4 --cuts half,sites --threads 2
    done
    for kib in $(seq 80000 40000 400000); do
        within $kib table page --lattice chain:12 --cuts half --certify
        within $kib table random --lattice 4x3 --cuts rectangles --digits 50
        within $kib range connected --lattice 3x4
        within $kib verify connected --lattice 3x3
        within $kib scaling loops --lattice links:3x3:torus
        within $kib expressivity mlp --lattice 2x4 --seeds 2
        within $kib table digits:class=3 --cuts rows
        within $kib problems
        within $kib info
    done
    (ulimit -v 150000 && "$program" table page --lattice chain:12 --cuts half -t 1) >out 2>err
    is 3 $? "exit code without room for OpenBLAS"
    grep -q "OpenBLAS needs 128.0 MiB of address space for 1 threads" err || complain "$(cat err)"
}

# Stacks so large that the second thread has no room.
test_threads() {
    (ulimit -s 1500000 && ulimit -v 2500000 && "$program" table page --lattice chain:12 --cuts all -t 4) >out 2>err
    is 3 $? "exit code without threads"
    grep -q "4 threads cannot be created" err || complain "no threads: $(cat err)"
    is 1 "$(wc -l <err)" "lines"
    if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then # the limit binds everybody but root
        cp "$program" own && chmod 755 . own
        (ulimit -u 1 && exec setpriv --reuid=60123 --clear-groups ./own table page --lattice chain:12 --cuts all -t 4) >out 2>err
        is 3 $? "exit code under ulimit -u: $(cat err)"
        (ulimit -u 2 && exec setpriv --reuid=60123 --clear-groups ./own table page --lattice chain:12 --cuts all -t 4) >out 2>err
        is 3 $? "exit code under ulimit -u: $(cat err)"
    fi
}

# At once: the function alone would take a minute to fill.
test_plan() {
    local command
    for command in "table page --lattice chain:28 --cuts half" "range page --lattice chain:28" \
        "verify page --lattice chain:28" "scaling page --lattice chain:28" "map page --lattice chain:28 -o map" \
        "table page --lattice chain:28 --cuts half --certify"; do
        SECONDS=0
        # shellcheck disable=SC2086
        fails 3 "28 pixels need 2.0 GiB for the function and .* for the largest cut but 3.0 GiB may be used" $command --memory 3G
        [ $SECONDS -lt 10 ] || complain "cutropy $command: refused after $SECONDS s"
    done
    "$program" table page --lattice chain:28 --cuts half --memory 3G --plan >out
    is 3 $? "exit code of the plan"
    says "does not fit"
}

run_tests
