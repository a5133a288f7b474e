# SPDX-License-Identifier: Apache-2.0
"""Who computes: a name, what it needs, how it is called with (f, n, masks, threads)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable


@dataclass(frozen=True)
class Peer:
    name: str
    start: Callable  #: imports what is needed; returns entropies(f, n, masks, threads), which yields (places, entropies in bits)
    versions: str  #: packages whose versions say what was measured
    processes: bool = False  #: many cuts go to one process a thread, with one thread each
    device: bool = False


def numpy_plain():
    import arrays
    return lambda f, n, masks, threads: arrays.plain(f, n, masks)


def numpy_unique(sampled=False):
    import arrays
    return lambda f, n, masks, threads: arrays.unique(f, n, masks, sampled=sampled)


def mkl(merge=None):
    import arrays
    import mkl_calls as mkl
    if merge is None:
        return lambda f, n, masks, threads: arrays.plain(f, n, masks, gram=mkl.gram, eigenvalues=mkl.eigenvalues)
    return lambda f, n, masks, threads: arrays.unique(f, n, masks, sampled=merge, gram=mkl.gram, eigenvalues=mkl.eigenvalues)


def numba(with_mkl):
    import numpy
    import numba as package
    import numba_gram
    if with_mkl:
        import mkl_calls as mkl
    eigenvalues = mkl.eigenvalues if with_mkl else numpy.linalg.eigvalsh

    def entropies(f, n, masks, threads):
        package.set_num_threads(threads)
        return numba_gram.entropies(f, n, masks, eigenvalues=eigenvalues, threads=threads)

    return entropies


def package(name, *module, **options):
    import importlib
    import packages
    for needed in module:
        importlib.import_module(needed)
    return lambda f, n, masks, threads: getattr(packages, name)(f, n, masks, **options)


def torch(device):
    import packages
    import torch

    def entropies(f, n, masks, threads):
        torch.set_num_threads(threads)
        return packages.torch(f, n, masks, device)

    return entropies


PEERS = {peer.name: peer for peer in (
    Peer("NumPy", numpy_plain, "numpy", processes=True),
    Peer("NumPy, unique rows", numpy_unique, "numpy", processes=True),
    Peer("NumPy, unique rows if a sample has some", lambda: numpy_unique(True), "numpy", processes=True),
    Peer("MKL", mkl, "mkl numpy", processes=True),
    Peer("MKL, unique rows", lambda: mkl(False), "mkl numpy", processes=True),
    Peer("Numba popcount", lambda: numba(False), "numba numpy", processes=True),
    Peer("Numba popcount, MKL", lambda: numba(True), "numba mkl numpy", processes=True),
    *(Peer(f"SciPy {driver}", lambda driver=driver: package("scipy_driver", "scipy.linalg", driver=driver), "scipy numpy", processes=True)
      for driver in ("ev", "evd", "evr", "svd")),
    Peer("QuTiP", lambda: package("qutip", "qutip"), "qutip scipy numpy"),
    Peer("quimb", lambda: package("quimb", "quimb"), "quimb numba numpy"),
    Peer("QuSpin", lambda: package("quspin", "quspin.basis"), "quspin numpy"),
    Peer("Qiskit", lambda: package("qiskit", "qiskit.quantum_info"), "qiskit numpy"),
    Peer("TeNPy", lambda: package("tenpy", "tenpy.linalg.np_conserved"), "physics-tenpy numpy"),
    Peer("PyTorch", lambda: torch("cpu"), "torch"),
    Peer("PyTorch, device", lambda: torch("cuda"), "torch", device=True),
    Peer("CuPy, device", lambda: package("cupy", "cupy"), "cupy-cuda13x", device=True),
)}

PROGRAM, LIBRARY = "cutropy", "cutropy, Python"  # ours: the whole program; the library in the process, from the same arrays
