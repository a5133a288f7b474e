# SPDX-License-Identifier: Apache-2.0
"""Gram matrices of labels by popcounts in Numba: rows as bits, number of common ones of each pair."""

from __future__ import annotations

import numba
import numpy as np
from numba import prange
from numba.core import types
from numba.extending import intrinsic

import arrays


@intrinsic
def popcount(typing_context, word):
    def generate(context, builder, signature, arguments):
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), generate


@numba.njit(nogil=True, cache=True)
def pack(f, row_places, column_places, bits):
    """bits: rows x ceil(columns / 64)."""
    for row in range(len(row_places)):
        for word in range(bits.shape[1]):
            value = np.uint64(0)
            for column in range(64 * word, min(64 * word + 64, len(column_places))):
                value |= np.uint64(f[row_places[row] | column_places[column]]) << np.uint64(column & 63)
            bits[row, word] = value


@numba.njit(nogil=True, cache=True)
def common(bits, g, i):
    """Row i of G up to the diagonal, four entries at a time."""
    j = 0
    while j + 3 <= i:
        a, b, c, d = np.uint64(0), np.uint64(0), np.uint64(0), np.uint64(0)
        for word in range(bits.shape[1]):
            own = bits[i, word]
            a += popcount(own & bits[j, word])
            b += popcount(own & bits[j + 1, word])
            c += popcount(own & bits[j + 2, word])
            d += popcount(own & bits[j + 3, word])
        g[i, j], g[i, j + 1], g[i, j + 2], g[i, j + 3] = a, b, c, d
        j += 4
    for k in range(j, i + 1):
        a = np.uint64(0)
        for word in range(bits.shape[1]):
            a += popcount(bits[i, word] & bits[k, word])
        g[i, k] = a


@numba.njit(nogil=True, cache=True)
def gram_alone(bits, g):
    for i in range(len(bits)):
        common(bits, g, i)


@numba.njit(nogil=True, parallel=True, cache=True)
def gram_together(bits, g):
    for k in prange(len(bits)):
        common(bits, g, len(bits) - 1 - k)


def places(axes, n):
    """The sum of 2^bit over the set bits of each number of a side; axes: highest first."""
    out = np.zeros(1, np.int64)
    for axis in axes:
        out = (out[:, None] | np.array([0, 1 << (n - 1 - axis)])).ravel()
    return out


def entropies(f, n, masks, *, eigenvalues, threads):
    """Yields (places, entropies). The lower triangles of the Gram matrices are made, which is what eigenvalues() must read."""
    if f.dtype != np.uint8:
        raise NotImplementedError("popcounts are for labels: this state has other numbers")
    count = gram_together if threads > 1 else gram_alone
    for small, group, _ in arrays.stacks(f, n, masks):
        g = np.zeros((len(group), 1 << small, 1 << small))
        for row, place in enumerate(group):
            rows, columns = (places(side, n) for side in arrays.sides(n, masks[place]))
            bits = np.empty((len(rows), -(-len(columns) // 64)), np.uint64)
            pack(f, rows, columns, bits)
            count(bits, g[row])
        yield group, arrays.entropies_of(eigenvalues(g))

