# SPDX-License-Identifier: Apache-2.0
"""Lists of values, lists with repeated images and packed qudits, against matrices made here of dictionaries."""

from collections import Counter
from fractions import Fraction

import numpy as np
import pytest

import cutropy


def cut_matrix(values, kept):
    """values: {image as a tuple of bits: number}; the matrix of kept pixels by the others, of those that occur."""
    rows, columns, entries = {}, {}, []
    for image, value in values.items():
        a = tuple(b for i, b in enumerate(image) if i in kept)
        b = tuple(b for i, b in enumerate(image) if i not in kept)
        entries.append((rows.setdefault(a, len(rows)), columns.setdefault(b, len(columns)), value))
    m = np.zeros((len(rows), len(columns)), object)
    for i, j, value in entries:
        m[i, j] = value
    return m


def entropy(m):
    p = np.linalg.svd(m.astype(complex), compute_uv=False) ** 2
    p = p / p.sum()
    p = p[p > 1e-15]
    return float(-(p * np.log2(p)).sum())


def write_csv(path, values, index=None):
    with open(path, "w") as file:
        complex_ = any(isinstance(v, complex) for v in values.values())
        file.write(("index" if index else "image") + (",re,im\n" if complex_ else ",value\n"))
        for image, v in values.items():
            place = hex(sum(b << i for i, b in enumerate(image))) if index == "hex" else \
                sum(b << i for i, b in enumerate(image)) if index else "".join(map(str, image))
            file.write(f"{place},{v.real!r},{v.imag!r}\n" if complex_ else f"{place},{v!r}\n")


