# SPDX-License-Identifier: Apache-2.0
"""States and analyses: one evaluation, and what the program `cutropy` says about the same function."""

import numpy as np
import pytest

import cutropy


def test_one_evaluation():
    calls = []

    def f(x):
        calls.append(len(x))
        return x.sum((1, 2)) > 4

    with cutropy.State(f, "3x3") as state:
        first = state.table("rows")
        state.table("all")
        state.range()
        state.verify("half")
        state.scaling()
        state.map()
        assert sum(calls) == 512
        assert first.csv() == state.table("rows").csv() == cutropy.table("threshold:k=5", "3x3", "rows").csv()


def test_what_a_state_says():
    state = cutropy.State("loops", "links:3x3:torus")
    assert (state.norm, state.ones, state.kind) == (1024, 1024, "label")
    assert state.text.startswith("loops") and state.lattice.kind == "links" and state.lattice.pixels == 18
    values = state.values()
    assert values.dtype == np.int8 and values.sum() == 1024
    assert (state.values(100, 50) == values[100:150]).all()
    assert (state.images() @ (1 << np.arange(18)) == np.flatnonzero(values)).all()
    assert state.images(3, 2).shape == (2, 18)
    for wrong in ((0, (1 << 18) + 1), (-1, 2), (0, -1)):
        with pytest.raises(cutropy.InputError):
            state.values(*wrong)
    with pytest.raises(cutropy.InputError):
        state.images(1000, 100)
    real = cutropy.State("ising", "3x3")
    assert isinstance(real.norm, float) and real.ones == 0 and real.values().dtype == np.float64
    assert abs((real.values() ** 2).sum() / real.norm - 1) < 1e-14
    with pytest.raises(cutropy.UnsupportedError, match="label"):
        real.images()


def test_lattices():
    lattice = cutropy.Lattice("grid:3x2:torus")
    assert (lattice.lx, lattice.ly, lattice.pixels, lattice.periodic, lattice.shape) == (3, 2, 6, True, (2, 3))
    assert lattice.bonds.shape == (9, 2) and (lattice.bonds[:, 0] < lattice.bonds[:, 1]).all()
    assert (lattice.positions == [[x, y] for y in range(2) for x in range(3)]).all()
    assert lattice == cutropy.Lattice("3x2:torus") != cutropy.Lattice("3x2") and len({lattice, cutropy.Lattice(lattice)}) == 1
    with pytest.raises(cutropy.InputError):
        cutropy.Lattice("three by two")


def test_range():
    table = cutropy.State("loops", "links:3x3:torus").range(certify=True)
    assert set(table.range.tolist()) == {1} and (table.bound >= table.entropy).all()
    assert (table.assumption1 == [False] * len(table)).all()


def test_verify():
    found = cutropy.State("connected", "3x3").verify("rows")
    assert found.held and found.undecided == 0 and len(found) == 27 and "theorem-3" in list(found.statement)


def test_scaling():
    here = cutropy.State("loops", "links:3x3:torus").scaling()
    named = cutropy.scaling("loops", "links:3x3:torus")
    assert here.headline == named.headline == "area law, exact" and here.verdict == "area law"
    assert here.csv() == named.csv() and here.words == named.words and here.explanation
    gamma, error, doubt = here.topological["links:3x3:torus"]["kitaev-preskill"]
    assert abs(gamma - 1) <= error and (doubt is None or doubt)
    several = cutropy.scaling("random", lattices="chain:8..10", cuts="prefixes")
    assert set(several.lattice) == {"chain:8", "chain:9", "chain:10"}

    def alone(images):  # no two neighbours lit
        return ~((images[:, 1:] & images[:, :-1]).any((1, 2)) | (images[:, :, 1:] & images[:, :, :-1]).any((1, 2)))

    mine, theirs = cutropy.scaling(alone, lattices=[(2, 2), "3x3", "4x3"]), cutropy.scaling("independent-set", lattices="2x2,3x3,4x3")
    assert mine.csv() == theirs.csv() and mine.topological == theirs.topological and mine.headline == theirs.headline
    assert cutropy.scaling(alone, "3x3", cuts="sites,half").csv() == cutropy.State(alone, "3x3").scaling("sites,half").csv()
    assert cutropy.State("random", "3x3").scaling(regions=False).topological == {"grid:3x3": {}}
    for wrong in (dict(length="miles"), dict(cuts="half"), dict(length="vertices")):
        with pytest.raises(cutropy.InputError):
            cutropy.State("connected", "3x3").scaling(**wrong)


