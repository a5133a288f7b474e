# SPDX-License-Identifier: Apache-2.0
"""The CUDA module of cutropy, for CUDA 13: nothing to import. `import cutropy` finds cutropy-cuda.so here."""
