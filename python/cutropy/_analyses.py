# SPDX-License-Identifier: Apache-2.0
"""Analyses: laws of growth, statements of the paper, maps, checks of tables, expressive power of networks."""

from __future__ import annotations

import ctypes
import itertools
import math
from typing import Any, Dict, Iterable, List, Optional, Sequence, Union

import numpy as np

from . import _declarations as c
from ._arguments import encoded, listed, path_of, whole, worded
from ._errors import InputError, UnsupportedError, check, failure
from ._lattice import AnyLattice, Cuts, Lattice, cuts_text, lattice_text
from ._library import Handle, Held, lib
from ._problem import Problem, as_problem
from ._run import Progress, run, settings
from ._table import Table, sheet_of, written

_LENGTHS = {None: -1, "bonds": 0, "pixels": 1, "vertices": 2}
_GAMMAS = ("kitaev-preskill", "levin-wen")


class Verification(Table):
    """The paper's statements on one function: reference, verdict, slack and detail of each."""

    @property
    def held(self) -> bool:
        """No statement fails."""
        return "fails" not in self.exact("verdict")

    @property
    def undecided(self) -> int:
        """Statements that the errors leave open."""
        return self.exact("verdict").count("not decided")


class Order(Table):
    """An order of the pixels: one row a place, with the rank and the entropy of the cut behind it. The best one, or what a search found."""

    pixels: List[int]  #: the pixel at each place
    found: Dict[str, Any]  #: largest_rank, parameters (-1: more than 62 bits, or open), largest_entropy, entropy_err, mean_entropy (bits)
    by_numbers: Dict[str, Any]  #: the same of the order of the pixel numbers
    searched: int  #: cuts that a local search, or a method, looked at; 0 without a method: all orders were compared
    method: Optional[str]  #: "spectral" and so on, where no order was compared with others

    def __init__(self, sheet: Handle, order: Handle, count: int) -> None:
        super().__init__(sheet)
        self.pixels = lib.cutropy_order_pixels(order.pointer)[:count]
        self.searched = int(lib.cutropy_order_searched(order.pointer))
        method = lib.cutropy_order_method_name(order.pointer)
        self.method = method.decode() if method else None
        self.found, self.by_numbers = (
            {name: getattr(lib.cutropy_order_summarize(order.pointer, which).contents, name) for name, *_ in c.OrderSums._fields_}
            for which in (0, 1))

    @property
    def best(self) -> Dict[str, Any]:
        """`found`, where all orders were compared. UnsupportedError: a search, or a method, cannot tell what the best is."""
        if self.searched or self.method:
            raise UnsupportedError("a local search or a method found this order, and others may be better: see .found")
        return self.found


class Tree(Table):
    """The best binary tree of the pixels: one row a node, the root first, with the rank and the entropy of the cut above it."""

    best: Dict[str, Any]  #: largest_rank, parameters, largest_entropy, entropy_err (bits; the largest of all cuts)

    def __init__(self, sheet: Handle, tree: Handle) -> None:
        super().__init__(sheet)
        sums = lib.cutropy_tree_summarize(tree.pointer).contents
        self.best = {name: getattr(sums, name) for name, *_ in c.OrderSums._fields_}


class Scaling(Table):
    """How the entropy grows with the cut: one row a cut, with the residuals of every fit."""

    headline: str  #: "area law, exact"
    explanation: str  #: what it means and rests on
    words: str  #: the whole summary, to be read
    topological: Dict[str, Any]  #: {lattice: {"kitaev-preskill": (gamma, error, doubt)}} in bits; doubt None: nothing speaks against it

    def __init__(self, sheet: Handle, series: Handle) -> None:
        super().__init__(sheet)
        law = lib.cutropy_series_scaling(series.pointer)
        texts = []
        for say, size in ((lib.cutropy_scaling_headline, 160), (lib.cutropy_scaling_explain, 640)):
            room = ctypes.create_string_buffer(size)
            say(law, room)
            texts.append(room.value.decode())
        self.headline, self.explanation = texts
        self.words = written(lambda file: lib.cutropy_series_words(series.pointer, file)).decode()
        self.topological = {}
        for i in range(lib.cutropy_series_count(series.pointer)):
            found = {}
            for kind, name in enumerate(_GAMMAS):
                gamma = lib.cutropy_series_gamma(series.pointer, i, kind)
                if gamma:
                    g = gamma.contents
                    found[name] = (g.gamma, g.error, g.doubt.decode() if g.doubt else None)
            lattice = lib.cutropy_problem_lattice(lib.cutropy_series_problem(series.pointer, i))
            self.topological[Lattice._borrowed(lattice, series).name] = found

    @property
    def verdict(self) -> str:
        """"area law", "volume law", "not decided by these sizes", .."""
        return self.headline.split(",")[0]

    def __repr__(self) -> str:
        return f"<cutropy.Scaling: {self.headline}; {len(self)} cuts>"


