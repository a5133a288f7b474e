# SPDX-License-Identifier: Apache-2.0
"""Matrix product states against all values of their functions, in Python's integers; what quimb and TeNPy make of them; samples; orders."""

import numpy as np
import pytest

import cutropy

SMALL = [("connected", "3x3"), ("loops", "links:3x3"), ("pixel-loops", "3x3"), ("random", "chain:10"), ("parity", "chain:9"),
         ("majority", "chain:9"), ("threshold", "chain:8"), ("weight", "chain:8"), ("ghz", "chain:7"), ("mirror", "3x3"),
         ("bars-stripes", "3x3"), ("percolation", "3x3"), ("rectangle", "3x3"), ("independent-set", "3x3"), ("still-life", "3x3"),
         ("contains", "3x3"), ("inner-product", "chain:8"), ("primes", "chain:10"), ("parity:encoding=pm1", "chain:7"),
         ("random:encoding=pm1", "chain:8"), ("logistic", "chain:7"), ("ising", "3x3"), ("rbm", "chain:7"), ("mps", "chain:8"),
         ("cnn", "2x4"), ("mlp", "chain:7"), ("mera", "chain:8"), ("page", "chain:7"), ("page:complex=1", "chain:7")]


def test_every_built_in_problem_is_here():
    assert {p.partition(":")[0] for p, _ in SMALL} >= set(cutropy.problems()) - {"data", "digits", "file"}


@pytest.mark.parametrize("problem, lattice", SMALL)
def test_mps(problem, lattice):
    state = cutropy.State(problem, lattice)
    n, values, whole = state.lattice.pixels, state.values(), state.kind in ("label", "integer")
    psi = values.astype(complex) / np.linalg.norm(values.astype(complex))
    table = state.table("prefixes")
    for form in ("classes", "rank") if whole else ("classes",):
        mps = state.mps(form)
        assert mps.error == 0 and (mps.vector() == values).all()
        assert mps.bonds == (table.classes_a if form == "classes" else table.rank_hi).tolist()
    mps = state.mps()
    for image in (0, 1, 2**n - 1, 0b101101):  # one by one, as the docstring says it
        product = np.array([[1.0]])
        for i, tensor in enumerate(mps.tensors):
            product = product @ tensor[:, image >> i & 1, :]
        assert abs(product[0, 0] - psi[image]) <= mps.error < 1e-12
    for tensor in mps.tensors[1:]:
        assert np.allclose(np.einsum("asr,bsr->ab", tensor, tensor.conj()), np.eye(tensor.shape[0]), atol=1e-13)
    assert (table.rank_lo <= mps.bonds).all() and (mps.bonds <= table.rank_hi).all()
    assert np.linalg.norm(mps.vector() - psi) <= mps.error
    cut = state.mps(cutoff=0.05)
    assert max(cut.discarded) <= 0.05 and cut.bonds <= mps.bonds
    assert abs(np.linalg.norm(cut.vector() - psi) ** 2 - sum(cut.discarded)) < 1e-12
    fidelity = abs(np.vdot(cut.vector(), psi)) ** 2 / np.linalg.norm(cut.vector()) ** 2
    assert 1 - fidelity <= cut.infidelity + 1e-15 and cut.infidelity <= 1.001 * cut.error ** 2
    assert np.linalg.norm(cut.vector() - psi) <= cut.error <= sum(cut.discarded) ** 0.5 * 1.0001 + 1e-11


def test_random_tables(rng):
    for n, density in ((1, 1), (5, 0.5), (9, 0.1), (10, 0.5), (11, 0.9)):
        values = rng.random(1 << n) < density
        values[-1] = True
        state = cutropy.State(values.astype(np.uint8), f"chain:{n}")
        for form in ("classes", "rank"):
            assert (state.mps(form).vector() == values).all()
    values = rng.integers(-(2**40), 2**40, 64)
    assert (cutropy.State(values, "chain:6").mps("rank").vector() == values).all()


def test_numbers_beyond_64_bits():
    state = cutropy.State("random:seed=3", "chain:14")
    mps = state.mps("rank")
    assert any(t.dtype == object for t in mps.tensors) and max(mps.denominators) > 2**64
    assert (mps.vector() == state.values()).all()
    assert all(a.dtype == np.float64 for a in mps.arrays())


def test_beyond_enumeration(tmp_path):
    """<f|f> by contraction of the file with itself: OEIS A006506(8)."""
    for form in ("classes", "rank"):
        cutropy.export("independent-set", tmp_path / "x.npz", "8x8", form=form)
        mps = cutropy.MPS.load(tmp_path / "x.npz")
        inside = np.ones((1, 1), object)
        for t, d in zip(mps.tensors, mps.denominators):
            assert d == 1
            t = t.astype(object)
            inside = sum(t[:, bit].T.dot(inside).dot(t[:, bit]) for bit in (0, 1))
        assert inside[0, 0] == 660647962955
    assert mps.problem == "independent-set" and len(mps.tensors) == 64


