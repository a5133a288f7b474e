# SPDX-License-Identifier: Apache-2.0
"""What a user may give for an argument, and what comes of everything else: one InputError in the words of Python."""

import copy
import pathlib
import pickle
import re
import sys

import numpy as np
import pytest

import cutropy
from cutropy import _errors

VALUES = np.random.default_rng(3).normal(size=64)
GREY = np.random.default_rng(4).random((6, 2, 3))
ROOT = pathlib.Path(__file__).parents[2]


@pytest.mark.parametrize("pair", [(3, 2), [3, 2], np.array([3, 2]), (np.int64(3), np.uint8(2))])
def test_a_pair_is_a_lattice(pair, tmp_path):
    """(Lx, Ly), wherever a lattice is taken."""
    assert cutropy.Lattice(pair) == cutropy.Lattice("3x2") and cutropy.Lattice(pair).shape == (2, 3)
    wanted = cutropy.table(VALUES, "3x2", "all").csv()
    assert cutropy.table(VALUES, pair, "all").csv() == wanted
    assert cutropy.table(cutropy.Problem(VALUES, pair), pair, "all").csv() == wanted
    assert cutropy.State(VALUES, pair).table("all").csv() == wanted
    assert (cutropy.values("connected", pair) == cutropy.values("connected", "3x2")).all()
    assert cutropy.plan("connected", pair, memory="1G") == cutropy.plan("connected", "3x2", memory="1G")
    assert cutropy.order("connected", pair).pixels == cutropy.order("connected", "3x2").pixels
    cutropy.export("connected", tmp_path / "a.npz", pair)
    assert len(cutropy.MPS.load(tmp_path / "a.npz").tensors) == 6
    (tmp_path / "a.csv").write_text(cutropy.table("connected", "3x2", "all").csv())
    assert cutropy.check(tmp_path / "a.csv", "connected", pair).right
    assert cutropy.scaling("random", pair).csv() == cutropy.scaling("random", "3x2").csv()
    assert cutropy.scaling("random", lattices=[pair, "3x3"]).csv() == cutropy.scaling("random", lattices="3x2,3x3").csv()
    sweep = dict(cuts=[[0, 1]], seeds=2, channels=range(1, 3))
    assert cutropy.expressivity("cnn", pair, **sweep).csv() == cutropy.expressivity("cnn", "3x2", **sweep).csv()


def test_forms_of_cuts():
    wanted = cutropy.table(VALUES, "3x2", "0x3").csv()
    truth = np.array([1, 1, 0, 0, 0, 0], bool)
    for cuts in (3, [3], [[0, 1]], [{0, 1}], [range(2)], truth, [truth], truth.reshape(2, 3), truth[None], "{0,1}"):
        assert cutropy.table(VALUES, "3x2", cuts).csv() == wanted
    state = cutropy.State(VALUES, "3x2")
    for cut in (3, [0, 1], {0, 1}, truth, truth.reshape(2, 3), "{0,1}"):
        assert (state.density(cut) == state.density("0x3")).all()


def state(**how):
    return cutropy.State("connected", "3x3", **how)


