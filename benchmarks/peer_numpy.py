#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The same numbers by NumPy: every cut of a random label function, one eigvalsh a cut.

    benchmarks/peer_numpy.py CUTROPY [LX LY]      CUTROPY: path of the program; default lattice 4x4

Times NumPy and the program in one run and compares all entropies; needs numpy. Shares nothing with cutropy but the
definition of the random function (most significant bit of splitmix64).
"""
import csv
import io
import subprocess
import sys
import time

import numpy as np


def splitmix_top_bit(n):
    with np.errstate(over="ignore"):
        z = np.arange(2**n, dtype=np.uint64) + np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
    return (z >> np.uint64(63)).astype(np.float64)


def entropy(f, n, mask):
    axes = [n - 1 - i for i in range(n)]  # axis of pixel i: the first axis is the highest bit
    inside = [axes[i] for i in range(n) if mask >> i & 1]
    outside = [axes[i] for i in range(n) if not mask >> i & 1]
    if len(inside) > len(outside):
        inside, outside = outside, inside
    m = f.reshape((2,) * n).transpose(inside + outside).reshape(2 ** len(inside), -1)
    p = np.linalg.eigvalsh(m @ m.T)
    p = p[p > 0] / p.sum()
    return float(-(p * np.log2(p)).sum())


def main():
    program = sys.argv[1]
    lx, ly = (int(sys.argv[2]), int(sys.argv[3])) if len(sys.argv) > 3 else (4, 4)
    n = lx * ly
    start = time.perf_counter()
    text = subprocess.run([program, "table", "random", "--lattice", f"{lx}x{ly}", "--cuts", "all"],
                          check=True, capture_output=True, text=True).stdout
    ours = time.perf_counter() - start
    f = splitmix_top_bit(n)
    start = time.perf_counter()
    worst = 0.0
    rows = list(csv.DictReader(io.StringIO(text)))
    for row in rows:
        worst = max(worst, abs(entropy(f, n, int(row["cut"], 16)) - float(row["entropy_bits"])))
    theirs = time.perf_counter() - start
    print(f"{len(rows)} cuts of a random {lx}x{ly} function: cutropy {ours:.2f} s, NumPy {np.__version__} {theirs:.2f} s, "
          f"ratio {theirs / ours:.1f}, largest difference {worst:.1e} bits")


if __name__ == "__main__":
    main()
