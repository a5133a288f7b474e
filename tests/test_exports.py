#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The shared library exports the functions that the public headers declare, all of them and nothing else, under the
name of its ABI. usage: test_exports.py LIBRARY INCLUDE_DIR CC
"""

import ctypes
import re
import subprocess
import sys


def output(*command, **more):
    return subprocess.run(command, check=True, capture_output=True, text=True, **more).stdout


def declared(include, cc):
    """Names of the functions in the preprocessed headers, typedefs left out."""
    source = '#include <cutropy/cutropy.h>\nint abi = CUTROPY_ABI;\n'
    text = output(cc, "-E", "-P", f"-I{include}", "-xc", "-", input=source)
    abi = int(re.search(r"int abi = (\d+);", text).group(1))
    while re.search(r"{[^{}]*}", text):
        text = re.sub(r"{[^{}]*}", "", text)
    statements = [s.strip() for s in text.split(";")]
    names = [re.match(r"[^(]*?\b(cutropy_\w+)\s*\(", s) for s in statements if not s.startswith("typedef")]
    return {name.group(1) for name in names if name}, abi


def main():
    library, include, cc = sys.argv[1:]
    names, abi = declared(include, cc)
    exported = {line.split()[-1].split("@")[0] for line in output("nm", "-D", "--defined-only", library).splitlines()
                if line.split()[-2] != "A"}  # A: the version itself
    print(f"{len(names)} declared, {len(exported)} exported")
    errors = [f"declared, not exported: {name}" for name in sorted(names - exported)]
    errors += [f"exported, not declared: {name}" for name in sorted(exported - names)]
    soname = re.search(r"SONAME.*\[(.*)\]", output("readelf", "-d", library)).group(1)
    if soname != f"libcutropy.so.{abi}":
        errors.append(f"the library is called {soname}, its headers say {abi}")
    if ctypes.CDLL(library).cutropy_abi() != abi:
        errors.append("cutropy_abi() is not CUTROPY_ABI")
    if len(names) < 50:
        errors.append("the headers were not understood")
    print("\n".join(errors))
    return 1 if errors else 0


sys.exit(main())
