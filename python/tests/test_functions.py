# SPDX-License-Identifier: Apache-2.0
"""Everything that may be a function: arrays of all types and orders, images, callables, models; what is refused, and how."""

import gc
import shutil

import numpy as np
import pytest

import cutropy
from cutropy import _functions

N = 8
IMAGES = (np.arange(1 << N)[:, None] >> np.arange(N)) & 1  # image k, pixel i


def bit_reversed(values):
    return values.reshape((2,) * N).transpose().reshape(-1)


@pytest.mark.parametrize("dtype", ["bool", "u1", "i2", "i8", "u8", "f2", "f4", "f8", "c8", "c16", ">f8", ">i4"])
def test_arrays(dtype, oracle, rng):
    values = rng.integers(0, 2 if dtype in ("bool", "u1") else 5, 1 << N)
    values = (values + (1j * rng.integers(0, 3, 1 << N) if dtype[0] == "c" else 0)).astype(dtype)
    kind = {"b": "label", "u": "integer", "i": "integer", "f": "real", "c": "complex"}[np.dtype(dtype).kind]
    state = cutropy.State(values, f"chain:{N}")
    assert state.kind == ("label" if dtype == "u1" else kind)
    assert (state.values() == values.astype(state.values().dtype)).all()
    for mask, entropy in zip([0xF, 0x35], state.table([0xF, 0x35]).entropy):
        assert abs(entropy - oracle(values, mask, N)) < 1e-11


def test_orders(oracle, rng):
    values = rng.normal(size=1 << N) + 1j * rng.normal(size=1 << N)
    wanted = [oracle(values, mask, N) for mask in (0x7, 0x29)]
    reversed_ = bit_reversed(values)
    forms = [(values, None), (values[:, None], "lsb"), (values[None], None), (reversed_, "msb"), (reversed_[:, None], "msb"),
             (reversed_.reshape((2,) * N), None), (reversed_.reshape((2,) * N), "msb"),
             (values.reshape((2,) * N), "lsb")]  # of a tensor axis i is pixel i
    for form, order in forms:
        assert (cutropy.values(form, f"chain:{N}", order=order) == values).all()
        assert np.allclose(cutropy.table(form, f"chain:{N}", [0x7, 0x29], order=order).entropy, wanted, rtol=0, atol=1e-11)
    for n in range(1, 8):
        small = np.arange(1, 1 + (1 << n))
        tensor = small.reshape((2,) * n).transpose().reshape(-1)
        assert (cutropy.values(small, f"chain:{n}", order="msb") == tensor).all()


def test_an_array_may_change_afterwards(rng):
    for values in (rng.normal(size=256), rng.integers(0, 9, 256), rng.normal(size=(2,) * 8), rng.normal(size=(256, 1))):
        before = cutropy.values(values, "chain:8").copy()
        state = cutropy.State(values, "chain:8")
        values[...] = 0
        assert (state.values() == before).all()


def test_signed_zeros_and_extremes():
    values = np.array([-0.0, 1e-300, 0.0, 2e-300])
    assert list(cutropy.values(values, "chain:2")) == [0, 1e-300, 0, 2e-300]
    assert list(values) == [0, 1e-300, 0, 2e-300] and np.signbit(values[0])
    assert cutropy.table(values, "chain:2").entropy[0] == 0


def test_data():
    rng = np.random.default_rng(4)
    grey, labels = rng.random((6, 2, 3)), [0, 1, 1, 0, 2, 1]
    table = cutropy.table(cutropy.data(grey, labels, label="onehot", theta=0.3), cuts="columns", quantities="label_entropy")

    def entropy(p):
        p = p[p > 1e-14]
        return -(p * np.log2(p)).sum()

    factor = np.stack([np.cos(0.3 * np.pi * grey), np.sin(0.3 * np.pi * grey)], -1).reshape(6, 6, 2)
    psi = np.zeros((2,) * 6 + (3,))
    for phi, label in zip(factor, labels):
        psi += np.einsum("a,b,c,d,e,f,g->abcdefg", *phi, np.eye(3)[label])
    psi /= np.linalg.norm(psi)
    for row, kept in enumerate(([0, 3], [0, 1, 3, 4])):
        rest = [axis for axis in range(7) if axis not in kept]
        matrix = psi.transpose(kept + rest).reshape(2 ** len(kept), -1)
        assert abs(table.entropy[row] - entropy(np.linalg.svd(matrix, compute_uv=False) ** 2)) < 1e-11
    alone = entropy(np.linalg.svd(psi.reshape(64, 3), compute_uv=False) ** 2)
    assert np.allclose(table["label_entropy"], alone, rtol=0, atol=1e-11)
    flat = cutropy.Problem(cutropy.data((255 * grey).astype(np.uint8).reshape(6, 6)), "3x2")
    assert flat.kind == "real" and flat.text.startswith("data:images=array,")
    assert cutropy.Problem(cutropy.data(grey, map="phase")).kind == "complex"
    for bad, says in ((grey[0, 0], "give real numbers"), (grey.astype(int), "give scale"), (grey * np.nan, "finite"), (grey[:1], "one image")):
        with pytest.raises(cutropy.InputError, match=says):
            cutropy.Problem(cutropy.data(bad))
    with pytest.raises(cutropy.InputError, match="labels of shape"):
        cutropy.data(grey, labels[:3])
    with pytest.raises(cutropy.InputError, match="unknown key 'shade'"):
        cutropy.Problem(cutropy.data(grey, shade=3))