class Series(Held):
    """A scaling analysis that is open and has not run."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle
        check(lib.cutropy_series_check(handle.pointer))

    def run(self, options: int) -> Scaling:
        check(lib.cutropy_series_run(self._handle.pointer, options))
        return Scaling(sheet_of(lib.cutropy_series_sheet, self._handle), self._handle)


def _cuts_of(cuts: Cuts, lattice: AnyLattice) -> Optional[bytes]:
    """Cuts of a lattice that is chosen later, unless they are masks or pixels."""
    if cuts is None or isinstance(cuts, str):
        return encoded(cuts, "cuts") if cuts else None
    if lattice is None:
        raise InputError("cuts that are not text need one lattice")
    return encoded(cuts_text(cuts, Lattice(lattice)), "cuts")


def _series_options(cuts: Optional[bytes], length: Optional[str], regions: Union[None, str, bool]) -> c.SeriesOptions:
    if not isinstance(length, (str, type(None))) or length not in _LENGTHS:
        raise InputError(f"length={length!r}: choose 'bonds', 'pixels' or 'vertices'")
    return c.SeriesOptions(cuts=cuts, length=_LENGTHS[length], range=math.nan,
                           topological=2 if regions is False else 1 if regions else 0,
                           regions=None if regions is None or isinstance(regions, bool) else encoded(regions, "regions"))


def series_of(problems: Sequence[Problem], *, cuts: Cuts, length: Optional[str], regions: Union[None, str, bool]) -> Series:
    """Of problems that exist, each on a lattice of its own."""
    wanted = _series_options(_cuts_of(cuts, problems[0].lattice if len(problems) == 1 else None), length, regions)
    out, handles = ctypes.c_void_p(), [problem._handle for problem in problems]
    pointers = (ctypes.c_void_p * len(handles))(*(handle.pointer for handle in handles))
    check(lib.cutropy_series_open_of(pointers, len(handles), ctypes.byref(wanted), ctypes.byref(out)))
    return Series(Handle(out.value, lib.cutropy_series_free, *handles))


def scaling(problem: Any, lattice: AnyLattice = None, *, lattices: Union[None, str, Iterable[AnyLattice]] = None, cuts: Cuts = None,
            length: Optional[str] = None, regions: Union[None, str, bool] = None, threads: Optional[int] = None,
            memory: Union[None, int, str] = None, backend: Optional[str] = None, solver: Optional[str] = None,
            progress: Progress = None) -> Scaling:
    """Area law, volume law or something between? Fits, residuals and the verdict (docs/scaling.md).

    problem: as for Problem; what is no name of a built-in function or file is evaluated on each lattice. lattices: a series of growing ones, "2x2..4x4", "links:2x2..4x4:torus", "chain:4..12", or a list of lattices. cuts: None: rectangles, on a
    chain prefixes. length: what counts as the boundary, "bonds", "pixels" or "vertices" (links). regions: of the topological constant: None,
    where there is room; True, required; False, none; three masks "A,B,C".
    InputError: too few different cuts for a fit; other errors as for `table`."""
    options = settings(threads=threads, memory=memory, backend=backend, solver=solver)
    if not isinstance(problem, str):
        places = [lattice] if lattices is None else listed(lattices)
        if places is None:
            raise InputError(f"lattices={lattices!r}: give a list of lattices for a function of your own")
        problems = [as_problem(problem, place, {}, progress) for place in places]
        if not problems:
            raise InputError("lattices=[]: give at least one")
        return run(series_of(problems, cuts=cuts, length=length, regions=regions).run, options, progress)
    wanted, out = _series_options(_cuts_of(cuts, lattice), length, regions), ctypes.c_void_p()
    wanted.problem = encoded(problem, "problem")
    wanted.lattice = None if lattice is None else lattice_text(lattice)
    if lattices is not None:
        places = listed(lattices)
        wanted.lattices = encoded(lattices, "lattices") if places is None else b",".join(map(lattice_text, places))
    check(lib.cutropy_series_open(ctypes.byref(wanted), ctypes.byref(out)))
    series = Series(Handle(out.value, lib.cutropy_series_free))
    return run(series.run, options, progress)


class Map(Held):
    """Entropies of every cut that a picture needs; `save` draws them."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle
        self._lattice = Lattice._borrowed(lib.cutropy_map_lattice(handle.pointer), handle)
        self.pictures: Optional[int] = None

    @property
    def table(self) -> Table:
        """All cuts of all families, in bits, with their spectra."""
        result = Handle(lib.cutropy_map_result(self._handle.pointer), lambda _: None, self._handle)
        return Table(sheet_of(lib.cutropy_result_sheet, result, 0))

    @property
    def families(self) -> Dict[str, slice]:
        """The rows of each family of cuts in the table."""
        families = [lib.cutropy_map_rows(self._handle.pointer, i).contents for i in range(c.MAP_FAMILIES)]
        return {f.name.decode(): slice(f.first, f.first + f.count) for f in families if f.count}

    def _pairs(self, pointer: Any) -> Optional[np.ndarray]:
        n = self._lattice.pixels
        return np.ctypeslib.as_array(pointer, (n, n)).copy() if pointer else None

    @property
    def mutual_information(self) -> Optional[np.ndarray]:
        """I(i:j) of all pixels in bits, (N, N), diagonal 0; None where pairs were left out."""
        return self._pairs(lib.cutropy_map_mutual_information(self._handle.pointer))

    @property
    def mutual_information_err(self) -> Optional[np.ndarray]:
        """Its errors."""
        return self._pairs(lib.cutropy_map_mutual_information_err(self._handle.pointer))

    @property
    def words(self) -> str:
        """Which law the entropies follow, and the topological constant."""
        sections = itertools.takewhile(bool, (lib.cutropy_map_section(self._handle.pointer, i) for i in itertools.count()))
        return "\n\n".join(section.contents.text.decode() for section in sections)

    def save(self, folder: Any, *, about: Optional[str] = None) -> None:
        """Writes the folder: tables, gnuplot scripts, pictures (svg, png; `pictures` is their number, 0 without gnuplot) and report.html.
        InputError: it holds something else; FileError: it cannot be written."""
        pictures, options = ctypes.c_int(), c.MapSaveOptions(about=encoded(about, "about") if about else None)
        path = path_of(folder, "folder")
        check(lib.cutropy_map_save_check(path))
        check(lib.cutropy_map_save(self._handle.pointer, path, ctypes.byref(options), ctypes.byref(pictures)))
        self.pictures = pictures.value

    def __repr__(self) -> str:
        return f"<cutropy.Map on {self._lattice}: {', '.join(self.families)}>"


