# SPDX-License-Identifier: Apache-2.0
"""A table in parts: each by a worker of an executor, on this machine or another."""

from __future__ import annotations

import ctypes
import os
import tempfile
from concurrent.futures import as_completed
from typing import Any

from ._errors import InputError, check
from ._lattice import CutList, Lattice, cuts_text
from ._library import Handle, lib
from ._problem import as_problem
from ._run import Progress, run, shown


def _compute(problem: Any, lattice: Any, cuts: Any, made: dict[str, Any], chosen: dict[str, str]) -> bytes:
    """The file of a part, by a worker."""
    f = as_problem(problem, lattice, made, None)
    masks = CutList(cuts, f.lattice)

    def start(options: int) -> bytes:
        out = ctypes.c_void_p()
        status = lib.cutropy_run(f._handle.pointer, ctypes.byref(masks.struct), options, ctypes.byref(out))
        result = Handle(out.value, lib.cutropy_result_free) if out.value else None
        check(status)
        assert result is not None
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "part")
            check(lib.cutropy_part_save(result.pointer, os.fsencode(path)))
            with open(path, "rb") as file:
                return file.read()

    return run(start, chosen)


def compute_parts(executor: Any, parts: Any, folder: str, progress: Progress, problem: Any, lattice: Any, cuts: Any, made: dict[str, Any],
                  chosen: dict[str, str]) -> list[str]:
    """Every part into a file of the folder, at most one a cut; their paths."""
    if not isinstance(parts, int) or parts < 1:
        raise InputError(f"parts={parts!r}: say in how many parts the executor computes the table")
    if hasattr(executor, "get_executor"):  # a client of dask.distributed
        executor = executor.get_executor()
    if not hasattr(executor, "submit"):
        raise InputError(f"executor={executor!r}: give one of concurrent.futures, or a client of dask.distributed")
    place = as_problem(problem, None, made, None).lattice if lattice is None else Lattice(lattice)
    cuts = cuts_text(cuts, place)  # cuts that go one by one are read once
    parts = min(parts, len(CutList(cuts, place)))
    paths = [os.path.join(folder, f"{k}.part") for k in range(1, parts + 1)]
    futures = {executor.submit(_compute, problem, lattice, cuts, made, {**chosen, "part": f"{k}/{parts}"}): path
               for k, path in enumerate(paths, 1)}
    try:
        with shown(progress) as show:
            for done, future in enumerate(as_completed(futures), 1):
                with open(futures[future], "wb") as file:
                    file.write(future.result())
                if show is not None:
                    show("parts", done, parts)
    except BaseException:
        for future in futures:
            future.cancel()
        raise
    return paths
