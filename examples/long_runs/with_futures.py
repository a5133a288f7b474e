#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One table in parts with an executor of concurrent.futures, whose workers all see the folder. Whatever ends it, the same call goes on.

    examples/long_runs/with_futures.py 8 all.csv random --lattice 5x4 --cuts all"""

import os
import subprocess
import sys
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path

PROGRAM = os.environ.get("CUTROPY", "cutropy")


def compute_part(part: int, parts: int, folder: str, arguments: list) -> str:
    """The path of the part, computed now, or before, or the rest of it now."""
    path = Path(folder) / f"{part}.part"
    if not path.exists():
        subprocess.run([PROGRAM, "table", *arguments, "--threads", "1", "--quiet", "--part", f"{part}/{parts}", "-o", path, "--resume"],
                       check=True)
    return str(path)


def table(executor: Executor, parts: int, file: str, arguments: list) -> None:
    """Every part by the executor, then the table."""
    folder = Path(file + ".parts")
    folder.mkdir(exist_ok=True)
    paths = list(executor.map(compute_part, range(1, parts + 1), [parts] * parts, [str(folder)] * parts, [arguments] * parts))
    subprocess.run([PROGRAM, "merge", *paths, "-o", file], check=True)
    for path in paths:
        os.remove(path)
    folder.rmdir()


if __name__ == "__main__":
    with ThreadPoolExecutor() as threads:  # the work is done by processes of the program
        table(threads, int(sys.argv[1]), sys.argv[2], sys.argv[3:])