def make_map(problem: Problem, given: c.MapOptions, folder: Any, options: int) -> Map:
    out = ctypes.c_void_p()
    if folder is not None:
        check(lib.cutropy_map_save_check(path_of(folder, "folder")))  # before a long run
    check(lib.cutropy_map_make(problem._handle.pointer, ctypes.byref(given), options, ctypes.byref(out)))
    found = Map(Handle(out.value, lib.cutropy_map_free, problem._handle))
    if folder is not None:
        found.save(folder)
    return found


class Check(Table):
    """A table that somebody wrote against ours, the worst row first."""

    def __init__(self, sheet: Handle, handle: Handle) -> None:
        super().__init__(sheet)
        s = lib.cutropy_check_summarize(handle.pointer).contents
        self.agree, self.rounded, self.differ = s.agree, s.rounded, s.differ  # rows
        self.left_out = s.left_out  # cells that were not compared
        self.altered = bool(s.altered)  # the file has not the SHA-256 of its index
        self.words = written(lambda file: lib.cutropy_check_words(handle.pointer, file)).decode()

    @property
    def right(self) -> bool:
        """No row differs by more than errors and rounding, and the file was not altered."""
        return not self.differ and not self.altered

    def __repr__(self) -> str:
        return f"<cutropy.Check: {self.agree} rows agree, {self.rounded} within rounding, {self.differ} differ>"


