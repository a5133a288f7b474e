# SPDX-License-Identifier: Apache-2.0
"""Tables in parts, by executors."""

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pytest

import cutropy


def test_threads_and_arrays():
    values = np.random.default_rng(1).normal(size=1 << 9)
    whole = cutropy.table(values, "3x3", cuts="all", certify=True)
    told = []
    with ThreadPoolExecutor(2) as executor:
        parts = cutropy.table(values, "3x3", cuts="all", certify=True, threads=1, executor=executor, parts=3,
                              progress=lambda *state: told.append(state))
    assert parts.csv() == whole.csv()
    assert told == [("parts", 1, 3), ("parts", 2, 3), ("parts", 3, 3)]


def test_processes():
    whole = cutropy.table("connected", "4x4", cuts="rectangles", quantities="spectrum", base="e")
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as executor:
        parts = cutropy.table("connected", "4x4", cuts="rectangles", quantities="spectrum", base="e", executor=executor, parts=4)
    assert parts.csv() == whole.csv()


def test_dask():
    """Its workers are threads here, processes with CUTROPY_TEST_SCHEDULERS=1."""
    distributed = pytest.importorskip("distributed")
    whole = cutropy.table("connected", "4x4", cuts="rectangles")
    with distributed.Client(n_workers=2, threads_per_worker=1, processes="CUTROPY_TEST_SCHEDULERS" in os.environ, dashboard_address=None) as client:
        parts = cutropy.table("connected", "4x4", cuts="rectangles", threads=1, executor=client, parts=4)
    assert parts.csv() == whole.csv()


def test_what_goes_wrong():
    with ThreadPoolExecutor(1) as executor:
        with pytest.raises(cutropy.InputError, match="parts=None: say in how many parts"):
            cutropy.table("parity", "3x3", executor=executor)
        with pytest.raises(cutropy.InputError, match="unknown problem 'paritty'"):
            cutropy.table("paritty", "3x3", executor=executor, parts=2)


class Counting(ThreadPoolExecutor):
    """How often it was asked."""

    calls = 0

    def submit(self, *call):
        self.calls += 1
        return super().submit(*call)


@pytest.mark.parametrize("problem, lattice, cuts, count", [
    ("connected", "3x3", "rows", 2), ("connected", None, "half", 1), (lambda x: x[:, 0, 0] > 0, (3, 3), [[0], [1], [0, 1]], 3),
    (cutropy.images(np.eye(4).reshape(4, 2, 2)), None, "all", 7)])
def test_no_more_parts_than_cuts(problem, lattice, cuts, count):
    with Counting(2) as executor:
        found = cutropy.table(problem, lattice, iter(cuts) if isinstance(cuts, list) else cuts, executor=executor, parts=100, threads=1)
    assert executor.calls == count and found.csv() == cutropy.table(problem, lattice, cuts).csv()
