# SPDX-License-Identifier: Apache-2.0
"""Arrays of one cut: made by the library, as the file that it writes (docs/export.md)."""

from __future__ import annotations

import contextlib
import dataclasses
import tempfile
from typing import Any, Callable, Dict, Iterator

import numpy as np

from ._arguments import path_of
from ._errors import InputError, check
from ._lattice import CutList, Lattice

_BITS = {"lsb": 0, "msb": 1}  # cutropy_bit_order


@dataclasses.dataclass(frozen=True)
class Schmidt:
    """psi(a, b) = sum over k of u[a, k] s[k] vh[k, b], as numpy.linalg.svd has it. Made by State.schmidt."""

    u: np.ndarray  #: shape (2^NA, r), orthonormal columns
    s: np.ndarray  #: shape (r,), descending; some may be 0 but for rounding
    vh: np.ndarray  #: shape (r, 2^NB), orthonormal rows
    error: float  #: a proved bound of || psi - u diag(s) vh ||
    s_error: float  #: of every value, proved
    u_error: float  #: of || u^H u - 1 || (Frobenius norm), proved
    vh_error: float  #: of || vh vh^H - 1 ||


def bits_of(bits: str) -> int:
    """cutropy_bit_order."""
    if not isinstance(bits, str) or bits not in _BITS:
        raise InputError(f"bits={bits!r}: choose 'lsb' or 'msb'")
    return _BITS[bits]


@contextlib.contextmanager
def unnamed_file() -> Iterator[str]:
    """A path for what the library writes and nobody keeps: without a name it need not appear whole, and nobody waits for the disk."""
    with tempfile.TemporaryFile() as file:
        yield f"/dev/fd/{file.fileno()}"


def one_cut(cut: Any, lattice: Lattice) -> CutList:
    """A text, a mask, pixels or truth values that are one cut."""
    masks = CutList(cut if isinstance(cut, (str, int)) else [cut], lattice)
    if len(masks) != 1:
        raise InputError(f"{cut!r} is {len(masks)} cuts: one at a time")
    return masks


def arrays_of_cut(save: Callable[..., int], state: int, options: int, cut: Any, bits: str, lattice: Lattice) -> Dict[str, np.ndarray]:
    """What `save` (cutropy_density_save, cutropy_schmidt_save) writes about one cut of a state (pointers)."""
    masks, order = one_cut(cut, lattice), bits_of(bits)
    with unnamed_file() as path:
        check(save(state, masks.struct.masks, order, path_of(path), options))
        with np.load(path) as arrays:
            return dict(arrays)


def schmidt_of(arrays: Dict[str, np.ndarray]) -> Schmidt:
    return Schmidt(arrays["u"], arrays["s"], arrays["vh"], *(float(arrays[name]) for name in ("error", "s_error", "u_error", "vh_error")))
