#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compiles and runs every program of docs/c-api.md against the shared library, and compares what it prints with the block of
text that follows it. usage: test_c_api.py PAGE LIBRARY INCLUDE_DIR CC
"""

import pathlib
import re
import subprocess
import sys
import tempfile


def main():
    page, library, include, cc = sys.argv[1:]
    folder = pathlib.Path(library).parent
    text = pathlib.Path(page).read_text(encoding="utf-8")
    programs = re.findall(r"```c\n(.*?)```\s*```text\n(.*?)```", text, re.DOTALL)
    if len(programs) != text.count("```c\n") or len(programs) < 3:
        sys.exit("a program without its output, or no program")
    errors = 0
    with tempfile.TemporaryDirectory() as work:
        for number, (source, wanted) in enumerate(programs, 1):
            file, program = pathlib.Path(work, f"{number}.c"), pathlib.Path(work, str(number))
            file.write_text(source, encoding="utf-8")
            subprocess.run([cc, "-std=c11", "-Wall", "-Wextra", "-Wconversion", "-Werror", f"-I{include}", str(file), "-o", str(program),
                            f"-L{folder}", "-lcutropy", f"-Wl,-rpath,{folder}"], check=True)
            printed = subprocess.run([str(program)], check=True, capture_output=True, text=True).stdout
            if printed != wanted:
                errors += 1
                print(f"program {number} prints\n{printed}and the page says\n{wanted}")
    print(f"{len(programs)} programs")
    return 1 if errors else 0


sys.exit(main())
