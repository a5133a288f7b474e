# SPDX-License-Identifier: Apache-2.0
"""Sums of product states against formulas of others, in NumPy."""

import numpy as np
import pytest

import cutropy


def published_gram(x, part, theta, batch, repaired):
    """The Gram matrix of some pixels as the code published with Alexander, De La Vega, Razin and Cohen (NeurIPS 2023, arXiv 2303.11249) has it: float32, `batch`
    pixels at a time. As published, batch number k begins at pixel k instead of pixel k * batch, so that most pixels are never looked at."""
    gram, used = np.ones((len(x), len(x)), np.float32), set()
    for k in range(-(-len(part) // batch)):
        size = min(batch, len(part) - k * batch)
        first = k * batch if repaired else k
        pixels = part[first:first + size]
        used.update(pixels)
        gram *= np.cos(np.pi * theta * (x[:, None, pixels] - x[None, :, pixels])).prod(2).astype(np.float32)
    return gram, len(used)


def published_entropy(a, b):
    """In bits, from square roots of both matrices by singular values."""
    def root(gram):
        vectors, values, _ = np.linalg.svd(gram)
        return (vectors * np.sqrt(values)).T
    weight = np.linalg.svd(root(a) @ root(b).T, compute_uv=False).astype(float) ** 2
    weight = weight[weight > 0] / weight.sum()
    return -(weight * np.log2(weight)).sum()


@pytest.mark.parametrize("theta", [0.085, 0.3])
@pytest.mark.parametrize("mask", [0xffffffff, 0x0f0f0f0f0f0f0f0f, 0xffff])
def test_published_formulas(theta, mask):
    rng = np.random.default_rng(7)
    labels = np.arange(60) % 2
    # two kinds of blurred stripes and noise
    grid = np.arange(8) / 8
    stripes = np.where(labels[:, None, None], grid[None, None, :], grid[None, :, None]) * rng.uniform(2, 7, (60, 1, 1))
    images = (0.6 * (1 + np.cos(np.pi * stripes)) / 2 + 0.4 * rng.random((60, 8, 8))).round(3)
    table = cutropy.table(cutropy.data(images, labels, label="pm1:1", theta=theta), cuts=[mask])
    x, y = images.reshape(60, 64), np.where(labels == 1, np.float32(1), np.float32(-1))
    part = [n for n in range(64) if mask >> n & 1]
    rest = [n for n in range(64) if not mask >> n & 1]

    def entropy(repaired):
        (a, used), (b, _) = published_gram(x, part, theta, 10, repaired), published_gram(x, rest, theta, 10, repaired)
        assert (used == len(part)) == repaired
        return published_entropy(a * np.outer(y, y), b)

    # float32: 1e-7 was seen
    assert abs(entropy(True) - table.entropy[0]) < 2e-6 and table.entropy[0] > 0.05
    assert abs(entropy(False) - table.entropy[0]) > 1e-2
