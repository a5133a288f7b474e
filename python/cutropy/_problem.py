# SPDX-License-Identifier: Apache-2.0
"""Problems: functions of images with a lattice, ready to run."""

from __future__ import annotations

import ctypes
import os
from typing import Any, Dict, Optional

from . import _functions as functions
from ._arguments import encoded, path_of
from ._automaton import Automaton
from ._errors import InputError, check
from ._lattice import AnyLattice, Lattice
from ._library import Handle, Held, lib
from ._run import Progress, shown
from ._tensors import Tensors

_KINDS = ("label", "integer", "real", "complex")


def _name_of(f: Any) -> str:
    name = getattr(f, "__name__", None) or type(f).__name__
    return str(name).splitlines()[0] or "function"


class Problem(Held):
    """A function of images, from whatever you have:

    - text: the name of a built-in function with its parameters ("random:density=0.25,seed=7"; see `problems`), or the path of a file;
    - 2^N values, value k of the image whose bit i is pixel i, shape (2^N,), (2^N, 1) or (1, 2^N); or a tensor of N axes of length 2
      whose axis i is pixel i. bool and 0/1 integers are labels, other integers stay integers, floats are real and complex numbers
      complex amplitudes. order="msb": values of packages whose qubit 0 is the most significant (quimb, QuTiP, Cirq, PennyLane);
      a state of QuTiP is read so by itself;
    - `images(stack)`: a data set of black-white images; `data(stack, labels)`: of grey ones;
    - `C(text)`: C text, compiled and evaluated outside of Python, when a state or a table asks for it;
    - `products(factors, weights)`: a sum of product states (CP tensor); `mps(tensors)`: a matrix product state;
    - `automaton(start=, step=, accept=)`: pixel after pixel, for lattices that are too large for all images;
    - a callable, which gets batches of images, uint8 0 and 1 of shape (batch, Ly, Lx) on a grid, else (batch, N), and returns one number an
      image. The array is read-only and used again for the next batch, and a pixel of all its images lies in one piece (it is not
      contiguous: np.ascontiguousarray, or reshape, copies it). The images are all 2^N ones, in order;
    - a torch module or an estimator of scikit-learn, with output="label", "probability" or "score" (of the second of two classes), or of
      class k against the rest: "label:k", "probability:k", "score:k", or a pair ("label", k).

    lattice: text, a pair (Lx, Ly) or a Lattice; None: the problem's own (text), the shape of the images, a chain (tensors). batch: images of a call. name: what tables call it.
    progress: True, or a function of (stage, done, total).

    InputError: what it is cannot be used, with the reason; exceptions of a callable come out as they are. Memory: 2^N / 8 bytes for
    labels, 8 * 2^N for integers and reals, 16 * 2^N for complex numbers."""

    def __init__(self, f: Any, lattice: AnyLattice = None, *, output: Any = None, order: Optional[str] = None,
                 batch: Optional[int] = None, name: Optional[str] = None, progress: Progress = None) -> None:
        out = ctypes.c_void_p()
        self._numbers = None
        chosen = Lattice(lattice) if lattice is not None else None
        called = None if name is None else encoded(name, "name")
        if isinstance(f, (str, os.PathLike)):
            _nothing("a problem by name or a file", output=output, order=order, batch=batch, name=name)
            pointer = chosen._handle.pointer if chosen else None
            check(lib.cutropy_problem_parse(path_of(f, "problem"), pointer, ctypes.byref(out)))
        elif isinstance(f, functions.Images):
            _nothing("images", output=output, order=order, batch=batch)
            chosen = chosen or f.lattice()
            if chosen is None:
                raise InputError("images of shape (count, N) need a lattice, e.g. '4x4' or 'chain:12'")
            words = f.words(chosen)
            check(lib.cutropy_problem_from_images(called or b"images", chosen._handle.pointer, words.ctypes.data, len(words),
                                                  ctypes.byref(out)))
        elif isinstance(f, functions.Data):
            _nothing("a data set", output=output, order=order, batch=batch)
            pointer = chosen._handle.pointer if chosen else None
            shape = (ctypes.c_size_t * 3)(*f.shape)
            check(lib.cutropy_problem_from_data(f.text(name or "array"), pointer, f.values.ctypes.data,
                                                None if f.labels is None else f.labels.ctypes.data, shape, ctypes.byref(out)))
        elif isinstance(f, functions.C):
            if chosen is None:
                raise InputError("a function of your own needs a lattice, e.g. '4x4' or 'chain:12'")
            _nothing("C text", output=output, order=order, batch=batch)
            check(lib.cutropy_problem_from_text(called or encoded(f.name, "name"), f.text.encode(), f.words(), chosen._handle.pointer,
                                                ctypes.byref(out)))
        elif isinstance(f, Tensors):
            _nothing("tensors", output=output, order=order, batch=batch)
            chosen = chosen or Lattice(f"chain:{f.sites}")
            if chosen.pixels != f.sites:
                raise InputError(f"tensors of {f.sites} pixels on {chosen}, which has {chosen.pixels}")
            pointer = chosen._handle.pointer
            f.parsed(lambda text: check(lib.cutropy_problem_parse(text, pointer, ctypes.byref(out))))
        elif isinstance(f, Automaton):
            if chosen is None:
                raise InputError("a function of your own needs a lattice, e.g. '4x4' or 'chain:12'")
            _nothing("an automaton", output=output, order=order, batch=batch)
            with shown(progress) as show:
                counts, moves, labels = f.levels(chosen, show)
            check(lib.cutropy_problem_from_automaton(called or encoded(f.name, "name"), chosen._handle.pointer, counts.ctypes.data,
                                                     moves.ctypes.data, labels.ctypes.data, ctypes.byref(out)))
        else:
            if any(c.__name__ == "MatrixProductState" for c in type(f).__mro__):
                raise InputError(f"{type(f).__name__} is no function of images: give its tensors, psi.permute_arrays('lpr') and cutropy.mps(psi.arrays)")
            if chosen is None:
                raise InputError("a function of your own needs a lattice, e.g. '4x4' or 'chain:12'" + functions.if_a_stack(f))
            kind, self._numbers = _evaluate(f, chosen, output, order, batch, name or _name_of(f), progress)
            check(lib.cutropy_problem_borrow(called or encoded(_name_of(f), "name"), chosen._handle.pointer, kind, self._numbers.ctypes.data,
                                             ctypes.byref(out)))
        self._handle = Handle(out.value, lib.cutropy_problem_free, self._numbers)
        if isinstance(f, Tensors):  # else it has the name of a file that is gone
            check(lib.cutropy_problem_rename(self._handle.pointer, called or f.name.encode()))

    @property
    def lattice(self) -> Lattice:
        """Where its pixels are."""
        return Lattice._borrowed(lib.cutropy_problem_lattice(self._handle.pointer), self._handle)

    @property
    def kind(self) -> str:
        """"label", "integer", "real" or "complex"."""
        return _KINDS[lib.cutropy_problem_kind(self._handle.pointer)]

    @property
    def text(self) -> str:
        """The canonical text with all parameters, or the name of a function of your own."""
        return str(lib.cutropy_problem_text(self._handle.pointer).decode("utf-8", "replace"))

    def __repr__(self) -> str:
        return f"<cutropy.Problem {self.text} on {self.lattice}, {self.kind}>"


