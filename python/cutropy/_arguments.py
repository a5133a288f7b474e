# SPDX-License-Identifier: Apache-2.0
"""What a user gives as the library takes it; what it cannot take is an InputError that names the argument."""

from __future__ import annotations

import os
import operator
from typing import Any, List, Optional, Tuple

import numpy as np

from ._errors import InputError, OutOfMemoryError


def encoded(text: Any, what: str) -> bytes:
    """A text; the library would read it up to the first zero byte."""
    try:
        if isinstance(text, str) and "\0" not in text:
            return text.encode()
    except UnicodeEncodeError:
        pass
    raise InputError(f"{what}={text!r}: give a text")


def path_of(path: Any, what: str = "path") -> bytes:
    """The path of a file."""
    try:
        name = os.fsencode(path)
    except (TypeError, UnicodeEncodeError):
        name = b"\0"
    if b"\0" in name:
        raise InputError(f"{what}={path!r}: give the path of a file")
    return name


def whole(number: Any, what: str, least: int = 0, most: int = (1 << 63) - 1) -> int:
    """An integer of any type, within bounds."""
    try:
        value = operator.index(number)
    except TypeError:
        value = least - 1
    if not least <= value <= most:
        raise InputError(f"{what}={number!r}: give a whole number from {least} " + ("on" if most >> 62 else f"to {most}"))
    return value


def listed(values: Any) -> Optional[List[Any]]:
    """What goes one by one, as a list; None: it does not, like a number, a text, or an array without an axis."""
    if isinstance(values, (str, bytes, dict)):
        return None
    try:
        several = iter(values)
    except TypeError:
        return None
    return list(several)


def worded(value: Any, what: str, switch: Tuple[str, str] = ("no", "yes")) -> str:
    """A number, a text or a truth value as a parameter is written."""
    if isinstance(value, (bool, np.bool_)):
        return switch[bool(value)]
    if isinstance(value, (float, np.floating)):
        return repr(float(value))
    if isinstance(value, (str, int, np.integer)):
        return str(value)
    raise InputError(f"{what}={value!r}: give a number or a text")


def as_array(values: Any, what: str) -> np.ndarray:
    """An array of whatever type."""
    for step in ("detach", "cpu", "numpy"):  # a tensor of torch, on whatever device
        if not isinstance(values, np.ndarray) and hasattr(values, step):
            values = getattr(values, step)()
    if np.ma.is_masked(values):
        raise InputError(f"{what}: some numbers are masked; fill them first")
    try:
        array = np.asarray(values)
    except ValueError as error:  # ragged lists
        raise InputError(f"{what}: no array can be made of it: {error}") from error
    if isinstance(values, (list, tuple)) and array.dtype.kind in "fc" and (np.abs(array) >= 1 << 53).any():
        _refuse_rounded(values, what)
    return array


def _refuse_rounded(values: Any, what: str) -> None:
    """NumPy makes doubles of a list, without a word, where one of its integers is too large for int64 or stands beside floats."""
    for number in np.asarray(values, object).flat:
        if isinstance(number, (int, np.integer)) and (not -(1 << 63) <= int(number) < 1 << 63 or int(float(number)) != int(number)):
            raise InputError(f"{what}: the integer {number} fits no int64, or no double beside floats: pass it as a float")


def doubles(array: np.ndarray, what: str) -> np.ndarray:
    """A copy as float64 or complex128, in C order: later changes of the array change nothing."""
    kind, size = array.dtype.kind, array.dtype.itemsize
    if kind not in "buifc" or size > (16 if kind == "c" else 8):
        raise InputError(f"{what} of type {array.dtype}: give numbers that are doubles, or pairs of them")
    if kind in "iu" and array.size and max(int(array.max()), -int(array.min())) > 1 << 53:
        raise InputError(f"{what}: integers beyond 2^53 are no doubles")
    return np.array(array, np.complex128 if kind == "c" else np.float64, order="C")


def room(shape: Any, dtype: Any) -> np.ndarray:
    """An array that is not yet filled."""
    try:
        return np.empty(shape, dtype)
    except (MemoryError, ValueError) as error:  # ValueError: more than any address
        raise OutOfMemoryError(f"no memory for an array of {np.dtype(dtype)} of shape {shape}") from error
