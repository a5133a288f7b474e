# SPDX-License-Identifier: Apache-2.0
"""Draws what learning.py found, and MERA beside convolutional networks.

    cutropy expressivity mera --lattice chain:16 --layers 2 --disentanglers 1,2,3 --chi 1,2,4 --seeds 64 -o examples/results/mera.csv
    cutropy expressivity cnn --lattice 4x3 --poolings 0 --layers 1,2,3 --channels 1,2,4,8 --seeds 64 -o examples/results/cnn.csv
    python3 examples/learning_picture.py --results examples/results --folder docs/pictures

Makes learning.svg and mera-and-cnn.svg, the same bytes for the same rows. Needs Matplotlib and cutropy.

Colours: the set of M. Okabe and K. Ito (2008), readable with any kind of colour vision."""

import argparse
import csv
import math
import pathlib
import statistics

import sys

try:
    import matplotlib
except ModuleNotFoundError:
    sys.exit("this needs Matplotlib (pip install matplotlib)")

matplotlib.use("Agg")
import matplotlib.pyplot as plt

BLUE, RED, GREEN = "#0072b2", "#d55e00", "#009e73"
STYLE = {"font.size": 9, "svg.fonttype": "none", "svg.hashsalt": "cutropy", "font.family": "sans-serif", "axes.spines.top": False,
         "axes.spines.right": False, "legend.frameon": False}


def rows_of(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def curves(rows, *kind):
    """{updates: entropies of the seeds} of one kind of network."""
    keys = ("lattice", "target", "network", "channels", "layers")
    found = {}
    for row in rows:
        if tuple(row[key] for key in keys) == kind:
            found.setdefault(int(row["updates"]), []).append(float(row["entropy"]))
    return found


def spread(numbers):
    """Mean and standard deviation."""
    return statistics.mean(numbers), statistics.stdev(numbers) if len(numbers) > 1 else 0.0


def draw_learning(rows, axes, title, kinds):
    for kind, colour, label in kinds:
        found = curves(rows, *kind)
        if not found:
            continue
        x = [max(updates, 1) for updates in sorted(found)]
        y, error = zip(*(spread(found[updates]) for updates in sorted(found)))
        axes.errorbar(x, y, error, color=colour, marker="o", markersize=4, linewidth=1.4, capsize=3, label=label)
    goals = {float(row["target_entropy"]) for row in rows for kind, *_ in kinds if (row["lattice"], row["target"]) == kind[:2]}
    for goal in goals:
        axes.axhline(goal, color="#404040", linestyle="--", linewidth=1)
        axes.annotate(f"the labels themselves: {goal:.4f} bits", (1, goal), xytext=(0, 4), textcoords="offset points")
        axes.set_ylim(-0.05 * goal, 1.18 * goal)
    axes.set_xscale("log")
    axes.set_xlabel("steps of training (first point: none)")
    axes.set_title(title, fontsize=10)
    axes.legend(loc="upper left", bbox_to_anchor=(0, 0.84))


def learning(rows, path):
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.7), layout="constrained")
    draw_learning(rows, left, "is the image connected? (4x4)",
                  [(("4x4", "connected", "mlp", "128", "2"), BLUE, "fully connected,\n18,817 parameters"),
                   (("4x4", "connected", "cnn", "8", "2"), RED, "convolutional,\n793 parameters")])
    draw_learning(rows, right, "random labels (4x3)",
                  [(("4x3", "random", "mlp", "128", "2"), BLUE, "fully connected,\n18,305 parameters"),
                   (("4x3", "random", "cnn", "8", "2"), RED, "convolutional,\n761 parameters")])
    left.set_ylabel("S of the network's probability,\nhalf of the pixels (bits)")
    figure.savefig(path, metadata={"Date": None})


def share_of_page(row):
    """S over Page's average, and its standard deviation: rows of cutropy expressivity."""
    page = float(row["page_bits"])
    return float(row["mean_bits"]) / page, float(row["sd_bits"]) / page


def draw_claim(axes, points, title, label):
    """points: {n: [(log2 size, share, its deviation)]}, against n log2 size."""
    for n, colour in zip(sorted(points), (BLUE, RED, GREEN)):
        x, y, error = zip(*sorted((n * size, share, deviation) for size, share, deviation in points[n]))
        axes.errorbar(x, y, error, color=colour, marker="o", markersize=4, linewidth=1.2, capsize=3, label=f"n = {n}")
    axes.set_title(title, fontsize=10)
    axes.set_xlabel(label)
    axes.set_ylim(-0.03, 1.03)
    axes.legend(loc="upper left")


def swept(rows, size, depth):
    points = {}
    for row in rows:
        points.setdefault(int(row[depth]), []).append((math.log2(float(row[size])), *share_of_page(row)))
    return points


def trained(rows, lattice, target, page):
    last = max(int(row["updates"]) for row in rows)
    points = {}
    for channels, layers in sorted({(row["channels"], row["layers"]) for row in rows if row["network"] == "cnn"}):
        numbers = curves(rows, lattice, target, "cnn", channels, layers).get(last)
        if numbers:
            mean, deviation = spread(numbers)
            points.setdefault(int(layers), []).append((math.log2(int(channels)), mean / page, deviation / page))
    return points


def mera_and_cnn(rows, mera, cnn, path):
    page = float(cnn[0]["page_bits"]) * float(cnn[0]["boundary"])
    figure, axes = plt.subplots(1, 3, figsize=(10, 3.6), sharey=True, layout="constrained")
    draw_claim(axes[0], swept(mera, "chi", "disentanglers"), "MERA, random (16 pixels in a row)", "n log2 chi, n rounds of disentanglers")
    draw_claim(axes[1], trained(rows, "4x3", "random", page), "CNN, trained on random labels (4x3)", "n log2 D, n convolutions")
    draw_claim(axes[2], swept(cnn, "channels", "layers"), "CNN, random weights (4x3)", "n log2 D, n convolutions")
    axes[0].set_ylabel("S of half of the pixels over\nthat of random states")
    figure.savefig(path, metadata={"Date": None})


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--results", type=pathlib.Path, default=pathlib.Path(__file__).parent / "results", help="where the rows are (%(default)s)")
    parser.add_argument("--folder", type=pathlib.Path, default=".", help="where the pictures go (%(default)s)")
    parser.add_argument("--format", default="svg", help="svg, png or pdf (%(default)s)")
    args = parser.parse_args()
    plt.rcParams.update(STYLE)
    rows = rows_of(args.results / "learning.csv")
    args.folder.mkdir(parents=True, exist_ok=True)
    learning(rows, args.folder / f"learning.{args.format}")
    mera, cnn = args.results / "mera.csv", args.results / "cnn.csv"
    if mera.exists() and cnn.exists():
        mera_and_cnn(rows, rows_of(mera), rows_of(cnn), args.folder / f"mera-and-cnn.{args.format}")


if __name__ == "__main__":
    main()
