# SPDX-License-Identifier: Apache-2.0
"""Trains networks on all images of a lattice and measures, while they learn, the entanglement entropy of what they have learned.

    python3 examples/learning.py --out examples/results/learning.csv

Ten seeds of every kind of network in KINDS. One row of the file is one network at one moment, written at once. docs/learning.md
tells what comes out; learning_picture.py draws it. Needs PyTorch (the CPU will do) and cutropy."""

import argparse
import csv
import pathlib
import sys

import numpy as np

try:
    import torch
except ModuleNotFoundError:
    sys.exit("this needs PyTorch (pip install torch)")

import cutropy
from networks import Learners, cnn, mlp

COLUMNS = ["lattice", "target", "network", "channels", "layers", "seed", "updates", "loss", "accuracy",
           "entropy", "target_entropy",              # of the half cut, bits: probability of the network; labels to be learned
           "largest_difference", "mean_difference",  # of entropies over all rectangles: |network - target|
           "label_entropy", "label_rank", "target_rank"]  # half cut, of the labels "score > 0"; rank -1: not settled

# lattice, target, network, channels or width, layers
KINDS = [("4x4", "connected", "mlp", 128, 2)]
KINDS += [("4x4", "connected", "cnn", channels, layers) for layers in (1, 2, 3) for channels in (1, 2, 4, 8) if (channels, layers) != (8, 3)]
KINDS += [("4x3", "random", "mlp", 128, 2), ("4x3", "connected", "cnn", 8, 2)]
KINDS += [("4x3", "random", "cnn", channels, layers) for layers in (1, 2, 3) for channels in (1, 2, 4, 8)]
RATES = {"mlp": 3e-3, "cnn": 1e-2}


def moments(updates):
    """0, 4, 16, 64, .. and the last one: when entropies are measured."""
    times, time = {0, updates}, 4
    while time < updates:
        times.add(time)
        time *= 4
    return times


def measure(values, lattice):
    """Entropies of all rectangles in bits, and entropy and rank of the half cut."""
    rectangles = cutropy.table(values, lattice, "rectangles", threads=1)
    half = cutropy.table(values, lattice, "half", threads=1)
    rank = np.ma.asarray(half.rank)
    return rectangles.entropy, half.entropy[0], int(rank.filled(-1)[0])


def loss(scores, labels):
    """The mean cross entropy in nats."""
    return float(np.mean(np.logaddexp(0, scores) - labels * scores))


def learn(kind, seeds, updates, batch, folder):
    """Yields rows: all networks of a kind at every moment."""
    name, target, network, channels, layers = kind
    lattice, labels = cutropy.Lattice(name), cutropy.values(target, name)
    goal, goal_half, goal_rank = measure(labels, lattice)
    make = (lambda: mlp(lattice, channels, layers)) if network == "mlp" else (lambda: cnn(lattice, channels, layers))
    learners = Learners(make, seeds, lattice, labels, RATES[network], updates, batch)
    times = moments(updates)
    for update in range(updates + 1):
        if update in times:
            for seed, scores in zip(learners.seeds, learners.scores().numpy()):
                entropies, half, _ = measure(1 / (1 + np.exp(-scores)), lattice)
                guess = (scores > 0).astype(np.int8)
                _, label_half, label_rank = measure(guess, lattice) if guess.any() else (None, float("nan"), 0)
                apart = abs(entropies - goal)
                yield [*kind, seed, update, f"{loss(scores, labels):.6g}", f"{np.mean(guess == labels):.6f}",
                       *(f"{number:.8f}" for number in (half, goal_half, apart.max(), apart.mean(), label_half)), label_rank, goal_rank]
        if update < updates:
            learners.update()
    if folder:
        for number, seed in enumerate(learners.seeds):
            state = learners.network(number).state_dict()
            np.savez(folder / f"{name}-{target}-{network}{channels}-n{layers}-{seed}.npz",
                     **{key: tensor.double().numpy() for key, tensor in state.items()})


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", default="learning.csv", help="the rows (%(default)s)")
    parser.add_argument("--seeds", type=int, default=10, help="networks of each kind (%(default)s)")
    parser.add_argument("--updates", type=int, default=4096, help="steps of Adam (%(default)s)")
    parser.add_argument("--batch", type=int, default=1024, help="images of a step (%(default)s, at most a sixteenth of all)")
    parser.add_argument("--kinds", help="which of them, by number from 0 on: 0,3 (all)")
    parser.add_argument("--lattice", help="this lattice for all kinds instead of their own")
    parser.add_argument("--weights", type=pathlib.Path, help="a folder for the weights, one .npz a network")
    args = parser.parse_args()
    torch.set_num_threads(1)
    if args.weights:
        args.weights.mkdir(parents=True, exist_ok=True)
    kinds = [KINDS[int(number)] for number in args.kinds.split(",")] if args.kinds else KINDS
    with open(args.out, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for kind in kinds:
            kind = (args.lattice or kind[0], *kind[1:])
            for row in learn(kind, range(args.seeds), args.updates, args.batch, args.weights):
                writer.writerow(row)
                file.flush()
            print(*kind, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
