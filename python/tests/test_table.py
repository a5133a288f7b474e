# SPDX-License-Identifier: Apache-2.0
"""Tables: numbers against the oracle, columns against csv, formats, options."""

import csv
import decimal
import io
import json
import os
from fractions import Fraction

import numpy as np
import pytest

import cutropy


def test_numbers(oracle):
    values = cutropy.values("connected", "3x3")
    table = cutropy.table("connected", "3x3", cuts="all")
    assert len(table) == 255 == len(set(table.masks))
    for row in range(0, 255, 17):
        assert abs(table.entropy[row] - oracle(values, table.masks[row], 9)) < 1e-12
    assert (table.na == [bin(mask).count("1") for mask in table.masks]).all()


def test_columns_are_those_of_csv():
    table = cutropy.table("connected", "4x3", cuts="rows,half,sites", quantities=["renyi:0.5", "spectrum", "rank:1e-8", "blocks"])
    lines = list(csv.DictReader(io.StringIO(table.csv())))
    assert table.columns == list(lines[0]) and len(lines) == len(table)
    for title in table.columns:
        texts = [line[title] for line in lines]
        column = table[title]
        if title.startswith("spectrum"):
            for text, levels in zip(texts, column):
                parts = [part.split("^")[0] for part in text.split(";")]
                assert [float(part) for part in parts] == list(levels["value"] if title == "spectrum" else levels)
        elif title == "purity":
            assert table.exact(title) == texts and all("/" in text or text == "1" for text in texts)
            exact = [Fraction(text) for text in texts]
            assert all(abs(Fraction(x) - y) <= e for x, y, e in zip(column, exact, table.purity_err))  # of the rounding
            assert {lines[0]["purity_err"]} == {"0"} and (table.purity_err < 1e-14).all()
        elif title == "purity_err":
            continue
        elif column.dtype.kind == "f":
            assert [float(text) for text in texts] == list(column)
        elif column.dtype.kind == "i":
            assert [int(text) for text in texts] == list(column)
        else:
            assert texts == list(column)
    assert table.entropy is table["entropy_bits"] and table.unit == "bits"
    assert sum(table.spectrum[0]["value"] * table.spectrum[0]["multiplicity"]) == pytest.approx(1, abs=1e-14)
    assert not table.entropy.flags.writeable
    with pytest.raises(KeyError, match="there is no column 'entropie'"):
        table["entropie"]
    with pytest.raises(AttributeError):
        table.entropie


def test_bases_and_quantities():
    bits, nats = (cutropy.table("majority", "chain:5", "prefixes", base=base) for base in (2, "e"))
    assert np.allclose(bits.entropy * np.log(2), nats.entropy, rtol=0, atol=1e-15)
    assert nats.unit == "nats" and "entropy_nats" in nats.columns
    pairs = cutropy.table("connected", "2x2", "pairs", quantities="mutual_information")
    assert (pairs.mutual_information >= 0).all()


def test_proved_decimals():
    table = cutropy.table("random", "4x4", cuts=[0xFF], certify=True)
    assert table.exact("entropy") == ["4.64486232033053735339"]
    assert list(table.guarantee) == ["certified"] and "5e-21" in table.csv()
    digits = decimal.Decimal("4.64486232033053735339")
    assert abs(decimal.Decimal(float(table.entropy[0])) - digits) <= table.entropy_err[0] < 1e-14  # of the float
    long = cutropy.table("ghz", "chain:4", "half", digits=40)
    assert long.exact("entropy") == ["1." + 40 * "0"] and long.guarantee[0] in ("exact", "certified")


def test_open_ranks_are_masked(rng):
    low_rank = rng.normal(size=(64, 2)) @ rng.normal(size=(2, 64))  # rounding: numerically 2, exactly more
    table = cutropy.table(low_rank.reshape(-1), "chain:12", "half")
    lo, hi = int(table.rank_lo[0]), int(table.rank_hi[0])
    assert 2 <= lo <= hi <= 64
    assert np.ma.is_masked(table.rank) == (lo < hi)
    assert table.exact("rank") == [str(lo) if lo == hi else f"{lo}..{hi}"]