def random_values(rng, pixels, count, number):
    """Many images share halves, so that blocks are no single entries."""
    halves = [rng.integers(0, 2, (6, pixels // 2)), rng.integers(0, 2, (7, pixels - pixels // 2))]
    found = {}
    while len(found) < count:
        image = np.concatenate([halves[0][rng.integers(6)], halves[1][rng.integers(7)]])
        found[tuple(image.tolist())] = number()
    return found


@pytest.mark.parametrize("pixels, index", [(12, "decimal"), (18, None), (30, "hex"), (60, "decimal"), (90, None)])
def test_integers(pixels, index, rng, tmp_path):
    values = random_values(rng, pixels, 30, lambda: int(rng.choice([-3, -1, 1, 2, 5, 5])))
    write_csv(tmp_path / "v.csv", values, index)
    cuts = [list(range(k)) for k in (1, pixels // 2, pixels - 1)] + [list(range(0, pixels, 2))]
    state = cutropy.State(str(tmp_path / "v.csv"), f"chain:{pixels}")
    assert state.kind == "integer" and state.norm == sum(v * v for v in values.values())
    table = state.table(cuts, quantities="tr_rho3")
    proved = state.table(cuts, certify=True)
    for k, kept in enumerate(cuts):
        m = cut_matrix(values, set(kept))
        gram = m.dot(m.T)
        assert Fraction(table.exact("purity")[k]) == Fraction(int((gram * gram).sum()), state.norm ** 2)
        assert abs(table.entropy[k] - entropy(m)) < 1e-12 and abs(proved.entropy[k] - entropy(m)) < 1e-12
        assert int(proved.rank[k]) == np.linalg.matrix_rank(m.astype(float))
        assert int(table.classes_a[k]) == len({tuple(r) for r in m.tolist()})
    assert set(proved["guarantee"]) <= {"certified", "exact"}


def test_lists_say_what_tables_say(rng, tmp_path):
    """22 pixels: the same numbers as an array of all values."""
    number = [lambda: int(rng.integers(1, 9)), lambda: float(rng.normal()), lambda: complex(rng.normal(), rng.normal())]
    for make, dtype in zip(number, ("i8", "f8", "c16")):
        values = random_values(rng, 22, 25, make)
        write_csv(tmp_path / "v.csv", values, "decimal")
        array = np.zeros(1 << 22, dtype)
        for image, v in values.items():
            array[sum(b << i for i, b in enumerate(image))] = v
        few, all_ = (cutropy.State(f, "chain:22") for f in (str(tmp_path / "v.csv"), array))
        a, b = (s.table("half,0x15,0x3", quantities="renyi:0.5,spectrum") for s in (few, all_))
        assert np.allclose(a.entropy, b.entropy, atol=1e-13) and (a.rank == b.rank).all() and (a.classes_b == b.classes_b).all()
        assert np.allclose(a["renyi_0.5_bits"], b["renyi_0.5_bits"], atol=1e-10)
        assert np.allclose(few.density([0, 3]), all_.density([0, 3]), atol=1e-14)
        assert np.linalg.norm(few.mps().vector() - array / np.linalg.norm(array)) < 1e-12 if dtype == "f8" else True
        with pytest.raises(cutropy.UnsupportedError, match="list of values"):
            few.values(0, 1)
        few.export_values(tmp_path / "again.npz", sparse=True)
        assert cutropy.State(str(tmp_path / "again.npz"), "chain:22").checksum == few.checksum


@pytest.mark.parametrize("bits", ["lsb", "msb"])
def test_archives(bits, rng, tmp_path):
    path = tmp_path / "v.npz"
    index = rng.choice(1 << 30, 20, replace=False).astype(np.uint64) << np.uint64(34)
    index |= rng.integers(0, 4, 20).astype(np.uint64)
    value = rng.normal(size=20)
    np.savez(path, index=index, value=value)
    images = (index[:, None] >> np.arange(64, dtype=np.uint64)) & np.uint64(1)
    images = (images[:, ::-1] if bits == "msb" else images).astype(np.uint8)
    found = cutropy.State(f"file:path={path},order={bits}", "chain:64").table("half")
    np.savez(path, images=images, value=value)
    assert cutropy.State(str(path)).table("half").entropy[0] == found.entropy[0]
    values = dict(zip(map(tuple, images.tolist()), value))
    assert abs(found.entropy[0] - entropy(cut_matrix(values, set(range(32))))) < 1e-12


def test_what_is_written_is_read(tmp_path):
    for problem, lattice in (("digits:class=3", "8x8"), ("ising", "3x3"), ("weight:k=2", "chain:22")):
        state = cutropy.State(problem, lattice)
        state.export_values(tmp_path / "f.npz", sparse=True)
        again = cutropy.State(str(tmp_path / "f.npz"), lattice)
        assert again.checksum == state.checksum and again.table("half").entropy[0] == state.table("half").entropy[0]


@pytest.mark.parametrize("multiplicity", ["set", "sqrt", "count"])
@pytest.mark.parametrize("pixels", [9, 70])
def test_repeated_images(multiplicity, pixels, rng, tmp_path):
    images = rng.integers(0, 2, (12, pixels))[rng.integers(0, 12, 40)]
    np.save(tmp_path / "i.npy", images.astype("u1"))
    counts = Counter(map(tuple, images.tolist()))
    values = {image: {"set": 1, "sqrt": m ** 0.5, "count": m}[multiplicity] for image, m in counts.items()}
    state = cutropy.State(f"file:path={tmp_path}/i.npy,format=images,multiplicity={multiplicity}")
    assert state.kind == {"set": "label", "sqrt": "real", "count": "integer"}[multiplicity]
    assert abs(float(state.norm) - sum(v * v for v in values.values())) < 1e-12
    for cut in ([0, 1, 2], list(range(pixels // 2))):
        assert abs(state.table([cut]).entropy[0] - entropy(cut_matrix(values, set(cut)))) < 1e-12


def test_single_images_stay_labels(tmp_path):
    np.save(tmp_path / "i.npy", np.eye(9, dtype="u1"))
    for multiplicity in ("sqrt", "count"):
        assert cutropy.State(f"file:path={tmp_path}/i.npy,format=images,multiplicity={multiplicity}").kind == "label"


@pytest.mark.parametrize("local, sites, order", [(3, 4, "lsb"), (3, 7, "msb"), (5, 3, "lsb"), (3, 13, "lsb"), (4, 3, "msb")])
def test_qudits(local, sites, order, rng, tmp_path):
    values = rng.normal(size=local ** sites)
    if sites > 10:
        values *= rng.random(len(values)) < 1e-3
    np.save(tmp_path / "q.npy", values)
    state = cutropy.State(f"file:path={tmp_path}/q.npy,local={local},order={order}")
    bits = (local - 1).bit_length()
    assert state.lattice.name == f"grid:{bits}x{sites}"
    axes = values.reshape((local,) * sites)  # axis 0 the most significant
    axes = axes if order == "msb" else axes.transpose(range(sites - 1, -1, -1))
    table = state.table("rows")
    for k in range(1, sites):
        if 2 <= k <= sites - 2 and sites > 10:
            continue  # dense matrices here
        assert abs(table.entropy[k - 1] - entropy(axes.reshape(local ** k, -1))) < 1e-12
    np.save(tmp_path / "q.npy", values.reshape((local,) * sites, order="C"))
    assert cutropy.State(f"file:path={tmp_path}/q.npy,local={local},order={order}").checksum == state.checksum


@pytest.mark.parametrize("text, lattice, message", [
    ("index,value\n1,2\n", None, "give lattice="), ("index,value\n16,2\n", "chain:4", "4 pixels have 2"),
    ("index,value\n1,2\n1,3\n", "chain:4", "same image"), ("index,value\n1,0\n", "chain:4", "all values are zero"),
    ("index,value\n-1,2\n", "chain:4", "is no index"), ("index,value\n1,x\n", "chain:4", ":2: 'x'"),
    ("index,value\n1,inf\n", "chain:4", "no finite number"), ("image,value\n012,2\n", None, "letters 0 and 1"),
    ("image,value\n01,2\n011,2\n", None, ":3: "), ("index,re\n1,2\n", "chain:4", "re,im"), ("index,value\n", "chain:4", "no value"),
    ("index,value\n1,2\n", "chain:70", "give images"), ("index,value,more\n1,2,3\n", "chain:4", "has the columns")])
def test_refused(text, lattice, message, tmp_path):
    (tmp_path / "v.csv").write_text(text)
    with pytest.raises(cutropy.InputError, match=message):
        cutropy.State(str(tmp_path / "v.csv"), lattice)


def test_options_without_use(tmp_path):
    (tmp_path / "v.csv").write_text("index,value\n1,2\n")
    np.save(tmp_path / "t.npy", np.arange(1.0, 9))
    np.save(tmp_path / "i.npy", np.eye(4, dtype="u1"))
    for text, message in ((f"{tmp_path}/v.csv,multiplicity=count", "multiplicity is about"), (f"{tmp_path}/v.csv,local=3", "local is about"),
                          (f"{tmp_path}/t.npy,multiplicity=sqrt", "multiplicity is about"), (f"{tmp_path}/t.npy,local=3", "3.L values"),
                          (f"{tmp_path}/i.npy,format=images,local=3", "local is about"), (f"{tmp_path}/v.csv,encoding=pm1", "other values")):
        with pytest.raises(cutropy.InputError, match=message):
            cutropy.State(f"file:path={text}", "chain:4" if "v.csv" in text else None)


def test_threshold(rng, tmp_path):
    grey = rng.integers(0, 256, (15, 12)).astype("u1")
    np.save(tmp_path / "g.npy", grey)
    np.save(tmp_path / "b.npy", (grey >= 100).astype("u1"))
    states = [cutropy.State(text) for text in (f"data:images={tmp_path}/g.npy,map=levels,threshold=100",
                                               f"file:path={tmp_path}/b.npy,format=images")]
    assert states[0].checksum == states[1].checksum and states[0].kind == "label"
    assert cutropy.Problem(states[0].text).text == states[0].text
    for text, message in (("threshold=1", "map=levels"), ("map=levels,bins=3,threshold=1", "bins=2"), ("map=levels,threshold=300", "all pixels are dark"),
                          ("map=levels,threshold=0", "all pixels are lit"), ("map=levels,threshold=x", "no number")):
        with pytest.raises(cutropy.InputError, match=message):
            cutropy.Problem(f"data:images={tmp_path}/g.npy,{text}")


def test_bits_of_packed_labels(rng, tmp_path):
    labels = rng.random(1 << 9) < 0.3
    np.save(tmp_path / "p.npy", np.packbits(labels, bitorder="little"))
    np.save(tmp_path / "t.npy", labels)
    states = [cutropy.State(f"file:path={tmp_path}/{name},order=msb") for name in ("p.npy,format=packed", "t.npy")]
    assert states[0].checksum == states[1].checksum and (states[0].values().reshape((2,) * 9).T.ravel() == labels).all()


def test_one_row_is_two_things(tmp_path):
    np.save(tmp_path / "r.npy", np.eye(1, 16, dtype="u1"))
    with pytest.raises(cutropy.InputError, match="format=table or format=images"):
        cutropy.State(f"{tmp_path}/r.npy")
    assert cutropy.State(f"file:path={tmp_path}/r.npy,format=table").lattice.pixels == 4
    assert cutropy.State(f"file:path={tmp_path}/r.npy,format=images").lattice.pixels == 16