def test_images(oracle):
    stack = np.array([[[1, 1, 0], [1, 0, 0], [0, 0, 0]], [[0, 1, 1], [0, 0, 1], [0, 0, 0]], [[1, 1, 0], [1, 0, 0], [0, 0, 0]]])
    state = cutropy.State(cutropy.images(stack))
    assert state.lattice.name == "grid:3x3" and state.ones == 2
    assert state.images().shape == (2, 3, 3)
    assert {image.tobytes() for image in state.images()} == {image.astype(np.uint8).tobytes() for image in stack}
    assert np.allclose(state.table("columns").entropy, [oracle(state.values(), 0x49, 9), oracle(state.values(), 0xDB, 9)], atol=1e-12)
    flat = cutropy.table(cutropy.images(stack.reshape(3, 9).astype(float)), "3x3", "columns")
    assert flat.csv().splitlines()[1:] == state.table("columns").csv().splitlines()[1:]
    large = cutropy.State(cutropy.images(np.eye(100, dtype=bool)), "chain:100")
    assert large.images().shape == (100, 100) and (large.images() == np.eye(100)).all()
    assert len(large.table("half")) == 1
    for bad, lattice in ((stack * 2, None), (stack[0, 0], None), (stack[:0], None), (stack, "4x4"), (stack, "chain:8"),
                         (stack.reshape(3, 9), None), (np.zeros((2, 2, 3)), "2x3")):
        with pytest.raises(cutropy.InputError):
            cutropy.State(cutropy.images(bad), lattice)


@pytest.mark.parametrize("lattice", ["3x4", "chain:12", "links:3x3", "grid:3x3:torus", "chain:1", "2x1"])
@pytest.mark.parametrize("batch", [1, 100, 1 << 20])
def test_batches(lattice, batch):
    """The images come in order, each once, with pixel i at its place."""
    there = cutropy.Lattice(lattice)
    seen = []

    def f(x):
        assert x.dtype == np.uint8 and x.shape[1:] == there.shape
        seen.append(x.reshape(len(x), -1) @ (1 << np.arange(there.pixels)))
        return x.reshape(len(x), -1)[:, -1]

    values = cutropy.values(f, lattice, batch=batch)
    assert (np.concatenate(seen) == np.arange(1 << there.pixels)).all()
    assert (values == np.arange(1 << there.pixels) >> (there.pixels - 1)).all()


def test_kinds_of_answers(rng):
    table = rng.normal(size=1 << N)
    numbers = lambda x: x.reshape(len(x), -1) @ (1 << np.arange(N))
    assert cutropy.State(lambda x: numbers(x) % 3 == 0, f"chain:{N}").kind == "label"
    assert cutropy.State(lambda x: numbers(x) % 2, f"chain:{N}").kind == "label"
    assert cutropy.State(lambda x: numbers(x) % 3, f"chain:{N}").kind == "integer"
    late = lambda x: np.where(numbers(x) == 255, 7, numbers(x) % 2)  # integers, which only the last batch tells
    assert (cutropy.values(late, f"chain:{N}", batch=64) == [7 if k == 255 else k % 2 for k in range(256)]).all()
    assert (cutropy.values(lambda x: table[numbers(x)].astype("f4"), f"chain:{N}") == table.astype("f4")).all()
    assert (cutropy.values(lambda x: 1j * table[numbers(x)][:, None], f"chain:{N}") == 1j * table).all()
    assert (cutropy.values(lambda x: list(map(bool, numbers(x) % 5)), f"chain:{N}") == (np.arange(256) % 5 > 0)).all()


