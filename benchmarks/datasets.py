#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whole runs on data sets (docs/datasets.md): half cuts of M smooth images of 28x28 pixels, the digits of one class by all rectangles, proofs.
usage: datasets.py [PROGRAM] [--runs 3] [--threads 2]; a minute. Medians of seconds on the wall and of the processor; --proofs: half a minute more a run.
"""

import argparse
import os
import pathlib
import resource
import statistics
import subprocess
import tempfile
import time

import numpy as np

HALF = ["--lattice", "28x28", "--cuts", "half"]


def waves(count, size=28):
    """Each the sum of four random cosines, scaled to bytes."""
    rng = np.random.default_rng(5)
    y, x = np.mgrid[:size, :size] / size
    k, phase, height = rng.uniform(-3, 3, (count, 4, 2)), rng.uniform(0, 2 * np.pi, (count, 4)), rng.uniform(0.5, 1, (count, 4))
    images = np.empty((count, size, size), np.uint8)
    for m in range(count):
        f = sum(h * np.cos(2 * np.pi * (a * x + b * y) + p) for (a, b), p, h in zip(k[m], phase[m], height[m]))
        images[m] = np.round(255 * (f - f.min()) / (f.max() - f.min()))
    return images


def timed(command):
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("program", nargs="?", default="build/native/src/cutropy")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--proofs", action="store_true", help="with --certify as well")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        cases = []
        for count in (1000, 2000, 4000):
            path = pathlib.Path(folder, f"waves{count}.npy")
            np.save(path, waves(count))
            for theta in ("0.5", "0.1"):
                cases.append((f"{count} images, theta {theta}, half", [f"data:images={path},theta={theta}", *HALF]))
                if options.proofs and count == 1000:
                    cases.append((f"{count} images, theta {theta}, half, proved", [*cases[-1][1], "--certify"]))
        cases.append(("digits, class 3, all rectangles", ["data:label=class:3", "--cuts", "rectangles"]))
        print(f"| {options.threads} threads | wall, s | processor, s |\n| --- | --- | --- |")
        for name, arguments in cases:
            runs = [timed([options.program, "table", *arguments, "--threads", str(options.threads), "--quiet"]) for _ in range(options.runs)]
            print(f"| {name} | {statistics.median(r[0] for r in runs):.2f} | {statistics.median(r[1] for r in runs):.2f} |", flush=True)


if __name__ == "__main__":
    main()
