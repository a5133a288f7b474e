# SPDX-License-Identifier: Apache-2.0
"""The scripts of examples/ on small lattices, and what lies in examples/results."""

import csv
import pathlib
import subprocess
import sys

import numpy as np
import pytest

import cutropy

EXAMPLES = pathlib.Path(__file__).parents[2] / "examples"


def script(name, *args):
    done = subprocess.run([sys.executable, EXAMPLES / name, *map(str, args)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def rows_of(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_learning(tmp_path, oracle):
    """Networks learn; the entropies are those of a density matrix; the weights that they leave give the same ones to the program's cnn."""
    pytest.importorskip("torch")
    script("learning.py", "--lattice", "3x2", "--seeds", 2, "--updates", 32, "--kinds", "0,7", "--out", tmp_path / "learning.csv", "--weights", tmp_path)
    rows = rows_of(tmp_path / "learning.csv")
    assert len(rows) == 2 * 2 * 4 and {row["network"] for row in rows} == {"mlp", "cnn"}
    for row in rows:
        goal = oracle(cutropy.values("connected", "3x2"), 0b111, 6)
        assert abs(float(row["target_entropy"]) - goal) < 1e-7
        if row["updates"] != "32":
            continue
        first = next(r for r in rows if r["updates"] == "0" and r["network"] == row["network"] and r["seed"] == row["seed"])
        assert float(row["loss"]) < float(first["loss"])
        size = f"width={row['channels']},depth={row['layers']}" if row["network"] == "mlp" else f"channels={row['channels']},layers={row['layers']},poolings=0"
        weights = tmp_path / f"3x2-connected-{row['network']}{row['channels']}-n{row['layers']}-{row['seed']}.npz"
        probability = cutropy.values(f"{row['network']}:{size},link=sigmoid,weights={weights}", "3x2")
        assert abs(float(row["entropy"]) - oracle(probability, 0b111, 6)) < 1e-5  # its numbers had four bytes
        labels = cutropy.values("connected", "3x2")
        assert abs(float(row["accuracy"]) - np.mean((probability > 0.5) == labels)) < 1e-6


def test_models(tmp_path):
    pytest.importorskip("sklearn")
    script("learning_models.py", "--lattice", "3x2", "--seeds", 1, "--share", 0.5, "--out", tmp_path / "models.csv")
    rows = rows_of(tmp_path / "models.csv")
    assert len(rows) == 5 and all(0.5 < float(row["accuracy"]) <= 1 for row in rows)


def test_pictures(tmp_path):
    pytest.importorskip("matplotlib")
    script("learning_picture.py", "--results", EXAMPLES / "results", "--folder", tmp_path)
    for name in ("learning.svg", "mera-and-cnn.svg"):
        drawn = (tmp_path / name).read_text(encoding="utf-8")
        assert "</svg>" in drawn and ("bits" in drawn or "random states" in drawn)


def test_tables():
    """The page prints what the rows say."""
    done = subprocess.run([sys.executable, EXAMPLES / "learning_tables.py", "--results", EXAMPLES / "results"], capture_output=True, text=True, check=True)
    page = (EXAMPLES.parent / "docs/learning.md").read_text(encoding="utf-8").splitlines()
    assert done.stdout.count("|") > 100 and not [line for line in done.stdout.splitlines() if line not in page]


def test_results():
    """The rows in the repository: every kind with all seeds, and their targets are today's."""
    rows = rows_of(EXAMPLES / "results" / "learning.csv")
    targets = {(row["lattice"], row["target"], row["target_entropy"], row["target_rank"]) for row in rows}
    for lattice, target, entropy, rank in targets:
        table = cutropy.table(target, lattice, "half")
        assert abs(table.entropy[0] - float(entropy)) < 1e-7 and table.rank[0] == int(rank)
    last = {}
    for row in rows:
        if row["updates"] == max((r["updates"] for r in rows), key=int):
            last.setdefault((row["lattice"], row["target"], row["network"], row["channels"], row["layers"]), set()).add(row["seed"])
    assert all(len(seeds) == 10 for seeds in last.values())
