# SPDX-License-Identifier: Apache-2.0
"""States: a function that is evaluated once, and everything that can be asked of it."""

from __future__ import annotations

import ctypes
import dataclasses
import os
import tempfile
import threading
from typing import Any, Callable, Dict, Iterable, Optional, Sequence, Tuple, TypeVar, Union

import numpy as np

from . import _declarations as c
from ._analyses import Map, Order, Scaling, Tree, Verification, make_map, series_of
from ._arguments import encoded, path_of, room, whole
from ._arrays import Schmidt, arrays_of_cut, bits_of, one_cut, schmidt_of
from ._errors import InputError, check, failure
from ._functions import DTYPES
from ._lattice import AnyLattice, CutList, Cuts, Lattice
from ._library import Handle, Held, lib
from ._mps import MPS, make_mps, save_mps
from ._parts import compute_parts
from ._problem import Problem, as_problem
from ._run import Progress, run, settings
from ._table import Table, sheet_of

Quantities = Union[None, str, Iterable[str]]
Memory = Union[None, int, str]
Found = TypeVar("Found")


def _bits(words: np.ndarray, lattice: Lattice) -> np.ndarray:
    """Pixels of images, (count, words) -> uint8 of shape (count, Ly, Lx) or (count, N)."""
    packed = words.astype("<u8", copy=False).view(np.uint8)
    bits = np.unpackbits(packed, axis=1, bitorder="little", count=lattice.pixels)
    return bits.reshape(len(words), *lattice.shape)


def _aim_of(least: str) -> int:
    """cutropy_order_aim."""
    aim = ctypes.c_int()
    if not lib.cutropy_order_aim_named(str(least).encode(), ctypes.byref(aim)):
        raise InputError(f"least={least!r}: choose 'rank', 'parameters' or 'entropy'")
    return aim.value


def _method_of(method: Optional[str]) -> Optional[int]:
    """cutropy_order_method."""
    which = ctypes.c_int()
    if method is not None and not lib.cutropy_order_method_named(str(method).encode(), ctypes.byref(which)):
        raise InputError(f"method={method!r}: choose 'spectral', 'rearranged', 'numbers', 'rows' or 'columns'")
    return None if method is None else which.value


class _Shared(Handle):
    """A state that any thread may close while others use it, each of them within `with`: who leaves last frees it."""

    __slots__ = ("_lock", "_users", "_closed")

    def __init__(self, pointer: Any, free: Callable[[Any], Any], *owners: Any) -> None:
        super().__init__(pointer, free, *owners)
        self._lock = threading.RLock()  # a signal may come, and its handler ask, while its own thread is in here
        self._users, self._closed = 0, False

    def __enter__(self) -> Handle:
        with self._lock:
            if self._closed:
                raise InputError("the state is closed")
            self._users += 1
        return self

    def __exit__(self, *_: Any) -> None:
        with self._lock:
            self._users -= 1
            self._free_unless_used()

    def close(self) -> None:
        with self._lock:
            self._closed = True
            self._free_unless_used()

    def _free_unless_used(self) -> None:
        if self._closed and not self._users:
            self.free()


def _state_of_order(f: Problem, options: int) -> Optional[Handle]:
    """A state that needs no enumeration; None: there is none, or the solver is chosen."""
    out = ctypes.c_void_p()
    check(lib.cutropy_order_open(f._handle.pointer, options, ctypes.byref(out)))
    return Handle(out.value, lib.cutropy_state_free, f._handle) if out.value else None


def _order_of(state: Handle, options: int, pixels: int, how: Tuple[int, Optional[int], Optional[int]], base: int) -> Order:
    """how: aim, method, budget. What is known of an order some of whose cuts failed is the exception's `table`."""
    aim, method, budget = how
    if budget is not None:
        budget = whole(budget, "budget", 1)
    out = ctypes.c_void_p()
    if method is not None:
        status = lib.cutropy_order_arrange(state.pointer, method, options, ctypes.byref(out))
    elif budget is not None or pixels > c.ORDER_LARGEST:
        status = lib.cutropy_order_search(state.pointer, aim, c.ORDER_BUDGET if budget is None else budget, options, ctypes.byref(out))
    else:
        status = lib.cutropy_order_find(state.pointer, aim, options, ctypes.byref(out))
    error = failure(status) if status else None
    found = Handle(out.value, lib.cutropy_order_free) if out.value else None
    order = Order(sheet_of(lib.cutropy_order_sheet, found, base), found, pixels) if found else None
    if error is not None:
        error.table = order
        raise error
    assert order is not None
    return order


