#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does an installed cutropy-cu13 work, as far as this machine allows? Run by the python of its environment, by scripts/wheel --cuda.

Library and program find the module, which finds cuBLAS and cuSOLVER of NVIDIA's packages in this environment, and NVRTC is theirs; with a
device the entropies are the CPU's, without one a single line says so."""

import os
import re
import subprocess
import sys

import cutropy
import numpy as np

program = subprocess.run([os.path.join(os.path.dirname(sys.executable), "cutropy"), "info"], check=True, stdout=subprocess.PIPE, universal_newlines=True).stdout
said = dict(re.findall(r"^(\S.*?)  +(.*)$", program, re.MULTILINE))
packages = os.path.dirname(os.path.dirname(os.path.realpath(cutropy.__file__)))
assert said["cuda"] == os.path.join(packages, "cutropy_cu13", "cutropy-cuda.so"), program
assert said["NVRTC"].startswith(os.path.join(packages, "nvidia")), program
print(f"module: {said['cuda module']}; {said['cuda libraries']}")

try:
    table = cutropy.table("connected", "4x4", "rows", backend="cuda")
except cutropy.Error as error:
    assert "\n" not in str(error) and "no CUDA device" in str(error), error
    assert "no CUDA device" in said["cuda devices"], program
    outcome = str(error)
else:
    assert np.allclose(table.entropy, cutropy.table("connected", "4x4", "rows", backend="cpu").entropy, atol=1e-10)
    outcome = "right on " + said["cuda:0"]

with open("/proc/self/maps") as maps:
    loaded = set(re.findall(r" (/\S+/lib(?:cublas|cusolver)\.so\S*)$", maps.read(), re.MULTILINE))
assert len(loaded) == 2 and all(path.startswith(packages) for path in loaded), loaded
assert (cutropy.table("connected", "4x4", "rows").entropy > 0).all()  # auto
print(f"Python {sys.version.split()[0]}, cutropy {cutropy.__version__} with cutropy-cu13: {outcome}")
