# SPDX-License-Identifier: Apache-2.0
# The driver of the CUDA module: plain C over CUDA's run time.
set(CUTROPY_CUDA_DRIVER
    backend/cuda/amplitudes.c
    backend/cuda/answers.c
    backend/cuda/batch.c
    backend/cuda/check.c
    backend/cuda/cuda.c
    backend/cuda/device.c
    backend/cuda/eigen_batch.c
    backend/cuda/eigenvalues.c
    backend/cuda/evaluate.c
    backend/cuda/handout.c
    backend/cuda/jobs.c
    backend/cuda/levels.c
    backend/cuda/list.c
    backend/cuda/matrices.c
    backend/cuda/memory.c
    backend/cuda/overlaps.c
    backend/cuda/own.c
    backend/cuda/plan.c
    backend/cuda/product_device.c
    backend/cuda/resident.c
    backend/cuda/search.c
    backend/cuda/solve.c
    backend/cuda/stage_clock.c
    backend/cuda/text.c
)
# What the driver's own tests replace; what stands in base/ below knows no state: the module has its own.
set(CUTROPY_CUDA_ENTRY
    backend/cuda/libraries.c
    backend/cuda/module_entry.c
    base/array.c
    base/clock.c
    base/locale.c
    base/number.c
    base/stop.c
)
