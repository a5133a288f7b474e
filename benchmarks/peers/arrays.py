# SPDX-License-Identifier: Apache-2.0
"""What somebody who knows NumPy well would write: the cut matrix as a view or one copy, its Gram matrix on the smaller side, eigenvalues
alone, small matrices in stacks, equal rows and columns merged where asked for. Works on NumPy's arrays and on CuPy's (xp).

A state f is a vector of 2^n numbers; f[k] belongs to the image whose bit i is pixel i; labels are np.uint8. A mask names the pixels of one side of a cut."""

from __future__ import annotations

import numpy as np

STACK_BYTES = 16 << 20  # of the cut matrices that are solved by one call
SAMPLE = 256  # rows or columns that decide whether merging is worth while


def sides(n, mask):
    """Axes of the two sides, the smaller one first; axis 0 is the highest bit. Equal sides: the one of the highest bit first, which often
    saves a copy."""
    inside = [n - 1 - i for i in reversed(range(n)) if mask >> i & 1]
    outside = [n - 1 - i for i in reversed(range(n)) if not mask >> i & 1]
    if len(inside) > len(outside) or (len(inside) == len(outside) and inside and inside[0] != 0):
        return outside, inside
    return inside, outside


def cut_matrix(f, n, mask):
    """Rows: the smaller side. A view where NumPy can."""
    rows, columns = sides(n, mask)
    return f.reshape((2,) * n).transpose(rows + columns).reshape(1 << len(rows), 1 << len(columns))


def factor_type(dtype, columns):
    """Labels are multiplied as four-byte floats where all sums are exact integers, others in double precision."""
    if dtype == np.uint8:
        return np.float32 if columns < 1 << 24 else np.float64
    return np.complex128 if dtype.kind == "c" else np.float64


def entropies_of(eigenvalues, xp=np):
    """Bits, of each row of eigenvalues of any norm."""
    p = eigenvalues / eigenvalues.sum(axis=-1, keepdims=True)
    p = xp.where(p > 0, p, 1)  # rounding leaves negative zeros
    return -(p * xp.log2(p)).sum(axis=-1)


def gram(m, xp=np):
    """M M^H of a matrix or a stack; the same array on both sides is a rank update in BLAS."""
    return m @ (m.conj() if m.dtype.kind == "c" else m).swapaxes(-1, -2)


def stacks(f, n, masks):
    """Masks with cut matrices of one shape, as many as fit: lists of their places."""
    groups = {}
    for place, mask in enumerate(masks):
        groups.setdefault(len(sides(n, mask)[0]), []).append(place)
    for small, places in groups.items():
        size = factor_type(f.dtype, 1 << (n - small))
        most = max(1, STACK_BYTES // ((1 << n) * np.dtype(size).itemsize))
        for first in range(0, len(places), most):
            yield small, places[first:first + most], size


def plain(f, n, masks, *, gram=gram, eigenvalues=np.linalg.eigvalsh, xp=np):
    """Every cut as it is. Yields (places, entropies)."""
    for small, places, size in stacks(f, n, masks):
        if len(places) == 1:
            m = cut_matrix(f, n, masks[places[0]]).astype(size, copy=False)[None]
        else:
            m = xp.empty((len(places), 1 << small, 1 << (n - small)), size)
            for row, place in enumerate(places):
                m[row] = cut_matrix(f, n, masks[place])
        g = gram(m)
        yield places, entropies_of(eigenvalues(g.astype(np.float64) if g.dtype == np.float32 else g), xp)


def merged(m):
    """Different rows of m and how often each stands in it."""
    data = np.ascontiguousarray(np.packbits(m, axis=1) if m.dtype == np.uint8 else m)
    keys = data.view(np.dtype((np.void, data.shape[1] * data.itemsize)))[:, 0]
    _, first, counts = np.unique(keys, return_index=True, return_counts=True)
    return m[first], counts


def rows_repeat(m):
    """Whether two of a few rows are equal: a guess, which costs or saves time but never changes a result."""
    if len(m) <= SAMPLE:
        return True
    places = np.random.default_rng(0).choice(len(m), SAMPLE, replace=False)
    return len({m[place].tobytes() for place in places}) < SAMPLE


def unique(f, n, masks, *, sampled=False, gram=gram, eigenvalues=np.linalg.eigvalsh):
    """Equal rows and columns are merged first, with roots of their numbers as weights. sampled: only where a sample of either has equal ones.
    Yields (places, entropies)."""
    for place, mask in enumerate(masks):
        m = cut_matrix(f, n, mask)
        w = m
        if not sampled or rows_repeat(m) or rows_repeat(m.T):
            rows, row_counts = merged(m)
            columns, column_counts = merged(rows.T)
            if columns.size < m.size:
                w = np.sqrt(row_counts)[:, None] * columns.T * np.sqrt(column_counts)
                w = w if w.shape[0] <= w.shape[1] else w.T
        g = gram((w.astype(factor_type(f.dtype, m.shape[1]), copy=False) if w is m else w)[None])
        yield [place], entropies_of(eigenvalues(g.astype(np.float64) if g.dtype == np.float32 else g))
