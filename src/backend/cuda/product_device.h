/* SPDX-License-Identifier: Apache-2.0 */
/* A sum of product states on the first device of the run: its factors, a stream and what a call needs. Threads take turns; while
 * somebody holds the devices (device.h) factors, stream and handles stay. */
#ifndef CT_CUDA_PRODUCT_DEVICE_H
#define CT_CUDA_PRODUCT_DEVICE_H

#include "backend/cuda/device.h"
#include "backend/cuda/libraries.h"
#include "backend/cuda/memory.h"
#include "kernels.h"
#include "problem/products.h"

typedef struct ct_product_device {
    ct_device device;
    cudaStream_t stream;
    ct_libraries *libraries; /* NULL: not open */
    const ct_products *of;   /* NULL: no factors */
    uint64_t checksum;       /* of it */
    ct_region state;         /* factors */
    ct_device_products p;
    ct_region room; /* of a call */
} ct_product_device;

/* Takes the turn, which ct_product_device_leave gives back whatever this returns; p is on the device that is current, its room is
 * known. CUTROPY_EUNSUPPORTED: there is no room for it. Errors: CUTROPY_EMEMORY, CUTROPY_EDEVICE. */
cutropy_status ct_product_device_enter(const ct_products *p, bool with_libraries,
                                       ct_product_device **out);
/* status: of the call; what failed is not used again. */
void ct_product_device_leave(cutropy_status status);
void ct_product_device_close(void);

#endif
