/* SPDX-License-Identifier: Apache-2.0 */
/* The solver that keeps whole cuts on the devices: see docs/gpu.md. */
#ifndef CT_CUDA_SOLVE_H
#define CT_CUDA_SOLVE_H

#include "backend/cuda/resident.h"

cutropy_status ct_cuda_solve(ct_resident *resident, const ct_solve_call *call);

#endif
