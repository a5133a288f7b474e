# SPDX-License-Identifier: Apache-2.0
"""Exceptions: one for each status of the library, with the line that it left."""

from __future__ import annotations

import ctypes
import os
import re
from typing import Any

from ._library import lib


class Error(Exception):
    """The base of all. `status` is the number of the status, and the exit status of the program `cutropy`; `table` holds the rows
    that were finished before a run failed, or None."""

    status = 1

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.table: Any = None
        if status is not None:
            self.status = status


class InternalError(Error, RuntimeError):
    """A proof or an exact identity failed: never ignore it, and report it."""


class InputError(Error, ValueError):
    """An argument, file or option cannot be used; the message says what to do."""

    status = 2


class OutOfMemoryError(Error, MemoryError):
    """An allocation failed, or the run needs more than its limit; the message says how much, and what would fit."""

    status = 3


class FileError(Error, OSError):
    """A file could not be read or written."""

    status = 4


class NumericError(Error, ArithmeticError):
    """An eigenvalue routine failed, or broke an exact identity."""

    status = 5


class UnsupportedError(Error, NotImplementedError):
    """A right request that this build, backend or range of numbers cannot serve."""

    status = 6


class DeviceError(Error, RuntimeError):
    """A device failed or was lost."""

    status = 8


class CancelledError(Error, RuntimeError):
    """The run was stopped."""

    status = 130


for _kind in (Error, *Error.__subclasses__()):
    _kind.__module__ = "cutropy"  # where users find them

_CLASSES = {kind.status: kind for kind in (InternalError, InputError, OutOfMemoryError, FileError, NumericError, UnsupportedError,
                                           DeviceError, CancelledError)}


# Lines of the library are about options of the program and functions of C.
_PYTHON = (
    (r"cutropy information --regions ('[^']*')", r"State.information(\1)"),
    (r"'cutropy problems'", "cutropy.problems()"),
    (r"'cutropy problems (\w+)'", r'cutropy.problems("\1")'),
    (r"\bcutropy range\b", "State.range"),
    (r"\bcutropy table\b", "cutropy.table"),
    (r"\bcutropy_state_(\w+)", r"State.\1"),
    (r"(?<![^\s(])--mps orthogonal\b", 'form="orthogonal"'),
    (r"(?<![^\s(])--mps\b", "State.mps"),
    (r"(?<![^\s(])--function sparse\b", "sparse=True"),
    (r"(?<![^\s(])--unit\b", "base="),
    (r"(?<![^\s(])--(certify|plain)\b", r"\1=True"),
    (r"(?<![^\s(])--(lattices?|cuts|solver|backend|length) "
     r"(\d[\w:.]*\w|(?:grid|links|chain):[\w:]*\w|pairs|bonds|enumerate|frontier|cpu)\b", r'\1="\2"'),
    (r"(?<![^\s(])--(bracket) (K)\b", r"\1=\2"),
    (r"(?<![^\s(])--([a-z]\w*)( (?='))?", r"\1="),
)


def spoken(message: str) -> str:
    """A line of the library in the words of this package: "--memory" is memory=."""
    for pattern, words in _PYTHON:
        message = re.sub(pattern, words, message)
    return message


def failure(status: int, what: str = "") -> Error:
    """The exception of a status; it must be asked for by the thread that got the status, where the message lies. what: said
    where only errno knows."""
    number = ctypes.get_errno()
    message = spoken(lib.cutropy_error().decode("utf-8", "replace"))
    if status == FileError.status and what:
        message = f"{what}: {os.strerror(number)}" if number else what
    return _CLASSES.get(status, InternalError)(message, status)


def check(status: int) -> None:
    if status:
        raise failure(status)
