# SPDX-License-Identifier: Apache-2.0
"""Exceptions: one for each status of the library, with the line that it left."""

from __future__ import annotations

import ctypes
import os
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


_CLASSES = {kind.status: kind for kind in (InternalError, InputError, OutOfMemoryError, FileError, NumericError, UnsupportedError,
                                           DeviceError, CancelledError)}


def failure(status: int, what: str = "") -> Error:
    """The exception of a status; it must be asked for by the thread that got the status, where the message lies. what: said
    where only errno knows."""
    number = ctypes.get_errno()
    message = lib.cutropy_error().decode("utf-8", "replace")
    if status == FileError.status and what:
        message = f"{what}: {os.strerror(number)}" if number else what
    return _CLASSES.get(status, InternalError)(message, status)


def check(status: int) -> None:
    if status:
        raise failure(status)
