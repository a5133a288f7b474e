# SPDX-License-Identifier: Apache-2.0
"""Functions that are products of tensors, or sums of them: as the file that the library reads."""

from __future__ import annotations

import os
import tempfile
from typing import Any, Callable, Dict, Iterator, List

import numpy as np

from ._arguments import as_array, doubles, listed
from ._errors import InputError


class Tensors:
    """A function by its tensors; made by `products` or `mps`."""

    def __init__(self, name: str, problem: str, sites: int, arrays: Dict[str, np.ndarray]) -> None:
        self.name, self.sites, self._problem, self._arrays = name, sites, problem, arrays

    def parsed(self, parse: Callable[[bytes], Any]) -> Any:
        """What `parse` makes of the problem's text, while there is a file."""
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "tensors.npz")
            with open(path, "wb") as file:
                np.savez(file, **self._arrays)  # type: ignore[arg-type,unused-ignore]
            return parse(os.fsencode(f"{self._problem}={path}"))

    def __repr__(self) -> str:
        return f"<cutropy.Tensors: {self.name} of {self.sites} pixels>"


def _numbers(tensors: Any, what: str) -> Iterator[np.ndarray]:
    """float64 or complex128, finite."""
    several = listed(tensors)
    if several is None:
        raise InputError(f"{what}s={tensors!r}: give a list of arrays")
    for k, tensor in enumerate(several):
        array = doubles(as_array(tensor, f"{what} {k}"), f"{what} {k}")
        if not np.isfinite(array).all():
            raise InputError(f"{what} {k} has numbers that are not finite")
        yield array


def products(factors: Any, weights: Any = None) -> Tensors:
    """A sum of product states: f(s) = sum over r of weights[r] product over i of factors[i][s_i, r] (docs/datasets.md).

    factors: one array a pixel, shape (d, terms), d = 2 or any other number of levels, real or complex; or a CP tensor of TensorLy, which has its
    weights. weights: shape (terms,); None: 1. Up to 4096 pixels, whatever 2^N is: what counts is the number of terms.
    InputError: another shape or type."""
    if hasattr(factors, "factors"):
        factors, weights = factors.factors, factors.weights if weights is None else weights
    arrays = list(_numbers(factors, "factor"))
    shapes = [array.shape for array in arrays]
    if not arrays or any(len(shape) != 2 or shape[1] != shapes[0][-1] for shape in shapes):
        raise InputError(f"factors of shapes {shapes}: give (d, terms) for each pixel, the same number of terms in all")
    named = {f"factor_{k}": array for k, array in enumerate(arrays)}
    if weights is not None:
        named["weights"] = next(_numbers([weights], "weights"))
        if named["weights"].shape != shapes[0][1:]:
            raise InputError(f"weights of shape {named['weights'].shape} for {shapes[0][1]} terms")
    return Tensors("products", "data:factors", len(arrays), named)


def mps(tensors: Any) -> Tensors:
    """A matrix product state: f(s) = tensors[0][0, s_0, :] @ tensors[1][:, s_1, :] @ .. @ tensors[N - 1][:, s_N-1, 0].

    tensors: one array a pixel, in the order of the pixel numbers, shape (left, 2, right), real or complex, bonds up to 128; the first axis of
    the first one and the last of the last have length 1, or are left out. A TT tensor of TensorLy is such a list, and so is `cutropy.MPS`, if
    its pixels are in order. Nothing is enumerated for prefixes, rows and half: hundreds of pixels are served. InputError: another shape or type."""
    if hasattr(tensors, "denominators"):  # cutropy.MPS
        if tensors.pixels != sorted(tensors.pixels):
            raise InputError("the tensors of this MPS are in another order than the pixels")
        tensors = tensors.arrays()
    arrays: List[np.ndarray] = list(_numbers(getattr(tensors, "factors", tensors), "tensor"))
    if len(arrays) > 1:
        arrays[0] = arrays[0][None] if arrays[0].ndim == 2 else arrays[0]
        arrays[-1] = arrays[-1][..., None] if arrays[-1].ndim == 2 else arrays[-1]
    shapes = [array.shape for array in arrays]
    rights = [1] + [shape[-1] for shape in shapes]
    if not arrays or any(len(shape) != 3 or shape[:2] != (left, 2) for shape, left in zip(shapes, rights)) or rights[-1] != 1:
        raise InputError(f"tensors of shapes {shapes}: give (left, 2, right) for each pixel, left as the right before, 1 at both ends")
    chi, is_complex = max(rights), any(array.dtype.kind == "c" for array in arrays)
    named = {}
    for k, array in enumerate(arrays):
        full = np.zeros((2, chi if k else 1, chi if k + 1 < len(arrays) else 1), complex if is_complex else float)
        full[:, :array.shape[0], :array.shape[2]] = array.transpose(1, 0, 2)
        named[f"A{k}"] = full
    return Tensors("mps", f"mps:chi={chi},complex={int(is_complex)},weights", len(arrays), named)
