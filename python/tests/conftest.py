# SPDX-License-Identifier: Apache-2.0
"""What the tests share: an oracle that knows nothing of the library, a density matrix by plain NumPy."""

import numpy as np
import pytest


def entropy(values, mask, n):
    """The von Neumann entropy in bits of the pixels of mask; value k is that of the image whose bit i is pixel i."""
    psi = np.asarray(values, dtype=complex)
    psi = psi / np.sqrt((abs(psi) ** 2).sum())
    kept = [i for i in range(n) if mask >> i & 1]
    rest = [i for i in range(n) if not mask >> i & 1]
    matrix = np.zeros((1 << len(kept), 1 << len(rest)), complex)
    for image, value in enumerate(psi):
        row = sum((image >> i & 1) << k for k, i in enumerate(kept))
        column = sum((image >> i & 1) << k for k, i in enumerate(rest))
        matrix[row, column] = value
    p = np.linalg.svd(matrix, compute_uv=False) ** 2
    p = p[p > 1e-15]
    return float(-(p * np.log2(p)).sum())


@pytest.fixture
def oracle():
    return entropy


@pytest.fixture
def rng():
    return np.random.default_rng(20)
