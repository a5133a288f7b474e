# SPDX-License-Identifier: Apache-2.0
"""Loads the shared library: CUTROPY_LIBRARY where it is set, else the one inside the package, else the system's."""

from __future__ import annotations

import ctypes
import os
import pathlib
from typing import Any, Callable

from ._declarations import ABI, declare


def _places() -> list[str]:
    named = os.environ.get("CUTROPY_LIBRARY")
    if named:
        return [named]
    inside = pathlib.Path(__file__).parent / "lib"
    return [*map(str, sorted(inside.glob("libcutropy.so*"))), f"libcutropy.so.{ABI}"]


def _load() -> ctypes.CDLL:
    reasons = []
    for place in _places():
        try:
            return ctypes.CDLL(place, use_errno=True)
        except OSError as reason:
            reasons.append(str(reason))
    raise ImportError("cutropy: the shared library does not load: " + "; ".join(reasons))


lib = _load()
_abi = lib.cutropy_abi() if hasattr(lib, "cutropy_abi") else None
if _abi != ABI:
    raise ImportError(f"cutropy: the shared library has the interface {_abi}, this package needs {ABI}: {lib._name}")
declare(lib)


class Held:
    """What has something of the library: neither copied, which would free it twice or use it when it is closed, nor pickled."""

    __slots__ = ()

    def __reduce__(self) -> Any:
        raise TypeError("what the library holds is of this process, and cannot be copied or pickled: pass on what it was made of, "
                        "or of a table its to_pandas() or csv()")


class Handle(Held):
    """An object of the library and how it is freed; `owners` live at least as long."""

    __slots__ = ("pointer", "_free", "_owners")

    def __init__(self, pointer: Any, free: Callable[[Any], Any], *owners: Any) -> None:
        self.pointer, self._free, self._owners = pointer, free, owners

    def free(self) -> None:
        pointer, self.pointer = self.pointer, None
        if pointer:
            self._free(pointer)

    def __del__(self) -> None:
        self.free()
