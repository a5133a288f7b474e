# SPDX-License-Identifier: Apache-2.0
"""A user's own automaton: its levels, found breadth first, as the library reads them."""

from __future__ import annotations

from array import array
from typing import Any, Callable, Dict, Hashable, List, Optional, Tuple

import numpy as np

from ._arguments import whole
from ._errors import InputError
from ._lattice import Lattice

_SAMPLE = 16  # states of a level that are asked for twice

Show = Optional[Callable[[str, int, int], Any]]


class Automaton:
    """A function that reads its image pixel by pixel; made by `automaton`."""

    def __init__(self, start: Hashable, step: Callable[[Any, int, int], Any], accept: Callable[[Any], Any], most: int) -> None:
        if not callable(step) or not callable(accept):
            raise InputError("an automaton needs step(state, k, bit) and accept(state), which can be called")
        if start is None:
            raise InputError("start is a state, and None is none: it means dead")
        self.start, self.step, self.accept, self.most = start, step, accept, whole(most, "most", 1)

    @property
    def name(self) -> str:
        """What tables call it, unless they are told: the name of step."""
        name = str(getattr(self.step, "__name__", "automaton"))
        return name.splitlines()[0] if name.isprintable() and name not in ("<lambda>", "step", "") else "automaton"

    def __repr__(self) -> str:
        return f"<cutropy.Automaton {self.name}>"

    def levels(self, lattice: Lattice, show: Show) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
        """States of each of the N + 1 levels (int32), two transitions of each state of the first N (int32, (states, 2)), and the labels of
        those of the last (uint8). Exceptions of the functions come out as they are."""
        level: List[Any] = [self.start]
        counts, moves = array("i", [1]), array("i")
        for k in range(lattice.pixels):
            level = self._read(level, k, moves)
            counts.append(len(level))
            if not level:
                raise InputError(f"every state is dead after {k + 1} pixels: no image has label 1")
            if len(moves) // 2 + len(level) > self.most:
                raise InputError(f"more than {self.most} states after {k + 1} of {lattice.pixels} pixels: a state should hold no more than "
                                 "what the pixels read so far must tell the others (most= allows more)")
            if show is not None:
                show("automaton", k + 1, lattice.pixels)
        return (np.frombuffer(counts, np.int32), np.frombuffer(moves, np.int32).reshape(-1, 2),
                np.array([self._label(state) for state in level], np.uint8))

    def _read(self, level: List[Any], k: int, moves: array[int]) -> List[Any]:
        """The states behind pixel k, and the transitions to them."""
        numbers: Dict[Any, int] = {}
        step, first = self.step, len(moves)
        for state in level:
            for bit in (0, 1):
                to = step(state, k, bit)
                try:
                    moves.append(-1 if to is None else numbers.setdefault(to, len(numbers)))
                except TypeError as error:
                    raise InputError(f"step(state, {k}, {bit}) returned a {type(to).__name__}, which cannot be told from others ({error}): "
                                     "states are hashable, tuples say") from error
        found = list(numbers)
        for i in reversed(range(min(_SAMPLE, len(level)))):
            for bit in (0, 1):
                again, before = step(level[i], k, bit), moves[first + 2 * i + bit]
                if (again is None) != (before < 0) or (again is not None and again != found[before]):
                    raise InputError(f"step has two answers for the same state, pixel {k}, bit {bit}: it must keep nothing from call to call")
        return found

    def _label(self, state: Any) -> int:
        label = self.accept(state)
        if np.ndim(label) or label not in (0, 1):
            raise InputError(f"accept returned {label!r}: it must be 0 or 1")
        return int(label)


def automaton(*, start: Hashable, step: Callable[[Any, int, int], Any], accept: Callable[[Any], Any], most: int = 1 << 24) -> Automaton:
    """A label function of images with up to 4096 pixels, as an automaton that reads them in the order of their numbers. Nothing is
    enumerated; what counts is how many states there are (docs/frontier.md).

    start: the state before the first pixel. step(state, k, bit): the state after pixel k, which is 0 or 1 (on a grid x = k % Lx,
    y = k // Lx); None: dead, whatever comes, the label is 0. accept(state): the label after the last pixel, 0 or 1.
    A state is anything hashable but None, and says what the pixels that were read must still tell the others; equal ones are one, and those
    that mean the same are merged. most: states of all levels together that may be met.

    Each function is called once for every state (and bit), here and in this thread, when a Problem or a table is made; some are asked for
    twice, and two answers are an InputError. On up to 40 pixels the function can be enumerated as well."""
    return Automaton(start, step, accept, most)
