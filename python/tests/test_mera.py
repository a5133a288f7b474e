# SPDX-License-Identifier: Apache-2.0
"""The problem mera against its definition (cutropy problems mera), contracted by NumPy: axes instead of strides, QR instead of
Gram-Schmidt, random numbers of its own."""

import numpy as np
import pytest

import cutropy


def mix(z):
    z = z & (1 << 64) - 1
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9 & (1 << 64) - 1
    z = (z ^ z >> 27) * 0x94d049bb133111eb & (1 << 64) - 1
    return z ^ z >> 31


class Normals:
    """Stream `seed`, from number 0 on."""

    def __init__(self, seed):
        self.key, self.used, self.waiting = mix(seed), 0, []

    def take(self, shape):
        count = int(np.prod(shape))
        while len(self.waiting) < count:
            u, v = (((mix(j + self.key + 0x9e3779b97f4a7c15) >> 11) + 0.5) / 2**53 for j in (self.used, self.used + 1))
            self.used += 2
            self.waiting += [np.sqrt(-2 * np.log(u)) * f(2 * np.pi * v) for f in (np.cos, np.sin)]
        numbers, self.waiting = self.waiting[:count], self.waiting[count:]
        return np.reshape(numbers, shape)


def haar(matrix):
    q, r = np.linalg.qr(matrix)
    return q * np.sign(np.diag(r))


def halvings(sides, layers, chi):
    """[(axis, {(x, y): dimension})] from the pixels up; the last entry, without axis, is the top."""
    sites = {(x, y): 2 for x in range(sides[0]) for y in range(sides[1])}
    steps = []
    for axis in (0, 1) * layers:
        if max(site[axis] for site in sites) == 0:
            continue
        steps.append((axis, sites))
        upper = {}
        for site, dimension in sites.items():
            block = tuple(c // 2 if a == axis else c for a, c in enumerate(site))
            upper[block] = upper.get(block, 1) * dimension
        sites = {block: min(chi, dimension) for block, dimension in upper.items()}
    return steps + [(None, sites)]


def rowwise(sites):
    return sorted(sites, key=lambda site: (site[1], site[0]))


def contract(sides, periodic, chi, layers, rounds, tensor):
    """2^N amplitudes; tensor(name, shape, columns) gives the next tensor."""
    steps = halvings(sides, layers, chi)
    top = steps.pop()[1]
    axes, psi = [], np.ones(())
    for number, site in enumerate(rowwise(top)):
        psi = np.multiply.outer(psi, tensor(f"top{number}", (top[site],), 1))
        axes.append(site)
    upper = top
    for number in range(len(steps), 0, -1):
        along, sites = steps[number - 1]
        axes = [("up", site) for site in axes]
        for n, block in enumerate(rowwise(upper)):
            below = [tuple(2 * c + k if a == along else c for a, c in enumerate(block)) for k in (0, 1)]
            below = [site for site in below if site in sites]
            shape = (sites[below[0]], sites[below[1]] if len(below) == 2 else 1, upper[block])
            w = tensor(f"w{number}_{n}", shape, shape[2])
            place = axes.index(("up", block))
            psi = np.tensordot(psi, w, (place, 2))
            axes = axes[:place] + axes[place + 1:] + [*below, "alone"][:2]
            if len(below) == 1:
                psi, axes = psi[..., 0], axes[:-1]
        length = 1 + max(site[along] for site in sites)
        for r in range(1, rounds + 1):
            count = 0
            for line in sorted({site[1 - along] for site in sites}):
                at = lambda c: (c, line) if along == 0 else (line, c)
                pairs = [(c, c + 1) for c in range(r % 2, length - 1, 2)]
                if r % 2 and periodic and length % 2 == 0:
                    pairs.append((length - 1, 0))
                for a, b in ((at(c), at(d)) for c, d in pairs):
                    shape = (sites[a], sites[b]) * 2
                    u = tensor(f"u{number}_{r}_{count}", shape, shape[2] * shape[3])
                    places = (axes.index(a), axes.index(b))
                    psi = np.moveaxis(np.tensordot(u, psi, ((2, 3), places)), (0, 1), places)
                    count += 1
        upper = sites
    order = [axes.index(site) for site in rowwise(upper)]
    return psi.transpose(order).ravel(order="F")  # pixel 0 is the fastest digit


CASES = [("chain:8", (8, 1), False, 2, 3, 1), ("chain:8:ring", (8, 1), True, 4, 2, 2), ("chain:7:ring", (7, 1), True, 3, 2, 3),
         ("chain:5", (5, 1), False, 1, 3, 1), ("4x2", (4, 2), False, 3, 2, 1), ("3x3", (3, 3), False, 2, 2, 2),
         ("4x2:torus", (4, 2), True, 5, 1, 3), ("2x5", (2, 5), False, 4, 3, 1), ("chain:9", (9, 1), False, 16, 2, 0), ("3x2", (3, 2), False, 2, 0, 1)]


@pytest.mark.parametrize("lattice, sides, periodic, chi, layers, rounds", CASES)
def test_random_tensors(lattice, sides, periodic, chi, layers, rounds):
    for seed in (0, 2**63 + 5):
        normals = Normals(seed)
        expected = contract(sides, periodic, chi, layers, rounds,
                            lambda name, shape, columns: haar(normals.take(shape).reshape(-1, columns)).reshape(shape))
        got = cutropy.values(f"mera:chi={chi},layers={layers},disentanglers={rounds},seed={seed}", lattice)
        assert abs(got - expected).max() < 1e-13
        assert abs((got**2).sum() - 1) < 1e-13


@pytest.mark.parametrize("lattice, sides, periodic, chi, layers, rounds", CASES)
def test_given_tensors(lattice, sides, periodic, chi, layers, rounds, tmp_path, rng):
    folder, everything = tmp_path / "tensors", []
    folder.mkdir()

    def tensor(name, shape, columns):
        numbers = rng.normal(size=shape)
        np.save(folder / f"{name}.npy", numbers)
        everything.append(numbers.ravel())
        return numbers

    expected = contract(sides, periodic, chi, layers, rounds, tensor)
    np.save(tmp_path / "all.npy", np.concatenate(everything))
    for path in (folder, tmp_path / "all.npy"):
        got = cutropy.values(f"mera:chi={chi},layers={layers},disentanglers={rounds},weights={path}", lattice)
        assert abs(got - expected).max() <= 1e-12 * abs(expected).max()


def test_entropies_of_trees():
    """Without disentanglers: no more than the dimension of the bond that is cut, nothing between sites of the highest level."""
    table = cutropy.table("mera:chi=3,layers=2,disentanglers=0,seed=4", "chain:8", [[0, 1], [0, 1, 2, 3], [4]])
    assert 0.1 < table.entropy[0] < np.log2(3) and table.entropy[1] < 1e-10 and 0.1 < table.entropy[2] <= 1
    with_one = cutropy.table("mera:chi=3,layers=2,disentanglers=1,seed=4", "chain:8", [[0, 1, 2, 3]])
    assert with_one.entropy[0] > 0.1
