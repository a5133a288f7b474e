#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# program.sh PROGRAM MODULE: whole runs whose kernels are nvcc's PTX give the tables of the CPU.
set -eu
program=$1
compare=$(dirname "$0")/../cuda/compare_tables.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CUTROPY_CUDA_MODULE=$2 CUTROPY_CUDA_GUARDED=1 CT_FAKE_DEVICES=1

# same PROBLEM LATTICE CUTS KERNEL OPTION...: and KERNEL was among those that ran
same() {
    "$program" table "$1" --lattice "$2" --cuts "$3" "${@:5}" --no-symmetry --backend cpu >"$work/cpu.csv"
    CT_PTX_REPORT=1 "$program" table "$1" --lattice "$2" --cuts "$3" "${@:5}" --no-symmetry --backend cuda >"$work/cuda.csv" 2>"$work/err" || {
        cat "$work/err"
        exit 1
    }
    bash "$compare" "$work/cpu.csv" "$work/cuda.csv"
    grep -q "^ptx: .* $4\$" "$work/err" || {
        echo "$4 did not run: $(cat "$work/err")"
        exit 1
    }
}
same connected 3x3 all every_entry_kernel
same random:density=0.5,seed=3,encoding=pm1 chain:9 prefixes gram_bits_kernel
same page chain:7 all gather_values_kernel
same random chain:12 half ql_kernel
same page:complex=1 chain:10 half tridiagonal_kernel
CUTROPY_CUDA_LEVEL=0 same pixel-loops 4x4 rows level_kernel --solver frontier
