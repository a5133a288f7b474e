/* SPDX-License-Identifier: Apache-2.0 */
/* The slot `overlaps` of ct_operations on a device. */
#ifndef CT_CUDA_OVERLAPS_H
#define CT_CUDA_OVERLAPS_H

#include "backend/operations.h"

/* As the slot says, with the bits of the CPU. Fewer than CT_CUDA_OVERLAPS entries times sites, and what has no room on the device, are the
 * CPU's. May be called from several threads; they take turns on the device. Errors, too: CUTROPY_EDEVICE. */
cutropy_status ct_cuda_overlaps(const struct ct_products *p, int sites, const int32_t *site,
                                int64_t rows, int64_t n, const int32_t *term, double *g,
                                int threads);

#endif