@pytest.mark.parametrize("call, message", [
    (lambda _: cutropy.Lattice(4), "lattice=4: give a text, '4x4' or 'chain:12', a pair"),
    (lambda _: cutropy.Lattice((4, 4, 4)), "a pair"),
    (lambda _: cutropy.Lattice((4.0, 4.0)), "a pair"),
    (lambda _: cutropy.Lattice(b"44"), "a pair"),
    (lambda _: cutropy.Lattice((0, 4)), "'0x4' has no pixels"),
    (lambda _: cutropy.Lattice("4x4\0"), "give a text"),
    (lambda _: cutropy.Lattice("\ud800"), "give a text"),
    (lambda _: cutropy.table("connected\0", "4x4"), "problem="),
    (lambda _: cutropy.table([2**63] + [1] * 63, "3x2"), "values: the integer 9223372036854775808 fits no int64"),
    (lambda _: cutropy.table([-2**63 - 1] + [1] * 63, "3x2"), "-9223372036854775809|type object"),
    (lambda _: cutropy.table([0.5, 2**53 + 1] * 32, "3x2"), "values: the integer 9007199254740993 fits no int64, or no double beside floats"),
    (lambda _: cutropy.table([[[1j, np.uint64(2**63)]] * 2] * 2, "chain:3"), "the integer 9223372036854775808"),
    (lambda _: cutropy.table(lambda x: [2**63] + [1] * 63, "3x2", batch=64), "the function <lambda>: the integer 9223372036854775808"),
    (lambda _: cutropy.data(GREY, [0, 1, 2, 3, -2**53, 2**63]), "labels: the integer 9223372036854775808"),
    (lambda _: cutropy.table(["a"] * 64, "3x2"), "numbers of type <U1"),
    (lambda _: cutropy.table([1.5] * 63 + [None], "3x2"), "numbers of type object"),
    (lambda _: cutropy.table([[1, 2], [3]], "3x2"), "values: no array|type object"),
    (lambda _: cutropy.table(np.ma.masked_equal(np.arange(64), 3), "3x2"), "masked"),
    (lambda _: cutropy.table(lambda x: [[1], [2, 3]], "3x2"), "no array|type object"),
    (lambda _: cutropy.table(VALUES, "3x2", batch=3), "batch=3"),
    (lambda _: cutropy.table(lambda x: x[:, 0, 0], "3x2", batch="a"), "batch='a'"),
    (lambda _: cutropy.table("connected", "3x2", name="mine"), "name='mine' is not for a problem by name"),
    (lambda _: cutropy.table(VALUES, "3x2", name=3), "name=3: give a text"),
    (lambda _: cutropy.table(VALUES, "3x2", name="a\0b"), "name="),
    (lambda _: cutropy.table(VALUES, "3x2", base=np.array([2, 2])), "base="),
    (lambda _: cutropy.table(VALUES, "3x2", 3.5), "cuts=3.5: give"),
    (lambda _: cutropy.table(VALUES, "3x2", np.array(3)), "cuts=array\\(3\\): give"),
    (lambda _: cutropy.table(VALUES, "3x2", [np.array(3)]), "the cut array\\(3\\) is no mask"),
    (lambda _: cutropy.table(VALUES, "3x2", quantities=np.array("spectrum")), "quantities="),
    (lambda _: cutropy.Lattice(np.array(3)), "lattice=array\\(3\\): give"),
    (lambda _: cutropy.products(np.array(3)), "factors=array\\(3\\): give a list"),
    (lambda _: cutropy.mps(np.array(3.0)), "tensors=array\\(3.\\): give a list"),
    (lambda _: cutropy.scaling(VALUES, lattices=np.array(3)), "give a list of lattices"),
    (lambda _: cutropy.scaling("connected", lattices=np.array(3)), "lattices=array\\(3\\): give"),
    (lambda _: cutropy.table(VALUES, "3x2", []), "cuts=\\[\\]: give"),
    (lambda _: cutropy.table(VALUES, "3x2", b"half"), "cuts=b'half'"),
    (lambda _: cutropy.table(VALUES, "3x2", "half\0"), "cuts="),
    (lambda _: cutropy.table(VALUES, "3x2", quantities=3), "quantities=3"),
    (lambda _: cutropy.table(VALUES, "3x2", quantities=[3]), "quantities="),
    (lambda _: cutropy.table(VALUES, "3x2", memory="8G\0"), "memory="),
    (lambda _: cutropy.table(VALUES, "3x2", parts=2), "parts=2: give the executor"),
    (lambda _: cutropy.table(VALUES, "3x2", executor=3, parts=2), "executor=3"),
    (lambda _: cutropy.problems(3), "name=3"),
    (lambda _: cutropy.images([[1, 0], [1]]), "images: no array|images of shape"),
    (lambda _: cutropy.images([["a"]]), "images of type <U1"),
    (lambda _: cutropy.table(cutropy.images([[0, 1]]), "2x1", order="msb"), "order='msb' is not for images"),
    (lambda _: cutropy.data(GREY, ["cat"] * 6), "labels of shape \\(6,\\) and type <U3 for 6 images: give one number an image"),
    (lambda _: cutropy.data(GREY, np.array(["cat"] * 6, object)), "type object for 6 images"),
    (lambda _: cutropy.data(GREY, [None] * 6), "type object for 6 images"),
    (lambda _: cutropy.data(GREY, [[1], [2, 3]]), "labels: no array|type object"),
    (lambda _: cutropy.data([[1, 2], [3]]), "images: no array|type object"),
    (lambda _: cutropy.data(GREY, [0, 1, 2, 3, 2**53, 2**53 + 1]), "labels: integers beyond 2\\^53"),
    (lambda _: cutropy.data(GREY, label="onehot"), "label and per_class need labels: cutropy.data\\(stack, labels"),
    (lambda _: cutropy.data(GREY, per_class=1), "need labels"),
    (lambda _: cutropy.data(GREY, theta=[0.1, 0.2]), "theta="),
    (lambda _: cutropy.data(GREY, scale=0), "scale=0: give a number above 0, or leave it out"),
    (lambda _: cutropy.data(GREY, scale="0.0"), "scale='0.0': give a number above 0"),
    (lambda _: cutropy.data((255 * GREY).astype(int), scale=0), "scale=0: give"),
    (lambda _: cutropy.data(GREY, first=0), "first=0: give a number above 0, or leave it out"),
    (lambda _: cutropy.data(GREY, range(6), label="onehot", per_class=False), "per_class=False: give"),
    (lambda _: cutropy.data(GREY, factors="f.npz"), "factors= is for files"),
    (lambda _: cutropy.table(cutropy.data(GREY), name="a,theta=0.1"), "no comma"),
    (lambda _: cutropy.C("lit", 3), "define=3"),
    (lambda _: cutropy.C("lit", {"K": None}), "define K=None"),
    (lambda _: cutropy.C("lit\0"), "C text="),
    (lambda _: cutropy.automaton(start=0, step=max, accept=max, most="a"), "most='a'"),
    (lambda _: cutropy.table(cutropy.automaton(start=0, step=lambda s, k, b: 0, accept=lambda s: np.ones(2)), "2x2"), "accept returned"),
    (lambda _: state().values(0.5), "first=0.5"),
    (lambda _: state().values(1 << 65, 1), "first="),
    (lambda _: state().images(count="a"), "count='a'"),
    (lambda _: state().sample(2.5), "count=2.5"),
    (lambda _: state().sample(2, seed=-1), "seed=-1"),
    (lambda _: state().mps(cutoff="a"), "cutoff='a'"),
    (lambda _: state().mps(pixels=[1 << 32, *range(1, 9)]), "pixels="),
    (lambda _: state().export(3), "path=3"),
    (lambda path: state().export(f"{path}/a.npz\0"), "path="),
    (lambda _: state().density([0, 1], bits=[1]), "bits="),
    (lambda path: state().certificate(path / "a", "rows"), "'rows' is 2 cuts"),
    (lambda _: state().order(budget=-1), "budget=-1"),
    (lambda _: state().information([[0], [1]]), "regions="),
    (lambda _: state().scaling(length=["x"]), "length="),
    (lambda _: state().map(most_cuts=-1), "most_cuts=-1"),
    (lambda _: state().map(3), "folder=3"),
    (lambda _: state().table().save(3), "path=3"),
    (lambda _: state().table(quantities="spectrum").plot(y="spectrum"), "the column spectrum has lists"),
    (lambda _: state().table().format(3), "format=3"),
    (lambda _: cutropy.scaling(VALUES), "needs a lattice"),
    (lambda _: cutropy.scaling(lambda x: x[:, 0, 0], lattices="2x2..3x3"), "give a list of lattices"),
    (lambda _: cutropy.scaling(lambda x: x[:, 0, 0], lattices=[]), "give at least one"),
    (lambda _: cutropy.expressivity("cnn", "2x2", seeds=2.5), "seeds=2.5"),
    (lambda _: cutropy.expressivity("cnn", "2x2", channels=np.array(3)), "channels=array\\(3\\)"),
    (lambda _: cutropy.expressivity("cnn", "2x2", channels=[None]), "channels=None"),
    (lambda _: cutropy.check(3), "path=3"),
    (lambda _: cutropy.ground_truth(3), "folder=3"),
    (lambda path: cutropy.MPS.load(__file__), "is no matrix product state"),
])
def test_refused(call, message, tmp_path):
    with pytest.raises(cutropy.InputError, match=message) as caught:
        call(tmp_path)
    assert "\n" not in str(caught.value)