def base_of(base: Union[int, str]) -> int:
    """cutropy_base."""
    if not np.ndim(base):
        if base in (2, "2", "bits"):
            return 0
        if base in ("e", "nats"):
            return 1
    raise InputError(f"base={base!r}: choose 2 (bits) or 'e' (nats)")


def table_of_run(call: Callable[[Any], int], base: int) -> Table:
    """call(out) runs cuts and returns a status; what was finished before a failure is the exception's `table`."""
    out = ctypes.c_void_p()
    status = call(ctypes.byref(out))
    error = failure(status) if status else None
    result = Handle(out.value, lib.cutropy_result_free) if out.value else None
    table = Table(sheet_of(lib.cutropy_result_sheet, result, base)) if result else None
    if error is not None:
        error.table = table
        raise error
    assert table is not None
    return table


def table(problem: Any, lattice: AnyLattice = None, cuts: Cuts = None, *, quantities: Quantities = None,
          base: Union[int, str] = 2, certify: bool = False, digits: Optional[int] = None, threads: Optional[int] = None,
          memory: Memory = None, backend: Optional[str] = None, solver: Optional[str] = None, symmetry: bool = True,
          output: Any = None, order: Optional[str] = None, batch: Optional[int] = None, name: Optional[str] = None,
          progress: Progress = None, executor: Any = None, parts: Optional[int] = None, bracket: Optional[int] = None) -> Table:
    """The entanglement entropy of a function of images for a family of cuts, one row a cut.

    problem, lattice, output, order, batch, name: as for Problem. cuts: text ("rows", "all", "rectangles", "0x33", "half,pairs", "@FILE"), or
    masks, lists of pixels, arrays of truth values, one a cut, always of the pixels that are kept; None: rows, or prefixes where there is one row.
    quantities: more columns ("spectrum", "renyi:0.5", "schmidt_gap", "rank:1e-8", ..). base: 2 (bits) or "e" (nats). certify: prove every
    number, 20 decimals. digits: prove so many decimals, up to 1000. threads: all cores. memory: a limit, "8G"; None: 90 % of what is
    available. backend: "auto", "cpu", "cuda", "cuda:N", "cuda:all". solver: "auto", "enumerate", "frontier", "affine" (docs/frontier.md). symmetry: compute cuts that a symmetry of f makes equal once.
    progress: True, or a function of (stage, done, total), called ten times a second.
    bracket: of a data set with more images than matrices fit, so many of the largest eigenvalues and a bracket of S.
    executor, parts: compute the table in so many parts, at most one a cut, by executor.submit (any that gives futures of concurrent.futures, or a client of dask.distributed), the same
    table bit for bit; every worker evaluates the function, and threads is for each. What is passed must be fit for the executor (processes: pickle).

    InputError, OutOfMemoryError, UnsupportedError, NumericError, DeviceError, FileError as their names say; their attribute `table` holds
    the rows that were finished, or None. Ctrl-C: KeyboardInterrupt within half a second, with `table` likewise."""
    number = base_of(base)
    chosen = settings(threads=threads, memory=memory, backend=backend, solver=solver, symmetry=symmetry, certify=certify,
                      digits=digits, quantities=quantities, bracket=bracket)
    made = dict(output=output, order=order, batch=batch, name=name)
    if parts is not None and executor is None:
        raise InputError(f"parts={parts!r}: give the executor that computes them")
    if executor is not None:
        with tempfile.TemporaryDirectory() as folder:
            paths = [os.fsencode(path) for path in compute_parts(executor, parts, folder, progress, problem, lattice, cuts, made, chosen)]
            return table_of_run(lambda out: lib.cutropy_parts_merge((ctypes.c_char_p * len(paths))(*paths), len(paths), out), number)
    f = as_problem(problem, lattice, made, progress)
    masks = CutList(cuts, f.lattice)

    def start(options: int) -> Table:
        return table_of_run(lambda out: lib.cutropy_run(f._handle.pointer, ctypes.byref(masks.struct), options, out), number)

    return run(start, chosen, progress)


