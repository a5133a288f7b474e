# SPDX-License-Identifier: Apache-2.0
"""A function as a matrix product state: made by the library, as the file that it writes (docs/export.md)."""

from __future__ import annotations

import ctypes
import os
import zipfile
from typing import Any, List, Optional, Sequence, Union

import numpy as np

from . import _declarations as c
from ._arguments import as_array, path_of
from ._arrays import unnamed_file
from ._errors import FileError, InputError, check
from ._lattice import AnyLattice
from ._library import Handle, lib
from ._problem import as_problem
from ._run import Progress, run, settings


class MPS:
    """f(s) = tensors[0][0, s_0, :] @ tensors[1][:, s_1, :] @ .. @ tensors[N - 1][:, s_N-1, 0] / product of denominators, by pixel number,
    or tensors[k] with s of pixels[k]; form "orthogonal": psi(s) instead of f(s). Made by State.mps, or of a file by MPS.load.

    In the form "orthogonal" all tensors but the first are isometries: the sum over s and right of t[a, s, right] conj(t[b, s, right]) is 1
    where a = b, else 0."""

    form: str  #: "classes", "rank" or "orthogonal"
    problem: str  #: the canonical text of the problem
    tensors: List[np.ndarray]  #: of each site, shape (left, 2, right), (left, d, right) of sums of product states, whose label is one more site: integers (object where 64 bits do not hold them), float64 or complex128
    pixels: List[int]  #: the pixel of each tensor: 0, 1, .. unless another order was asked for
    denominators: List[int]  #: of each tensor; 1 but for the form "rank"
    discarded: List[float]  #: of each bond, the weight (sum of squares of Schmidt values, of 1 in all) that was cut off, about
    error: float  #: a proved bound of || psi - MPS ||; 0.0 where the form is exact
    infidelity: float  #: a proved bound of 1 - |<psi|MPS>|^2 / <MPS|MPS>; 0.0 where the form is exact

    def __init__(self, path: Any) -> None:
        with _open(path) as arrays:
            self.form, self.problem = (arrays[name].item().decode() for name in ("form", "problem"))
            count = sum(name.startswith("site_") for name in arrays.files)
            self.tensors = [_integers(arrays[f"site_{k}"]) for k in range(count)]
            self.pixels = arrays["order"].tolist() if "order" in arrays.files else list(range(count))
            self.denominators = [int(arrays[f"denominator_{k}"].item()) if self.form == "rank" else 1 for k in range(count)]
            exact = self.form != "orthogonal"
            self.error = 0.0 if exact else float(arrays["error"])
            self.infidelity = 0.0 if exact else float(arrays["infidelity"])
            self.discarded = [0.0] * (count - 1) if exact else arrays["discarded"].tolist()

    @classmethod
    def load(cls, path: Any) -> "MPS":
        """What State.export, cutropy.export or the command `cutropy export` wrote. InputError: it is something else; FileError."""
        return cls(path)

    @property
    def bonds(self) -> List[int]:
        """The dimensions of the N - 1 bonds: in the form "classes" those of the different non-zero rows, in "rank" the proved Schmidt
        ranks; in "orthogonal", floats can only guess which singular values are 0."""
        return [t.shape[2] for t in self.tensors[:-1]]

    def arrays(self) -> List[np.ndarray]:
        """The tensors over their denominators in float64 or complex128, for quimb, TeNPy and the like (docs/export.md)."""
        return [np.ascontiguousarray((t / d).astype(np.result_type(t.dtype, float) if t.dtype != object else float))
                for t, d in zip(self.tensors, self.denominators)]

    def vector(self) -> np.ndarray:
        """The 2^N amplitudes; number k is that of the image whose bit i is pixel i. Exact forms: f itself, Python integers where
        it is integers."""
        product: np.ndarray = np.ones((1, 1), object if self.form != "orthogonal" else float)  # (images of the pixels below i, bond)
        for t in self.tensors:
            t = t.astype(object) if self.form != "orthogonal" else t
            product = np.concatenate([product.dot(t[:, bit, :]) for bit in range(t.shape[1])])
        sites = product[:, 0].reshape([t.shape[1] for t in self.tensors], order="F")  # axis k: the bit of site k
        product = sites.transpose(np.argsort(self.pixels)).reshape(-1, order="F")
        scale = 1
        for d in self.denominators:
            scale *= d
        return product if scale == 1 else product // scale

    def __repr__(self) -> str:
        return f"<cutropy.MPS of {len(self.tensors)} pixels, {self.form}, largest bond {max(self.bonds, default=1)}, error {self.error:.1e}>"


