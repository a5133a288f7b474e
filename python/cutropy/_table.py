# SPDX-License-Identifier: Apache-2.0
"""Tables: what a run or an analysis found, as columns."""

from __future__ import annotations

import ctypes
import csv
import functools
import html
import importlib
import io
import json
import math
import os
from decimal import ROUND_UP, Context, Decimal
from typing import Any, Callable, Dict, Iterator, List, Optional, Tuple

import numpy as np

from ._arguments import encoded, path_of
from ._errors import InputError, OutOfMemoryError, check, failure
from ._library import Handle, Held, lib

INTEGER, BRACKET, REAL, TEXT, FLAG, LIST = range(6)  # cutropy_column_type
MISSING = np.iinfo(np.int64).min
SHOWN_ROWS = 20  # of a table that is only looked at
SHOWN_DIGITS = 10
SHOWN_LETTERS = 32  # of a cell

_libc = ctypes.CDLL(None)
_libc.open_memstream.restype, _libc.open_memstream.argtypes = ctypes.c_void_p, [ctypes.POINTER(ctypes.c_void_p),
                                                                               ctypes.POINTER(ctypes.c_size_t)]
_libc.fclose.restype, _libc.fclose.argtypes = ctypes.c_int, [ctypes.c_void_p]
_libc.free.restype, _libc.free.argtypes = None, [ctypes.c_void_p]


def written(write: Callable[[Any], int]) -> bytes:
    """What write(FILE *) writes; it returns a status."""
    start, size = ctypes.c_void_p(), ctypes.c_size_t()
    file = _libc.open_memstream(ctypes.byref(start), ctypes.byref(size))
    if not file:
        raise OutOfMemoryError("no memory for a text")
    try:
        status = write(file)
        error = failure(status, "a text cannot be written") if status else None
    finally:
        _libc.fclose(file)
    try:
        if error:
            raise error
        return ctypes.string_at(start, size.value)
    finally:
        _libc.free(start)