def order(problem: Any, lattice: AnyLattice = None, least: str = "rank", *, method: Optional[str] = None, budget: Optional[int] = None,
          base: Union[int, str] = 2, certify: bool = False, symmetry: bool = True, threads: Optional[int] = None, memory: Memory = None,
          backend: Optional[str] = None, solver: Optional[str] = None, output: Any = None, order: Optional[str] = None, batch: Optional[int] = None,
          name: Optional[str] = None, progress: Progress = None) -> Order:
    """As `State.order`, and beyond 20 pixels without enumerating images where the problem has linear equations or an automaton (solver
    None), as `cutropy order` does: 100 pixels have no State that is enumerated.

    problem, lattice, output, order, batch, name: as for Problem. Errors: those of State and State.order."""
    number, how = base_of(base), (_aim_of(least), _method_of(method), budget)
    f = as_problem(problem, lattice, dict(output=output, order=order, batch=batch, name=name), progress)

    def start(options: int) -> Order:
        state = _state_of_order(f, options)
        if state is None:
            out = ctypes.c_void_p()
            check(lib.cutropy_state_open(f._handle.pointer, options, ctypes.byref(out)))
            state = Handle(out.value, lib.cutropy_state_free, f._handle)
        return _order_of(state, options, f.lattice.pixels, how, number)

    return run(start, settings(threads=threads, memory=memory, backend=backend, solver=solver, symmetry=symmetry, certify=certify), progress)


