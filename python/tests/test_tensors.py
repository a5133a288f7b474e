# SPDX-License-Identifier: Apache-2.0
"""Matrix product states and sums of product states that a user brings, against their vectors."""

import glob
import os
import pickle
import tempfile

import numpy as np
import pytest

import cutropy


def vector_of(tensors):
    """2^N numbers; bit k of the place is pixel k."""
    product = np.ones((1, 1))
    for tensor in tensors:
        product = np.concatenate([product.dot(tensor[:, bit, :]) for bit in (0, 1)])
    return product[:, 0]


def random(rng, is_complex, *shape):
    return rng.normal(size=shape) + (1j * rng.normal(size=shape) if is_complex else 0)


@pytest.mark.parametrize("is_complex", [False, True])
def test_matrix_product_states(is_complex, oracle, rng):
    for n in range(2, 9):
        bonds = [1, *rng.integers(1, 5, n - 1), 1]
        tensors = [random(rng, is_complex, left, 2, right) for left, right in zip(bonds, bonds[1:])]
        psi = cutropy.mps(tensors)
        values = vector_of(tensors)
        table = cutropy.table(psi, cuts="all")
        assert cutropy.Problem(psi).kind == ("complex" if is_complex else "real")
        assert np.allclose(cutropy.values(psi), values, rtol=1e-12, atol=0)
        for mask, entropy in zip(table.masks, table.entropy):
            assert abs(entropy - oracle(values, mask, n)) < 1e-11
        ends = [tensors[0][0], *tensors[1:-1], tensors[-1][..., 0]]  # without axes of length 1, as quimb has them
        assert cutropy.table(cutropy.mps(ends), cuts="all").csv() == table.csv()
    assert (cutropy.values(cutropy.mps([[[[3], [5]]]]), "chain:1") == [3, 5]).all()


@pytest.mark.parametrize("is_complex", [False, True])
def test_sums_of_product_states(is_complex, oracle, rng):
    for n in range(2, 8):
        factors, weights = [random(rng, is_complex, 2, 3) for _ in range(n)], rng.normal(size=3)
        values = np.zeros(1 << n, complex)
        for r in range(3):
            term = weights[r]
            for factor in factors:
                term = np.kron(factor[:, r], term)
            values += term
        table = cutropy.table(cutropy.products(factors, weights), cuts="all")
        for mask, entropy in zip(table.masks, table.entropy):
            assert abs(entropy - oracle(values, mask, n)) < 1e-11
    ghz = cutropy.table(cutropy.products([np.eye(2, dtype=int)] * 100), "10x10", "half", certify=True)
    assert ghz.exact("entropy") == ["1." + 20 * "0"] and ghz.rank[0] == 2


def test_packages():
    tensorly = pytest.importorskip("tensorly")
    cp = tensorly.random.random_cp((2,) * 6, 3, random_state=0)
    assert np.allclose(cutropy.table(cutropy.products(cp), "3x2").entropy, cutropy.table(tensorly.cp_to_tensor(cp), "3x2").entropy, atol=1e-11)
    tt = tensorly.random.random_tt((2,) * 6, [1, 2, 3, 3, 3, 2, 1], random_state=0)
    assert np.allclose(cutropy.table(cutropy.mps(tt), "3x2").entropy, cutropy.table(tensorly.tt_to_tensor(tt), "3x2").entropy, atol=1e-11)


def test_ones_own_export_comes_back():
    state = cutropy.State("connected", "3x3")
    for form in ("classes", "rank", "orthogonal"):
        assert np.allclose(cutropy.table(cutropy.mps(state.mps(form)), "3x3").entropy, state.table().entropy, atol=1e-11)
    with pytest.raises(cutropy.InputError, match="another order"):
        cutropy.mps(state.mps(pixels=range(8, -1, -1)))


def test_their_names():
    """No file is left, and none is named."""
    before = set(glob.glob(os.path.join(tempfile.gettempdir(), "*", "tensors.npz")))
    for tensors in (cutropy.mps([np.ones((1, 2, 1))] * 4), cutropy.products([np.eye(2)] * 4)):
        assert cutropy.Problem(tensors, "2x2").text == tensors.name
        assert cutropy.table(pickle.loads(pickle.dumps(tensors)), "2x2", name="mine").info["problem"] == "mine"
    assert set(glob.glob(os.path.join(tempfile.gettempdir(), "*", "tensors.npz"))) == before
    assert repr(cutropy.products([np.eye(2)] * 4)) == "<cutropy.Tensors: products of 4 pixels>"


@pytest.mark.parametrize("call, message", [
    (lambda: cutropy.mps([]), "give \\(left, 2, right\\)"),
    (lambda: cutropy.mps([np.ones((1, 3, 1))]), "give \\(left, 2, right\\)"),
    (lambda: cutropy.mps([np.ones((1, 2, 2)), np.ones((3, 2, 1))]), "left as the right before"),
    (lambda: cutropy.mps([np.ones((1, 2, 2)), np.ones((2, 2, 2))]), "1 at both ends"),
    (lambda: cutropy.mps([np.full((1, 2, 1), np.nan)]), "tensor 0 has numbers that are not finite"),
    (lambda: cutropy.mps([np.full((1, 2, 1), 2**53 + 1)]), "beyond 2\\^53"),
    (lambda: cutropy.mps([np.full((1, 2, 1), "a")]), "tensor 0 of type <U1"),
    (lambda: cutropy.mps(3), "tensors=3: give a list"),
    (lambda: cutropy.products([np.ones((2, 3)), np.ones((2, 2))]), "the same number of terms"),
    (lambda: cutropy.products([np.ones((2, 3))], [1, 2]), "weights of shape \\(2,\\) for 3 terms"),
    (lambda: cutropy.table(cutropy.products([np.eye(2)] * 4), "3x2"), "tensors of 4 pixels on grid:3x2"),
    (lambda: cutropy.table(cutropy.products([np.eye(2)] * 4), order="msb"), "order='msb' is not for tensors"),
    (lambda: cutropy.table(cutropy.mps([np.zeros((1, 2, 1))] * 4)), "zero"),
])
def test_refused(call, message):
    with pytest.raises(cutropy.InputError, match=message) as caught:
        call()
    assert "tensors.npz" not in str(caught.value)