def test_ranks_beyond_64_bits_are_missing():
    table = cutropy.table("loops", "links:10x10:torus", "half", solver="affine")
    for name in ("rank", "rank_lo", "rank_hi", "classes_a"):
        assert np.ma.getmaskarray(table[name]).tolist() == [True], name


def test_cuts_in_every_form():
    forms = ["0xf,0x33", [0xF, 0x33], [[0, 1, 2, 3], [0, 1, 4, 5]], [np.arange(9) < 4, np.isin(np.arange(9), [0, 1, 4, 5])],
             np.array([0xF, 0x33])]
    for cuts in forms:
        assert cutropy.table("connected", "3x3", cuts).masks == [0xF, 0x33]
    assert cutropy.table("connected", "3x3", 0x33).masks == [0x33]
    assert cutropy.table("connected", "3x3").masks == [0x7, 0x3F]
    assert cutropy.table("majority", "chain:4").masks == [0x1, 0x3, 0x7]
    grid = np.zeros((2, 3, 3), bool)
    grid[0, 0] = grid[1, :, 0] = True
    assert cutropy.table("connected", "3x3", grid).masks == [0x7, 0x49]
    assert cutropy.table("connected", "3x3", [[], [0]]).masks == [0, 1]


def test_formats(tmp_path):
    table = cutropy.table("connected", "3x3", "rows")
    document = table.json()
    assert [row["cut"] for row in document["rows"]] == ["0x7", "0x3f"]
    assert "rows" not in table.info and table.info["lattice"] == "grid:3x3"
    assert table.format("markdown").startswith("|") and "tabular" in table.format("latex") and "(" in table.format("text")
    for ending in ("csv", "json", "npy", "txt", "md", "tex"):
        table.save(tmp_path / f"table.{ending}")
    assert (tmp_path / "table.csv").read_text() == table.csv()
    assert json.loads((tmp_path / "table.json").read_text())["rows"] == document["rows"]
    assert (np.load(tmp_path / "table.npy")["entropy_bits"] == table.entropy).all()
    assert cutropy.check(tmp_path / "table.json").right
    with pytest.raises(cutropy.InputError, match="format 'xls' is not known"):
        table.save(tmp_path / "table.xls")
    with pytest.raises(cutropy.FileError) as error:
        table.save(tmp_path / "missing" / "table.csv")
    assert "missing" in str(error.value) and not os.path.exists(tmp_path / "missing")


def test_to_look_at():
    table = cutropy.table("connected", "4x3", "all", quantities="spectrum")
    lines = repr(table).splitlines()
    assert len(lines) == 1 + 20 + 1 + 1 and "..." in lines[11] and lines[-1] == "[2047 rows, 11 columns]"
    assert max(map(len, lines)) < 200
    page = table._repr_html_()
    assert page.count("<tr>") == 22 and "&" not in page.replace("&amp;", "")
    assert "entropy_bits" in lines[0] and "columns" in dir(table) and "entropy_bits" in dir(table)


def test_pandas(rng):
    pandas = pytest.importorskip("pandas")
    frame = cutropy.table("connected", "4x4", cuts="rows").to_pandas()
    assert isinstance(frame, pandas.DataFrame) and list(frame["cut"]) == ["0xf", "0xff", "0xfff"]
    low_rank = (rng.normal(size=(64, 2)) @ rng.normal(size=(2, 64))).reshape(-1)
    table = cutropy.table(low_rank, "chain:12", "half")
    frame = table.to_pandas()
    assert bool(frame["rank"].isna()[0]) == np.ma.is_masked(table.rank)
    assert "rank_lo" not in cutropy.table("connected", "4x4", cuts="rows").to_pandas()
    waves = cutropy.table("data:images=digits,label=pm1:3", cuts="half", bracket=3).to_pandas()
    assert waves["rank"].isna()[0] and 3 <= waves["rank_lo"][0] < waves["rank_hi"][0]