class State(Held):
    """A function of images that is evaluated once, for as many tables and analyses as wanted.

    The vector of the state is psi(s) = f(s) / sqrt(<f|f>), s an image whose bit i is pixel i. Arguments: those of Problem, and threads,
    memory, backend and solver, which hold for later runs too. Cost: one pass over 2^N images; solver="frontier" builds automata instead,
    which serve tables of some cuts, and have neither values nor images (docs/frontier.md). A State may be used from several threads: its
    runs wait for each other. Errors: those of `table`; InputError for a function that is zero for every image."""

    def __init__(self, problem: Any, lattice: AnyLattice = None, *, threads: Optional[int] = None, memory: Memory = None,
                 backend: Optional[str] = None, solver: Optional[str] = None, output: Any = None, order: Optional[str] = None,
                 batch: Optional[int] = None, name: Optional[str] = None, progress: Progress = None) -> None:
        self._chosen = settings(threads=threads, memory=memory, backend=backend, solver=solver)
        self.problem: Problem = as_problem(problem, lattice, dict(output=output, order=order, batch=batch, name=name), progress)
        self._busy = threading.Lock()
        f = self.problem._handle

        def start(options: int) -> _Shared:
            out = ctypes.c_void_p()
            check(lib.cutropy_state_open(f.pointer, options, ctypes.byref(out)))
            return _Shared(out.value, lib.cutropy_state_free, f)

        self._handle = run(start, self._chosen, progress)

    def close(self) -> None:
        """Frees the memory, now or when what other threads are asking it has ended; the state cannot be used afterwards, its tables can."""
        self._handle.close()

    def __enter__(self) -> "State":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def _run(self, start: Callable[[Handle, int], Found], progress: Progress, **more: Any) -> Found:
        """start(handle, options) while no other run uses the state."""
        def started(options: int) -> Found:
            with self._handle as handle:
                return start(handle, options)

        return run(started, {**self._chosen, **settings(**more)}, progress, self._busy)

    # ---- what it is ----

    @property
    def lattice(self) -> Lattice:
        """Where its pixels are."""
        return self.problem.lattice

    @property
    def kind(self) -> str:
        """"label", "integer", "real" or "complex"."""
        return self.problem.kind

    @property
    def text(self) -> str:
        """The canonical text of the problem."""
        return self.problem.text

    @property
    def norm(self) -> Union[int, float]:
        """<f|f>: an exact int for labels and integers."""
        with self._handle as handle:
            text = lib.cutropy_state_norm(handle.pointer).decode()
        return int(text) if text.isdigit() else float(text)

    @property
    def norm_err(self) -> float:
        """What norm is off by, at most (proved; real and complex values count as the doubles they are stored as); 0 for labels and integers."""
        with self._handle as handle:
            return float(lib.cutropy_state_norm_error(handle.pointer).decode() or "inf")

    @property
    def checksum(self) -> int:
        """64 bits that depend on every value of f, and on nothing else; solver="frontier": another number, of its least automaton."""
        with self._handle as handle:
            return int(lib.cutropy_state_checksum(handle.pointer))

    @property
    def ones(self) -> int:
        """Labels: the number of images with label 1; 0 for other kinds."""
        with self._handle as handle:
            return int(lib.cutropy_state_ones(handle.pointer))

    def __repr__(self) -> str:
        return f"<cutropy.State {self.text} on {self.lattice}, {self.kind}>"

    def values(self, first: int = 0, count: Optional[int] = None) -> np.ndarray:
        """f(first), f(first + 1), .. exactly: int8 for labels, int64, float64 or complex128; count None: up to the last image.
        InputError: there are not so many; UnsupportedError: more than 64 pixels."""
        if count is None:
            if self.lattice.pixels > 40:
                raise InputError(f"all 2^{self.lattice.pixels} values do not fit anywhere: give a count, or take images()")
            count = max(0, (1 << self.lattice.pixels) - whole(first, "first"))
        first, count = whole(first, "first", 0, 1 << self.lattice.pixels), whole(count, "count")
        with self._handle as handle:
            out = room(count, DTYPES[lib.cutropy_state_kind(handle.pointer)])
            check(lib.cutropy_state_values(handle.pointer, first, count, out.ctypes.data))
        return out

    def images(self, first: int = 0, count: Optional[int] = None) -> np.ndarray:
        """The images with label 1 in ascending order, from place `first` on: uint8 of shape (count, Ly, Lx) on a grid, else (count, N).
        InputError: there are not so many. UnsupportedError: f is no label function, or is known through automata (solver)."""
        lattice, first = self.lattice, whole(first, "first")
        with self._handle as handle:
            count = max(0, self.ones - first) if count is None else whole(count, "count")
            words = room((count, (lattice.pixels + 63) // 64), np.uint64)
            check(lib.cutropy_state_images(handle.pointer, first, count, words.ctypes.data))
        return _bits(words, lattice)

    def sample(self, count: int = 1, seed: int = 0, *, first: int = 0, progress: Progress = None) -> np.ndarray:
        """Images with label 1, drawn with replacement, all with exactly the same probability: uint8 of shape (count, Ly, Lx) on a grid, else
        (count, N). Number first + k depends on the seed and itself alone. solver="frontier" draws of functions that nobody enumerates.
        UnsupportedError: f is no label function. Cost: one pass over the levels of f, then N steps an image."""
        count, first, seed = whole(count, "count"), whole(first, "first"), whole(seed, "seed", 0, (1 << 64) - 1)
        lattice = self.lattice
        words = room((count, (lattice.pixels + 63) // 64), np.uint64)

        def start(handle: Handle, options: int) -> None:
            out = ctypes.c_void_p()
            check(lib.cutropy_sampler_open(handle.pointer, options, ctypes.byref(out)))
            sampler = Handle(out.value, lib.cutropy_sampler_free, handle)
            lib.cutropy_sampler_draw(sampler.pointer, seed, first, count, words.ctypes.data)

        self._run(start, progress)
        return _bits(words, lattice)

    def mps(self, form: str = "orthogonal", *, cutoff: Optional[float] = None, pixels: Optional[Sequence[int]] = None,
            progress: Progress = None) -> MPS:
        """The state as a matrix product state along the pixel numbers, or along `pixels` (that of `order`, say): `tensors` (left, 2, right), `bonds`, `error` (docs/export.md).

        form: "classes", exact, entries 0 and 1 and the values at the end; "rank", exact rationals, the bonds are the proved Schmidt ranks
        (labels and integers); "orthogonal", isometries in floats with a proved bound of || psi - MPS ||. cutoff: orthogonal: the weight
        that each bond may lose; None: only what rounding cannot tell from 0. solver="frontier" enumerates nothing. Cost: classes
        next to none; rank a sparse elimination a site; orthogonal an SVD of (classes, 2 right) numbers a site. InputError: the form or
        the cutoff; UnsupportedError: rank of real or complex values."""
        return self._run(lambda handle, options: make_mps(handle.pointer, options, form, cutoff, pixels, self.lattice.pixels), progress)

    def export(self, path: Any, form: str = "classes", *, cutoff: Optional[float] = None, pixels: Optional[Sequence[int]] = None,
               progress: Progress = None) -> None:
        """The same as an .npz file, whole or not at all, which MPS.load and numpy.load read. FileError; errors of `mps`."""
        self._run(lambda handle, options: save_mps(handle.pointer, options, form, cutoff, pixels, self.lattice.pixels, path),
                  progress)

    def density(self, cut: Any, *, bits: str = "lsb", progress: Progress = None) -> np.ndarray:
        """The reduced density matrix of the pixels of one cut, shape (2^NA, 2^NA), float64 or complex128, within 4.5e-16 (labels, integers) of
        the exact one in the Frobenius norm; others: `error` of the file (docs/export.md). bits: "lsb": bit j of an index is the j-th pixel of A;
        "msb": the first pixel is the most significant bit. InputError: several cuts; UnsupportedError: sums of product states."""
        return self._run(lambda handle, options: arrays_of_cut(lib.cutropy_density_save, handle.pointer, options, cut, bits, self.lattice),
                         progress)["rho"]

    def schmidt(self, cut: Any, *, bits: str = "lsb", progress: Progress = None) -> Schmidt:
        """The Schmidt values and vectors of one cut, with proved errors. Arguments and errors: those of `density`; NumericError. Cost: an SVD of
        classes x classes numbers."""
        return schmidt_of(self._run(lambda handle, options: arrays_of_cut(lib.cutropy_schmidt_save, handle.pointer, options, cut, bits,
                                                                          self.lattice), progress))

    def export_values(self, path: Any, *, sparse: bool = False, bits: str = "lsb", progress: Progress = None) -> None:
        """The values of f as an .npz file: f, all 2^N, or sparse: value and index (images beyond 64 pixels) of those that are not 0. The program and
        numpy.load read it. UnsupportedError: a state without images."""
        self._run(lambda handle, options: check(lib.cutropy_function_save(handle.pointer, sparse, bits_of(bits), path_of(path), options)),
                  progress)

    # ---- what can be asked ----

    def table(self, cuts: Cuts = None, *, quantities: Quantities = None, base: Union[int, str] = 2, certify: bool = False,
              digits: Optional[int] = None, symmetry: bool = True, threads: Optional[int] = None, memory: Memory = None,
              progress: Progress = None) -> Table:
        """As `cutropy.table`, without another evaluation."""
        number, masks = base_of(base), CutList(cuts, self.lattice)

        def start(handle: Handle, options: int) -> Table:
            return table_of_run(lambda out: lib.cutropy_state_run(handle.pointer, ctypes.byref(masks.struct), options, out), number)

        return self._run(start, progress, quantities=quantities, certify=certify, digits=digits, symmetry=symmetry, threads=threads,
                         memory=memory)

    def certificate(self, path: Any, cut: Any = "half", *, base: Union[int, str] = 2, certify: bool = True,
                    progress: Progress = None) -> None:
        """The proof of the entropy of one cut as a file, which the program `cutropy-verify` checks (docs/certificate.md). Label and integer
        functions. InputError: several cuts; UnsupportedError: another kind; FileError."""
        number = base_of(base)
        masks, file = one_cut(cut, self.lattice), path_of(path)
        with self._handle as handle:
            check(lib.cutropy_certificate_check(ctypes.byref(masks.struct), lib.cutropy_state_kind(handle.pointer)))

        def start(handle: Handle, options: int) -> None:
            out = ctypes.c_void_p()
            check(lib.cutropy_state_run(handle.pointer, ctypes.byref(masks.struct), options, ctypes.byref(out)))
            result = Handle(out.value, lib.cutropy_result_free, handle)
            check(lib.cutropy_certificate_save(handle.pointer, result.pointer, number, file))

        self._run(start, progress, certify=certify)

    def order(self, least: str = "rank", *, method: Optional[str] = None, budget: Optional[int] = None, base: Union[int, str] = 2, certify: bool = False, symmetry: bool = True,
              threads: Optional[int] = None, memory: Memory = None, progress: Progress = None) -> Order:
        """The order of the pixels with the least largest rank ("rank"), fewest numbers of the matrix product state ("parameters") or least
        largest entropy ("entropy"), of all N! orders, proved: docs/export.md. Beyond 20 pixels, or with a budget (different cuts; 10000), a local
        search finds some good order, and proves nothing of others: .searched. method: without a search, "spectral" or "rearranged" (by the
        mutual information of all pairs of pixels; heuristics, which data sets have alone), "numbers", "rows" or "columns". NumericError: a rank that is not settled (certify=True settles
        it). OutOfMemoryError: its `table` is the Order where only some of its cuts, or of those by the numbers, do not fit, else None. Beyond 20 pixels
        a State that was not told its solver searches by linear equations or automata where the problem has them (docs/frontier.md), not by what it enumerated;
        `cutropy.order` enumerates nothing there. Cost: every cut once, or those of the budget."""
        number, how = base_of(base), (_aim_of(least), _method_of(method), budget)

        def start(handle: Handle, options: int) -> Order:
            return _order_of(_state_of_order(self.problem, options) or handle, options, self.lattice.pixels, how, number)

        return self._run(start, progress, certify=certify, symmetry=symmetry, threads=threads, memory=memory)

    def tree(self, least: str = "rank", *, base: Union[int, str] = 2, certify: bool = False, symmetry: bool = True,
             threads: Optional[int] = None, memory: Memory = None, progress: Progress = None) -> Tree:
        """The binary tree of the pixels that a tree tensor network likes best, of all of them, proved (docs/export.md); least: as for `order`.
        UnsupportedError: more than 20 pixels. Cost: every cut once, then 3^N / 2 steps."""
        number, aim = base_of(base), _aim_of(least)

        def start(handle: Handle, options: int) -> Tree:
            out = ctypes.c_void_p()
            check(lib.cutropy_tree_find(handle.pointer, aim, options, ctypes.byref(out)))
            found = Handle(out.value, lib.cutropy_tree_free, handle)
            return Tree(sheet_of(lib.cutropy_tree_sheet, found, number), found)

        return self._run(start, progress, certify=certify, symmetry=symmetry, threads=threads, memory=memory)

    def range(self, cuts: Cuts = None, *, base: Union[int, str] = 2, certify: bool = False, threads: Optional[int] = None,
              memory: Memory = None, progress: Progress = None) -> Table:
        """The range r of every cut and the bound r L log 2 of the paper's Theorem 3 (docs/range.md), one row a cut."""
        number, masks = base_of(base), CutList(cuts, self.lattice)

        def start(_: Handle, options: int) -> Table:
            out = ctypes.c_void_p()
            status = lib.cutropy_ranges_run(self.problem._handle.pointer, ctypes.byref(masks.struct), options, ctypes.byref(out))
            error = failure(status) if status else None
            ranges = Handle(out.value, lib.cutropy_ranges_free) if out.value else None
            found = Table(sheet_of(lib.cutropy_ranges_sheet, ranges, number)) if ranges else None
            if error is not None:
                error.table = found
                raise error
            assert found is not None
            return found

        return self._run(start, progress, certify=certify, threads=threads, memory=memory)

    def information(self, regions: str, *, negativity: bool = False, base: Union[int, str] = 2, certify: bool = False,
                    threads: Optional[int] = None, memory: Memory = None, progress: Progress = None) -> Table:
        """Mutual information of regions that need not be the whole: "{0,1}|{4,5}, x=0|x=1|y=3&x>1" or "@FILE"; one row an item, with
        conditional_information and tripartite_information where it has three regions (docs/information.md). negativity: log_negativity of
        the first two as well, n^3 steps for n = different rows of A times those of B. InputError: the regions."""
        number, text = base_of(base), encoded(regions, "regions")

        def start(_: Handle, options: int) -> Table:
            out = ctypes.c_void_p()
            check(lib.cutropy_information_run(self.problem._handle.pointer, text, bool(negativity), options, ctypes.byref(out)))
            found = Handle(out.value, lib.cutropy_information_free)
            return Table(sheet_of(lib.cutropy_information_sheet, found, number))

        return self._run(start, progress, certify=certify, threads=threads, memory=memory)

    def verify(self, cuts: Cuts = None, *, threads: Optional[int] = None, memory: Memory = None,
               progress: Progress = None) -> Verification:
        """The paper's statements, one by one, on this function (docs/verify.md); one row a statement."""
        masks = CutList(cuts, self.lattice)

        def start(_: Handle, options: int) -> Verification:
            out = ctypes.c_void_p()
            check(lib.cutropy_verify(self.problem._handle.pointer, ctypes.byref(masks.struct), options, ctypes.byref(out)))
            found = Handle(out.value, lib.cutropy_verification_free, self.problem._handle)
            return Verification(sheet_of(lib.cutropy_verification_sheet, found))

        return self._run(start, progress, threads=threads, memory=memory)

    def scaling(self, cuts: Cuts = None, *, length: Optional[str] = None, regions: Union[None, str, bool] = None,
                threads: Optional[int] = None, memory: Memory = None, progress: Progress = None) -> Scaling:
        """Area law, volume law or something between? As `cutropy.scaling`, for this function on its lattice."""
        series = series_of([self.problem], cuts=cuts, length=length, regions=regions)
        return self._run(lambda _, options: series.run(options), progress, threads=threads, memory=memory)

    def map(self, folder: Any = None, *, connected: int = 0, largest: int = 0, most_cuts: int = 5000, threads: Optional[int] = None,
            memory: Memory = None, progress: Progress = None) -> Map:
        """Every cut that a picture needs: sites, pairs, rows, rectangles, connected regions, .. (docs/map.md). folder: written there at
        once, with pictures, tables and a report. connected: the largest connected region; largest: leave out cuts whose smaller side has
        more pixels; most_cuts: leave out families with more cuts. InputError: the folder holds something else than a map."""
        given = c.MapOptions(connected=whole(connected, "connected", 0, self.lattice.pixels),
                             largest=whole(largest, "largest", 0, self.lattice.pixels), most_cuts=whole(most_cuts, "most_cuts"))
        return self._run(lambda _, options: make_map(self.problem, given, folder, options), progress, threads=threads, memory=memory)


def values(problem: Any, lattice: AnyLattice = None, *, threads: Optional[int] = None, memory: Memory = None,
           backend: Optional[str] = None, output: Any = None, order: Optional[str] = None, batch: Optional[int] = None,
           name: Optional[str] = None, progress: Progress = None) -> np.ndarray:
    """The numbers of all 2^N images, in order, shape (2^N,): labels to train on, amplitudes to compare with. int8 for labels, int64,
    float64 or complex128. Arguments and errors: those of State."""
    with State(problem, lattice, threads=threads, memory=memory, backend=backend, output=output, order=order, batch=batch, name=name,
               progress=progress) as state:
        return state.values()


@dataclasses.dataclass(frozen=True)
class Plan:
    """What a run would need. None: not known before it."""

    known: bool  #: whether the bytes are those, and not upper bounds
    cuts: int  #: rows
    distinct_cuts: int  #: after merging complements
    storage: str  #: of the function: "support", "table", "values"; "support?" where enumeration decides
    function_bytes: Optional[int]
    workspace_bytes: Optional[int]
    largest_matrix: Optional[int]  #: upper bound of the dimension of a Gram matrix; of weights of the matrices of all levels
    images: Optional[int]  #: to enumerate
    least_bytes: Optional[int]  #: what is needed for certain
    memory_limit: int
    fits: bool  #: False: it certainly does not
    states: int  #: of the automata of solver "frontier", all levels together; else 0


def plan(problem: Any, lattice: AnyLattice = None, cuts: Cuts = None, *, quantities: Quantities = None,
         certify: bool = False, digits: Optional[int] = None, threads: Optional[int] = None, memory: Memory = None,
         backend: Optional[str] = None, symmetry: bool = True) -> Plan:
    """What `table` would do with these arguments, without doing it. problem: by name, a file, images or a Problem; a callable would have to be
    evaluated for that, so make a Problem of it first."""
    from ._run import make_options

    if callable(problem) and not isinstance(problem, Problem):
        raise InputError("a plan of a callable would evaluate it: make a cutropy.Problem of it first")
    f = as_problem(problem, lattice, {}, None)
    masks, out = CutList(cuts, f.lattice), ctypes.POINTER(c.Plan)()
    options = make_options(settings(threads=threads, memory=memory, backend=backend, symmetry=symmetry, certify=certify, digits=digits,
                                    quantities=quantities))
    check(lib.cutropy_make_plan(f._handle.pointer, ctypes.byref(masks.struct), options.pointer, ctypes.byref(out)))
    made = out.contents
    numbers: Dict[str, Any] = {field.name: getattr(made, field.name) for field in dataclasses.fields(Plan)}
    numbers |= {"known": bool(made.known), "fits": bool(made.fits), "storage": made.storage.decode()}
    lib.cutropy_plan_free(out)
    unknown = (1 << 64) - 1
    known: Dict[str, Any] = {key: None if value == unknown else value for key, value in numbers.items()}
    return Plan(**known)
