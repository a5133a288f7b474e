# SPDX-License-Identifier: Apache-2.0
"""Random small sums of product states against all their amplitudes in mpmath: real and complex, terms that cancel, that are equal, that are zero."""

import itertools
import random

import numpy as np
import pytest

import cutropy

mp = pytest.importorskip("mpmath").mp

DECIMALS = 22


def draw(rng):
    """(factors: a list of d x terms arrays, weights, labels or None, classes), all of doubles."""
    d, is_complex = rng.choice([2, 2, 3, 4]), rng.random() < 0.5
    sites = rng.randint(2, {2: 6, 3: 4, 4: 3}[d])
    terms = rng.randint(1, 9)
    kind = rng.choice(["plain", "cancels", "equal", "zero"])
    apart = 10 ** -rng.uniform(0.5, 9) if kind == "cancels" else 1

    def number():
        return complex(rng.uniform(-1, 1), rng.uniform(-1, 1)) if is_complex else rng.uniform(-1, 1)
    factors = []
    for _ in range(sites):
        base = [number() for _ in range(d)]
        factors.append(np.array([[(base[k] if kind == "cancels" else 0) + apart * number() for _ in range(terms)] for k in range(d)]))
    weights = np.array([rng.choice([1.0, -1.0, 0.5, rng.uniform(-2, 2)]) for _ in range(terms)])
    if kind == "cancels" and terms > 1:
        weights[-1] = -weights[:-1].sum()
    if kind == "equal":
        for m in range(1, terms, 2):
            for n in range(sites):
                if rng.random() < 0.7:  # at all sites, or at some
                    factors[n][:, m] = factors[n][:, m - 1]
    if kind == "zero":
        for m in range(0, terms - 1, 3):
            factors[rng.randrange(sites)][:, m] = 0
        factors[rng.randrange(sites)][rng.randrange(d)] = 0  # a number that occurs nowhere
    return factors, weights


def levels(factors, weights, mask):
    """Eigenvalues of rho_A, descending, from all amplitudes; None where psi is 0. The ratio of <psi|psi> and (sum of the norms of the terms)^2."""
    sites, terms = len(factors), len(weights)
    kept = [n for n in range(sites) if mask >> n & 1]
    rest = [n for n in range(sites) if not mask >> n & 1]

    def number(x):
        return mp.mpc(float(x.real), float(x.imag))

    def products(part):
        """Of every image of these sites, the product of every term's numbers."""
        out = []
        for image in itertools.product(*(range(factors[n].shape[0]) for n in part)):
            row = []
            for m in range(terms):
                x = mp.mpf(1)
                for n, k in zip(part, image):
                    x *= number(factors[n][k, m])
                row.append(x)
            out.append(row)
        return out
    a, b = products(kept), products(rest)
    psi = [[mp.fsum(mp.mpf(float(weights[m])) * x[m] * y[m] for m in range(terms)) for y in b] for x in a]
    if len(psi) > len(psi[0]):
        psi = [list(column) for column in zip(*psi)]
    rho = mp.matrix(len(psi), len(psi))
    for i, x in enumerate(psi):
        for j, y in enumerate(psi):
            rho[i, j] = mp.fsum(p * mp.conj(q) for p, q in zip(x, y))
    trace = mp.re(mp.fsum(rho[i, i] for i in range(len(psi))))
    size = mp.fsum(abs(mp.mpf(float(w))) * mp.sqrt(mp.fprod(mp.fsum(abs(number(x)) ** 2 for x in f[:, m]) for f in factors))
                   for m, w in enumerate(weights)) ** 2
    if trace <= mp.mpf(10) ** -60 * size:
        return None, 0
    return sorted((mp.re(p) / trace for p in mp.eighe(rho, eigvals_only=True)), reverse=True), trace / size


def check(rng, folder):
    """One state, one cut: 0 where psi vanishes, 1 where only the proof came, 2 where both did."""
    factors, weights = draw(rng)
    mask = rng.randrange(1, 2 ** len(factors) - 1)
    with mp.workdps(180):
        p, left = levels(factors, weights, mask)
        path = folder / "factors.npz"
        np.savez(path, weights=weights, **{f"factor_{n}": f for n, f in enumerate(factors)})
        name, lattice = f"data:factors={path}", f"chain:{len(factors)}"
        if p is None:
            with pytest.raises(cutropy.Error):
                cutropy.table(name, lattice, cuts=[mask])
            return 0
        positive = [x for x in p if x > mp.mpf(10) ** -140]
        right = {"entropy_bits": -mp.fsum(x * mp.log(x, 2) for x in positive), "renyi2_bits": -mp.log(mp.fsum(x * x for x in p), 2),
                 "purity": mp.fsum(x * x for x in p), "renyi_inf_bits": -mp.log(p[0], 2), "schmidt_gap": p[0] - (p[1] if len(p) > 1 else 0)}
        quantities = ["renyi:inf", "schmidt_gap"]
        proved = cutropy.table(name, lattice, cuts=[mask], quantities=quantities, digits=DECIMALS)
        assert proved.guarantee[0] in ("certified", "exact"), (proved.csv(), left)
        assert proved.rank_lo[0] <= len(positive) <= proved.rank_hi[0]
        for column in right:
            text = proved.exact(column)[0]
            if text == "1":
                text += "." + "0" * DECIMALS
            assert len(text.split(".")[1]) == DECIMALS, (column, text)
            assert abs(mp.mpf(text) - right[column]) < mp.mpf("0.5000001") * mp.mpf(10) ** -DECIMALS, (column, text, right[column], left)
        try:
            plain = cutropy.table(name, lattice, cuts=[mask], quantities=quantities)
        except cutropy.Error as error:
            assert "cancel" in str(error) and left < 1e-8, (error, left)
            return 1
        assert plain.rank_lo[0] <= len(positive) <= plain.rank_hi[0]
        for column in right:
            value, error = float(plain[column][0]), float(plain[column.removesuffix("_bits") + "_err"][0])
            assert abs(value - right[column]) <= error + mp.mpf(10) ** -60, (column, value, error, right[column], left)
        return 2


def test_random_states(tmp_path):
    found = [check(random.Random(seed), tmp_path) for seed in range(100)]
    assert found.count(2) >= 90
