#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The module that was compiled for devices, with or without one: real_module.sh PROGRAM MODULE
# It loads, says what it was built for, and either lists devices or says in one line why there is none.
set -eu
program=$1
export CUTROPY_CUDA_MODULE=$2
info=$("$program" info)
fail() {
    printf '%s\n%s\n' "$*" "$info"
    exit 1
}
grep -q "^cuda module  *CUDA .*architectures .*90" <<<"$info" || fail "the module does not load"
if grep -q "^cuda:0 " <<<"$info"; then
    grep -qx "backends         cpu, cuda" <<<"$info" || fail "the device is no backend"
    "$program" table connected --lattice 3x3 --cuts half --backend cuda >/dev/null || fail "a run fails"
    exit 0
fi
grep -q "^cuda devices  *no CUDA device" <<<"$info" || fail "no reason is given"
status=0
error=$("$program" table connected --lattice 3x3 --cuts half --backend cuda 2>&1) || status=$?
[ "$status" -eq 6 ] && [ "$(wc -l <<<"$error")" -eq 1 ] && grep -q "backend 'cuda': no CUDA device" <<<"$error" ||
    fail "status $status: $error"
"$program" table connected --lattice 3x3 --cuts half >/dev/null || fail "auto does not use the CPU"
