# SPDX-License-Identifier: Apache-2.0
"""Prints the tables of docs/learning.md from the rows of learning.py and learning_models.py: mean +- standard deviation over the seeds.

    python3 examples/learning_tables.py --results examples/results"""

import argparse
import csv
import pathlib
import statistics


def rows_of(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def spread(rows, column, digits=4):
    numbers = [float(row[column]) for row in rows if row[column] != "nan"]
    if not numbers:
        return "-"
    mean = f"{statistics.mean(numbers):.{digits}f}"
    return mean if len(numbers) == 1 else f"{mean} +- {statistics.stdev(numbers):.{digits}f}"


def ranks(rows):
    found = sorted(int(row["label_rank"]) for row in rows)
    return str(found[0]) if found[0] == found[-1] else f"{found[0]} to {found[-1]}"


def grouped(rows, *keys):
    groups = {}
    for row in rows:
        groups.setdefault(tuple(row[key] for key in keys), []).append(row)
    return groups


def table(*head):
    print("\n| " + " | ".join(head) + " |\n|" + "---|" * len(head))


def line(*cells):
    print("| " + " | ".join(map(str, cells)) + " |")


def progress(rows, lattice, target, network, channels, layers):
    table("steps", "accuracy", "S of the probability", "largest difference of all rectangles", "S of the label", "rank of the label")
    kind = [row for row in rows if (row["lattice"], row["target"], row["network"], row["channels"], row["layers"])
            == (lattice, target, network, str(channels), str(layers))]
    for (updates,), part in sorted(grouped(kind, "updates").items(), key=lambda item: int(item[0][0])):
        line(updates, spread(part, "accuracy", 5), spread(part, "entropy"), spread(part, "largest_difference"), spread(part, "label_entropy"), ranks(part))


def sizes(rows, lattice, target):
    """Finished convolutional networks: accuracy and S, one line a depth."""
    last = max(int(row["updates"]) for row in rows)
    part = [row for row in rows if row["network"] == "cnn" and (row["lattice"], row["target"]) == (lattice, target) and int(row["updates"]) == last]
    channels = sorted({int(row["channels"]) for row in part})
    groups = grouped(part, "layers", "channels")
    table("", *(f"D = {d}" for d in channels))
    for n in sorted({row["layers"] for row in part}):
        cells = [groups.get((n, str(d))) for d in channels]
        line(f"n_c = {n}", *(f"{spread(cell, 'entropy', 3)} ({100 * statistics.mean(float(row['accuracy']) for row in cell):.2f} %)" if cell else ""
                             for cell in cells))


def models(rows):
    table("model", "accuracy", "S of the probability", "S of the label", "rank of the label")
    for (model,), part in grouped(rows, "model").items():
        line(model, spread(part, "accuracy"), spread(part, "probability_entropy"), spread(part, "label_entropy"), ranks(part))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--results", type=pathlib.Path, default=pathlib.Path(__file__).parent / "results", help="where the rows are (%(default)s)")
    args = parser.parse_args()
    rows = rows_of(args.results / "learning.csv")
    for kind in (("4x4", "connected", "mlp", 128, 2), ("4x4", "connected", "cnn", 8, 2), ("4x3", "random", "mlp", 128, 2), ("4x3", "random", "cnn", 8, 2)):
        progress(rows, *kind)
    sizes(rows, "4x4", "connected")
    sizes(rows, "4x3", "random")
    models(rows_of(args.results / "learning_models.csv"))


if __name__ == "__main__":
    main()