def test_plot():
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    import matplotlib.figure

    axes = cutropy.table("percolation", "3x3", cuts="rectangles").plot(ax=matplotlib.figure.Figure().subplots())
    assert axes.get_ylabel() == "entropy [bits]" and axes.get_xlabel() == "boundary"


def test_a_table_outlives_everything():
    state = cutropy.State("connected", "3x3")
    table = state.table("all")
    state.close()
    del state
    assert len(table.entropy) == 255 and table.info["problem"].startswith("connected")
    with pytest.raises(cutropy.InputError, match="closed"):
        with cutropy.State("connected", "3x3") as closed:
            pass
        closed.table()


def test_beyond_enumeration():
    table = cutropy.table("connected", "8x8", cuts="half", solver="frontier")
    assert table["classes_a"].tolist() == [836]
    assert abs(table.entropy[0] - 2.984463203381194106687250622396) <= table.entropy_err[0]  # tests/data/frontier.csv
    with cutropy.State("connected", "4x4", solver="frontier") as state, pytest.raises(cutropy.UnsupportedError):
        state.values()
    with pytest.raises(cutropy.InputError, match="solver"):
        cutropy.table("parity", "2x2", solver="abacus")


def test_strips_without_end():
    phi = (1 + 5**0.5) / 2
    table = cutropy.table("independent-set", "1xinf", cuts="half", quantities="growth")
    assert abs(table["growth"][0] - phi) <= table["growth_err"][0]
    assert cutropy.Lattice("1xinf").infinite and not cutropy.Lattice("1x4").infinite
    assert list(cutropy.table("loops", "links:9xinf:cylinder")["entropy_bits"]) == [8]
    with pytest.raises(cutropy.UnsupportedError):
        cutropy.table("rectangle", "3xinf")


def test_levels_that_round_to_fewer_decimals():
    """1/4 lies between two numbers of one decimal, so that it is 0 with none: no level that is dropped like those that are 0."""
    signs = np.array([1, 1, -1, 1, -1, 1, -1, 1, -1, -1, 1, -1, -1, 1, -1, 1.0])
    table = cutropy.table(signs, "chain:4", [3], quantities="spectrum", digits=1)
    assert np.allclose(np.linalg.eigvalsh(signs.reshape(4, 4) @ signs.reshape(4, 4).T) / 16, [0, 0, 0.25, 0.75], atol=1e-12)
    levels, errors = table.spectrum[0], table.spectrum_err[0]
    assert levels["multiplicity"].tolist() == [1, 1] and table.rank.tolist() == [2]
    assert (abs(levels["value"] - [0.75, 0.25]) <= errors).all()


@pytest.mark.parametrize("certify", [False, True])
def test_errors_of_levels_are_those_of_floats(certify):
    """The proved decimals are off by less than a float can be off them."""
    rng = np.random.default_rng(1)
    numbers = rng.integers(-2**30, 2**30, 256) * 2**rng.integers(0, 6, 256)  # has a level 0.00078427683728425103: 20 decimals, 17 digits
    table = cutropy.table(numbers, "2x4", [0xf, 0x33, 0x55], quantities="spectrum", certify=certify)
    for text, levels, errors in zip(table.exact("spectrum"), table.spectrum, table.spectrum_err):
        exact = [Fraction(level.split("^")[0]) for level in text.split(";")]
        off = [abs(Fraction(float(value)) - number) for value, number in zip(levels["value"], exact)]
        bound = [Fraction(float(error)) - (Fraction(1, 2 * 10**20) if certify else 0) for error in errors]
        assert len(off) == len(errors) and all(distance <= most for distance, most in zip(off, bound))
        assert any(off) and (not certify or max(errors) < 1e-16)
