#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""S in bits to 30 decimals of small functions with weights, for tests/test_weighted.c: all amplitudes in 90 digits (mpmath), one
reduced density matrix, its eigenvalues. Parameters are the doubles that the program reads; weights of rbm, mps and cnn are those of weight(k).
"""
import mpmath as mp

mp.mp.dps = 90
FIXED = 300  # bits of amplitudes, as integers


def weight(k):
    return mp.mpf((37 * k + 11) % 64 - 32) / 64


def spin(image, pixel):
    return 2 * (image >> pixel & 1) - 1


def entropy(n, amplitude, mask):
    parts = [[int(mp.nint(mp.ldexp(part(v), FIXED))) for v in amplitude] for part in (mp.re, mp.im)]
    side = [[i for i in range(n) if mask >> i & 1], [i for i in range(n) if not mask >> i & 1]]
    side.sort(key=len)
    rows, columns = ([sum((k >> j & 1) << p for j, p in enumerate(s)) for k in range(1 << len(s))] for s in side)
    matrix = [[[part[a | b] for b in columns] for a in rows] for part in parts]

    def dot(x, y):
        return mp.ldexp(mp.mpf(sum(map(int.__mul__, x, y))), -2 * FIXED)
    size = len(rows)
    rho = mp.matrix(size, size)
    re, im = matrix
    for i in range(size):
        for j in range(size):
            rho[i, j] = mp.mpc(dot(re[i], re[j]) + dot(im[i], im[j]), dot(im[i], re[j]) - dot(re[i], im[j]))
    level = [mp.re(x) for x in mp.eighe(rho, eigvals_only=True)]
    trace = mp.fsum(level)
    return -mp.fsum(p * mp.log(p, 2) for x in level if x > mp.mpf(10)**-75 * trace for p in [x / trace])


def ising(lx, ly, torus, beta, j, h):
    n, bonds = lx * ly, set()
    for y in range(ly):
        for x in range(lx):
            if x + 1 < lx or (torus and lx > 2):
                bonds.add((x + lx * y, (x + 1) % lx + lx * y))
            if y + 1 < ly or (torus and ly > 2):
                bonds.add((x + lx * y, x + lx * ((y + 1) % ly)))
    beta, j, h = mp.mpf(beta), mp.mpf(j), mp.mpf(h)
    return n, [mp.exp(beta / 2 * (j * sum(spin(s, a) * spin(s, b) for a, b in bonds) + h * sum(spin(s, i) for i in range(n))))
               for s in range(1 << n)]


def number(k, is_complex):
    return mp.mpc(weight(2 * k), weight(2 * k + 1)) if is_complex else weight(k)


def rbm(n, hidden, is_complex, local):
    a = [number(i, is_complex) for i in range(n)]
    b = [number(n + h, is_complex) for h in range(hidden)]
    w = [[number(n + hidden + h * n + i, is_complex) if not local or i in (h, h + 1) else 0 for i in range(n)] for h in range(hidden)]
    return n, [mp.exp(mp.fsum(a[i] * spin(s, i) for i in range(n)))
               * mp.fprod(2 * mp.cosh(b[h] + sum(w[h][i] * spin(s, i) for i in range(n))) for h in range(hidden)) for s in range(1 << n)]


def mps(n, chi, is_complex):
    bond, k, vectors = [1] + [chi] * (n - 1) + [1], 0, [[mp.mpf(1)]]
    for i in range(n):
        site = []
        for _ in range(2):
            site.append([[number(k + a * bond[i + 1] + b, is_complex) for b in range(bond[i + 1])] for a in range(bond[i])])
            k += bond[i] * bond[i + 1]
        vectors = [[mp.fsum(v[a] * m[a][b] for a in range(bond[i])) for b in range(bond[i + 1])] for m in site for v in vectors]
    return n, [v[0] for v in vectors]


def cnn(n, channels):
    """kernel=2, poolings=0, activation=relu on an open chain: the values of windows are multiples of 2^-12."""
    w = [[weight(2 * c + t) for t in range(2)] for c in range(channels)]
    b = [weight(2 * channels + c) for c in range(channels)]
    out = [weight(3 * channels + k) for k in range(channels * n)]

    def window(s, c, x):
        return max(0, b[c] + sum(w[c][t] * spin(s, x + t - 1) for t in range(2) if 0 <= x + t - 1 < n))
    return n, [weight(3 * channels + channels * n) + mp.fsum(out[c * n + x] * window(s, c, x) for c in range(channels) for x in range(n))
               for s in range(1 << n)]


def main():
    square = ising(4, 4, False, 0.44068679350977151, 1, 0)
    for problem, lattice, f, masks in (
            ("ising", "grid:4x4", square, (0xf, 0x1f, 0x33)),
            ("ising:beta=1.7,j=0.3", "grid:5x3", ising(5, 3, False, 1.7, 0.3, 0), (0x1f,)),
            ("ising:beta=0.9,j=-1,h=0.25", "grid:4x3", ising(4, 3, False, 0.9, -1, 0.25), (0xf, 0x801)),
            ("ising:beta=0.3,j=0.7,h=-0.5", "grid:3x4:torus", ising(3, 4, True, 0.3, 0.7, -0.5), (0x7, 0x111)),
            ("rbm:hidden=3", "grid:5x2", rbm(10, 3, False, False), (0x1f, 0x155)),
            ("rbm:hidden=3,complex=1", "grid:5x2", rbm(10, 3, True, False), (0x7, 0x21)),
            ("rbm:hidden=9", "chain:10", rbm(10, 9, False, True), (0x1f, 0x55)),
            ("rbm:hidden=9,complex=1", "chain:10", rbm(10, 9, True, True), (0x1f,)),
            ("mps:chi=5", "chain:10", mps(10, 5, False), (0x1, 0xf, 0xff)),
            ("mps:chi=3,complex=1", "chain:9", mps(9, 3, True), (0x3, 0x1f)),
            ("cnn:kernel=2,channels=2,poolings=0,activation=relu", "chain:9", cnn(9, 2), (0x7, 0x55))):
        for mask in masks:
            whole, rest = divmod(int(mp.nint(entropy(*f, mask) * 10**30)), 10**30)
            print(f'    {{"{problem}", "{lattice}", {mask:#x}, "{whole}.{rest:030d}"}},')


main()