def test_a_callable_and_the_built_in():
    def no_two_neighbours(x):
        return ~((x[:, 1:] & x[:, :-1]).any((1, 2)) | (x[:, :, 1:] & x[:, :, :-1]).any((1, 2)))

    mine, theirs = (cutropy.State(f, "4x4") for f in (no_two_neighbours, "independent-set"))
    assert mine.checksum == theirs.checksum and mine.text == "no_two_neighbours"
    assert (mine.table("rectangles").entropy == theirs.table("rectangles").entropy).all()


class Mine(Exception):
    pass


def test_what_a_callable_may_do_wrong():
    def raises(x):
        raise Mine("of the user")

    with pytest.raises(Mine, match="of the user"):
        cutropy.table(raises, "4x4")
    wrong = [(lambda x: x, "returned the shape"), (lambda x: x.sum(), "returned the shape"), (lambda x: x[1:, 0, 0], "returned the shape"),
             (lambda x: np.where(x[:, 0, 0], np.nan, 1), "returned nan for image 1"), (lambda x: x[:, 0, 0] / 0.0, "returned"),
             (lambda x: ["a"] * len(x), "not supported"), (lambda x: None, "not supported"), (lambda x: x[:, 0, 0] * 0, "zero"),
             (lambda x: np.full(len(x), 1 << 63, np.uint64), "2\\^63"),
             (lambda x: x[:, 0, 0].astype(np.longdouble), "not supported" if np.longdouble(1).itemsize > 8 else "")]
    for f, message in wrong:
        with np.errstate(all="ignore"), pytest.raises(cutropy.InputError, match=message):
            cutropy.table(f, "2x2")
    with pytest.raises(ValueError, match="read-only"):
        cutropy.table(lambda x: np.multiply(x, 2, out=x)[:, 0, 0], "2x2")
    kinds = iter([np.ones(64, bool), np.ones(64)])
    with pytest.raises(cutropy.InputError, match="another type before"):
        cutropy.table(lambda x: next(kinds), "chain:7", batch=64)


def test_progress_of_a_callable():
    seen = []
    cutropy.values(lambda x: x[:, 0], "chain:10", batch=256, progress=lambda *report: seen.append(report))
    assert seen == [("function", done, 1024) for done in (256, 512, 768, 1024)]


def test_float32_needs_no_second_copy():
    """Memory of the library's side: it reads the numbers where they are."""
    problem = cutropy.Problem(np.ones(1 << 10, np.float32), "chain:10")
    numbers = problem._numbers
    assert numbers.dtype == np.float64
    state = cutropy.State(problem)
    numbers[3] = 5  # not allowed to a user, who has no way to these numbers
    assert state.values()[3] == 5
    del problem, numbers
    gc.collect()
    assert state.values()[3] == 5  # the state keeps them


def test_problems():
    found = cutropy.problems()
    assert "connected" in found and len(found) > 20 and all(found.values())
    about = cutropy.problems("connected")
    assert about["lattice"] == "grid:4x4" and about["summary"] == found["connected"]
    with pytest.raises(cutropy.InputError):
        cutropy.problems("paritty")
    problem = cutropy.Problem("random:density=0.25,seed=7", "3x3")
    assert problem.text.startswith("random:") and problem.kind == "label" and problem.lattice == cutropy.Lattice("3x3")
    assert cutropy.table(problem).csv() == cutropy.table("random:density=0.25,seed=7", "3x3").csv()


def test_files(tmp_path, rng):
    values = rng.normal(size=1 << N)
    np.save(tmp_path / "values.npy", values)
    assert (cutropy.values(tmp_path / "values.npy", f"chain:{N}") == values).all()
    with pytest.raises(cutropy.FileError, match="nothing.npy"):
        cutropy.Problem(str(tmp_path / "nothing.npy"), f"chain:{N}")


def test_estimators():
    pytest.importorskip("sklearn")
    from sklearn.tree import DecisionTreeClassifier

    labels = cutropy.values("connected", "3x3")
    images = np.array([(k >> np.arange(9)) & 1 for k in range(512)])
    tree = DecisionTreeClassifier(random_state=0).fit(images, labels)
    assert (cutropy.values(tree, "3x3", output="label") == labels).all()
    assert (cutropy.values(tree, "3x3", output=("label", 0)) == 1 - labels).all()
    assert (cutropy.values(tree, "3x3", output="probability") == labels).all()
    with pytest.raises(cutropy.InputError, match="'label', 'probability' or 'score'"):
        cutropy.values(tree, "3x3")
    with pytest.raises(cutropy.InputError, match="classes"):
        cutropy.values(tree, "3x3", output=("probability", 7))


