/* SPDX-License-Identifier: Apache-2.0 */
/* A function on every device that serves a run. */
#ifndef CT_CUDA_RESIDENT_H
#define CT_CUDA_RESIDENT_H

#include "backend/solver.h"
#include "backend/cuda/device.h"
#include "backend/cuda/memory.h"

/* A device that holds the function. */
typedef struct ct_holder {
    ct_device device;
    ct_region memory;
    uint64_t *function; /* in it: the truth table, the values, or the list of images */
} ct_holder;

struct ct_resident {
    const ct_function *f;
    int devices;
    ct_holder *holder;
};

/* Operations of ct_solver. Short lists of images, functions that take more than half of the free memory
 * of a device, and Tr rho^3, whose cubic sums of 128-bit integers gain nothing on a device, stay with the
 * CPU: CUTROPY_EUNSUPPORTED. */
cutropy_status ct_cuda_open(const ct_solver_setting *setting, ct_resident **out);
void ct_cuda_close(ct_resident *resident);
/* Every device has room for one such cut, which is neither empty nor full. */
bool ct_cuda_takes(const ct_resident *resident, int na);

#endif
