#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How idle ranks are: the rules of src/engine/run/ranks_deal.c with the measured distribution of cut times, for any number of ranks.

Times: processor seconds of single cuts, one thread, of random masks of each size of the smaller side; what a run costs without a cut is
taken off. All cuts of the lattice (one of A and its complement) then draw the time of a measured one of their size. Idle: the share of
the ranks' time until the last one is finished in which they had no cut, of pieces that rank 0 hands out, and of `--part` beside it.

    PYTHONPATH=python benchmarks/scheduler.py random 5x4 --ranks 2 8 64 512"""

import argparse
import heapq
import json
import math
import random
import time

import numpy as np

PIECE, MOST, FIRST = 0.5, 65536, 4  # as in ranks_deal.c
LATENCY = 0.002  # seconds between an answer and the next piece: two looks of the threads that talk


def measure(problem: str, lattice: str, samples: int) -> dict:
    """Processor seconds of cuts, by the pixels of their smaller side."""
    import cutropy

    state = cutropy.State(problem, lattice, threads=1, backend="cpu")
    pixels = state.problem.lattice.pixels
    draw = random.Random(1)

    def seconds(mask: int) -> float:
        start = time.process_time()
        state.table(cuts=[mask], symmetry=False)
        return time.process_time() - start

    nothing = min(seconds(0) for _ in range(9))
    seconds((1 << pixels // 2) - 1)  # libraries are open
    return {k: [max(seconds(sum(1 << i for i in draw.sample(range(pixels), k))) - nothing, 1e-6) for _ in range(samples)]
            for k in range(1, pixels // 2 + 1)}


def cuts_of(times: dict, pixels: int) -> tuple:
    """Sizes and seconds of all cuts, in the order in which they are handed out."""
    draw = np.random.default_rng(2)
    sizes, seconds = [], []
    for k in sorted(times, reverse=True):
        count = math.comb(pixels, k) // (2 if 2 * k == pixels else 1)
        sizes.append(np.full(count, k))
        seconds.append(draw.choice(np.array(times[k]), count))
    return np.concatenate(sizes), np.concatenate(seconds)


def handed_out(sizes: np.ndarray, seconds: np.ndarray, ranks: int) -> float:
    """When the last rank is finished."""
    total, count, given = np.concatenate([[0.0], np.cumsum(seconds)]), len(sizes), 0
    ends = {int(k): int(np.searchsorted(-sizes, -k, side="right")) for k in np.unique(sizes)}
    cost: dict = {}
    free = [(0.0, r, None, 0.0, 0) for r in range(ranks)]  # when, rank, size and time and number of what it had
    last = 0.0
    while free:
        now, rank, had, took, number = heapq.heappop(free)
        if had is not None:
            cost[had] = (took + LATENCY) / number
        if given == count:
            last = max(last, now)
            continue
        k = int(sizes[given])
        most = int(PIECE / cost[k]) if k in cost else FIRST
        number = max(1, min(most, MOST, (count - given) // (2 * ranks) + 1, ends[k] - given))
        took = float(total[given + number] - total[given])
        given += number
        heapq.heappush(free, (now + took + LATENCY, rank, k, took, number))
    return last


def dealt_out(seconds: np.ndarray, ranks: int) -> float:
    """The longest part of --part: cuts of a size one by one in turn."""
    return max(float(seconds[r::ranks].sum()) for r in range(ranks))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("problem", nargs="?", default="random")
    parser.add_argument("lattice", nargs="?", default="5x4")
    parser.add_argument("--ranks", type=int, nargs="+", default=[2, 8, 64, 512])
    parser.add_argument("--samples", type=int, default=24, help="cuts of each size that are timed")
    parser.add_argument("--times", help="a JSON file of times: read if it is there, else written")
    chosen = parser.parse_args()
    try:
        with open(chosen.times or "", encoding="utf-8") as file:
            times = {int(k): v for k, v in json.load(file).items()}
    except FileNotFoundError:
        times = measure(chosen.problem, chosen.lattice, chosen.samples)
        if chosen.times:
            with open(chosen.times, "w", encoding="utf-8") as file:
                json.dump(times, file)
    pixels = 2 * max(times)
    sizes, seconds = cuts_of(times, pixels)
    work = float(seconds.sum())
    print(f"{chosen.problem} {chosen.lattice}: {len(seconds)} cuts, {work:.0f} processor seconds, the longest {seconds.max():.3g} s")
    for ranks in chosen.ranks:
        pieces, parts = handed_out(sizes, seconds, ranks), dealt_out(seconds, ranks)
        print(f"{ranks:5} ranks: {pieces:9.2f} s, idle {100 * (1 - work / ranks / pieces):5.2f} %; parts: idle {100 * (1 - work / ranks / parts):5.2f} %")


if __name__ == "__main__":
    main()
