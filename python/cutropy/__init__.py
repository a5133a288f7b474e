# SPDX-License-Identifier: Apache-2.0
"""Exact entanglement entropies of functions of black-white images, for every cut of the image.

    import cutropy
    cutropy.table("connected", "5x5", cuts="rows")                # a table, one row a cut
    cutropy.table(lambda x: x.sum((1, 2)) > 12, "5x5")            # your own function of many images
    state = cutropy.State("loops", "links:3x3:torus")             # evaluated once, for many questions
    state.table("all").to_pandas(); state.scaling().headline

docs/python.md has everything; entropies are in bits unless base="e" is given, and every number has its error beside it.
"""

from typing import TYPE_CHECKING

from ._analyses import Check, Expressivity, Map, Order, Scaling, Tree, Verification, check_table as check, expressivity, scaling
from ._arrays import Schmidt
from ._automaton import Automaton, automaton
from ._bench import Bench, bench
from ._errors import (CancelledError, DeviceError, Error, FileError, InputError, InternalError, NumericError, OutOfMemoryError,
                      UnsupportedError)
from ._functions import C, Data, Images, data, images
from ._ground_truth import check_index, ground_truth
from ._lattice import Lattice
from ._library import lib as _lib
from ._mps import MPS, export
from ._problem import Problem, problems
from ._state import Plan, State, order, plan, table, values
from ._table import Table
from ._tensors import Tensors, mps, products

__version__ = _lib.cutropy_version().decode()
__all__ = ["Automaton", "Bench", "C", "CancelledError", "Check", "Data", "DeviceError", "Error", "Expressivity", "FileError", "Images", "InputError", "InternalError",
           "Lattice", "MPS", "Map", "NumericError", "Order", "OutOfMemoryError", "Plan", "Problem", "Scaling", "Schmidt", "State", "Table", "Tensors", "Tree",
           "UnsupportedError", "Verification", "automaton", "bench", "check", "check_index", "data", "export", "expressivity", "ground_truth", "images", "mps", "order", "plan",
           "problems", "products", "scaling", "table", "values"]

if not TYPE_CHECKING:  # else a type checker would take every name for known
    def __getattr__(name):
        """What a State or a table has, and this module has not."""
        where = "State(...)" if hasattr(State, name) else "table(...)" if hasattr(Table, name) else None
        hint = f": use cutropy.{where}.{name}" if where and name[0] != "_" else ""
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}{hint}")
