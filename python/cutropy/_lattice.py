# SPDX-License-Identifier: Apache-2.0
"""Lattices, and cuts of them."""

from __future__ import annotations

import ctypes
from typing import Any, Iterable, Optional, Sequence, Tuple, Union

import numpy as np

from . import _declarations as c
from ._arguments import as_array, encoded, listed
from ._errors import InputError, check
from ._library import Handle, Held, lib

Cuts = Union[None, str, int, Iterable[Any]]
AnyLattice = Union[None, str, Sequence[int], np.ndarray, "Lattice"]
_KINDS = ("grid", "links", "chain")


class Lattice:
    """Pixels with positions and bonds: Lattice("4x3"), Lattice("grid:4x4:torus"), Lattice("links:3x3"), Lattice("chain:12:ring"),
    Lattice((4, 3)), the pair (Lx, Ly), which is "4x3", and strips without end above and below: Lattice("8xinf"), Lattice("8xinf:cylinder"), Lattice("links:8xinf"). Pixels, bonds and
    positions of a strip are those of a window of rows around its one cut.

    Pixel i of a grid is x + Lx*y; on links, all horizontal links row by row come first, then the vertical ones.
    InputError: it is none of these forms."""

    def __init__(self, lattice: Union[str, Sequence[int], np.ndarray, "Lattice"]) -> None:
        out = ctypes.c_void_p()
        check(lib.cutropy_lattice_parse(lattice_text(lattice), ctypes.byref(out)))
        self._take(Handle(out.value, lib.cutropy_lattice_free))

    def _take(self, handle: Handle) -> None:
        self._handle = handle
        self._struct = c.Lattice.from_address(handle.pointer)

    @classmethod
    def _borrowed(cls, pointer: int, owner: Handle) -> "Lattice":
        self = cls.__new__(cls)
        self._take(Handle(pointer, lambda _: None, owner))
        return self

    @property
    def name(self) -> str:
        """The canonical text, e.g. "grid:4x4"."""
        return str(self._struct.name.decode())

    @property
    def kind(self) -> str:
        """"grid", "links" or "chain"."""
        return _KINDS[self._struct.kind]

    @property
    def pixels(self) -> int:
        """N."""
        return int(self._struct.pixels)

    @property
    def lx(self) -> int:
        """Pixels of a row (links: vertices of a row; chain: N)."""
        return int(self._struct.lx)

    @property
    def ly(self) -> int:
        """Rows (chain: 1; a strip: those of its window)."""
        return int(self._struct.ly)

    @property
    def periodic(self) -> bool:
        """Whether it is a torus, a ring or a cylinder."""
        return bool(self._struct.periodic)

    @property
    def infinite(self) -> bool:
        """Whether it is a strip without end."""
        return bool(self._struct.infinite)

    @property
    def shape(self) -> Tuple[int, ...]:
        """Of one image as an array: (Ly, Lx) on a grid, else (N,)."""
        return (self.ly, self.lx) if self.kind == "grid" else (self.pixels,)

    @property
    def bonds(self) -> np.ndarray:
        """The bonds, shape (bonds, 2): pixel numbers, the smaller one first."""
        return np.array([tuple(self._struct.bond[i]) for i in range(self._struct.bonds)], dtype=np.intp).reshape(-1, 2)

    @property
    def positions(self) -> np.ndarray:
        """x and y of every pixel in lattice units, shape (N, 2); y grows downwards."""
        return np.array([tuple(self._struct.position[i]) for i in range(self.pixels)])

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"<cutropy.Lattice {self.name}: {self.pixels} pixels, {self._struct.bonds} bonds>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Lattice) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)

    def __reduce__(self) -> Any:
        return Lattice, (self.name,)


def lattice_text(lattice: Any) -> bytes:
    """A lattice as the library reads it."""
    if isinstance(lattice, (str, Lattice)):
        return encoded(str(lattice), "lattice")
    pair = (listed(lattice) if isinstance(lattice, (tuple, list, np.ndarray)) else None) or []
    if len(pair) != 2 or not all(isinstance(side, (int, np.integer)) for side in pair):
        raise InputError(f"lattice={lattice!r}: give a text, '4x4' or 'chain:12', a pair (Lx, Ly), or a cutropy.Lattice")
    return f"{pair[0]}x{pair[1]}".encode()


def _mask(cut: Any, lattice: Lattice) -> str:
    """One cut as a hexadecimal mask: a number, pixels, or an array of one truth value a pixel."""
    if isinstance(cut, str):
        return cut
    if isinstance(cut, (int, np.integer)) and not isinstance(cut, (bool, np.bool_)):
        if cut < 0:
            raise InputError(f"the cut {cut} is negative: a mask has bit i set where pixel i is kept")
        return hex(cut)
    array = as_array(list(cut) if isinstance(cut, (set, frozenset)) else cut, "a cut")
    if array.dtype.kind == "b":
        if array.size != lattice.pixels:
            raise InputError(f"a cut of {array.size} truth values: {lattice.name} has {lattice.pixels} pixels")
        pixels = np.flatnonzero(array).tolist()
    elif array.dtype.kind in "iu" and array.ndim == 1:
        pixels = array.tolist()
    elif array.size == 0:
        pixels = []
    else:
        raise InputError(f"the cut {cut!r} is no mask, no list of pixels and no array of truth values")
    outside = [i for i in pixels if not 0 <= i < lattice.pixels]
    if outside:
        raise InputError(f"pixel {outside[0]} is outside {lattice.name}")
    return hex(sum(1 << i for i in set(pixels)))


def cuts_text(cuts: Cuts, lattice: Lattice) -> Optional[str]:
    """cuts as the library reads them; None stays."""
    if cuts is None or isinstance(cuts, str):
        return cuts
    if isinstance(cuts, (int, np.integer)) or (isinstance(cuts, np.ndarray) and cuts.dtype.kind == "b" and cuts.size == lattice.pixels):
        return _mask(cuts, lattice)
    masks = [_mask(cut, lattice) for cut in listed(cuts) or []]
    if not masks:
        raise InputError(f"cuts={cuts!r}: give a text, a mask, or a list of masks, of lists of pixels or of arrays of truth values")
    return ",".join(masks)


class CutList(Held):
    """Parsed cuts; None: rows, on a lattice of one row prefixes, as the program `cutropy` has it."""

    def __init__(self, cuts: Cuts, lattice: Lattice) -> None:
        self.struct = c.Cuts()
        text = cuts_text(cuts, lattice)
        if text is None:
            text = "rows" if lattice.ly > 1 else "prefixes"
        check(lib.cutropy_cuts_parse(encoded(text, "cuts"), lattice._handle.pointer, ctypes.byref(self.struct)))

    def __len__(self) -> int:
        return int(self.struct.count)

    def __del__(self) -> None:
        lib.cutropy_cuts_free(ctypes.byref(self.struct))