class Classifier:
    """The interface of scikit-learn without it."""

    classes_ = np.array([0, 1, 2])

    def predict(self, x):
        return x.sum(1) % 3

    def predict_proba(self, x):
        return np.eye(3)[x.sum(1) % 3] / 2 + 1 / 6

    def decision_function(self, x):
        return np.eye(3)[x.sum(1) % 3] - 0.5


def test_an_estimator_of_ones_own():
    weights = np.array([bin(k).count("1") for k in range(256)]) % 3
    assert (cutropy.values(Classifier(), "4x2", output=("label", 2)) == (weights == 2)).all()
    assert np.allclose(cutropy.values(Classifier(), "4x2", output=("probability", 1)), (weights == 1) / 2 + 1 / 6)
    assert (cutropy.values(Classifier(), "4x2", output=("score", 0)) == (weights == 0) - 0.5).all()
    assert cutropy.State(Classifier(), "4x2", output="label:1").kind == "label"
    assert (cutropy.values(Classifier(), "4x2", output="label:2") == (weights == 2)).all()
    for output in ("probability", "label", "label:3", ("label", 3)):
        with pytest.raises(cutropy.InputError, match="the classes are 0, 1, 2: choose one against the rest"):
            cutropy.values(Classifier(), "4x2", output=output)
    with pytest.raises(cutropy.InputError, match="needs 'label'"):
        cutropy.values(Classifier(), "4x2", output="label:")


class Signs:
    """Two classes whose names are no labels, with one score, of the second."""

    def __init__(self, names):
        self.classes_ = np.array(names)

    def predict(self, x):
        return self.classes_[(x.sum(1) > 3).astype(int)]

    def decision_function(self, x):
        return x.sum(1) - 3.5


@pytest.mark.parametrize("names", [[-1, 1], ["closed", "open"]])
def test_two_classes(names):
    weights = np.array([bin(k).count("1") for k in range(256)])
    model = Signs(names)
    assert (cutropy.values(model, "4x2", output="label") == (weights > 3)).all()
    assert (cutropy.values(model, "4x2", output=f"label:{names[0]}") == (weights <= 3)).all()
    assert (cutropy.values(model, "4x2", output="score") == weights - 3.5).all()
    assert (cutropy.values(model, "4x2", output=("score", names[0])) == 3.5 - weights).all()


class Voting(Classifier):
    """Probabilities and no scores, as forests and multi-layer perceptrons."""

    @property
    def decision_function(self):
        raise AttributeError("of this kind there is none")


class Pairs(Classifier):
    """One score of each pair of classes, as sklearn.svm.SVC(decision_function_shape="ovo")."""

    decision_function_shape = "ovo"


class Few(Classifier):
    def decision_function(self, x):
        return np.ones((len(x), 2))


@pytest.mark.parametrize("model", [Pairs(), Few()])
def test_scores_that_are_of_no_class(model):
    with pytest.raises(cutropy.InputError, match=f"the scores of {type(model).__name__} are not one of each class"):
        cutropy.values(model, "4x2", output="score:1")


@pytest.mark.parametrize("model, output, others", [
    (Voting(), "score:1", "'label' or 'probability'"), (Signs([0, 1]), "probability", "'label' or 'score'")])
def test_outputs_that_an_estimator_has_not(model, output, others):
    with pytest.raises(cutropy.InputError, match=f"{type(model).__name__} has no .*: choose output={others}"):
        cutropy.values(model, "4x2", output=output)


def test_functions_of_jax():
    jax = pytest.importorskip("jax")
    heavy = jax.jit(lambda x: x.sum((1, 2), dtype=jax.numpy.int32) > 5)
    assert (cutropy.values(heavy, "3x3", batch=64) == [bin(k).count("1") > 5 for k in range(512)]).all()
    weights = jax.numpy.linspace(-1, 1, 9)
    found = cutropy.values(lambda x: jax.numpy.tanh(x.reshape(len(x), -1) @ weights), "3x3")
    assert np.allclose(found, np.tanh(((np.arange(512)[:, None] >> np.arange(9)) & 1) @ np.linspace(-1, 1, 9)), atol=1e-6)


