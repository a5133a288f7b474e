# SPDX-License-Identifier: Apache-2.0
"""Information of regions that are not the whole, against density matrices made here."""

import numpy as np
import pytest

import cutropy

CASES = [("connected", "3x3"), ("random:seed=4", "chain:8"), ("ising", "2x4"), ("page:complex=1", "chain:7"), ("ghz", "chain:6"),
         ("weight:k=3,encoding=pm1", "chain:7")]


def reduced(values, n, kept):
    """The density matrix of pixels `kept`, the first the most significant bit."""
    axes = np.asarray(values, complex).reshape((2,) * n).transpose(range(n - 1, -1, -1))
    m = axes.transpose(kept + [i for i in range(n) if i not in kept]).reshape(1 << len(kept), -1)
    return m @ m.conj().T / np.linalg.norm(m) ** 2


def entropy(values, n, kept):
    p = np.linalg.eigvalsh(reduced(values, n, kept))
    p = p[p > 1e-14]
    return float(-(p * np.log2(p)).sum())


def log_negativity(values, n, a, b):
    size = 1 << len(a), 1 << len(b)
    rho = reduced(values, n, a + b).reshape(size * 2)
    turned = rho.transpose(0, 3, 2, 1).reshape((size[0] * size[1],) * 2)
    return float(np.log2(abs(np.linalg.eigvalsh(turned)).sum()))


@pytest.mark.parametrize("problem, lattice", CASES)
def test_regions(problem, lattice):
    state = cutropy.State(problem, lattice)
    n, values = state.lattice.pixels, state.values()
    sets = [([0, 3], [1], [2, 5]), ([4], [0, 2], None), ([1, 2], [0, 4, 5], [3]), ([0], list(range(1, n)), None)]
    text = ", ".join("|".join("{" + ",".join(map(str, r)) + "}" for r in regions if r) for regions in sets)
    table = state.information(text, negativity=True)
    proved = state.information(text, certify=True)
    for row, (a, b, c) in enumerate(sets):
        s = {k: entropy(values, n, k2) for k, k2 in {"a": a, "b": b, "ab": a + b}.items()}
        assert abs(table["entropy_ab_bits"][row] - s["ab"]) < 1e-11
        mutual = s["a"] + s["b"] - s["ab"]
        assert abs(table["mutual_information_bits"][row] - mutual) < 1e-11 and abs(proved["mutual_information_bits"][row] - mutual) < 1e-11
        assert abs(table["log_negativity_bits"][row] - log_negativity(values, n, a, b)) < 1e-11
        assert table["log_negativity_err"][row] < 1e-11
        if c is None:
            assert table["c"][row] is np.ma.masked or not table["c"][row]
            continue
        s_c, s_ac, s_bc, s_abc = (entropy(values, n, k) for k in (c, a + c, b + c, a + b + c))
        conditional = s_ac + s_bc - s_abc - s_c
        assert abs(table["conditional_information_bits"][row] - conditional) < 1e-11
        assert abs(table["tripartite_information_bits"][row] - (mutual - conditional)) < 1e-11


def test_ghz():
    """Two parts of a GHZ state share one classical bit and no entanglement; with the whole it is one bit of each."""
    table = cutropy.State("ghz", "chain:6").information("{0,1}|{3}|{5}, {0}|{1-5}", negativity=True)
    assert table["mutual_information_bits"].tolist() == [1, 2] and table["tripartite_information_bits"][0] == 1
    assert table["log_negativity_bits"][0] == 0 and abs(table["log_negativity_bits"][1] - 1) < 1e-14


def test_without_enumeration(tmp_path):
    """Neighbouring rows of 8x8, through automata; a list of 64 pixels."""
    (tmp_path / "r.txt").write_text("# two pixels\n{0}|{1}\n{0}|{63}\n")
    state = cutropy.State("independent-set", "8x8", solver="frontier")
    table = state.information(f"@{tmp_path}/r.txt", negativity=True)
    assert table["mutual_information_bits"][0] > table["mutual_information_bits"][1] > 0
    state = cutropy.State("digits:class=3", "8x8")
    a, b = list(range(32, 40)), [0, 1, 2, 56, 57, 63]
    found = state.information("y=4|{" + ",".join(map(str, b)) + "}", negativity=True)
    images = state.images().reshape(-1, 64)
    parts = [np.unique(images[:, p], axis=0, return_inverse=True)[1].ravel() for p in (a, b, [i for i in range(64) if i not in a + b])]
    t = np.zeros([p.max() + 1 for p in parts])
    t[tuple(parts)] = 1
    rho = np.einsum("abk,cdk->adcb", t, t).reshape(t.shape[0] * t.shape[1], -1) / len(images)  # transposed in b
    assert abs(found["log_negativity_bits"][0] - np.log2(abs(np.linalg.eigvalsh(rho)).sum())) < 1e-11


@pytest.mark.parametrize("text, message", [("{0}", "two or three"), ("{0}|{1}|{2}|{3}", "two or three"), ("{0}|{0,1}", "pixels of one before"),
                                           ("{0}|x>8", "no pixel"), ("{0}|", "not a region"), ("@/no/file", "cannot"), ("{0}|{9}", "only pixels")])
def test_refused(text, message):
    with pytest.raises((cutropy.InputError, cutropy.FileError), match=message):
        cutropy.State("connected", "3x3").information(text)
