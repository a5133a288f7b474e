# SPDX-License-Identifier: Apache-2.0
"""Against other packages on random states, in their order of qubits."""

import numpy as np
import pytest

import cutropy

N = 7
CUTS = [[0], [0, 1, 2], [1, 4, 6], [0, 5], [2, 3, 4, 5, 6]]


@pytest.fixture(params=["real", "complex"])
def state(request, rng):
    values = rng.normal(size=1 << N) + (1j * rng.normal(size=1 << N) if request.param == "complex" else 0)
    return values / np.linalg.norm(values)


def test_quimb(state):
    quimb = pytest.importorskip("quimb")
    ket = quimb.qu(state, qtype="ket")
    theirs = [quimb.entropy(quimb.partial_trace(ket, [2] * N, keep=cut)) for cut in CUTS]
    table = cutropy.table(ket, f"chain:{N}", CUTS, order="msb", quantities="log_negativity")
    assert np.allclose(table.entropy, theirs, rtol=0, atol=1e-9)


def test_qutip(state):
    qutip = pytest.importorskip("qutip")
    ket = qutip.Qobj(state[:, None], dims=[[2] * N, [1] * N])
    theirs = [qutip.entropy_vn(ket.ptrace(cut), base=2) for cut in CUTS]
    for form in (ket, ket.full()):
        table = cutropy.table(form, f"chain:{N}", CUTS, order=None if form is ket else "msb")
        assert np.allclose(table.entropy, theirs, rtol=0, atol=1e-9)
