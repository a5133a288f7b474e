#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the Python package adds: to the own time of a callable, and to a small table. usage: python_overhead.py [PIXELS..], 20 and 24 without

The own time is measured inside the calls of one run; the rest of that run is making images, collecting answers and opening the state.
Processor time is compared, so that other programs count little; the best of several runs is printed.
"""

import sys
import time

import numpy as np

import cutropy

RUNS = 7


def neighbours(x):
    return ~((x[:, 1:] & x[:, :-1]).any((1, 2)) | (x[:, :, 1:] & x[:, :, :-1]).any((1, 2)))


def expression(x):
    return x.sum((1, 2)) > 10


def network(x, weights=np.random.default_rng(0).normal(size=(4, 64, 64))):
    y = x.reshape(len(x), -1).astype(np.float32)
    for w in weights:
        y = np.maximum(y @ w[:y.shape[1]].astype(np.float32), 0)
    return y.sum(1) + 1


def share(f, lattice):
    """Seconds of f, and of everything else, in one run."""
    own = [0.0]

    def timed(x):
        start = time.process_time()
        y = f(x)
        own[0] += time.process_time() - start
        return y

    start = time.process_time()
    cutropy.State(timed, lattice, threads=1).close()
    return own[0], time.process_time() - start - own[0]


def main():
    for n in [int(text) for text in sys.argv[1:]] or [20, 24]:
        lattice = f"{n // 4}x4"
        print(f"{lattice}: 2^{n // 4 * 4} images")
        for f in (expression, neighbours, network)[:3 if n <= 20 else 2]:  # the network takes minutes
            own, rest = min((share(f, lattice) for _ in range(RUNS)), key=lambda pair: pair[1] / pair[0])
            print(f"{f.__name__:12} {own:7.3f} s, and {rest * 1e3:6.1f} ms around it: {100 * rest / own:.1f} %")
    for call in ("cutropy.table('connected', '3x3', 'rows')", "cutropy.table('connected', '4x4', 'rows')"):
        times = []
        for _ in range(200):
            start = time.perf_counter()
            eval(call)
            times.append(time.perf_counter() - start)
        print(f"{call}: {min(times) * 1e3:.2f} ms at best, {sorted(times)[100] * 1e3:.2f} ms as a rule")


main()
