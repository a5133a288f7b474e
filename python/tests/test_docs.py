# SPDX-License-Identifier: Apache-2.0
"""The examples of the pages print what the pages say."""

import doctest
import pathlib
import re

import numpy as np
import pytest

import cutropy

ROOT = pathlib.Path(__file__).parents[2]
PAGES = ["README.md", "docs/python.md", "python/README.md"]


def blocks(page):
    return re.findall(r"```python\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("page", PAGES)
def test_examples(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))  # of compiled C text
    text = "\n".join(block for block in blocks(page) if ">>>" in block)
    test = doctest.DocTestParser().get_doctest(text, {}, page, page, 0)
    assert len(test.examples) >= 2
    runner = doctest.DocTestRunner()
    printed = []
    runner.run(test, out=printed.append)
    assert not runner.failures, "".join(printed)


def test_rows_of_data_sets():
    """The rows that docs/datasets.md prints: values within their errors; errors within a tenth (the last digits are the machine's)."""
    page = (ROOT / "docs/datasets.md").read_text(encoding="utf-8")
    problem, cuts, rows = re.search(r"\$ cutropy table (\S+) --cuts (\S+)\ncut,.*\n((?:0x.*\n)+)", page).groups()
    table = cutropy.table(problem, cuts=cuts)
    printed = [row.split(",") for row in rows.splitlines()]
    assert len(printed) == 2
    for row, (cut, na, _, entropy, error, guarantee, _) in enumerate(printed):
        assert int(cut, 16) == 2 ** int(na) - 1 and int(na) == table["na"][row] and guarantee == table["guarantee"][row]
        assert abs(float(entropy) - table.entropy[row]) <= table["entropy_err"][row]
        assert abs(float(error) / table["entropy_err"][row] - 1) < 0.1


def test_numpy_in_readme(tmp_path, monkeypatch):
    """The file that it writes is read as the array itself is."""
    monkeypatch.chdir(tmp_path)
    code = next(block for block in blocks("README.md") if "odd_pairs.npy" in block)
    exec(code, {})
    values = np.load("odd_pairs.npy")
    file, array = (cutropy.table(f, "chain:12", "prefixes") for f in ("odd_pairs.npy", values))
    assert file.csv() == array.csv() and len(file) == 11


def test_every_name_is_described():
    page = (ROOT / "docs/python.md").read_text(encoding="utf-8")
    missing = [name for name in cutropy.__all__ if name not in page and not issubclass(type(getattr(cutropy, name)), type)]
    assert not missing
    for name in cutropy.__all__:
        assert getattr(cutropy, name).__doc__, name
    for kind in (cutropy.Table, cutropy.State, cutropy.Problem, cutropy.Lattice):
        for name, member in vars(kind).items():
            if not name.startswith("_"):
                assert member.__doc__, name
