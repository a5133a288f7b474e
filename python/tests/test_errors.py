# SPDX-License-Identifier: Apache-2.0
"""Every failure is an exception of its kind, with one line that says what to do."""

import os
import subprocess
import sys

import numpy as np
import pytest

import cutropy


def test_commands_that_are_no_functions_say_what_to_use():
    for name in ("certificate", "density", "information", "map", "range", "sample", "schmidt", "tree", "verify"):
        assert callable(getattr(cutropy.State, name))
        with pytest.raises(AttributeError, match=rf"has no attribute '{name}': use cutropy.State\(...\).{name}$"):
            getattr(cutropy, name)
    with pytest.raises(AttributeError, match=r"use cutropy.table\(...\).plot$"):
        cutropy.plot
    with pytest.raises(AttributeError, match="has no attribute 'sit'$"):
        cutropy.sit


@pytest.mark.parametrize("call, kind, message", [
    (lambda: cutropy.table("conected", "4x4"), cutropy.InputError, "connected"),
    (lambda: cutropy.table("connected", "4x"), cutropy.InputError, "4x"),
    (lambda: cutropy.table("connected", "4x4", "nonsense"), cutropy.InputError, "nonsense"),
    (lambda: cutropy.table("connected", "4x4", [1 << 16]), cutropy.InputError, "0x10000"),
    (lambda: cutropy.table("connected", "4x4", [-1]), cutropy.InputError, "negative"),
    (lambda: cutropy.table("connected", "4x4", [[16]]), cutropy.InputError, "pixel 16"),
    (lambda: cutropy.table("connected", "4x4", [np.ones(15, bool)]), cutropy.InputError, "15 truth values"),
    (lambda: cutropy.table("connected", "4x4", [0.5]), cutropy.InputError, "no mask"),
    (lambda: cutropy.table("connected", "4x4", quantities="colour"), cutropy.InputError, "colour"),
    (lambda: cutropy.table("connected", "4x4", base=10), cutropy.InputError, "base=10"),
    (lambda: cutropy.table("connected", "4x4", threads=0), cutropy.InputError, "threads"),
    (lambda: cutropy.table("connected", "4x4", backend="abacus"), cutropy.Error, "abacus"),
    (lambda: cutropy.table("connected", "4x4", progress=3), cutropy.InputError, "progress=3"),
    (lambda: cutropy.table("connected", "4x4", output="label"), cutropy.InputError, "output"),
    (lambda: cutropy.table(np.ones(5), "2x2"), cutropy.InputError, "2\\^4 = 16 values"),
    (lambda: cutropy.table(np.ones(16)), cutropy.InputError, "needs a lattice"),
    (lambda: cutropy.table(np.ones((5, 4, 4))), cutropy.InputError, "cutropy.data\\(stack\\)"),
    (lambda: cutropy.table(np.ones((5, 4, 4)), "4x4"), cutropy.InputError, "cutropy.data\\(stack\\)"),
    (lambda: cutropy.table(np.ones((2, 2, 2))), cutropy.InputError, "'chain:12'$"),
    (lambda: cutropy.table(type("MatrixProductState", (), {})()), cutropy.InputError, "cutropy.mps\\(psi.arrays\\)"),
    (lambda: cutropy.table(np.zeros(16), "2x2"), cutropy.InputError, "zero"),
    (lambda: cutropy.table(np.array([1, np.inf]), "chain:1"), cutropy.InputError, "not finite"),
    (lambda: cutropy.table(np.ones(16), "2x2", order="middle"), cutropy.InputError, "order='middle'"),
    (lambda: cutropy.table(np.array(["a", "b"]), "chain:1"), cutropy.InputError, "not supported"),
    (lambda: cutropy.table(lambda x: x[:, 0], "chain:4", order="msb"), cutropy.InputError, "order"),
    (lambda: cutropy.table(lambda x: x[:, 0], "chain:4", batch=0), cutropy.InputError, "batch=0"),
    (lambda: cutropy.table(lambda x: x[:, 0], "chain:41"), cutropy.InputError, "up to 40"),
    (lambda: cutropy.table(cutropy.Problem("connected", "3x3"), "4x4"), cutropy.InputError, "grid:3x3"),
    (lambda: cutropy.table(cutropy.Problem("connected", "3x3"), name="mine"), cutropy.InputError, "name"),
    (lambda: cutropy.table("page", "chain:22", "half", memory="1M"), cutropy.OutOfMemoryError, "1"),
    (lambda: cutropy.State("page", "chain:22", memory="1M"), MemoryError, "memory= raises"),
    (lambda: cutropy.table("nowhere/values.npy", "chain:4"), cutropy.Error, "nowhere"),
])
def test_kinds(call, kind, message):
    with pytest.raises(kind, match=message) as caught:
        call()
    error = caught.value
    assert "\n" not in str(error) and isinstance(error, cutropy.Error) and error.status in (2, 3, 4, 6) and error.table is None


def test_bases():
    assert issubclass(cutropy.InputError, ValueError) and issubclass(cutropy.OutOfMemoryError, MemoryError)
    assert issubclass(cutropy.FileError, OSError) and issubclass(cutropy.NumericError, ArithmeticError)
    assert len({kind.status for kind in cutropy.Error.__subclasses__()}) == 8


def in_python(code, **environment):
    """What a fresh interpreter prints, and how it ends."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120,
                          env={**os.environ, **environment})


def test_another_library():
    done = in_python("import cutropy", CUTROPY_LIBRARY="libm.so.6")
    assert done.returncode and "has the interface None, this package needs 3" in done.stderr
    done = in_python("import cutropy", CUTROPY_LIBRARY="/nowhere/libcutropy.so")
    assert done.returncode and "ImportError: cutropy: the shared library does not load" in done.stderr


def test_bench_refuses_backends_that_are_not_there():
    with pytest.raises(cutropy.InputError, match="abacus"):
        cutropy.bench(backend="abacus")
    with pytest.raises(cutropy.UnsupportedError, match="cuda:99"):
        cutropy.bench(backend="cuda:99")
