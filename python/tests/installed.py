#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does an installed cutropy work? Run by the python of its environment, by scripts/wheel: installed.py before|after

before, after: cutropy is imported before NumPy is, or after it. Whatever the wheel brings must come from the wheel."""

import os
import re
import subprocess
import sys
import tempfile

if sys.argv[1] == "after":
    import numpy as np
    import cutropy
else:
    import cutropy
    import numpy as np

BROUGHT = re.compile(r"/lib(openblas|scipy_openblas32|lapacke?|blas|flint|arb|flint-arb|gmp|mpfr|ntl|gf2x|jansson|minizip|png16|gomp|gfortran|quadmath)[-.]")
PROGRAMS = os.path.dirname(sys.executable)


def entropy(labels, kept, n):
    """In bits, of the lowest `kept` pixels, by a singular value decomposition."""
    p = np.linalg.svd(np.asarray(labels, float).reshape(1 << (n - kept), 1 << kept), compute_uv=False) ** 2
    p = p[p > 1e-14] / p.sum()
    return -(p * np.log2(p)).sum()


def program(name, *arguments):
    return subprocess.run([os.path.join(PROGRAMS, name), *arguments], check=True, stdout=subprocess.PIPE, universal_newlines=True).stdout


def main():
    home = os.path.dirname(cutropy.__file__)
    assert home.startswith(sys.prefix), home

    labels = np.random.default_rng(5).random(1 << 12) < 0.4
    table = cutropy.table(labels, "4x3", "rows")
    assert np.allclose(table.entropy, [entropy(labels, kept, 12) for kept in (4, 8)], atol=1e-10)
    assert np.allclose(cutropy.table(lambda x: x.sum((1, 2)) > 6, "4x3", "rows").entropy,
                       entropy([bin(k).count("1") > 6 for k in range(1 << 12)], 4, 12), atol=1e-10)

    # Every prover, so FLINT as well; the digits are those of another build.
    proved = cutropy.table("random", "4x4", [0xff, [0, 1, 2, 3]], certify=True)
    assert proved.exact("entropy") == ["4.64486232033053735339", "2.84667593765129827876"], proved.exact("entropy")
    assert set(proved.guarantee) == {"certified"}
    assert len(cutropy.table("random", "3x4", [0x3f], digits=60).exact("entropy")[0]) > 60
    complex_ = cutropy.table("mps:complex=1", "chain:8", "half", quantities="log_negativity")  # zgejsv
    assert np.isfinite(complex_.log_negativity).all()

    with open("/proc/self/maps") as maps:
        strangers = {path for path in re.findall(r" (/\S+)$", maps.read(), re.MULTILINE) if BROUGHT.search(path)}
    assert strangers and all(path.startswith(sys.prefix) for path in strangers), strangers

    assert program("cutropy", "--version").split()[-1] == cutropy.__version__
    said = program("cutropy", "table", "random", "--lattice", "4x4", "--cuts", "rows")
    assert said == cutropy.table("random", "4x4", "rows").csv()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "proof.json")
        cutropy.State("connected", "3x3").certificate(path, [0, 1, 2])
        assert ": verified" in program("cutropy-verify", path)
    print(f"Python {sys.version.split()[0]}, NumPy {np.__version__}, cutropy {cutropy.__version__} {sys.argv[1]} NumPy: right")


main()