def test_modules():
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Conv2d(1, 4, 3, padding=1), torch.nn.Dropout(0.5), torch.nn.Flatten(), torch.nn.Linear(36, 1))
    images = torch.tensor(((np.arange(512)[:, None] >> np.arange(9)) & 1).reshape(512, 1, 3, 3), dtype=torch.float32)
    net.eval()
    with torch.no_grad():
        logits = net(images)[:, 0].double().numpy()
    net.train()
    assert (cutropy.values(net, "3x3", output="score", batch=512) == logits).all()
    assert net.training
    assert (cutropy.values(net, "3x3", output="label", batch=512) == (logits > 0)).all()
    assert np.allclose(cutropy.values(net, "3x3", output="probability"), 1 / (1 + np.exp(-logits)), atol=1e-6)
    chain = torch.nn.Linear(6, 3).double()
    scores = cutropy.values(chain, "chain:6", output=("score", 2))
    assert scores.shape == (64,)
    assert np.allclose(sum(cutropy.values(chain, "chain:6", output=("probability", k)) for k in range(3)), 1)
    assert (cutropy.values(chain, "chain:6", output="score:2") == scores).all()
    for output in (None, "label", ("label", 3), "label:3", "label:x"):
        with pytest.raises(cutropy.InputError):
            cutropy.values(chain, "chain:6", output=output)
    tensor = torch.arange(1.0, 17.0, requires_grad=True)
    assert (cutropy.values(tensor, "chain:4") == np.arange(1, 17)).all()
    assert (cutropy.values(lambda x: torch.tensor(x).sum(1), "chain:4") == [bin(k).count("1") for k in range(16)]).all()


def test_the_generator_alone():
    for first, block in _functions.batches(cutropy.Lattice("chain:9"), 64):
        assert (block @ (1 << np.arange(9)) == np.arange(first, first + 64)).all()


# ---- C text ----

needs_compiler = pytest.mark.skipif(not any(shutil.which(name) for name in ("cc", "gcc", "clang")), reason="no C compiler")


@pytest.mark.parametrize("dtype", [bool, "i1", "u1", "<i2", ">i2", ">i4", "<u8", ">u8", ">i8"])
def test_integers_of_any_width(dtype):
    """0 and 1 are labels in every width and byte order, in place and in steps; all else stays a number."""
    labels = (np.arange(16) * 7 % 5 < 2).astype(dtype)
    state = cutropy.State(labels, "4x1")
    assert state.kind == "label" and (state.values() == labels).all()
    assert (cutropy.values(np.repeat(labels, 2)[::2], "4x1") == labels).all()
    if dtype is not bool:
        for number in (2, 64) + ((-1,) if np.dtype(dtype).kind == "i" else ()):
            labels[3] = number
            state = cutropy.State(labels, "4x1")
            assert state.kind == "integer" and (state.values() == labels.astype(np.int64)).all()
        labels.view("u1")[3 * labels.itemsize:4 * labels.itemsize] = [1] * labels.itemsize
        if labels.itemsize > 1:
            assert cutropy.State(labels, "4x1").values()[3] == int("01" * labels.itemsize, 16)


@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


@needs_compiler
def test_c_text(own_cache, oracle):
    f = cutropy.C("lit % J == 0", {"J": 3})
    state = cutropy.State(f, "4x2")
    assert state.text == "lit % J == 0:J=3" and state.kind == "label"
    values = (IMAGES.sum(1) % 3 == 0).astype(np.int8)
    assert (state.values() == values).all()
    for mask, entropy in zip([0xF, 0x35], state.table([0xF, 0x35]).entropy):
        assert abs(entropy - oracle(values, mask, N)) < 1e-11
    text = "double complex amplitude(uint64_t image) { return K * lit + pixel(1, 0) * I; }"
    numbers = cutropy.values(cutropy.C(text, define={"K": 0.5}), "4x2", name="mine")
    assert (numbers == 0.5 * IMAGES.sum(1) + 1j * IMAGES[:, 1]).all()
    signs = cutropy.values(cutropy.C("pix(2)", encoding="pm1"), "4x2")
    assert signs.tolist() == (1 - 2 * IMAGES[:, 2]).tolist()


@needs_compiler
def test_c_text_that_fails(own_cache):
    with pytest.raises(cutropy.InputError, match="mine:2: .*lt"):
        cutropy.Problem(cutropy.C("1 +\nlt"), "2x2", name="mine")
    with pytest.raises(cutropy.InputError, match="undefined behaviour at image 0x7:"):
        cutropy.table(cutropy.C("7 / (lit - 3)"), "4x2")
    with pytest.raises(cutropy.InputError, match="needs a lattice"):
        cutropy.Problem(cutropy.C("lit"))
    with pytest.raises(cutropy.InputError, match="not for C text"):
        cutropy.Problem(cutropy.C("lit"), "2x2", order="msb")
    with pytest.raises(cutropy.InputError, match="is a str"):
        cutropy.C(b"lit")
    with pytest.raises(cutropy.InputError, match="finite"):
        cutropy.C("lit", {"J": float("nan")})
