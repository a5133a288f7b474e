#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Entropies of functions with weights beyond enumeration, for tests/data/weights.csv: no line shared with the program, and another road.

ising, cut between rows: singular values of D_A^1/2 W D_B^1/2, with D the sums of f^2 over all rows but the one at the cut, by powers of
the transfer matrix between rows (a product, where the program steps pixel by pixel), and W the bonds across; on a torus W is
conditioned on the first row. mps, rbm (a sum of 2^hidden product states): QR sweeps, then an SVD, both in 40 digits. usage: weights.py > FILE
"""
import itertools

import mpmath as mp

mp.mp.dps = 40
MASK = (1 << 64) - 1


def mix(z):
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & MASK
    z = (z ^ z >> 27) * 0x94D049BB133111EB & MASK
    return z ^ z >> 31


def normal(seed, k):
    def unit(j):
        return (mp.mpf(mix((j + mix(seed) + 0x9E3779B97F4A7C15) & MASK) >> 11) + mp.mpf(1) / 2) / 2**53
    j = k // 2
    size = mp.sqrt(-2 * mp.log(unit(2 * j)))
    angle = 2 * mp.pi * unit(2 * j + 1)
    return mp.mpf(float(size * (mp.sin(angle) if k % 2 else mp.cos(angle))))  # the program's numbers are doubles


def entropy(values):
    total = mp.fsum(v * v for v in values)
    return -mp.fsum(p * mp.log(p, 2) for v in values if v for p in [v * v / total])


def singular(m):
    return [mp.sqrt(abs(x)) for x in mp.eigsy(m.T * m, eigvals_only=True)]


def ising(lx, ly, rows, beta, j, h, ring=False):
    spins = list(itertools.product((-1, 1), repeat=lx))
    n = len(spins)
    inner = [mp.exp(beta / 2 * (j * mp.mpf(sum(s[i] * s[i + 1] for i in range(lx - 1)) + (s[-1] * s[0] if ring and lx > 2 else 0))
                                + h * sum(s))) for s in spins]
    bond = mp.matrix(n, n)
    for a in range(n):
        for b in range(n):
            bond[a, b] = mp.exp(beta / 2 * j * sum(x * y for x, y in zip(spins[a], spins[b])))
    step = mp.matrix(n, n)  # squares, from row to row
    for a in range(n):
        for b in range(n):
            step[a, b] = (bond[a, b] * inner[b])**2

    def sums(count):
        v = mp.matrix([x**2 for x in inner])
        for _ in range(count - 1):
            v = mp.matrix([inner[a]**2 * mp.fsum(bond[a, b]**2 * v[b] for b in range(n)) for a in range(n)])
        return v
    if ly == rows:
        return mp.mpf(0)
    above, below = sums(rows), sums(ly - rows)
    m = mp.matrix(n, n)
    for a in range(n):
        for b in range(n):
            m[a, b] = mp.sqrt(above[a]) * bond[a, b] * mp.sqrt(below[b])
    return entropy(singular(m))


def ising_torus(lx, ly, rows, beta, j, h):
    """rho between pairs (first row, last row) of A: both ends of A meet both ends of B."""
    spins = list(itertools.product((-1, 1), repeat=lx))
    n = len(spins)
    inner = [mp.exp(beta / 2 * (j * (sum(s[i] * s[i + 1] for i in range(lx - 1)) + (s[-1] * s[0] if lx > 2 else 0)) + h * sum(s)))
             for s in spins]
    bond = [[mp.exp(beta / 2 * j * sum(x * y for x, y in zip(a, b))) for b in spins] for a in spins]

    def block(count):  # sum of squares of images of `count` rows with first row a, last row b
        m = mp.matrix(n, n)
        for a in range(n):
            m[a, a] = inner[a]**2
        t = mp.matrix(n, n)
        for a in range(n):
            for b in range(n):
                t[a, b] = (bond[a][b] * inner[b])**2
        for _ in range(count - 1):
            m = m * t
        return m
    a, b = block(rows), block(ly - rows)
    m = mp.matrix(n * n, n * n)
    for r, s, t, u in itertools.product(range(n), repeat=4):  # A from r to s, B from t to u: bonds s-t and u-r
        m[r * n + s, t * n + u] = mp.sqrt(a[r, s]) * bond[s][t] * bond[u][r] * mp.sqrt(b[t, u])
    return entropy(singular(m))


def chain_cuts(tensors, cuts):
    """Of an MPS [pixel][bit] of matrices: the centre moves from the left; what is right of a cut is made orthonormal by its own sweep."""
    n = len(tensors)
    right = [None] * (n + 1)
    right[n] = mp.matrix([[1]])
    for i in range(n - 1, -1, -1):  # rows of [A_0 X | A_1 X] = X' Q with Q's rows orthonormal
        m = [t * right[i + 1] for t in tensors[i]]
        wide = mp.matrix(m[0].rows, 2 * m[0].cols)
        for x in range(2):
            for a in range(m[0].rows):
                for b in range(m[0].cols):
                    wide[a, x * m[0].cols + b] = m[x][a, b]
        q, r = mp.qr(wide.T, mode="skinny") if wide.cols >= wide.rows else (None, wide.T)
        right[i] = r.T if wide.cols >= wide.rows else wide
        right[i] = right[i] / mp.norm(right[i])
    left = mp.matrix([[1]])
    out = {}
    for i in range(n):
        if i in cuts:
            out[i] = entropy(singular(left * right[i]))
        m = [left * t for t in tensors[i]]
        tall = mp.matrix(2 * m[0].rows, m[0].cols)
        for x in range(2):
            for a in range(m[0].rows):
                for b in range(m[0].cols):
                    tall[x * m[0].rows + a, b] = m[x][a, b]
        left = mp.qr(tall, mode="skinny")[1] if tall.rows >= tall.cols else tall
        left = left / mp.norm(left)
    return out


def mps(n, chi, seed):
    k, tensors = 0, []
    for i in range(n):
        rows, cols = (1 if i == 0 else chi), (1 if i == n - 1 else chi)
        pair = []
        for _ in range(2):
            m = mp.matrix(rows, cols)
            for a in range(rows):
                for b in range(cols):
                    m[a, b] = normal(seed, k) / mp.sqrt(chi)
                    k += 1
            pair.append(m)
        tensors.append(pair)
    return tensors


def rbm(n, hidden, seed):
    """A tensor for each pixel, diagonal in the signs of the hidden units."""
    w = [normal(seed, k) for k in range(n + hidden + hidden * n)]
    a, b, rest = w[:n], w[n:n + hidden], w[n + hidden:]
    signs = list(itertools.product((-1, 1), repeat=hidden))
    tensors = []
    for i in range(n):
        pair = []
        for sigma in (-1, 1):
            weight = [mp.exp(a[i] * sigma + mp.fsum(t[h] * rest[h * n + i] / mp.sqrt(n) * sigma for h in range(hidden)))
                      for t in signs]
            if i == 0:
                pair.append(mp.matrix([[x * mp.exp(mp.fsum(t[h] * b[h] for h in range(hidden))) for x, t in zip(weight, signs)]]))
            elif i == n - 1:
                pair.append(mp.matrix([[x] for x in weight]))
            else:
                pair.append(mp.diag(weight))
        tensors.append(pair)
    return tensors


def put(problem, lattice, pixels, value):
    print(f"{problem},{lattice},{pixels},{mp.nstr(value, 25)}")


def main():
    print("# Entropies (bits) of the first `pixels` pixels, 25 digits, by tests/ref/weights.py")
    print("problem,lattice,pixels,entropy_bits")
    critical = mp.mpf("0.44068679350977151")
    for rows in range(1, 9):
        put("ising", "grid:5x9", 5 * rows, ising(5, 9, rows, critical, 1, 0))
    for rows in (1, 4, 11):
        put("ising:beta=0.9;j=-1;h=0.25", "grid:4x12", 4 * rows, ising(4, 12, rows, mp.mpf("0.9"), -1, mp.mpf("0.25")))
    for rows in (1, 3, 7):
        put("ising:beta=0.3;j=1;h=-0.5", "grid:3x14:torus", 3 * rows, ising_torus(3, 14, rows, mp.mpf("0.3"), 1, mp.mpf("-0.5")))
    long = 240  # rows that stand for a strip without end: the ends are forgotten geometrically
    put("ising", "grid:4xinf", 4, ising(4, long, long // 2, critical, 1, 0))
    put("ising:beta=0.3;j=1;h=0.1", "grid:4xinf:cylinder", 4, ising(4, long, long // 2, mp.mpf("0.3"), 1, mp.mpf("0.1"), True))
    put("ising:beta=0.5;j=-1;h=0.3", "grid:3xinf", 3, ising(3, long, long // 2, mp.mpf("0.5"), -1, mp.mpf("0.3")))
    for cut, value in sorted(chain_cuts(mps(60, 5, 7), {1, 2, 17, 30, 58, 59}).items()):
        put("mps:chi=5;complex=0;seed=7", "chain:60", cut, value)
    for cut, value in sorted(chain_cuts(rbm(48, 3, 2), {1, 8, 24, 40}).items()):
        put("rbm:hidden=3;scale=1;complex=0;seed=2", "grid:8x6", cut, value)


main()