def test_archives_that_are_no_states(tmp_path):
    state().export_values(tmp_path / "f.npz")
    with pytest.raises(cutropy.InputError, match="f.npz is no matrix product state"):
        cutropy.MPS.load(tmp_path / "f.npz")
    with pytest.raises(cutropy.FileError, match="nothing.npz"):
        cutropy.MPS.load(tmp_path / "nothing.npz")


def test_truth_values_are_parameters():
    table = cutropy.table(cutropy.data(GREY, map="poly", normalise=True), cuts="columns")
    assert table.csv() == cutropy.table(cutropy.data(GREY, map="poly", normalise="yes"), cuts="columns").csv()
    assert table.csv() != cutropy.table(cutropy.data(GREY, map="poly", normalise=False), cuts="columns").csv()


def test_lines_of_the_library_speak_of_arguments():
    """Every line that the library may leave, but those of the program: none names an option of the program or a function of C."""
    lines = []
    for path in sorted((ROOT / "src").rglob("*.c")):
        if path.relative_to(ROOT / "src").parts[0] not in ("cli", "verifier") and path.name not in ("map_report.c", "nvrtc_program.c"):
            for texts in re.findall(r'(?:"(?:[^"\\\n]|\\.)*"\s*)+', path.read_text(encoding="utf-8")):
                lines.append("".join(re.findall(r'"((?:[^"\\]|\\.)*)"', texts)))
    lines = [line.replace("%s", "rbm") for line in lines]
    told = [line for line in lines if re.search(r"(?<![\w-])--[a-z]|cutropy_state_|'cutropy problems", line)]
    assert len(told) > 50
    for line in told:
        assert not re.search(r"(?<![\w-])--[a-z]|cutropy_state_|'cutropy problems", _errors.spoken(line)), _errors.spoken(line)
    assert _errors.spoken("(--memory raises the limit)") == "(memory= raises the limit)"
    assert _errors.spoken("use --lattice 8x8, or --cuts pairs; --solver enumerate") == 'use lattice="8x8", or cuts="pairs"; solver="enumerate"'
    assert _errors.spoken("leave out --certify and --digits") == "leave out certify=True and digits="
    assert _errors.spoken("cannot read my--memory.npy: a--b") == "cannot read my--memory.npy: a--b"