def _nothing(what: str, **given: Any) -> None:
    """None of these means anything of what there is."""
    for name, value in given.items():
        if value is not None:
            raise InputError(f"{name}={value!r} is not for {what}")


def _evaluate(f: Any, lattice: Lattice, output: Any, order: Optional[str], batch: Optional[int], name: str,
              progress: Progress) -> functions.Numbers:
    if functions.is_ket(f):
        f, order = f.full(), order or "msb"
    is_model = functions.is_module(f) or functions.is_estimator(f)
    if output is not None and not is_model:
        raise InputError("output is for torch modules and estimators; a function of your own returns what you want")
    if order is not None and (is_model or callable(f)):
        raise InputError("order is for arrays; a callable gets images, whose pixels have their places")
    if not callable(f) and not is_model:
        _nothing("an array", batch=batch)
    with shown(progress) as show:
        if functions.is_module(f):
            with functions.module_function(f, lattice, output) as function:
                return functions.from_function(function, lattice, name, batch, show)
        if functions.is_estimator(f):
            return functions.from_function(functions.estimator_function(f, output), lattice, name, batch, show)
        if callable(f):
            return functions.from_function(f, lattice, name, batch, show)
    return functions.from_array(f, lattice, order)


def as_problem(f: Any, lattice: AnyLattice, given: Dict[str, Any], progress: Progress) -> Problem:
    """f itself, if it is a Problem; else one of it. given: output, order, batch, name."""
    if not isinstance(f, Problem):
        return Problem(f, lattice, progress=progress, **given)
    if lattice is not None and Lattice(lattice) != f.lattice:
        raise InputError(f"the problem lives on {f.lattice}, not on {Lattice(lattice)}")
    if any(value is not None for value in given.values()):
        raise InputError("output, order, batch and name belong to the Problem that is made, not to one that exists")
    return f


def problems(name: Optional[str] = None) -> Dict[str, str]:
    """The built-in functions of images: {name: one line}. problems("connected"): its summary, definition, source, known values and default
    lattice. InputError: there is no such problem."""
    if name is None:
        found: Dict[str, str] = {}
        while (text := lib.cutropy_problem_name(len(found))) is not None:
            found[text.decode()] = lib.cutropy_problem_about(text, b"summary").decode()
        return found
    keys = ("summary", "definition", "source", "known", "lattice")
    texts = [lib.cutropy_problem_about(encoded(name, "name"), key.encode()) for key in keys]
    if texts[0] is None:
        raise InputError(f"there is no problem {name!r}; cutropy.problems() lists them")
    return {key: text.decode() for key, text in zip(keys, texts)}