def test_map(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")  # no gnuplot, which takes its time
    state = cutropy.State("connected", "3x3")
    found = state.map(tmp_path / "map")
    assert (tmp_path / "map" / "report.html").exists() and found.pictures == 0
    pairs = state.table("pairs", quantities="mutual_information")
    assert found.mutual_information[0, 1] == pytest.approx(pairs.mutual_information[0], abs=1e-13)
    assert (found.mutual_information_err >= 0).all()
    rows = found.families["rows"]
    assert (found.table.entropy[rows] == state.table("rows").entropy).all()
    assert found.words
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("mine")
    with pytest.raises(cutropy.InputError):
        state.map(tmp_path / "other")


def test_plan():
    plan = cutropy.plan("connected", "5x5")
    assert (plan.cuts, plan.images, plan.fits) == (4, 1 << 25, True)
    assert not cutropy.plan("page", "chain:20", "half", memory="1M").fits
    assert cutropy.plan(cutropy.Problem(np.arange(16), "chain:4"), cuts="half").storage == "values"
    with pytest.raises(cutropy.InputError):
        cutropy.plan(lambda x: x[:, 0], "chain:4")


def test_check(tmp_path):
    table = cutropy.table("connected", "3x3", "rows")
    path = tmp_path / "theirs.csv"
    path.write_text(table.csv())
    right = cutropy.check(path, "connected", "3x3")
    assert right.right and right.agree + right.rounded == 2 and right.differ == 0
    path.write_text("cut,entropy_bits\n0x7,1.0\n")
    wrong = cutropy.check(path, "connected", "3x3")
    assert not wrong.right and wrong.differ == 1 and list(wrong.verdict) == ["differs"] and "differ" in wrong.words
    with pytest.raises(cutropy.InputError):
        cutropy.check(path, "connected", "3x3", base=10)
    with pytest.raises(cutropy.FileError):
        cutropy.check(tmp_path / "none.csv", "connected", "3x3")


def test_expressivity():
    found = cutropy.expressivity("cnn", "3x3", seeds=2, channels=(1, 2), layers=1)
    assert len(found) == 2 and "S/L" in found.words and (found.max >= found.min).all()
    with pytest.raises(cutropy.InputError):
        cutropy.expressivity("cnn", "3x3", colours=3)


def test_certificate(tmp_path):
    state = cutropy.State("random", "3x3")
    state.certificate(tmp_path / "half.txt")
    assert (tmp_path / "half.txt").read_text().startswith("cutropy")
    with pytest.raises(cutropy.InputError):
        state.certificate(tmp_path / "two.txt", "rows")
    with pytest.raises(cutropy.UnsupportedError):
        cutropy.State("ising", "3x3").certificate(tmp_path / "real.txt")


def test_ground_truth(tmp_path):
    manifest = tmp_path / "set.json"
    manifest.write_text('{"manifest": 1, "tables": [{"file": "a.csv", "problem": "connected", "lattice": "3x3", "cuts": "rows"}, '
                        '{"file": "b.csv", "problem": "parity", "lattice": "2x2", "cuts": "all", "digits": 30}]}')
    folder = tmp_path / "truth"
    index = cutropy.ground_truth(folder, manifest)
    assert index["complete"] and [t["rows"] for t in index["tables"]] == [2, 7]
    assert cutropy.check_index(folder / "index.json") == []
    assert cutropy.check(folder / "a.csv").right
    before = (folder / "b.csv").stat().st_mtime_ns
    (folder / "a.csv").write_text("nothing")
    assert "a.csv" in cutropy.check_index(folder / "index.json")[0]
    assert cutropy.ground_truth(folder, manifest) == index  # made again; the other one stays
    assert (folder / "b.csv").stat().st_mtime_ns == before and cutropy.check_index(folder / "index.json") == []
    with pytest.raises(cutropy.FileError):
        cutropy.ground_truth(folder, tmp_path / "none.json")
    with pytest.raises(cutropy.InputError, match="none.json: No such file"):
        cutropy.check_index(tmp_path / "none.json")


def test_brackets_contain_the_entropy():
    images = np.random.default_rng(3).random((40, 6))
    problem = cutropy.data(images, theta=0.3)
    whole, few = cutropy.table(problem, cuts="half"), cutropy.table(problem, cuts="half", bracket=3)
    assert few.guarantee.tolist() == ["bracket"]
    assert abs(whole.entropy[0] - few.entropy[0]) <= few.entropy_err[0]
    sure = cutropy.table(problem, cuts="half", digits=25)
    assert sure.guarantee.tolist() == ["certified"] and abs(sure.entropy[0] - whole.entropy[0]) < 1e-12


def test_data_sets_are_matrix_product_states():
    images = np.random.default_rng(4).random((6, 4))
    state = cutropy.State(cutropy.data(images, theta=0.3))
    mps = state.mps("orthogonal")
    angle = np.pi * 0.3 * images
    psi = sum(np.einsum("a,b,c,d->abcd", *[[np.cos(x), np.sin(x)] for x in row]) for row in angle)
    psi = psi.reshape(-1, order="F") / np.linalg.norm(psi)
    assert [t.shape[1] for t in mps.tensors] == [2] * 4 and mps.error < 1e-10
    assert np.linalg.norm(mps.vector() - psi) < 1e-14