@pytest.mark.parametrize("module, name, call", [
    ("matplotlib", "plot", lambda table: table.plot()), ("pandas", "pandas", lambda table: table.to_pandas())])
def test_extras_that_are_not_there(module, name, call, monkeypatch):
    for known in [known for known in sys.modules if known.split(".")[0] == module]:
        monkeypatch.delitem(sys.modules, known)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ImportError, match=f"this needs {module}.*: pip install 'cutropy\\[{name}\\]'"):
        call(cutropy.table("connected", "3x3"))
    assert f"\n{name} = [" in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_exceptions_have_public_names():
    for kind in (cutropy.Error, *cutropy.Error.__subclasses__()):
        assert kind.__module__ == "cutropy" and getattr(cutropy, kind.__name__) is kind
        again = pickle.loads(pickle.dumps(kind("a line")))
        assert type(again) is kind and str(again) == "a line"


def test_copies():
    """A lattice is a value; what the library holds says that it cannot leave the process."""
    for lattice in (cutropy.Lattice("links:3x2:torus"), state().lattice):
        assert pickle.loads(pickle.dumps(lattice)) == lattice == copy.deepcopy(lattice)
    mine = state()
    for held in (mine, mine.problem, mine.table(), mine.map(), mine.verify("half")):
        for leave in (pickle.dumps, copy.copy, copy.deepcopy):
            with pytest.raises(TypeError, match="of this process"):
                leave(held)


def test_what_they_look_like():
    table = state().table(quantities="spectrum")
    assert list(table) == table.columns and "entropy" in table and "entropy_err" in table and "colour" not in table and 0 not in table
    assert repr(cutropy.images(np.ones((2, 3, 3)))) == "<cutropy.Images of shape (2, 3, 3)>"
    assert repr(cutropy.data(GREY, range(6), theta=0.3)) == "<cutropy.Data of shape (6, 2, 3), with labels, theta=0.3>"
    assert repr(cutropy.automaton(start=0, step=max, accept=max)) == "<cutropy.Automaton max>"
    with pytest.raises(cutropy.InputError, match="about no cut"):
        state().verify("sites").masks


def test_names_that_come_one_by_one():
    names = ["spectrum", "schmidt_gap"]
    wanted = cutropy.table(VALUES, "3x2", quantities=names).csv()
    for quantities in ("spectrum,schmidt_gap", np.array(names), (name for name in names)):
        assert cutropy.table(VALUES, "3x2", quantities=quantities).csv() == wanted
    assert cutropy.table(VALUES, "3x2", quantities=[]).csv() == cutropy.table(VALUES, "3x2", quantities="").csv() == cutropy.table(VALUES, "3x2").csv()


@pytest.mark.parametrize("make, arrays", [
    (lambda grey, labels: cutropy.data(grey, labels, label="onehot"), (GREY, np.array([0.0, 0, 1, 1, 2, 2]))),
    (lambda stack: cutropy.images(stack), (np.round(GREY).astype(bool),)),
    (lambda stack: cutropy.images(stack), (np.round(GREY),)),
    (lambda *factors: cutropy.products(factors[:-1], factors[-1]), (*GREY[:, :, :2], np.array([1.0, 0.5]))),
    (lambda *tensors: cutropy.mps(tensors), (GREY[:1, :, :2], np.ascontiguousarray(GREY[:2, :, 2:]))),
])
def test_later_changes_of_an_array_change_nothing(make, arrays):
    mine = [array.copy() for array in arrays]
    taken = make(*mine)
    for array in mine:
        array[0] = 1 - array[0]
    where = dict(lattice=None, cuts="columns" if arrays[0].ndim == 3 and len(arrays[0]) > 1 else "prefixes")
    assert cutropy.table(taken, **where).csv() == cutropy.table(make(*arrays), **where).csv() != cutropy.table(make(*mine), **where).csv()
