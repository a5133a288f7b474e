# SPDX-License-Identifier: Apache-2.0
"""Density matrices, Schmidt decompositions and values of functions, against plain NumPy on all values."""

import os
import tempfile
from fractions import Fraction

import numpy as np
import pytest

import cutropy

CASES = [("connected", "3x3", [0, 1, 4]), ("random:seed=5", "chain:8", [1, 2, 5, 7]), ("weight:k=3,encoding=pm1", "chain:6", [0, 5]),
         ("ising", "2x3", [0, 4, 5]), ("page", "chain:7", [1, 2, 3, 6]), ("page:complex=1", "chain:6", [0, 3]), ("ghz", "chain:5", [2])]


def cut_matrix(values, n, kept, bits):
    """psi as a matrix of images of A by images of B; by transposed axes, which the program has nowhere."""
    rest = [i for i in range(n) if i not in kept]
    axes = np.asarray(values).reshape((2,) * n).transpose(range(n - 1, -1, -1))  # axis i is pixel i
    order = (kept + rest) if bits == "msb" else (kept[::-1] + rest[::-1])
    return axes.transpose(order).reshape(1 << len(kept), -1)


@pytest.mark.parametrize("bits", ["lsb", "msb"])
@pytest.mark.parametrize("problem, lattice, kept", CASES)
def test_cut(problem, lattice, kept, bits, tmp_path):
    state = cutropy.State(problem, lattice)
    n, values = state.lattice.pixels, state.values()
    f = cut_matrix(values, n, kept, bits)
    psi = f / np.sqrt((abs(f.astype(complex)) ** 2).sum())
    rho = state.density(kept, bits=bits)
    assert rho.shape == psi.shape[:1] * 2 and np.linalg.norm(rho - psi @ psi.conj().T) < 1e-14
    found = state.schmidt(kept, bits=bits)
    assert np.linalg.norm(found.u * found.s @ found.vh - psi) <= found.error < 1e-12
    exact = np.linalg.svd(psi, compute_uv=False)
    assert abs(exact[:len(found.s)] - found.s).max() <= found.s_error < 1e-12 and exact[len(found.s):].max(initial=0) < 1e-14
    assert np.linalg.norm(found.u.conj().T @ found.u - np.eye(len(found.s))) <= found.u_error < 1e-12
    assert np.linalg.norm(found.vh @ found.vh.conj().T - np.eye(len(found.s))) <= found.vh_error < 1e-12


def run_export(path, problem, lattice, cut, bits=0):
    """The file of a density matrix, of automata where the problem has one."""
    import ctypes

    from cutropy._lattice import CutList
    from cutropy._library import lib

    f = cutropy.Problem(problem, lattice)
    out, masks = ctypes.c_void_p(), CutList(cut, f.lattice)
    assert lib.cutropy_state_open_levels(f._handle.pointer, None, ctypes.byref(out)) == 0
    assert lib.cutropy_density_save(out.value, masks.struct.masks, bits, str(path).encode(), None) == 0
    lib.cutropy_state_free(out.value)
    return dict(np.load(path))


def test_integers_stay_integers(tmp_path):
    """gram / norm is rho exactly; every entry of rho is its quotient rounded."""
    found = run_export(tmp_path / "d.npz", "connected", "3x3", "{0,1,4}")
    f = cut_matrix(cutropy.values("connected", "3x3"), 9, [0, 1, 4], "lsb").astype(np.int64)
    assert found["gram"].dtype.kind == "i" and (found["gram"] == f @ f.T).all() and int(found["norm"].item()) == (f * f).sum()
    for g, r in zip(found["gram"].ravel().tolist(), found["rho"].ravel().tolist()):
        assert abs(Fraction(g, int(found["norm"].item())) - Fraction(r)) <= Fraction(4, 2**53) * abs(Fraction(r))
    assert found["cut"].item() == b"0x13" and found["bits"].item() == b"lsb" and float(found["error"]) == 4 * 2.0**-53


@pytest.mark.parametrize("problem, lattice, cut", [("connected", "3x4", "{0,5,6}"), ("independent-set", "3x4", "half"),
                                                   ("loops", "links:3x3", "{1,2,7}"), ("digits:class=3", "8x8", "{19,20,27}")])
