# SPDX-License-Identifier: Apache-2.0
"""A state as a matrix product state."""

from __future__ import annotations

from typing import List, Optional

import numpy as np

from ._errors import InputError

EPS = float(np.finfo(float).eps)


class MPS:
    """psi(s) = tensors[0][0, s_0, :] @ tensors[1][:, s_1, :] @ .. @ tensors[N - 1][:, s_N-1, 0], by pixel number; made by State.mps.

    All tensors but the last are isometries: the sum over left and s of conj(t[left, s, a]) t[left, s, b] is 1 where a = b, else 0."""

    tensors: List[np.ndarray]  #: of each pixel, shape (left, 2, right); float64, or complex128 for complex amplitudes
    discarded: List[float]  #: of each bond, the weight (sum of squares of singular values, of 1 in all) that was cut off
    error: float  #: || psi - MPS ||, an estimate: measured by contracting it again, and the rounding of that

    def __init__(self, psi: np.ndarray, pixels: int, cutoff: Optional[float]) -> None:
        self.tensors, self.discarded = [], []
        rest = psi.reshape(-1, 1)  # (images of the pixels from i on, bond); pixel i is the fastest
        for _ in range(pixels - 1):
            left = rest.shape[1]
            u, s, v = np.linalg.svd(rest.reshape(-1, 2 * left), full_matrices=False)
            kept = _kept(s, EPS * max(len(u), v.shape[1]), cutoff)
            self.discarded.append(float((s[kept:] ** 2).sum()))
            self.tensors.append(np.ascontiguousarray(v[:kept].reshape(kept, 2, left).transpose(2, 1, 0)))
            rest = u[:, :kept] * s[:kept]
        self.tensors.append(np.ascontiguousarray(rest.reshape(2, -1).T[:, :, None]))
        self.error = float(np.linalg.norm(self.vector() - psi)) + 2 * pixels * EPS

    @property
    def bonds(self) -> List[int]:
        """The dimensions of the N - 1 bonds. Of which singular values are 0, floats can only guess: the proved rank is that of `table`."""
        return [t.shape[2] for t in self.tensors[:-1]]

    def vector(self) -> np.ndarray:
        """The 2^N amplitudes; number k is that of the image whose bit i is pixel i."""
        product = np.ones((1, 1), self.tensors[0].dtype)  # (images of the pixels below i, bond)
        for t in self.tensors:
            product = np.einsum("ka,asb->skb", product, t, optimize=True).reshape(-1, t.shape[2])
        return product[:, 0]

    def __repr__(self) -> str:
        return f"<cutropy.MPS of {len(self.tensors)} pixels, largest bond {max(self.bonds, default=1)}, error {self.error:.1e}>"


def _kept(s: np.ndarray, rounding: float, cutoff: Optional[float]) -> int:
    """How many singular values stay, at least one."""
    kept = int((s > rounding * s[0]).sum())
    if cutoff:
        tails = np.cumsum(s[::-1] ** 2)[::-1]  # the weight of place k and of those behind it
        kept = min(kept, int((tails > cutoff).sum()))
    return max(kept, 1)


def make_mps(values: np.ndarray, pixels: int, cutoff: Optional[float]) -> MPS:
    if cutoff is not None and not 0 <= cutoff < 1:
        raise InputError(f"cutoff={cutoff!r}: give the weight that each bond may lose, from 0 to less than 1, or None")
    psi = values.astype(complex if values.dtype.kind == "c" else float)
    psi /= np.abs(psi).max()  # squares neither overflow nor vanish
    return MPS(psi / np.linalg.norm(psi), pixels, cutoff)
