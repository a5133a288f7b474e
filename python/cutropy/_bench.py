# SPDX-License-Identifier: Apache-2.0
"""How fast this machine is."""

from __future__ import annotations

import ctypes
from typing import Any, Optional, Union

from . import _declarations as c
from ._errors import failure
from ._library import Handle, lib
from ._run import Progress, run, settings
from ._table import Table, extra, sheet_of

_TIMES, _SUMMARY, _CEILINGS, _GROWTH = range(4)


class Bench(Table):
    """Times of functions and cuts by every backend, solver and number of threads: one row a case and way (docs/bench.md). Seconds are
    medians; their errors are how far the farthest repetition lies, and prove nothing."""

    summary: Table  #: case, lattice, backend, solver, threads, seconds, speedup, note
    ceilings: Table  #: rates that this machine reaches at best, on one thread and on all
    growth: Table  #: exponents a of seconds ~ 2^(a N)
    load_before: float  #: the system's load average when it began
    without_cuda: str  #: why no CUDA device was tried; "": some were

    def __init__(self, handle: Handle) -> None:
        super().__init__(sheet_of(lib.cutropy_bench_sheet, handle, _TIMES))
        self.summary, self.ceilings, self.growth = (Table(sheet_of(lib.cutropy_bench_sheet, handle, table))
                                                    for table in (_SUMMARY, _CEILINGS, _GROWTH))
        self.load_before = lib.cutropy_bench_load(handle.pointer)
        self.without_cuda = lib.cutropy_bench_without_cuda(handle.pointer).decode()

    def plot(self, x: str = "seconds", y: str = "case", ax: Any = None, **style: Any) -> Any:
        """Column x, with its errors and on a logarithmic axis, of every case and way; returns the axes. style: as for matplotlib's errorbar. Needs
        matplotlib. A file: cutropy.bench().plot().figure.savefig("bench.svg", bbox_inches="tight")."""
        if ax is None:
            ax = extra("matplotlib.pyplot", "plot").gca()
        names = list(dict.fromkeys(self[y]))
        ways = list(zip(self["backend"], self["solver"], self["threads"]))
        for backend, solver, threads in dict.fromkeys(ways):
            rows = [k for k, way in enumerate(ways) if way == (backend, solver, threads) and self[x][k] > 0]
            label = f"{backend}, {threads} thread{'s' if threads > 1 else ''}" + (", automata" if solver == "frontier" else "")
            ax.errorbar(self[x][rows], [-names.index(self[y][k]) for k in rows], xerr=self[x + "_err"][rows], label=label, **{"fmt": "o", **style})
        ax.set_yticks([-k for k in range(len(names))], names)
        ax.set_xscale("log")
        ax.set_xlabel(x)
        ax.legend()
        return ax


def bench(quick: bool = True, *, threads: Optional[int] = None, memory: Union[None, int, str] = None, backend: Optional[str] = None,
          progress: Progress = None) -> Bench:
    """Times the CPU with 1, 2, 4, .. threads (at most `threads`), automata and every CUDA device on the same functions and cuts, which must
    agree first (InternalError: they do not). quick: within a minute; else minutes. backend: "cpu" leaves devices out, "cuda:0" takes that one.
    UnsupportedError: there is no such device; other errors as for `table`. KeyboardInterrupt loses what was timed."""
    what = c.BenchOptions(quick=bool(quick))

    def start(options: int) -> Bench:
        out = ctypes.c_void_p()
        status = lib.cutropy_bench_run(ctypes.byref(what), options, ctypes.byref(out))
        error = failure(status) if status else None
        handle = Handle(out.value, lib.cutropy_bench_free) if out.value else None
        if error is not None:
            error.table = Bench(handle) if handle else None
            raise error
        assert handle is not None
        return Bench(handle)

    return run(start, settings(threads=threads, memory=memory, backend=backend), progress)