def extra(module: str, name: str) -> Any:
    """A module that only a part of the package needs."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(f"this needs {error.name}: pip install 'cutropy[{name}]'", name=error.name) from error


def _format_number(name: str) -> int:
    out = ctypes.c_int()
    if not lib.cutropy_format_named(encoded(name, "format"), ctypes.byref(out)):
        raise InputError(f"the format {name!r} is not known; choose csv, json, npy, text, markdown or latex")
    return out.value


class _Column:
    """Its names and where its numbers come from."""

    def __init__(self, sheet: Handle, place: int) -> None:
        self._sheet, self._place = sheet, place
        self.name = lib.cutropy_sheet_name(sheet.pointer, place).decode()
        self.title = lib.cutropy_sheet_title(sheet.pointer, place).decode()
        self.error_title = lib.cutropy_sheet_error_title(sheet.pointer, place).decode()
        self.unit = lib.cutropy_sheet_unit(sheet.pointer, place).decode()
        self.type = lib.cutropy_sheet_type(sheet.pointer, place)

    @functools.cached_property
    def pair(self) -> Tuple[np.ndarray, np.ndarray]:
        """Numbers and errors, or the two ends; both read-only."""
        rows = lib.cutropy_sheet_rows(self._sheet.pointer)
        read, dtype = ((lib.cutropy_sheet_reals, np.float64) if self.type == REAL else (lib.cutropy_sheet_integers, np.int64))
        one, two = np.empty(rows, dtype), np.empty(rows, dtype)
        if not read(self._sheet.pointer, self._place, one.ctypes.data, two.ctypes.data):
            raise InputError(f"the column {self.title} has no numbers")
        one.flags.writeable = two.flags.writeable = False
        return one, two

    def text(self, row: int) -> str:
        """The cell as it stands in csv."""
        size = 80
        while True:
            room = ctypes.create_string_buffer(size)
            length = lib.cutropy_sheet_text(self._sheet.pointer, row, self._place, room, size)
            if length < 0:
                raise OutOfMemoryError("no memory for the text of a cell")
            if length < size:
                return room.value.decode("utf-8", "replace")
            size = length + 1

    def integers(self) -> np.ndarray:
        """int64; masked where a number is open or there is none."""
        lo, hi = self.pair
        open_or_missing = (lo != hi) | (lo == MISSING)
        values = lo.astype(bool) if self.type == FLAG else lo
        return np.ma.MaskedArray(values, open_or_missing) if open_or_missing.any() else values


def _present(integers: np.ndarray) -> np.ndarray:
    """Masked where one is missing."""
    missing = integers == MISSING
    return np.ma.MaskedArray(integers, missing) if missing.any() else integers


def _levels(text: str) -> np.ndarray:
    """"0.5^2;0.25^1" as an array of (value, multiplicity)."""
    pairs = [level.split("^") for level in text.split(";") if level]
    return np.array([(float(v), int(m)) for v, m in pairs], dtype=[("value", "f8"), ("multiplicity", "i8")])


_UP = Context(prec=30, rounding=ROUND_UP)


def _float_error(value: str, error: str) -> float:
    """What the float of a text is off by, at most, where the text is off by no more than error."""
    if not math.isfinite(float(error)):
        return float(error)
    away = _UP.add(_UP.abs(_UP.subtract(Decimal(value), Decimal(float(value)))), Decimal(error))
    return math.nextafter(float(away), math.inf)


class Table(Held):
    """One row a cut (or whatever the analysis has rows of), with columns as arrays.

    table["entropy_bits"], table["entropy"] and table.entropy are the same column; table["entropy_err"] its errors, in the same unit.
    Real numbers: float64, NaN where there is none. Integers: int64, as a masked array where one is open (table.rank_lo and
    table.rank_hi are its bounds) or missing. Texts: arrays of str. A list of eigenvalues (table.spectrum): one array a row, with the fields
    value and multiplicity, and table.spectrum_err its errors. All arrays are read-only. Exact fractions and proved decimals, which no
    float holds, are the texts of table.exact("purity").

    What the errors mean says the column guarantee: proved in rows `exact` and `certified`, an estimate in rows `float`."""

    def __init__(self, sheet: Handle) -> None:
        self._sheet = sheet
        self._list = [_Column(sheet, k) for k in range(lib.cutropy_sheet_columns(sheet.pointer))]
        self._rows = lib.cutropy_sheet_rows(sheet.pointer)

    # ---- columns ----

    @functools.cached_property
    def _readers(self) -> Dict[str, Any]:
        """What reads each name, the titles of csv first."""
        readers: Dict[str, Any] = {}
        for column in self._list:
            if column.type == REAL:
                readers[column.title] = lambda c=column: c.pair[0]
                if column.error_title:
                    readers[column.error_title] = lambda c=column: c.pair[1]
            elif column.type in (INTEGER, BRACKET, FLAG):
                readers[column.title] = column.integers
            elif column.type == TEXT:
                readers[column.title] = lambda c=column: np.array(self.exact(c.title), dtype=str)
            else:
                readers[column.title] = lambda c=column: [_levels(text) for text in self.exact(c.title)]
                if column.error_title:
                    readers[column.error_title] = lambda c=column: self._level_errors(c)
        for column in self._list:
            readers.setdefault(column.name, readers[column.title])
            if column.type == BRACKET:
                readers[column.title + "_lo"] = lambda c=column: _present(c.pair[0])
                readers[column.title + "_hi"] = lambda c=column: _present(c.pair[1])
        return readers

    def _level_errors(self, column: _Column) -> List[np.ndarray]:
        """Of the floats: where decimals are proved, what these are off by and what a float is off its text; else the texts are the floats."""
        error_of = _float_error if any(c.name == "rank_proof" for c in self._list) else lambda value, error: float(error)
        lines = csv.DictReader(line for line in io.StringIO(self.csv()) if not line.startswith("#"))
        return [np.array([error_of(level.split("^")[0], error)
                          for level, error in zip(line[column.title].split(";"), line[column.error_title].split(";")) if level])
                for line in lines]

    @property
    def columns(self) -> List[str]:
        """The names of the columns, as in csv."""
        return [title for c in self._list for title in (c.title, c.error_title) if title]

    def __getitem__(self, name: str) -> Any:
        read = self._readers.get(name)
        if read is None:
            raise KeyError(f"there is no column {name!r}; there are {', '.join(self.columns)}")
        return read()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self[name]
        except KeyError as error:
            raise AttributeError(error.args[0]) from None

    def __dir__(self) -> List[str]:
        return [*super().__dir__(), *(name for name in self._readers if name.isidentifier())]

    def __len__(self) -> int:
        return int(self._rows)

    def __iter__(self) -> Iterator[str]:
        """The names of the columns, as a data frame has it."""
        return iter(self.columns)

    def __contains__(self, name: object) -> bool:
        return name in self._readers

    def exact(self, name: str) -> List[str]:
        """The cells of a column as they stand in csv: fractions "p/q", proved decimals, brackets "3..5" in full; "" where one is missing."""
        for column in self._list:
            if name in (column.title, column.name):
                return [column.text(row) for row in range(self._rows)]
        raise KeyError(f"there is no column {name!r}; there are {', '.join(c.title for c in self._list)}")

    @property
    def masks(self) -> List[int]:
        """The cuts as numbers: bit i is set where pixel i is kept. InputError: a row is about no cut."""
        texts = self.exact("cut")
        if "" in texts:
            raise InputError(f"row {texts.index('')} is about no cut")
        return [int(text, 16) for text in texts]

    @property
    def unit(self) -> str:
        """Of the entropies: "bits" or "nats"."""
        return next((c.unit for c in self._list if c.unit), "")

    @property
    def partial(self) -> str:
        """What is missing of a run that was stopped or failed, "12 of 30 cuts"; "": nothing."""
        return str(lib.cutropy_sheet_partial(self._sheet.pointer).decode())

    # ---- formats ----

    def _bytes(self, name: str) -> bytes:
        number = _format_number(name)
        return written(lambda file: lib.cutropy_sheet_write(self._sheet.pointer, number, file))

    def format(self, name: str) -> str:
        """The table as text: "csv", "json", "text" (aligned, errors in brackets), "markdown" or "latex"."""
        if _format_number(name) == _format_number("npy"):
            raise InputError("npy is no text: table.save('FILE.npy') writes it")
        return self._bytes(name).decode("utf-8", "replace")

    def csv(self) -> str:
        """The table as comma-separated values, numbers with 17 digits or exact."""
        return self.format("csv")

    def json(self) -> Dict[str, Any]:
        """Rows, and where they come from: version, problem, checksum of the function, backend, seconds of each stage."""
        document: Dict[str, Any] = json.loads(self.format("json"))
        return document

    @property
    def info(self) -> Dict[str, Any]:
        """Where the numbers come from: `json` without its rows."""
        document = self.json()
        return {key: value for key, value in document.items() if key != "rows"} if isinstance(document, dict) else {}

    def save(self, path: Any) -> None:
        """Writes a file, whole or not at all; its name says the format: .csv, .json, .npy, .txt, .md, .tex. A table that is partial goes to
        PATH.partial. FileError: it cannot be written; InputError: another ending."""
        file = path_of(path)
        number = _format_number(os.path.splitext(os.fsdecode(file))[1][1:])
        status = lib.cutropy_sheet_save(self._sheet.pointer, number, file)
        if status:
            raise failure(status)

    def to_pandas(self) -> Any:
        """A data frame of all columns, those of errors too. Integers that are open or missing make a column of type Int64; where one is open
        the columns of its bounds follow (rank_lo, rank_hi). Needs pandas."""
        pandas = extra("pandas", "pandas")

        def column(values: Any) -> Any:
            if isinstance(values, np.ma.MaskedArray):
                masked = np.ma.getmaskarray(values)
                return pandas.array([None if m else int(v) for v, m in zip(values.data, masked)], dtype="Int64")
            return values

        bounds = {c.title: c.pair for c in self._list if c.type == BRACKET and (c.pair[0] != c.pair[1]).any()}
        columns = {}
        for title in self.columns:
            columns[title] = column(self[title])
            for end, values in zip(("_lo", "_hi"), bounds.get(title, ())):
                columns[title + end] = column(np.ma.MaskedArray(values, values == MISSING))
        return pandas.DataFrame(columns)

    # ---- to look at ----

    def _shown(self) -> Iterator[List[str]]:
        """The rows that are shown."""
        def cell(column: _Column, row: int) -> str:
            text = column.text(row)
            if column.type == REAL and text:
                return f"{column.pair[0][row]:.{SHOWN_DIGITS}g}"
            return text if len(text) <= SHOWN_LETTERS else text[:SHOWN_LETTERS - 3] + "..."

        half = SHOWN_ROWS // 2
        for row in range(self._rows):
            if self._rows > SHOWN_ROWS and half <= row < self._rows - half:
                if row == half:
                    yield ["..."] * len(self._list)
                continue
            yield [cell(column, row) for column in self._list]

    def _summary(self) -> str:
        missing = f", partial: {self.partial}" if self.partial else ""
        return f"{self._rows} rows, {len(self._list)} columns{missing}"

    def __repr__(self) -> str:
        """The first and last rows; table.format("text") is all of it, with the errors in brackets."""
        rows = [[column.title for column in self._list], *self._shown()]
        widths = [max(len(row[k]) for row in rows) for k in range(len(self._list))]
        lines = ["  ".join(text.rjust(width) for text, width in zip(row, widths)) for row in rows]
        return "\n".join([*lines, f"[{self._summary()}]"])

    def _repr_html_(self) -> str:
        def line(tag: str, cells: List[str]) -> str:
            return "<tr>" + "".join(f"<{tag}>{html.escape(text)}</{tag}>" for text in cells) + "</tr>"

        head = line("th", [column.title for column in self._list])
        body = "".join(line("td", row) for row in self._shown())
        return f"<table><thead>{head}</thead><tbody>{body}</tbody></table><p>{html.escape(self._summary())}</p>"

    def plot(self, x: str = "boundary", y: str = "entropy", ax: Any = None, **style: Any) -> Any:
        """Points of column y, with their errors, against column x; returns the axes. style: as for matplotlib's errorbar. Needs matplotlib.
        InputError: a column of lists."""
        lists = [name for name in (x, y) if any(c.type == LIST and name in (c.name, c.title) for c in self._list)]
        if lists:
            raise InputError(f"the column {lists[0]} has lists: plot one of them by plt.plot")
        if ax is None:
            ax = extra("matplotlib.pyplot", "plot").gca()
        errors = self._readers.get(y + "_err")
        ax.errorbar(self[x], self[y], yerr=errors() if errors else None, **{"fmt": "o", **style})
        unit = next((c.unit for c in self._list if y in (c.name, c.title)), "")
        ax.set_xlabel(x)
        ax.set_ylabel(f"{y} [{unit}]" if unit else y)
        return ax


def sheet_of(make: Callable[..., int], owner: Optional[Handle], *arguments: Any) -> Handle:
    """The sheet that make(owner, .., out) gives; it lives no longer than its owner, so it keeps it."""
    out = ctypes.c_void_p()
    pointer = [owner.pointer] if owner else []
    check(make(*pointer, *arguments, ctypes.byref(out)))
    return Handle(out.value, lib.cutropy_sheet_free, owner)
