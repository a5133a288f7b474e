# SPDX-License-Identifier: Apache-2.0
"""Automata of Python: against functions of whole images, and against a built-in problem on a large lattice; what is refused."""

import numpy as np
import pytest

import cutropy


def no_neighbours(width):
    def step(above, k, bit):
        x = k % width
        if bit and (above[x] or (x > 0 and above[x - 1])):
            return None
        return above[:x] + (bit,) + above[x + 1:]

    return cutropy.automaton(start=(0,) * width, step=step, accept=lambda above: True)


def test_small_ones_are_their_functions(oracle):
    """Every third number of lit pixels, weighted by their place: enumerated, by levels, and by NumPy alone."""
    n = 9
    weight = [1, 2, 0, 1, 1, 2, 0, 2, 1]
    f = cutropy.automaton(start=0, step=lambda s, k, bit: (s + weight[k] * bit) % 3, accept=lambda s: s == 1)
    images = (np.arange(1 << n)[:, None] >> np.arange(n)) & 1
    labels = (images @ weight) % 3 == 1
    cuts = [0x7, 0x3F, 0x1FF >> 4]
    for solver in ("enumerate", "frontier", "auto"):
        table = cutropy.table(f, "3x3", cuts, solver=solver)
        for mask, entropy in zip(cuts, table.entropy):
            assert abs(entropy - oracle(labels, mask, n)) < 1e-11
    state = cutropy.State(f, "3x3", name="thirds")
    assert (state.values() == labels).all() and state.kind == "label" and state.text == "thirds"
    assert cutropy.table(f, "3x3", [0x15]).entropy[0] == pytest.approx(oracle(labels, 0x15, n))  # no cut of its own order


def test_a_large_one_is_the_built_in():
    seen = []
    own = cutropy.table(no_neighbours(7), "7x9", "rows", progress=lambda *at: seen.append(at))
    known = cutropy.table("independent-set", "7x9", "rows")
    assert own.exact("purity") == known.exact("purity") and own.rank.tolist() == known.rank.tolist()
    assert ("automaton", 63, 63) in seen
    images = cutropy.State(no_neighbours(7), "7x9", solver="frontier").sample(5, seed=1)
    assert images.shape == (5, 9, 7) and not (images[:, 1:] & images[:, :-1]).any()


def test_the_names():
    def parity(s, k, bit):
        return s ^ bit

    assert cutropy.Problem(cutropy.automaton(start=0, step=parity, accept=bool), "2x2").text == "parity"
    assert cutropy.Problem(cutropy.automaton(start=0, step=lambda s, k, bit: s ^ bit, accept=bool), "2x2").text == "automaton"


@pytest.mark.parametrize("changes, says", [
    ({"accept": lambda s: 2}, "accept returned 2: it must be 0 or 1"),
    ({"step": lambda s, k, bit: [s]}, "states are hashable"),
    ({"step": lambda s, k, bit: None if k == 5 else s}, "every state is dead after 6 pixels"),
    ({"step": lambda s, k, bit: 2 * s + bit, "most": 1000}, "more than 1000 states after 9 of 16 pixels"),
    ({"start": None}, "None is none"),
    ({"step": 7}, "can be called"),
])
def test_what_is_refused(changes, says):
    given = {"start": 0, "step": lambda s, k, bit: s ^ bit, "accept": bool, **changes}
    with pytest.raises(cutropy.InputError, match=says):
        cutropy.table(cutropy.automaton(**given), "4x4")


def test_what_else_may_go_wrong():
    calls = []
    with pytest.raises(cutropy.InputError, match="two answers for the same state, pixel 0"):
        cutropy.table(cutropy.automaton(start=0, step=lambda s, k, bit: calls.append(0) or len(calls), accept=bool), "4x4")
    with pytest.raises(cutropy.InputError, match="the function is zero"):
        cutropy.table(cutropy.automaton(start=0, step=lambda s, k, bit: s, accept=bool), "4x4")
    with pytest.raises(ZeroDivisionError):
        cutropy.table(cutropy.automaton(start=0, step=lambda s, k, bit: 1 // (k - 3), accept=bool), "4x4")
    parity = cutropy.automaton(start=0, step=lambda s, k, bit: s ^ bit, accept=bool)
    with pytest.raises(cutropy.InputError, match="needs a lattice"):
        cutropy.Problem(parity)
    with pytest.raises(cutropy.InputError, match="not for an automaton"):
        cutropy.Problem(parity, "2x2", order="msb")
    with pytest.raises(cutropy.InputError, match="at most 40 can be enumerated"):
        cutropy.State(parity, "7x6", solver="enumerate")
