#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every source file names its licence in its first line (scripts: below #!).

usage: test_spdx.py PROJECT_DIR
"""

import pathlib
import sys

FOLDERS = ["benchmarks", "cmake", "examples", "include", "kernels", "scripts", "src", "tests"]
LICENCE = "SPDX-License-Identifier: Apache-2.0"
C = {".c", ".h", ".cu", ".cuh", ".cpp"}
HASH = {".cmake", ".py", ".sh"}


def kind(path, text):
    """How comments begin in this file; None: it is no source file."""
    if path.suffix in C:
        return "/*"
    if path.suffix in HASH or path.name == "CMakeLists.txt" or text.startswith("#!"):
        return "#"
    return None


def error(path):
    """What is wrong with the head of a file; None: nothing, or it is no source file."""
    text = path.read_bytes()[:2000].decode("utf-8", "replace")
    comment = kind(path, text)
    if not comment:
        return None
    lines = text.split("\n")
    if lines[0].startswith("#!"):
        del lines[0]
    expected = f"/* {LICENCE} */" if comment == "/*" else f"# {LICENCE}"
    if not lines or lines[0] != expected:
        return f"the first line is not '{expected}'"
    return None


def main():
    root = pathlib.Path(sys.argv[1])
    files = [root / "CMakeLists.txt"]
    for folder in FOLDERS:
        files += [p for p in sorted((root / folder).rglob("*")) if p.is_file() and "corpus" not in p.parts]
    found = 0
    for path in files:
        message = error(path)
        if message:
            print(f"{path.relative_to(root)}: {message}")
            found += 1
    print(f"{len(files)} files, {found} without that line")
    return 1 if found or len(files) < 100 else 0


if __name__ == "__main__":
    sys.exit(main())
