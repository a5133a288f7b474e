# SPDX-License-Identifier: Apache-2.0
"""Trains models of scikit-learn on a part of all images of a lattice and measures the entanglement entropy of what they make of all.

    python3 examples/learning_models.py --out examples/results/learning_models.csv

Ten seeds: each its own part of the images. docs/learning.md tells what comes out. Needs scikit-learn and cutropy."""

import argparse
import csv
import sys

import numpy as np

try:
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.svm import SVC
    from sklearn.tree import DecisionTreeClassifier
except ModuleNotFoundError:
    sys.exit("this needs scikit-learn (pip install scikit-learn)")

import cutropy

COLUMNS = ["lattice", "target", "model", "images", "seed", "accuracy",  # accuracy over all images
           "probability_entropy", "label_entropy", "target_entropy",    # half cut, bits
           "label_rank", "target_rank"]                                 # half cut; rank -1: not settled
MODELS = {
    "logistic regression": lambda seed: LogisticRegression(),
    "decision tree": lambda seed: DecisionTreeClassifier(random_state=seed),
    "random forest": lambda seed: RandomForestClassifier(100, random_state=seed),
    "3 nearest neighbours": lambda seed: KNeighborsClassifier(3),
    "support vectors": lambda seed: SVC(C=10),
}


def half(function, lattice, **output):
    """Entropy in bits and rank of the half cut."""
    table = cutropy.table(function, lattice, "half", threads=1, **output)
    return f"{table.entropy[0]:.8f}", int(np.ma.asarray(table.rank).filled(-1)[0])


def learn(lattice, target, share, seed):
    """Yields rows: every model, trained on the same part of the images."""
    labels = cutropy.values(target, lattice)
    pixels = cutropy.Lattice(lattice).pixels
    images = np.arange(2**pixels)[:, None] >> np.arange(pixels) & 1  # row k, column i: pixel i of image k
    goal, goal_rank = half(labels, lattice)
    count = max(8, round(share * len(labels)))
    seen = np.random.default_rng(seed).permutation(len(labels))[:count]
    for name, make in MODELS.items():
        model = make(seed).fit(images[seen], labels[seen])
        guess = cutropy.values(model, lattice, output="label")
        entropy, rank = half(guess, lattice) if guess.any() else ("nan", 0)
        probability = half(model, lattice, output="probability")[0] if hasattr(model, "predict_proba") else "nan"
        yield [lattice, target, name, count, seed, f"{np.mean(guess == labels):.6f}", probability, entropy, goal, rank, goal_rank]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", default="learning_models.csv", help="the rows (%(default)s)")
    parser.add_argument("--seeds", type=int, default=10, help="(%(default)s)")
    parser.add_argument("--share", type=float, default=0.1, help="of all images, to train on (%(default)s)")
    parser.add_argument("--lattice", default="4x4", help="(%(default)s)")
    parser.add_argument("--target", default="connected", help="the problem whose labels are learned (%(default)s)")
    args = parser.parse_args()
    with open(args.out, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for seed in range(args.seeds):
            for row in learn(args.lattice, args.target, args.share, seed):
                writer.writerow(row)
                file.flush()
            print("seed", seed, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
