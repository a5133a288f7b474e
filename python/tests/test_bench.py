# SPDX-License-Identifier: Apache-2.0
"""The picture of a bench; what it measures is tests/test_bench.c."""

import numpy as np
import pytest

from cutropy._bench import Bench


def test_plot():
    """A point a case and way that has numbers, at its seconds, ways by colour."""
    plt = pytest.importorskip("matplotlib.pyplot")
    plt.switch_backend("Agg")
    rows = {"case": ["a", "a", "b", "b"], "backend": ["cpu", "cuda:0"] * 2, "solver": ["enumerate", "enumerate", "enumerate", "frontier"],
            "threads": np.array([1, 2, 1, 2]), "seconds": np.array([2.0, np.nan, 8.0, 0.5]), "seconds_err": np.array([0.5, np.nan, 1.0, 0.1])}

    class Measured(Bench):
        def __init__(self):
            pass

        def __getitem__(self, name):
            return rows[name]

    axes = Measured().plot(ax=plt.figure().gca())
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["cpu, 1 thread", "cuda:0, 2 threads", "cuda:0, 2 threads, automata"]
    points = [list(zip(bar[0].get_xdata(), bar[0].get_ydata())) for bar in axes.containers]
    assert points == [[(2, 0), (8, -1)], [], [(0.5, -1)]]
    assert [text.get_text() for text in axes.get_yticklabels()] == ["a", "b"] and axes.get_xscale() == "log"
