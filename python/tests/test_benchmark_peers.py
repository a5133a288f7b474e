# SPDX-License-Identifier: Apache-2.0
"""benchmarks/peers on small cases: what NumPy computes there is an oracle's and the library's, and different answers are never timed."""

import json
import pathlib
import re
import sys

import numpy as np
import pytest

import cutropy

ROOT = pathlib.Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks" / "peers"))

import arrays  # noqa: E402
import measure  # noqa: E402
import report  # noqa: E402
from cases import CASES  # noqa: E402
from peers import PEERS  # noqa: E402

NUMPY = [name for name in PEERS if name.startswith("NumPy")]
N = 6


def found(peer, f, n, masks):
    values = np.full(len(masks), np.nan)
    for places, entropies in PEERS[peer].start()(f, n, masks, 1):
        values[places] = entropies
    return values


@pytest.mark.parametrize("peer", NUMPY)
@pytest.mark.parametrize("kind", ["label", "real", "complex", "repeating"])
def test_numpy_and_the_oracle(peer, kind, rng, oracle):
    f = {"label": lambda: rng.integers(0, 2, 1 << N).astype(np.uint8), "real": lambda: rng.normal(size=1 << N),
         "complex": lambda: rng.normal(size=1 << N) + 1j * rng.normal(size=1 << N),
         "repeating": lambda: np.tile(np.repeat(rng.normal(size=4), 4), 4)}[kind]()
    masks = list(range(1, (1 << N) - 1))
    assert np.abs(found(peer, f, N, masks) - [oracle(f, mask, N) for mask in masks]).max() < 1e-12


@pytest.mark.parametrize("case", [name for name, case in CASES.items() if case.lattice(True) not in ("chain:17", "chain:16", "chain:15")])
def test_numpy_and_the_library(case):
    case = CASES[case]
    for problem in case.problems(True):
        table = cutropy.table(problem, case.lattice(True), case.cuts)
        f = cutropy.values(problem, case.lattice(True))
        f = f.view(np.uint8) if f.dtype == np.int8 else f
        masks = [int(mask, 16) for mask in table.cut]
        for peer in NUMPY:
            apart = np.abs(found(peer, f, len(f).bit_length() - 1, masks) - table.entropy)
            assert (apart <= measure.AGREE + table.entropy_err).all(), (peer, problem)


def test_merging(rng):
    """Every row of the matrix is one of the merged ones, as often as they say."""
    m = rng.integers(0, 2, (300, 3)).astype(np.uint8)
    rows, counts = arrays.merged(m)
    assert len(rows) == 8 and counts.sum() == 300
    for row, count in zip(rows, counts):
        assert (m == row).all(1).sum() == count
    assert arrays.rows_repeat(np.repeat(np.eye(400), 2, axis=0)) and not arrays.rows_repeat(np.eye(400))


def test_different_answers_are_refused(tmp_path):
    entropies = np.array([[1.0, 0.5]])
    for name, values in (("entropies", entropies), ("errors", np.zeros((1, 2)))):
        np.save(tmp_path / f"{name}.npy", values)
    for wrong in (entropies + 1e-8, entropies[:, :1], entropies * np.nan):
        np.save(tmp_path / "answer.npy", wrong)
        with pytest.raises(measure.Disagreement, match="Abacus"):
            measure.difference(tmp_path, tmp_path / "answer.npy", "Abacus")
    np.save(tmp_path / "answer.npy", entropies + 1e-12)
    assert measure.difference(tmp_path, tmp_path / "answer.npy", "Abacus") < 2e-12


def test_a_worker_answers_in_its_own_words(tmp_path):
    """A process of its own, cold and warm calls, and an error that is the package's."""
    f = cutropy.values("random:seed=1", "3x3").view(np.uint8)
    masks = [0b1, 0b11, 0b1111]
    np.save(tmp_path / "states.npy", f[None])
    np.save(tmp_path / "masks.npy", masks)
    (tmp_path / "case.json").write_text(json.dumps({"lattice": "3x3", "family": "all", "cuts": 3, "states": 1}))
    table = cutropy.table("random:seed=1", "3x3", masks)
    np.save(tmp_path / "entropies.npy", [table.entropy])
    np.save(tmp_path / "errors.npy", [table.entropy_err])

    class Options:
        limit, seconds, memory = 60, 5, 4

    row = measure.measure("NumPy", tmp_path, 1, Options)
    assert row["note"] == "" and row["difference"] < 1e-12 and len(row["warm"]["wall"]) == 3
    assert 0 < row["cold"]["processor"] < row["whole"]["processor"] and row["import"]["wall"] < row["whole"]["wall"]
    np.save(tmp_path / "states.npy", f[None, :100])  # not a power of two
    assert "reshape" in measure.measure("NumPy", tmp_path, 1, Options)["note"]


def stored():
    return sorted((ROOT / "benchmarks" / "results").glob("*-peers-*.json"))[-1]


def test_the_pages_print_what_was_measured():
    """No figure of speed is written by hand: every table is the report's."""
    page, readme = ((ROOT / name).read_text(encoding="utf-8") for name in ("docs/benchmarks.md", "README.md"))
    results = report.Results(stored())
    printed, lines = report.tables(results), page.splitlines()
    assert len(printed) > 60 and not [line for line in printed if line not in lines]
    measured = page[page.index("## What came out"):].splitlines()
    assert not [line for line in measured if line.startswith("|") and line not in printed]
    speed = re.search(r"^## Speed\n(.*?)^## ", readme, re.S | re.M).group(1)
    shown = [line for line in speed.splitlines() if line.startswith("|")]
    assert len(shown) > 5 and shown == report.overview(results)
