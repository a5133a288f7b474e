# SPDX-License-Identifier: Apache-2.0
"""The cuts by the public functions of packages for quantum states, as their documentation shows them. Yields (places, entropies in bits)."""

from __future__ import annotations

import functools

import numpy as np

import arrays


def pixels(n, mask, one=True):
    return [i for i in range(n) if (mask >> i & 1) == one]


def smaller(n, mask):
    """The pixels of the smaller side."""
    return min(pixels(n, mask), pixels(n, mask, False), key=len)


def from_the_highest(n, sites):
    """Their qubit 0 is the highest bit."""
    return sorted(n - 1 - i for i in sites)


def ket(f):
    f = f.astype(np.complex128 if f.dtype.kind == "c" else np.float64)
    return f / np.linalg.norm(f)


def scipy_driver(f, n, masks, driver):
    """driver: of eigh; "svd": singular values of the cut matrix by its own routine."""
    import scipy.linalg

    if driver == "svd":
        for place, mask in enumerate(masks):
            m = arrays.cut_matrix(f, n, mask)
            s = scipy.linalg.svdvals(m.astype(np.complex128 if f.dtype.kind == "c" else np.float64), overwrite_a=True, check_finite=False)
            yield [place], arrays.entropies_of(s[None] ** 2)
        return

    def eigenvalues(stack):
        return np.stack([scipy.linalg.eigh(g, eigvals_only=True, driver=driver, overwrite_a=True, check_finite=False) for g in stack])

    yield from arrays.plain(f, n, masks, eigenvalues=eigenvalues)


def qutip(f, n, masks):
    import qutip

    state = qutip.Qobj(ket(f)[:, None], dims=[[2] * n, [1] * n])
    for place, mask in enumerate(masks):
        yield [place], [qutip.entropy_vn(state.ptrace(from_the_highest(n, smaller(n, mask))), base=2)]


def quimb(f, n, masks):
    import quimb

    state = quimb.qu(ket(f), qtype="ket")
    for place, mask in enumerate(masks):
        yield [place], [quimb.entropy_subsys(state, [2] * n, from_the_highest(n, smaller(n, mask)), approx_thresh=None)]


@functools.lru_cache(1)
def spin_basis(n):
    from quspin.basis import spin_basis_1d

    return spin_basis_1d(n)


def quspin(f, n, masks):
    """Its states are numbered downwards, which flips every spin: no entropy changes."""
    state, basis = ket(f), spin_basis(n)
    for place, mask in enumerate(masks):
        found = basis.ent_entropy(state, sub_sys_A=tuple(from_the_highest(n, smaller(n, mask))), density=False)
        yield [place], [float(np.real(found["Sent_A"])) / np.log(2)]


def qiskit(f, n, masks):
    from qiskit.quantum_info import Statevector, entropy, partial_trace

    state = Statevector(ket(f))
    for place, mask in enumerate(masks):
        kept = set(smaller(n, mask))
        yield [place], [entropy(partial_trace(state, [i for i in range(n) if i not in kept]), base=2)]


def tenpy(f, n, masks):
    import tenpy.linalg.np_conserved as npc
    from tenpy.tools.math import entropy

    for place, mask in enumerate(masks):
        m = arrays.cut_matrix(ket(f), n, mask)
        array = npc.Array.from_ndarray_trivial(m, labels=["a", "b"])
        yield [place], [entropy(npc.svd(array, compute_uv=False) ** 2) / np.log(2)]


def torch(f, n, masks, device="cpu"):
    """As arrays.plain, and the stacks of small matrices are one call."""
    import torch

    state = torch.from_numpy(f).to(device)
    for small, places, size in arrays.stacks(f, n, masks):
        m = []
        for place in places:
            rows, columns = arrays.sides(n, masks[place])
            m.append(state.reshape((2,) * n).permute(rows + columns).reshape(1 << small, -1))
        m = torch.stack(m).to(getattr(torch, np.dtype(size).name)) if len(m) > 1 else m[0].to(getattr(torch, np.dtype(size).name))[None]
        g = m @ m.mH
        p = torch.linalg.eigvalsh(g.double() if g.dtype == torch.float32 else g)
        p = p / p.sum(-1, keepdim=True)
        p = torch.where(p > 0, p, 1)
        yield places, -(p * p.log2()).sum(-1).cpu().numpy()


def cupy(f, n, masks):
    import cupy

    for places, found in arrays.plain(cupy.asarray(f), n, masks, eigenvalues=cupy.linalg.eigvalsh, xp=cupy):
        yield places, cupy.asnumpy(found)