def test_the_file_is_what_the_page_says(tmp_path):
    cutropy.State("connected", "3x3").export(tmp_path / "c.npz", "rank")
    with np.load(tmp_path / "c.npz") as arrays:
        assert arrays["form"].item() == b"rank" and arrays["lattice"].item() == b"grid:3x3" and arrays["norm"].item() == b"218"
        assert arrays["site_0"].dtype == np.int8 and arrays["site_0"].shape == (1, 2, 2)
        assert arrays["denominator_3"].shape == () and arrays["denominator_3"].dtype == np.int64


def test_refused(tmp_path):
    state = cutropy.State("ising", "3x3")
    with pytest.raises(cutropy.InputError, match="cutoff"):
        state.mps(cutoff=1)
    with pytest.raises(cutropy.InputError, match="cutoff"):
        state.mps("classes", cutoff=0.1)
    with pytest.raises(cutropy.UnsupportedError):
        state.mps("rank")
    with pytest.raises(cutropy.InputError, match="classes"):
        state.mps("left")
    with pytest.raises(cutropy.FileError):
        state.export(tmp_path / "no" / "x.npz")
    with pytest.raises(cutropy.UnsupportedError):
        state.sample(3)
    with pytest.raises(cutropy.InputError, match="least"):
        state.order("bond")
    with pytest.raises(cutropy.InputError, match="give at least 12"):
        cutropy.State("connected", "3x4").order(budget=11)


@pytest.mark.parametrize("form", ["classes", "rank", "orthogonal"])
def test_quimb(form):
    qtn = pytest.importorskip("quimb.tensor")
    state = cutropy.State("connected", "2x4")
    sites = state.mps(form).arrays()
    theirs = qtn.MatrixProductState([sites[0][0], *sites[1:-1], sites[-1][..., 0]], shape="lpr")
    dense = theirs.to_dense().reshape((2,) * 8)  # axis i is pixel i
    values = state.values() / (1 if form != "orthogonal" else state.norm**0.5)
    assert np.allclose(dense.T.ravel(), values, atol=1e-12)


@pytest.mark.parametrize("form", ["classes", "rank", "orthogonal"])
def test_tenpy(form):
    pytest.importorskip("tenpy")
    from tenpy.linalg.np_conserved import LegCharge
    from tenpy.networks.mps import MPS
    from tenpy.networks.site import Site

    state = cutropy.State("connected", "2x4")
    sites = state.mps(form).arrays()
    theirs = MPS.from_Bflat([Site(LegCharge.from_trivial(2))] * 8, [t.transpose(1, 0, 2) for t in sites])
    theirs.canonical_form()
    assert np.allclose(theirs.entanglement_entropy() / np.log(2), state.table("prefixes").entropy, atol=1e-10)
    psi = theirs.get_theta(0, 8).to_ndarray().reshape((2,) * 8)
    assert np.allclose(abs(psi.T.ravel()), state.values() / state.norm**0.5, atol=1e-12)


def test_sample():
    state = cutropy.State("connected", "3x3")
    images = state.sample(500, seed=3)
    assert images.shape == (500, 3, 3) and images.dtype == np.uint8
    numbers = images.reshape(500, 9) @ (1 << np.arange(9))
    assert (state.values()[numbers] == 1).all()
    assert (state.sample(100, seed=3, first=400) == images[400:]).all()
    assert len(set(numbers.tolist())) > 150  # of 218
    with cutropy.State("connected", "3x3", solver="frontier") as other:
        assert (other.sample(500, seed=3) == images).all()


def test_order():
    state = cutropy.State("inner-product", "chain:12")
    order = state.order()
    assert order.best["largest_rank"] == 3 and order.by_numbers["largest_rank"] == 63
    assert sorted(order.pixels) == list(range(12)) and max(order.rank) == 3
    assert state.order("parameters").best["parameters"] <= order.best["parameters"] and order.searched == 0