def _open(path: Any) -> Any:
    """The archive, if it is one of ours."""
    name = os.fsdecode(path_of(path))
    try:
        arrays = np.load(name)
    except OSError as error:
        raise FileError(f"cannot read {name}: {error.strerror or error}") from error
    except (ValueError, EOFError, zipfile.BadZipFile):
        arrays = None
    if not {"form", "problem", "site_0"} <= set(getattr(arrays, "files", ())):
        raise InputError(f"{name} is no matrix product state that `export` wrote")
    return arrays


def _integers(array: np.ndarray) -> np.ndarray:
    """Decimal texts as Python's integers; others as they are."""
    if array.dtype.kind != "S":
        return array
    return np.array([int(text) for text in array.ravel()], object).reshape(array.shape)


def save_mps(state: int, options: int, form: str, cutoff: Optional[float], pixels: Optional[Sequence[int]], count: int, path: Any) -> None:
    """The file of a state (pointers) of so many pixels."""
    out, number, file = ctypes.c_void_p(), ctypes.c_int(), path_of(path)
    if not lib.cutropy_mps_form_named(str(form).encode(), ctypes.byref(number)):
        raise InputError(f"form={form!r}: choose 'classes', 'rank' or 'orthogonal'")
    order = None if pixels is None else as_array(pixels, "pixels")
    if order is not None and (order.shape != (count,) or order.dtype.kind not in "iu" or not ((0 <= order) & (order < count)).all()):
        raise InputError(f"pixels={pixels!r}: give the number of the pixel of each of the {count} sites")
    if not isinstance(cutoff, (type(None), int, float, np.number)):
        raise InputError(f"cutoff={cutoff!r}: give a number, the weight that each bond may lose")
    order = None if order is None else np.ascontiguousarray(order, np.intc)
    wanted = c.MPSOptions(form=number.value, cutoff=cutoff or 0, order=None if order is None else order.ctypes.data)
    check(lib.cutropy_mps_make(state, ctypes.byref(wanted), options, ctypes.byref(out)))
    made = Handle(out.value, lib.cutropy_mps_free)
    check(lib.cutropy_mps_save(made.pointer, file, options))


def make_mps(state: int, options: int, form: str, cutoff: Optional[float], pixels: Optional[Sequence[int]], count: int) -> MPS:
    with unnamed_file() as path:
        save_mps(state, options, form, cutoff, pixels, count, path)
        return MPS(path)


def export(problem: Any, path: Any, lattice: AnyLattice = None, *, form: str = "classes", cutoff: Optional[float] = None,
           pixels: Optional[Sequence[int]] = None, threads: Optional[int] = None, memory: Union[None, int, str] = None, backend: Optional[str] = None, solver: Optional[str] = None,
           output: Any = None, order: Optional[str] = None, batch: Optional[int] = None, name: Optional[str] = None,
           progress: Progress = None) -> None:
    """Writes the function as a matrix product state to an .npz file, without enumerating images where the problem has an automaton
    (solver None), so that 8x8 pixels take a second.

    problem, lattice, output, order, batch, name: as for Problem. path: the file, whole or not at all; MPS.load reads it. form, cutoff, pixels: as for
    State.mps. Errors: those of State and State.mps; FileError."""
    f = as_problem(problem, lattice, dict(output=output, order=order, batch=batch, name=name), progress)

    def start(options: int) -> None:
        out = ctypes.c_void_p()
        check(lib.cutropy_state_open_levels(f._handle.pointer, options, ctypes.byref(out)))
        state = Handle(out.value, lib.cutropy_state_free, f._handle)
        save_mps(state.pointer, options, form, cutoff, pixels, f.lattice.pixels, path)

    run(start, settings(threads=threads, memory=memory, backend=backend, solver=solver), progress)
