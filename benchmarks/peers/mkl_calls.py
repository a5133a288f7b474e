# SPDX-License-Identifier: Apache-2.0
"""Intel's MKL by ctypes, as the package `mkl` brings it: rank updates and eigenvalues without vectors."""

from __future__ import annotations

import ctypes
import glob
import os
import sys

import numpy as np

ROW_MAJOR, COLUMN_MAJOR, LOWER, NO_TRANSPOSE = 101, 102, 122, 111


def load():
    os.environ.setdefault("MKL_INTERFACE_LAYER", "LP64")
    files = sorted(glob.glob(os.path.join(sys.prefix, "lib", "libmkl_rt.so*")))
    if not files:
        raise ImportError("no libmkl_rt.so in lib: pip install mkl")
    return ctypes.CDLL(files[0])


library = load()
_pointer = ctypes.c_void_p
_integer = ctypes.c_int


def version():
    text = ctypes.create_string_buffer(200)
    library.mkl_get_version_string(text, 200)
    return text.value.decode().strip()


def gram(m):
    """M M^H of a stack; the lower triangles."""
    kind = m.dtype.char
    m = np.ascontiguousarray(m)
    n, k = m.shape[1:]
    out = np.zeros((len(m), n, n), m.dtype)
    real = ctypes.c_float if kind == "f" else ctypes.c_double
    call = {"f": library.cblas_ssyrk, "d": library.cblas_dsyrk, "D": library.cblas_zherk}[kind]
    call.argtypes = [_integer] * 5 + [real, _pointer, _integer, real, _pointer, _integer]
    call.restype = None
    for one, g in zip(m, out):
        call(ROW_MAJOR, LOWER, NO_TRANSPOSE, n, k, 1, one.ctypes.data, k, 0, g.ctypes.data, n)
    return out


def eigenvalues(stack, routine="evd"):
    """Ascending, of each matrix; reads the lower triangles (to LAPACK, whose columns are our rows, the upper ones) and destroys them."""
    complex_ = stack.dtype.kind == "c"
    name = ("LAPACKE_zhe" if complex_ else "LAPACKE_dsy") + routine
    call = getattr(library, name)
    call.argtypes = [_integer, ctypes.c_char, ctypes.c_char, _integer, _pointer, _integer, _pointer]
    n = stack.shape[-1]
    w = np.empty(stack.shape[:2])
    for g, out in zip(np.ascontiguousarray(stack), w):
        status = call(COLUMN_MAJOR, b"N", b"U", n, g.ctypes.data, n, out.ctypes.data)
        if status:
            raise ArithmeticError(f"{name} gave {status}")
    return w