def test_levels_and_lists(problem, lattice, cut, tmp_path):
    """What is not enumerated, or a list: the purity of the same cut, as an exact fraction."""
    found = run_export(tmp_path / "d.npz", problem, lattice, cut)
    gram = found["gram"].astype(object)
    table = cutropy.table(problem, lattice, cut)
    assert Fraction(int((gram * gram).sum()), int(found["norm"].item()) ** 2) == Fraction(table.exact("purity")[0])
    assert np.trace(gram) == int(found["norm"].item())


def test_beyond_enumeration(tmp_path):
    found = run_export(tmp_path / "d.npz", "independent-set", "8x8", "{0,1}")
    assert found["gram"][3].tolist() == [0] * 4  # neighbours are never both lit
    assert np.trace(found["gram"].astype(object)) == 660647962955  # OEIS A006506(8)


def test_values(tmp_path, rng):
    path = tmp_path / "f.npz"
    for problem, lattice in (("connected", "3x3"), ("weight:k=3,encoding=pm1", "chain:6"), ("page:complex=1", "chain:6")):
        state = cutropy.State(problem, lattice)
        values, n = state.values(), state.lattice.pixels
        swap = np.arange(1 << n).reshape((2,) * n).T.ravel()
        for bits, wanted in (("lsb", values), ("msb", values[swap])):
            state.export_values(path, bits=bits)
            with np.load(path) as found:
                assert (found["f"] == wanted).all() and found["f"].dtype == values.dtype and found["form"].item() == b"dense"
            again = cutropy.values(f"file:path={path}:f,order={bits}", lattice)
            assert (again == values).all()
            again = cutropy.State(str(path))  # lattice and bits are the file's
            assert (again.values() == values).all() and again.lattice.name == state.lattice.name
            with pytest.raises(cutropy.InputError, match="written on the lattice .*: leave out lattice="):
                cutropy.State(str(path), f"chain:{n}:ring")
            state.export_values(path, sparse=True, bits=bits)
            with np.load(path) as found:
                back = np.zeros_like(values)
                back[found["index"].astype(np.int64)] = found["value"]
                assert (back == wanted).all() and (found["value"] != 0).all()
            assert (cutropy.State(str(path)).values() == values).all()
    large = cutropy.State(cutropy.images(rng.random((40, 9, 8)) < 0.5))
    large.export_values(path, sparse=True)
    with np.load(path) as found:
        assert found["images"].shape == (40, 72) and (found["images"].reshape(-1, 9, 8) == large.images()).all()


def test_refused(tmp_path):
    state = cutropy.State("connected", "3x3")
    with pytest.raises(cutropy.InputError, match="one at a time"):
        state.density("rows")
    with pytest.raises(cutropy.InputError, match="lsb"):
        state.schmidt("half", bits="little")
    with pytest.raises(cutropy.InputError, match="no pixel"):
        state.density(0)
    with pytest.raises(cutropy.OutOfMemoryError, match="a smaller region"):
        cutropy.State("connected", "4x4", memory="100K").schmidt("half")
    with pytest.raises(cutropy.FileError):
        state.export_values(tmp_path / "no" / "f.npz")
    with pytest.raises(cutropy.UnsupportedError, match="images"):
        cutropy.State("connected", "8x8", solver="frontier").export_values(tmp_path / "f.npz", sparse=True)


def test_a_matrix_that_cannot_be_is_refused_at_once():
    """Before the pixels are brought into an order that takes minutes."""
    state = cutropy.State("connected", "8x8", solver="frontier")
    for what in (state.density, state.schmidt):
        with pytest.raises(cutropy.OutOfMemoryError, match="the matrix of the cut: 2\\^32 x 1 numbers"):
            what("half")


def test_what_comes_as_arrays_leaves_no_file(tmp_path, monkeypatch):
    """It goes through a file without a name: nothing stays, and nobody waits for the disk."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(tempfile, "TemporaryDirectory", None)
    state = cutropy.State("ising", "2x3")
    descriptors = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        state.density("half"), state.schmidt("half"), state.mps()
        with pytest.raises(cutropy.InputError):
            state.density("rows")
    assert not os.listdir(tmp_path) and len(os.listdir("/proc/self/fd")) == descriptors