def check_table(path: Any, problem: Optional[str] = None, lattice: AnyLattice = None, *, base: Union[None, int, str] = None,
                tolerance: Union[str, float] = "0", plain: bool = False, threads: Optional[int] = None,
                memory: Union[None, int, str] = None, progress: Progress = None) -> Check:
    """Is somebody's table right? Every row of a CSV or JSON file is computed again and compared in exact arithmetic (docs/check.md).

    problem, lattice: None: as the table says itself. base: the unit of columns that do not say theirs. tolerance: a decimal that every number
    is allowed beyond its error. plain: compare with floating-point values, which proves nothing. A table that differs is no exception:
    look at `right`. InputError: no table, or nobody says of what; FileError."""
    given = c.CheckOptions(problem=encoded(problem, "problem") if problem else None, lattice=None if lattice is None else lattice_text(lattice),
                           unit=-1, tolerance=encoded(str(tolerance), "tolerance"), plain=bool(plain))
    if base is not None:
        from ._state import base_of

        given.unit = base_of(base)
    out = ctypes.c_void_p()
    check(lib.cutropy_check_open(path_of(path), ctypes.byref(given), ctypes.byref(out)))
    handle = Handle(out.value, lib.cutropy_check_free)

    def start(options: int) -> Check:
        check(lib.cutropy_check_run(handle.pointer, options))
        return Check(sheet_of(lib.cutropy_check_sheet, handle), handle)

    return run(start, settings(threads=threads, memory=memory), progress)


class Expressivity(Table):
    """S/L of networks over their parameters and seeds: one row a point and cut."""

    words: str  #: what the numbers say about the claim S/L ~ n_c log D


def expressivity(family: str, lattice: AnyLattice = None, cuts: Cuts = None, *, seeds: int = 8, first_seed: int = 0,
                 weights: Optional[str] = None, threads: Optional[int] = None, memory: Union[None, int, str] = None,
                 progress: Progress = None, **axes: Any) -> Expressivity:
    """Entropies of families of networks, many seeds each, against the claim S/L ~ n_c log D (docs/expressivity.md).

    family: "cnn", "rbm", "mps", "mera" or "mlp", with fixed parameters ("cnn:activation=tanh"). axes: parameters and their values,
    channels=(1, 2, 4), layers=(1, 2); the first varies slowest. weights: a path with {seed} and {KEY} in it, of trained weights (.npz, a
    folder of .npy, or one .npy). Columns, over the seeds and in bits per bond: mean_bits, sd_bits, se_bits, min_bits, max_bits; `words` says
    what they mean. Cost: one run a network.
    InputError: unknown family or parameter; FileError: weights; other errors as for `table`."""
    def axis(key: str, value: Any) -> c.Axis:
        items = listed(value)
        texts = [worded(item, key) for item in ([value] if items is None else items)]
        return c.Axis(encoded(key, "parameter"), encoded(",".join(texts), key))

    pairs = (c.Axis * len(axes))(*(axis(key, value) for key, value in axes.items()))
    sweep = c.Sweep(family=encoded(family, "family"), lattice=None if lattice is None else lattice_text(lattice), cuts=_cuts_of(cuts, lattice),
                    axes=pairs, axis_count=len(axes), seeds=whole(seeds, "seeds", 1, (1 << 31) - 1),
                    first_seed=whole(first_seed, "first_seed", 0, (1 << 64) - 1), weights=None if weights is None else path_of(weights, "weights"))

    def start(options: int) -> Expressivity:
        out = ctypes.c_void_p()
        status = lib.cutropy_expressivity_run(ctypes.byref(sweep), options, ctypes.byref(out))
        error = failure(status) if status else None
        result = Handle(out.value, lib.cutropy_expressivity_free) if out.value else None
        if error is not None:
            error.table = Table(sheet_of(lib.cutropy_expressivity_sheet, result)) if result else None
            raise error
        assert result is not None
        found = Expressivity(sheet_of(lib.cutropy_expressivity_sheet, result))
        found.words = written(lambda file: lib.cutropy_expressivity_words(result.pointer, file)).decode()
        return found

    return run(start, settings(threads=threads, memory=memory), progress)
