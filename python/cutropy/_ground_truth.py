# SPDX-License-Identifier: Apache-2.0
"""Sets of proved tables."""

from __future__ import annotations

import ctypes
import json
import pathlib
from typing import Any, Dict, List, Union

from ._arguments import path_of
from ._errors import check
from ._library import Handle, lib
from ._run import Progress, run, settings
from ._table import written


def ground_truth(folder: Any, manifest: Any = None, *, threads: Union[None, int] = None, memory: Union[None, int, str] = None,
                 progress: Progress = None) -> Dict[str, Any]:
    """Makes a set of proved tables in a folder, and returns its index (docs/ground-truth.md): the same files on every machine.

    manifest: a JSON file that lists the tables; None: the standard set, 86 tables. What is there and right is kept, so an interrupted call
    goes on where it was. Entropies are in bits, every number proved. Errors: InputError (the manifest; the folder holds another index),
    UnsupportedError (a row cannot be proved to so many digits), FileError, and those of `table`."""
    out, path = ctypes.c_void_p(), path_of(folder, "folder")
    check(lib.cutropy_manifest_read(None if manifest is None else path_of(manifest, "manifest"), ctypes.byref(out)))
    wanted = Handle(out.value, lib.cutropy_manifest_free)
    check(lib.cutropy_ground_truth_open(path, wanted.pointer, ctypes.byref(out)))
    made = Handle(out.value, lib.cutropy_ground_truth_free, wanted)

    def start(options: int) -> None:
        for i in range(lib.cutropy_manifest_count(wanted.pointer)):
            check(lib.cutropy_ground_truth_make(made.pointer, i, options))
        check(lib.cutropy_ground_truth_finish(made.pointer))

    run(start, settings(threads=threads, memory=memory), progress)
    index: Dict[str, Any] = json.loads(pathlib.Path(folder, "index.json").read_text(encoding="utf-8"))
    return index


def check_index(path: Any) -> List[str]:
    """Which files of a set are missing, or do not have the SHA-256 of its index.json? One line each; []: none. Numbers are not computed
    again: `check` does that, table by table. InputError: it is no index."""
    wrong, index = ctypes.c_size_t(), path_of(path)
    text = written(lambda file: lib.cutropy_ground_truth_check(index, file, ctypes.byref(wrong))).decode("utf-8", "replace")
    return text.splitlines()[:wrong.value]