@pytest.mark.parametrize("form", ["classes", "rank", "orthogonal"])
@pytest.mark.parametrize("problem, lattice", [("connected", "3x3"), ("loops", "links:2x3:torus"), ("weight:k=3,encoding=pm1", "chain:7")])
def test_order_of_the_sites(form, problem, lattice, rng):
    state = cutropy.State(problem, lattice)
    n = state.lattice.pixels
    pixels = rng.permutation(n)
    mps = state.mps(form, pixels=pixels)
    assert mps.pixels == pixels.tolist()
    values = state.values().astype(float)
    expected = values / np.sqrt((values ** 2).sum()) if form == "orthogonal" else values
    assert abs(mps.vector().astype(float) - expected).max() < 1e-12
    if form == "rank":
        cuts = [sum(1 << int(p) for p in pixels[:k]) for k in range(1, n)]
        assert mps.bonds == state.table(cuts, certify=True).rank.tolist()
    with pytest.raises(cutropy.InputError, match="once"):
        state.mps(form, pixels=[0] * n)
    with pytest.raises(cutropy.InputError, match="each of the"):
        state.mps(form, pixels=[0])


def test_tree():
    tree = cutropy.State("connected", "2x3").tree("parameters")
    cuts, left, right, pixel = tree.masks, tree["left"], tree["right"], tree["pixel"]
    assert len(tree) == 11 and int(cuts[0]) == 0x3F and sorted(pixel.compressed()) == list(range(6))
    for node in range(11):
        if left[node] is np.ma.masked:
            assert int(cuts[node]) == 1 << pixel[node]
        else:
            assert int(cuts[left[node]]) | int(cuts[right[node]]) == int(cuts[node])
    assert tree.best["parameters"] == sum(
        int(tree.rank[k]) * (2 if left[k] is np.ma.masked else int(tree.rank[left[k]] * tree.rank[right[k]])) for k in range(11))
    with pytest.raises(cutropy.UnsupportedError, match="20"):
        cutropy.State("connected", "5x5").tree()


def test_order_of_a_data_set():
    state = cutropy.State(cutropy.data(np.random.default_rng(3).random((9, 2, 4)) ** 3, theta=0.3))
    orders = {method: state.order(method=method) for method in ("numbers", "columns", "spectral", "rearranged")}
    for method, order in orders.items():
        assert order.method == method and sorted(order.pixels) == list(range(8))
        masks = [sum(1 << pixel for pixel in order.pixels[:k]) for k in range(1, 8)]
        assert np.isclose(order.found["mean_entropy"], state.table(masks).entropy.mean(), atol=1e-11)
        with pytest.raises(cutropy.UnsupportedError, match="method"):
            order.best
    assert orders["columns"].pixels == [0, 4, 1, 5, 2, 6, 3, 7]
    with pytest.raises(cutropy.UnsupportedError, match="spectral"):
        state.order()
    with pytest.raises(cutropy.InputError, match="choose"):
        state.order(method="best")


def test_order_without_enumeration():
    """Beyond 20 pixels automata are chosen, also where 2^N images cannot be, and say what enumeration says."""
    order = cutropy.order("independent-set", "7x7", budget=70)
    assert order.info["storage"] == "automaton" and sorted(order.pixels) == list(range(49)) and order.searched <= 70
    small = [cutropy.State("connected", "7x3", solver=solver).order(budget=60) for solver in (None, "enumerate", "frontier")]
    assert [o.info["storage"] == "automaton" for o in small] == [True, False, True]
    small.append(cutropy.order("connected", "7x3", budget=60))
    for other in small:
        assert other.pixels == small[1].pixels and np.allclose(other.entropy, small[1].entropy, rtol=0, atol=1e-9)
        assert [other.found[key] for key in ("largest_rank", "parameters")] == [small[1].found[key] for key in ("largest_rank", "parameters")]
    assert cutropy.order("inner-product", "chain:12").best["largest_rank"] == 3


def test_order_beside_one_that_does_not_fit():
    with pytest.raises(cutropy.OutOfMemoryError, match="4 of 23 different cuts") as caught:
        cutropy.order("connected", "8x3", budget=100, solver="frontier", memory="2M", threads=1)
    order = caught.value.table
    assert order.partial == "23 of 23 cuts of the order, 16 of 23 by the numbers"
    assert order.found["largest_rank"] == 10 == max(order.rank) and order.by_numbers["largest_rank"] == -1
    assert np.isnan(order.by_numbers["largest_entropy"]) and np.ma.count_masked(order["rank_by_numbers"]) == 7


def test_searched_order():
    order = cutropy.State("inner-product", "chain:12").order(budget=500)
    assert order.found["largest_rank"] == 3 == max(order.rank) and 0 < order.searched <= 500
    with pytest.raises(cutropy.UnsupportedError, match="search"):
        order.best
    large = cutropy.State("loops", "links:8x8:torus", solver="affine").order()
    assert large.by_numbers["largest_rank"] == -1 or large.found["largest_rank"] < large.by_numbers["largest_rank"]
    assert sorted(large.pixels) == list(range(128))
